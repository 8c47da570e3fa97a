import type { Share } from "../segments/rfm/history";
import { addUp } from "../segments/rfm/history";
import type { Ruler, Rulers } from "../segments/rfm/rulers";

/** What a cell's segment comes to. `cell` is `r * 100 + f * 10 + m`; money in minor units of the shop's currency. */
export interface MatrixCell extends Share {
  readonly segment: string;
  readonly cell: number;
}

/** Everybody of one R and F. */
export interface Square extends Share {
  readonly r: number;
  readonly f: number;
  /** How many have each M, 1 first. */
  readonly byM: readonly number[];
  /** Keys of the segments that they are in, most of them first. */
  readonly segments: readonly string[];
}

const NOTHING: Share = { contacts: 0, orders: 0, revenue: 0 };

/** The matrix as rows of R, the best first, with columns of F, the least first. */
export function squaresOf(cells: readonly MatrixCell[], most: 3 | 5): Square[][] {
  const scores = Array.from({ length: most }, (_, index) => index + 1);
  return scores.toReversed().map((r) =>
    scores.map((f) => {
      const own = cells.filter(({ cell, contacts }) => Math.floor(cell / 10) === r * 10 + f && contacts > 0);
      const sums = addUp(own, (index) => own[index]?.segment ?? "");
      const segments = [...sums].sort(([, one], [, other]) => other.contacts - one.contacts).map(([key]) => key);
      const byM = scores.map((m) => sumOf(own.filter(({ cell }) => cell % 10 === m)).contacts);
      return { r, f, byM, segments, ...sumOf(own) };
    }),
  );
}

/** How far the scores of cells go; of few they are thirds, and of a day of before they may have been. */
export function scaleOf(cells: readonly MatrixCell[]): 3 | 5 {
  return cells.some(({ cell }) => /[45]/.test(String(cell))) ? 5 : 3;
}

/** Shares in all. */
export function sumOf(shares: readonly Share[]): Share {
  return addUp(shares, () => "all").get("all") ?? NOTHING;
}

/** What each segment comes to, in the order of the names; those that have no name any more behind them. */
export function segmentShares(
  cells: readonly MatrixCell[],
  names: ReadonlyMap<string, string>,
): ReadonlyMap<string, Share> {
  const sums = addUp(cells, (index) => cells[index]?.segment ?? "");
  return new Map([...new Set([...names.keys(), ...sums.keys()])].map((key) => [key, sums.get(key) ?? NOTHING]));
}

/** How dark a square is, from 0 for nobody to 5 for the fullest. */
export function shadeOf({ contacts }: Share, fullest: number): number {
  return contacts === 0 ? 0 : Math.max(1, Math.ceil((5 * contacts) / Math.max(1, fullest)));
}

/** The values that a score stands for: from one, up to one, or between; `from` and `upTo` are both in it. Null is open. */
export interface Band {
  readonly from: number | null;
  readonly upTo: number | null;
}

/**
 * The bands of the scores of an axis, the lowest first; R in days since the last order. Empty where they differ by the
 * other scores, as nested ones do.
 *
 * @param step the least by which two values differ
 */
export function bandsOf(rulers: Rulers, axis: "r" | "f" | "m", step: number): Band[] {
  const of = axis === "r" ? [rulers.r] : rulers[axis];
  const [ruler] = of;
  if (of.length !== 1 || !ruler || ruler.bounds.length === 0) return [];
  const starts = startsOf(ruler, step);
  const bands = [null, ...starts].map((from, index) => {
    const next = starts[index];
    return { from, upTo: next === undefined ? null : next - step };
  });
  // A rise of the day is a fall of the days that have passed since.
  return axis === "r"
    ? bands.map(({ from, upTo }) => ({ from: upTo === null ? null : -upTo, upTo: from === null ? null : -from }))
    : bands;
}

function startsOf({ bounds, strict }: Ruler, step: number): number[] {
  return bounds.map((bound) => (strict ? Math.floor(bound / step) * step + step : Math.ceil(bound / step) * step));
}
