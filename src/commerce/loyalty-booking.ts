import type { ApplyContext } from "../events/projection";
import { DAY } from "../shared/clock";
import { idTail } from "../shared/ids";
import { addPeriod } from "../shared/period";
import type { Lot } from "./loyalty";
import { pointsOf, spend, takeBack } from "./loyalty";
import { nextTier, POINTS_CHANGED, TIER_CHANGED } from "./loyalty-news";
import type { EarningRule, Programme } from "./loyalty-programme";
import type { Earned } from "./loyalty-tiers";
import { addEarned, standingOf } from "./loyalty-tiers";

/** How often a rule rewarded somebody, in all and on each of the last days. */
export interface RuleCount {
  readonly total: number;
  readonly days: Readonly<Record<string, number>>;
}

/** The loyalty slice of a contact. */
export interface Loyalty {
  lots: readonly Lot[];
  earned: Earned;
  counts: Readonly<Record<string, RuleCount>>;
  tier: string | null;
  tierSince: number | null;
  /** When the tier is lost if nothing more is earned; null where there is none. */
  tierUntil: number | null;
  /** Tails of the last movements' ids, seven characters each; an order's are known by its lots. */
  seen: string;
}

/** One line of an account. `points` is signed; `missing` is what could not be taken. */
interface Movement {
  readonly id: string;
  readonly kind: "earn" | "spend" | "return" | "adjust";
  readonly points: number;
  readonly missing: number;
  readonly rule: string | null;
  readonly order: string | null;
  readonly reason: string | null;
}

/** What is to be earned. */
export interface Earning {
  readonly id: string;
  readonly points: number;
  readonly rule: EarningRule | null;
  readonly order: { readonly id: string; readonly net: number } | null;
  readonly reason: string | null;
  /** Where the points come with an end of their own; undefined takes the programme's. */
  readonly expiresAt?: number | null | undefined;
  readonly kind: "earn" | "adjust";
}

const TAIL = 7;
const SEEN = 128;
const KEPT_DAYS = 31;

/** Changes one account by one event, and puts the rows: each change is one movement with its cause and its own id. */
export class Booking {
  private touched = false;
  private readonly before: number;
  private readonly moved = { earned: 0, spent: 0 };

  constructor(
    private readonly slice: Loyalty,
    private readonly context: ApplyContext,
    private readonly programme: Pick<Programme, "tiers" | "validity">,
  ) {
    this.before = this.points;
  }

  get points(): number {
    return pointsOf(this.slice.lots, this.context.event.at);
  }

  /** True where a movement of this id may still be made; from then on it may not. */
  isNew(id: string): boolean {
    const { slice } = this;
    const tail = idTail(id);
    if (tailsOf(slice.seen).includes(tail)) return false;
    if (slice.lots.some((lot) => lot.id === id)) return false;
    slice.seen = (slice.seen + tail).slice(-TAIL * SEEN);
    this.touched = true;
    return true;
  }

  /** Whether a rule may reward once more, by its limits; counts it where it may. */
  counts(rule: EarningRule): boolean {
    const { slice, context } = this;
    const day = String(Math.floor(context.event.at / DAY));
    const known = countOf(slice.counts, rule.key);
    const today = known.days[day] ?? 0;
    const { per_day: perDay, total } = rule.limit;
    if ((perDay !== undefined && today >= perDay) || (total !== undefined && known.total >= total)) return false;
    const days = perDay === undefined ? {} : recentDays({ ...known.days, [day]: today + 1 });
    slice.counts = { ...slice.counts, [rule.key]: { total: known.total + 1, days } };
    this.touched = true;
    if (rule.badge?.count === known.total + 1) {
      const { key, name } = rule.badge;
      context.rows.put("badges", `${context.record.id}|${key}`, [context.record.id, key, name, context.event.at]);
    }
    return true;
  }

  earn({ id, points, rule, order, reason, expiresAt, kind }: Earning): void {
    if (points <= 0) return;
    const { slice, context, programme } = this;
    const { at } = context.event;
    const end = programme.validity === null ? null : addPeriod(at, programme.validity);
    const lot: Lot = {
      id,
      points,
      left: points,
      returned: 0,
      earnedAt: at,
      expiresAt: expiresAt === undefined ? end : expiresAt,
      order: order?.id ?? null,
      base: order?.net ?? 0,
    };
    this.setLots([...slice.lots, lot]);
    // What somebody puts right by hand lifts nobody into a tier.
    if (kind === "earn") slice.earned = addEarned(slice.earned, at, points);
    this.note({ id, kind, points, missing: 0, rule: rule?.key ?? null, order: order?.id ?? null, reason });
  }

