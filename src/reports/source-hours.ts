import type { SourceHour } from "../events/tally";
import { emptyHour, SLOT, SLOTS } from "../events/tally";
import { HOUR } from "../shared/clock";

/** What is known of one source: an entry for each hour that it was heard of, by the hour's beginning. */
export interface SourceHours {
  readonly source: string;
  readonly hours: ReadonlyMap<number, SourceHour>;
}

/** Adds up the lives of each hour, and sorts them by source. */
export function bySource(rows: readonly SourceHour[]): SourceHours[] {
  const sources = new Map<string, Map<number, SourceHour>>();
  for (const row of rows) {
    const hours = sources.get(row.source) ?? new Map<number, SourceHour>();
    sources.set(row.source, hours);
    const sum = hours.get(row.hour) ?? emptyHour(row.source, row.hour);
    hours.set(row.hour, sum);
    addTo(sum, row);
  }
  return [...sources].map(([source, hours]) => ({ source, hours }));
}

function addTo(sum: SourceHour, row: SourceHour): void {
  sum.events += row.events;
  sum.refused += row.refused;
  sum.lastAt = latest(sum.lastAt, row.lastAt);
  sum.lastEventAt = latest(sum.lastEventAt, row.lastEventAt);
  sum.counts.requests += row.counts.requests;
  sum.counts.wrong += row.counts.wrong;
  for (const key of ["reasons", "skews"] as const) {
    for (const [name, count] of Object.entries(row.counts[key]))
      sum.counts[key][name] = (sum.counts[key][name] ?? 0) + count;
  }
  sum.counts.slots.forEach((slot, index) => {
    const [events, refused] = row.counts.slots[index] ?? [0, 0];
    slot[0] += events;
    slot[1] += refused;
  });
}

/** The later of two times; null counts as never. */
export function latest(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.max(one, other);
}

/** Events and refusals of five minutes. */
function slotAt({ hours }: SourceHours, at: number): readonly [events: number, refused: number] {
  const hour = Math.floor(at / HOUR) * HOUR;
  return hours.get(hour)?.counts.slots[Math.floor((at - hour) / SLOT)] ?? [0, 0];
}

/** Events and refusals of the hour that ends with the five minutes of `now`. */
export function lastHour(of: SourceHours, now: number): { events: number; refused: number; slots: number[] } {
  const end = Math.floor(now / SLOT) * SLOT;
  const slots = Array.from({ length: SLOTS }, (_, index) => slotAt(of, end - (SLOTS - 1 - index) * SLOT));
  return {
    events: slots.reduce((sum, [events]) => sum + events, 0),
    refused: slots.reduce((sum, [, refused]) => sum + refused, 0),
    slots: slots.map(([events]) => events),
  };
}
