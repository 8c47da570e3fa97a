import type { ApplyContext } from "../events/projection";
import { DAY } from "../shared/clock";
import type { Lot } from "./loyalty";
import { lotKey } from "./loyalty";
import type { Loyalty, RuleCount } from "./loyalty-booking";
import { Booking, countOf, withoutOrders } from "./loyalty-booking";
import type { Programme } from "./loyalty-programme";
import type { Earned } from "./loyalty-tiers";
import { addEarned } from "./loyalty-tiers";

/** What a merge of two contacts took over of the loser's account: enough to give it back. */
export interface TakenLoyalty {
  /** Whose rows the loser's lots are. */
  readonly members: readonly number[];
  readonly earned: Earned;
  readonly counts: Loyalty["counts"];
  /** What had been returned of each lot by then, by `lotKey`. */
  readonly returned: Readonly<Record<string, number>>;
}

interface Pair {
  readonly winner: ApplyContext;
  readonly loser: ApplyContext;
}

/** Two accounts as one: the winner gets the loser's lots, whose rows keep their contact. */
export function mergeLoyalty(winner: Loyalty, loser: Loyalty, pair: Pair, programme: Programme | null): TakenLoyalty {
  const from = pair.loser.record.id;
  const brought = loser.lots.map((lot): Lot => ({ ...lot, origin: lot.origin ?? from }));
  const taken: TakenLoyalty = {
    members: [...new Set([from, ...brought.map(({ origin }) => origin ?? from)])],
    earned: loser.earned,
    counts: loser.counts,
    returned: Object.fromEntries(brought.map((lot) => [lotKey(lot), lot.returned])),
  };
  const had = hasAny(loser);
  winner.lots = [...winner.lots, ...brought];
  winner.earned = addDays(winner.earned, loser.earned, 1);
  winner.counts = addCounts(winner.counts, loser.counts, 1);
  winner.seen = loser.seen + winner.seen;
  Object.assign(loser, { lots: [], earned: [], counts: {}, tier: null, tierSince: null, tierUntil: null, seen: "" });
  if (had) {
    put(winner, pair.winner, programme);
    put(loser, pair.loser, programme);
  }
  return taken;
}

/** Gives the loser's lots back as they are by now. What was earned since stays with the winner, to whom it came. */
export function unmergeLoyalty(
  winner: Loyalty,
  loser: Loyalty,
  taken: TakenLoyalty,
  pair: Pair,
  programme: Programme | null,
): void {
  const to = pair.loser.record.id;
  const isTheirs = ({ origin }: Lot): boolean => origin !== undefined && taken.members.includes(origin);
  const lots = winner.lots.filter(isTheirs);
  const had = hasAny(winner);
  let earned = taken.earned;
  for (const lot of lots) earned = addEarned(earned, lot.earnedAt, (taken.returned[lotKey(lot)] ?? 0) - lot.returned);
  loser.lots = lots.map(({ origin, ...lot }) => (origin === to || origin === undefined ? lot : { ...lot, origin }));
  loser.earned = earned;
  loser.counts = taken.counts;
  winner.lots = winner.lots.filter((lot) => !isTheirs(lot));
  // Both know every movement of the time together, but an order's only its owner: where the owner is erased, the shop
  // may tell of the order again as the other's, whom it then earns points.
  loser.seen = withoutOrders(winner.seen, winner.lots);
  winner.seen = withoutOrders(winner.seen, loser.lots);
  winner.earned = addDays(winner.earned, earned, -1);
  winner.counts = addCounts(winner.counts, taken.counts, -1);
  if (!had) return;
  put(winner, pair.winner, programme);
  put(loser, pair.loser, programme);
}

function hasAny({ lots, earned, counts }: Loyalty): boolean {
  return lots.length > 0 || earned.length > 0 || Object.keys(counts).length > 0;
}

function put(slice: Loyalty, context: ApplyContext, programme: Programme | null): void {
  new Booking(slice, context, programme ?? NO_TIERS).close(true);
}

const NO_TIERS: Pick<Programme, "tiers" | "validity"> = { tiers: [], validity: null };

function addDays(days: Earned, more: Earned, sign: 1 | -1): Earned {
  return more.reduce((sum, [day, points]) => addEarned(sum, day * DAY, sign * points), days);
}

function addCounts(counts: Loyalty["counts"], more: Loyalty["counts"], sign: 1 | -1): Loyalty["counts"] {
  const all: Record<string, RuleCount> = { ...counts };
  for (const [rule, { total, days }] of Object.entries(more)) {
    const known = countOf(all, rule);
    const sums: Record<string, number> = { ...known.days };
    for (const [day, count] of Object.entries(days)) sums[day] = Math.max(0, (sums[day] ?? 0) + sign * count);
    all[rule] = { total: Math.max(0, known.total + sign * total), days: sums };
  }
  return all;
}
