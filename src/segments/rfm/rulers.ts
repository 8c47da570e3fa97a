import type { Scores } from "./cell";
import type { Days } from "./days";
import type { Axis, Customer, Plan, Scale } from "./methods";
import { fixedBounds } from "./methods";

/** The values at which a score rises: from a bound on, or above it where it is strict. Rising. */
export interface Ruler {
  readonly bounds: readonly number[];
  readonly strict: boolean;
}

/** All that scores follow from: kept from one run to the next, so that a contact can be scored without the others. */
export interface Rulers {
  readonly plan: Plan;
  /** The number of the day on which they were made. */
  readonly day: number;
  /** On days counted from `day`. */
  readonly r: Ruler;
  /** One for everybody, or one for each R. */
  readonly f: readonly Ruler[];
  /** One for everybody, or one for each R and F. */
  readonly m: readonly Ruler[];
  /** Customers that they were made from. */
  readonly customers: number;
}

/** The value at a place (0 is the lowest) among all values of an axis, in rising order. */
export type ValueAt = (place: number) => number;

/** The places that the ruler of an axis is read from; none for fixed thresholds. */
export function placesOf(method: Plan["axes"]["r"], customers: number): number[] {
  if (method === "B" || customers === 0) return [];
  if (method === "C") {
    const places = [1, 2, 3, 4].map((fifths) => ((customers - 1) * fifths) / 5);
    return places.flatMap((place) => [Math.floor(place), Math.ceil(place)]);
  }
  const groups = method === "D" ? 3 : 5;
  // A score of k takes at least (k - 1) / groups of the others below: so many are below whatever is more than the value there.
  return Array.from({ length: groups - 1 }, (_, index) =>
    Math.max(0, Math.ceil(((index + 1) * (customers - 1)) / groups) - 1),
  );
}

/** The ruler of an axis out of the values at its places. R is measured in days from today. */
export function rulerOf(axis: Axis, method: Plan["axes"]["r"], customers: number, at: ValueAt, scale: Scale): Ruler {
  const zero = axis === "r" ? scale.today : 0;
  if (method === "B") {
    return { bounds: fixedBounds(axis, scale).map((bound) => bound - zero), strict: false };
  }
  // Where nobody is to be ranked with, whoever comes is the lowest.
  if (customers === 0) return { bounds: [], strict: true };
  const places = placesOf(method, customers);
  if (method !== "C") return { bounds: places.map((place) => at(place) - zero), strict: true };
  const quantiles = [1, 2, 3, 4].map((fifths, index) => {
    const share = ((customers - 1) * fifths) % 5;
    const [low, high] = [at(places[index * 2] ?? 0) - zero, at(places[index * 2 + 1] ?? 0) - zero];
    return (low * (5 - share) + high * share) / 5;
  });
  if (axis !== "r") {
    const one = axis === "m" ? 10 ** scale.decimals : 1;
    return { bounds: quantiles.map((value) => value + one), strict: false };
  }
  // In days of recency a bin begins one day above the quantile and is the worse one.
  return { bounds: quantiles.map((value) => value - 1), strict: true };
}

/** The score of a value: one more than the bounds that it passes. */
export function measure({ bounds, strict }: Ruler, value: number): number {
  // Bounds rise: the first that is not passed ends it.
  let passed = 0;
  while (passed < bounds.length && !isBelow(value, bounds[passed] ?? 0, strict)) passed++;
  return passed + 1;
}

const isBelow = (value: number, bound: number, strict: boolean): boolean => (strict ? value <= bound : value < bound);

/** Whether bounds of recency stay where they are in the calendar, as ranks do, or move on with the days. */
export function ages({ plan }: Rulers): boolean {
  return plan.axes.r === "B";
}

/** The day from which R is measured on a day: as ranks are kept, or as the customer's own recency has it. */
export function zeroOf(rulers: Rulers, today: number): number {
  return ages(rulers) ? today : rulers.day;
}

/** The bounds of R as moments (epoch ms): a whole day is at or above a bound from its first moment on. */
export function momentsOf({ bounds, strict }: Ruler, zero: number, days: Days): Ruler {
  const day = (bound: number): number => (strict ? Math.floor(zero + bound) + 1 : Math.ceil(zero + bound));
  return { bounds: bounds.map((bound) => days.start(day(bound))), strict: false };
}

/** The scores of one customer. `zero` is the day from which R is measured. */
export function scoresBy(rulers: Rulers, { day, orders, monetary }: Customer, zero: number): Scores {
  return scoresFrom(rulers, measure(rulers.r, day - zero), orders, monetary);
}

/** The same, of a customer whose last order is known as a moment. */
export function scoresAt(rulers: Rulers, moments: Ruler, at: number, orders: number, monetary: number): Scores {
  return scoresFrom(rulers, measure(moments, at), orders, monetary);
}

function scoresFrom(rulers: Rulers, r: number, orders: number, monetary: number): Scores {
  const { f, m } = rulers;
  const fScore = measure(f.length > 1 ? (f[r - 1] ?? rulers.r) : (f[0] ?? rulers.r), orders);
  const mScore = measure(m.length > 1 ? (m[(r - 1) * 5 + fScore - 1] ?? rulers.r) : (m[0] ?? rulers.r), monetary);
  return { r, f: fScore, m: mScore };
}