  spend(id: string, points: number, kind: "spend" | "adjust", order: string | null, reason: string | null): void {
    const { lots, taken, missing } = spend(this.slice.lots, points, this.context.event.at);
    this.setLots(lots);
    this.note({ id, kind, points: -taken, missing, rule: null, order, reason });
  }

  /** Takes back points that an order earned. */
  takeBack(lot: Lot, points: number): void {
    const { slice, context } = this;
    const { lots, taken, missing } = takeBack(slice.lots, lot, points, context.event.at);
    this.setLots(lots);
    slice.earned = addEarned(slice.earned, lot.earnedAt, -points);
    const id = `return.${lot.id}.${lot.returned + points}`;
    const reason = context.event.name.slice(0, 100);
    this.note({ id, kind: "return", points: -taken, missing, rule: null, order: lot.order, reason });
  }

  /** Finds the tier anew, says so where it is another one, and puts the account. `asked`: even if nothing changed. */
  close(asked: boolean): void {
    const { slice, context, programme } = this;
    if (!this.touched && !asked) return;
    const now = context.receivedAt;
    const { tier, until } = standingOf(programme.tiers, slice.earned, now);
    const from = slice.tier;
    if (tier !== from) {
      slice.tier = tier;
      slice.tierSince = tier === null ? null : now;
      const level = (key: string | null): number => programme.tiers.find((each) => each.key === key)?.points ?? 0;
      const properties = { from, to: tier, direction: level(tier) > level(from) ? "up" : "down" };
      const id = `tier.${context.event.id}`;
      context.happen({ type: "event", at: context.event.at, id, name: TIER_CHANGED, properties });
    }
    slice.tierUntil = until;
    this.tell();
    const { earned, counts, seen, tierSince } = slice;
    const texts = [JSON.stringify(earned), JSON.stringify(counts), seen];
    context.rows.put("loyalty_accounts", context.record.id, [context.record.id, tier, tierSince, until, ...texts]);
  }

  /** What was put right by hand is no news, but what the account holds after it is. */
  private tell(): void {
    const { slice, context, programme, before, points } = this;
    if (points === before && this.moved.earned === 0) return;
    const { at, id } = context.event;
    const next = nextTier(programme.tiers, slice.earned, slice.tier, context.receivedAt);
    const properties = { before, points, ...this.moved, tier: slice.tier, ...next };
    context.happen({ type: "event", at, id: `points.${id}`, name: POINTS_CHANGED, properties });
  }

  private setLots(lots: readonly Lot[]): void {
    const { slice, context } = this;
    const before = new Set(slice.lots);
    for (const lot of lots) {
      if (before.has(lot)) continue;
      const { id, points, left, returned, earnedAt, expiresAt, order, base, origin = context.record.id } = lot;
      const row = [origin, id, points, left, returned, earnedAt, expiresAt, order, base];
      context.rows.put("loyalty_lots", `${origin}|${id}`, row);
    }
    // What is spent is of no more use, unless its order may still come back.
    slice.lots = lots.filter(({ left, order }) => left > 0 || order !== null);
    this.touched = true;
  }

  private note({ id, kind, points, missing, rule, order, reason }: Movement): void {
    const { event, receivedAt, record, rows } = this.context;
    if (kind === "earn") this.moved.earned += points;
    if (kind === "spend") this.moved.spent -= points;
    const cause = [rule, order, event.id, reason];
    rows.put("loyalty_movements", `${record.id}|${id}`, [
      record.id,
      id,
      kind,
      points,
      missing,
      event.at,
      receivedAt,
      ...cause,
    ]);
    this.touched = true;
  }
}

function tailsOf(seen: string): string[] {
  return Array.from({ length: seen.length / TAIL }, (_, index) => seen.slice(index * TAIL, (index + 1) * TAIL));
}

/** The tails in `seen` but those of what the orders behind some lots earned. */
export function withoutOrders(seen: string, lots: readonly Lot[]): string {
  const orders = new Set(lots.filter(({ order }) => order !== null).map(({ id }) => idTail(id)));
  return tailsOf(seen)
    .filter((tail) => !orders.has(tail))
    .join("");
}

/** A rule may be called anything, `constructor` too. */
export function countOf(counts: Loyalty["counts"], rule: string): RuleCount {
  return (Object.hasOwn(counts, rule) ? counts[rule] : undefined) ?? { total: 0, days: {} };
}

function recentDays(days: Readonly<Record<string, number>>): Record<string, number> {
  const newest = Math.max(...Object.keys(days).map(Number));
  return Object.fromEntries(Object.entries(days).filter(([day]) => Number(day) > newest - KEPT_DAYS));
}
