/** What a group of events came to for a contact. */
export interface Touch {
  /** True where something happened, false where something was only told, as by an import. */
  readonly acted: boolean;
  /**
   * The moments that the events and the rows they wrote speak of, epoch ms; null where it could be any, as the rows of
   * another contact came along.
   */
  readonly times: readonly number[] | null;
}

/** Contacts about whom something may have changed. */
export type Touched = ReadonlyMap<number, Touch>;

/** Of whom only that is known. */
export const TOLD: Touch = { acted: false, times: null };

/** Numbers in rows that are older than this (2001) are no moments. */
const FIRST_MOMENT = 1_000_000_000_000;
/** More than that are as good as any. */
const MOST = 40;

/** What two groups came to. */
export function joined(one: Touch | undefined, other: Touch): Touch {
  if (!one) return other;
  const times = one.times && other.times && [...new Set([...one.times, ...other.times])];
  return { acted: one.acted || other.acted, times: times && times.length <= MOST ? times : null };
}

/** The moments up to `until` (epoch ms) that an event and the rows it wrote speak of. */
export function timesOf(at: number, rows: readonly (readonly unknown[])[], until: number): number[] {
  const times = new Set([at]);
  for (const row of rows) {
    for (const cell of row) {
      if (typeof cell === "number" && Number.isInteger(cell) && cell > FIRST_MOMENT && cell <= until) times.add(cell);
    }
  }
  return [...times];
}
