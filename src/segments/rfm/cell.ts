/** Scores on the scale of the maps: 1 to 5 each, 5 the best. */
export interface Scores {
  readonly r: number;
  readonly f: number;
  readonly m: number;
}

/** Every cell of the scale, 111 first and 555 last. */
export const CELLS: readonly Scores[] = Array.from({ length: 125 }, (_, index) => ({
  r: Math.floor(index / 25) + 1,
  f: (Math.floor(index / 5) % 5) + 1,
  m: (index % 5) + 1,
}));

/** The place of a cell among all of them. */
export function cellIndex({ r, f, m }: Scores): number {
  return (r - 1) * 25 + (f - 1) * 5 + (m - 1);
}

/** A cell as everybody writes it, `555`. */
export function cellText({ r, f, m }: Scores): string {
  return `${r}${f}${m}`;
}
