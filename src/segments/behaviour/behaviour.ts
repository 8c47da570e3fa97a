import type { OrderStatus } from "../../commerce/order";
import { isSale } from "../../commerce/order";
import type { Calendar, DayPart } from "./calendar";
import { DAY_PARTS, isKnown, isWeekend, partOf } from "./calendar";
import { oldestOf, periodOf, unitsOf, WEIGHTS } from "./engagement";

/** So many valid orders tell an appetite for promotions (mission §5.5). */
export const FEWEST_ORDERS = 3;
/** An order is a promotion from this tenth of its price before discounts (mission §5.5). */
const DISCOUNTED = 10;
/** Views of one category and visits, from which on there is a favourite and a usual. */
export const FEWEST_VIEWS = 2;
export const FEWEST_VISITS = 3;
/** Somebody who was first sent news and offers so many days ago has had the time to answer. */
export const PATIENCE_DAYS = 30;

/** What one contact did, with all who were merged into them. Times are epoch ms. */
export interface BehaviourFacts {
  /** They withdrew the consent to profiles: neither what they look at nor what they buy is looked at here. */
  readonly refuses: boolean;
  readonly visits: readonly {
    readonly at: number | null;
    readonly channel: string | null;
    readonly views: readonly { readonly category: string | null; readonly times: number }[];
  }[];
  /** By persons: what machines open and click is not among them. */
  readonly mailActs: readonly { readonly kind: string; readonly channel: string | null; readonly at: number }[];
  readonly wishes: readonly (number | null)[];
  readonly reviews: readonly (number | null)[];
  /** The contact's own links to refer friends. */
  readonly shares: readonly number[];
  /** News and offers that were sent by email. */
  readonly mails: readonly number[];
  readonly orders: readonly {
    readonly placedAt: number;
    readonly status: OrderStatus;
    readonly net: number;
    /** The net value in the shop's currency; null where no rate is known. */
    readonly worth: number | null;
    readonly gross: number;
    readonly discount: number;
    readonly lineDiscounts: number;
  }[];
}

/** What is kept of it. Days are numbers of the shop's calendar. */
export interface Behaviour {
  readonly units: number;
  readonly since_day: number | null;
  readonly acted_day: number | null;
  readonly mail_day: number | null;
  readonly mailed: number;
  readonly visit_day: number | null;
  readonly visits_30: number;
  readonly visits_90: number;
  readonly weekend_90: number;
  readonly day_part: DayPart | null;
  readonly channel: string | null;
  readonly category: string | null;
  readonly orders: number;
  readonly spend: number;
  readonly promoted: number;
}

interface Act {
  readonly day: number;
  readonly weight: number;
}

/** What a contact's facts come to at a moment; null where there is nothing to keep. */
export function behaviourOf(facts: BehaviourFacts, calendar: Calendar): Behaviour | null {
  const { days, today } = calendar;
  const seen = facts.refuses
    ? []
    : facts.visits.flatMap((visit) => (isKnown(visit.at, calendar) ? [{ ...visit, at: visit.at }] : []));
  const browsed = seen.filter(({ channel }) => channel !== "store");
  const visitDays = [...new Set(browsed.map(({ at }) => days.of(at)))];
  const acts = actsOf(facts, seen, visitDays, calendar);
  const counting = acts.filter(({ day, weight }) => weight > 0 && day >= oldestOf(today));
  const since = counting.length > 0 ? Math.min(...counting.map(({ day }) => day)) : null;
  const mailActs = facts.mailActs.filter(
    ({ kind, channel, at }) => HUMAN.has(kind) && channel === "email" && isKnown(at, calendar),
  );
  const recent = visitDays.filter((day) => day >= oldestOf(today));
  const kept: Behaviour = {
    units: counting.reduce((sum, { day, weight }) => sum + weight * unitsOf(day, periodOf(since ?? day)), 0),
    since_day: since,
    acted_day: latest(acts.map(({ day }) => day)),
    mail_day: latest(mailActs.map(({ at }) => days.of(at))),
    mailed: facts.mails.some((at) => at < days.start(today - PATIENCE_DAYS + 1)) ? 1 : 0,
    visit_day: latest(visitDays),
    visits_30: visitDays.filter((day) => day > today - 30).length,
    visits_90: recent.length,
    weekend_90: recent.filter(isWeekend).length,
    ...usualOf(
      browsed.filter(({ at }) => at >= calendar.recent),
      calendar,
    ),
    ...spendOf(facts, calendar),
  };
  return kept.acted_day === null && kept.mailed === 0 ? null : kept;
}

const HUMAN: ReadonlySet<string> = new Set(["clicked", "opened"]);

function latest(days: readonly number[]): number | null {
  return days.length > 0 ? Math.max(...days) : null;
}

function actsOf(
  { mailActs, wishes, reviews, shares, orders }: BehaviourFacts,
  seen: readonly { readonly at: number; readonly channel: string | null }[],
  visitDays: readonly number[],
  calendar: Calendar,
): Act[] {
  const acts = (times: readonly (number | null)[], weight: number): Act[] =>
    times.filter((at) => isKnown(at, calendar)).map((at) => ({ day: calendar.days.of(at), weight }));
  const timesOf = (wanted: string): number[] => mailActs.flatMap(({ kind, at }) => (kind === wanted ? [at] : []));
  const sales = orders.filter(({ status, net }) => isSale(status, net)).map(({ placedAt }) => placedAt);
  const stores = seen.filter(({ channel }) => channel === "store").map(({ at }) => at);
  return [
    ...visitDays.map((day) => ({ day, weight: WEIGHTS.visit_day })),
    ...acts(stores, WEIGHTS.store_visit),
    ...acts(timesOf("clicked"), WEIGHTS.click),
    ...acts(timesOf("opened"), 0),
    ...acts(wishes, WEIGHTS.wishlist),
    ...acts(reviews, WEIGHTS.review),
    ...acts(shares, WEIGHTS.referral),
    // Buying is an act of a person; engagement is independent of it (mission SC-03).
    ...acts(sales.length > 0 ? [Math.max(...sales)] : [], 0),
  ];
}

/** What is usual is so for more than half of at least three visits; a favourite was looked at twice. */
function usualOf(
  visits: readonly (BehaviourFacts["visits"][number] & { readonly at: number })[],
  calendar: Calendar,
): Pick<Behaviour, "day_part" | "channel" | "category"> {
  const isMost = (count: number): boolean => visits.length >= FEWEST_VISITS && count * 2 > visits.length;
  const part = DAY_PARTS.find((one) => isMost(visits.filter(({ at }) => partOf(at, calendar) === one).length));
  const byApp = visits.filter(({ channel }) => channel === "app").length;
  const channel = isMost(byApp) ? "app" : isMost(visits.length - byApp) ? "web" : null;
  const times = new Map<string, number>();
  for (const view of visits.flatMap(({ views }) => views)) {
    if (view.category !== null) times.set(view.category, (times.get(view.category) ?? 0) + view.times);
  }
  const [first] = [...times].sort(([one, more], [other, less]) => less - more || (one < other ? -1 : 1));
  return { day_part: part ?? null, channel, category: first && first[1] >= FEWEST_VIEWS ? first[0] : null };
}

/** What was paid in twelve months, and how much of it with a discount, where there were orders enough. */
function spendOf({ refuses, orders }: BehaviourFacts, { year, now }: Calendar) {
  const some = refuses
    ? []
    : orders.filter(({ status, net, placedAt }) => isSale(status, net) && placedAt >= year && placedAt <= now);
  const enough = some.length < FEWEST_ORDERS ? [] : some;
  const counted = enough.flatMap(({ worth, gross, discount, lineDiscounts }) =>
    worth === null ? [] : [{ worth, off: Math.max(discount, lineDiscounts), gross }],
  );
  const sum = (list: readonly { readonly worth: number }[]): number => list.reduce((all, { worth }) => all + worth, 0);
  const promoted = counted.filter(({ off, gross }) => gross > 0 && off * DISCOUNTED >= gross);
  return { orders: counted.length, spend: sum(counted), promoted: sum(promoted) };
}

/** SQL for whether an order of the alias `o` is a promotion. Its lines are read only where its own discount does not tell. */
export const PROMOTED_SQL =
  `CASE WHEN o.gross <= 0 THEN 0 WHEN o.discount * ${DISCOUNTED} >= o.gross THEN 1 ELSE ` +
  `coalesce((SELECT sum(l.discount) FROM order_lines l WHERE l.order_id = o.order_id), 0) * ${DISCOUNTED} >= o.gross END`;
