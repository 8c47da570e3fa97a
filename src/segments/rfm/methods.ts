import type { Scores } from "./cell";
import type { RfmDefinition } from "./definition";
import { moneyBounds } from "./definition";

/** A customer as the methods score them: the day of the last order, orders, money in minor units. More is better. */
export interface Customer {
  readonly day: number;
  readonly orders: number;
  readonly monetary: number;
}

/** What a method goes by beside the customers. */
export interface Scale {
  readonly definition: RfmDefinition;
  /** The number of the day of the analysis. */
  readonly today: number;
  /** Decimals of the shop's currency. */
  readonly decimals: number;
}

export type Axis = keyof Scores;

/** The methods that a base is scored with, and how far their scores go. */
export interface Plan {
  readonly name: "default" | "A" | "B" | "C" | "D" | "E";
  readonly axes: Readonly<Record<Axis, "A" | "B" | "C" | "D" | "E">>;
  readonly most: 3 | 5;
}

const VALUES: Readonly<Record<Axis, (customer: Customer) => number>> = {
  r: ({ day }) => day,
  f: ({ orders }) => orders,
  m: ({ monetary }) => monetary,
};

/** Below so many customers ranks say nothing, and fifths say little (mission §6.7, point 10). */
const FEW = 50;
const SOME = 500;

/** How so many customers are scored: small bases by fixed thresholds or in thirds, whatever else was asked for. */
export function planFor({ method, small_bases: small }: RfmDefinition, customers: number): Plan {
  const asked = small && method !== "B" ? (customers < FEW ? "B" : customers < SOME ? "D" : method) : method;
  if (asked === "default") return { name: asked, axes: { r: "A", f: "B", m: "A" }, most: 5 };
  return { name: asked, axes: { r: asked, f: asked, m: asked }, most: asked === "D" ? 3 : 5 };
}

/**
 * The scores of customers by the rule of each method, one customer at a time: what the database computes in bulk is held
 * against this.
 */
export function scoreAll(customers: readonly Customer[], plan: Plan, scale: Scale): Scores[] {
  if (plan.name === "E") return nested(customers);
  const [r = [], f = [], m = []] = (["r", "f", "m"] as const).map((axis) =>
    SCORERS[plan.axes[axis]](customers.map(VALUES[axis]), axis, scale),
  );
  return customers.map((_, index) => ({ r: r[index] ?? 0, f: f[index] ?? 0, m: m[index] ?? 0 }));
}

type Scorer = (values: readonly number[], axis: Axis, scale: Scale) => number[];

const SCORERS: Readonly<Record<Plan["axes"]["r"], Scorer>> = {
  A: (values) => ranked(values, 5),
  B: (values, axis, scale) => values.map((value) => passed(value, fixedBounds(axis, scale))),
  C: (values, axis, { today, decimals }) => asInR(values, axis, today, decimals),
  D: (values) => ranked(values, 3),
  // Alone on its axis it is what it is inside of another.
  E: (values) => ranked(values, 5),
};

/** Scores by PERCENT_RANK: equal values share the lowest rank, so that ties are never split. */
function ranked(values: readonly number[], groups: number): number[] {
  const sorted = values.toSorted((left, right) => left - right);
  return values.map((value) => {
    const share = values.length > 1 ? sorted.indexOf(value) / (values.length - 1) : 0;
    return Math.min(groups, Math.floor(share * groups) + 1);
  });
}

/** The values from which each higher score begins. */
export function fixedBounds(axis: Axis, { definition, today, decimals }: Scale): readonly number[] {
  if (axis === "m") return moneyBounds(definition, decimals);
  return axis === "f" ? definition.thresholds.f : definition.thresholds.r.map((days) => today - days).reverse();
}

function passed(value: number, bounds: readonly number[]): number {
  return 1 + bounds.filter((bound) => value >= bound).length;
}

/**
 * As R's package `rfm` (rfm_table_order) does: bins begin at the quantiles plus one, lower bounds included. Its amounts
 * are in major units, its recency in days, of which few are best.
 */
function asInR(values: readonly number[], axis: Axis, today: number, decimals: number): number[] {
  const plain = axis === "r" ? values.map((day) => today - day) : values;
  const one = axis === "m" ? 10 ** decimals : 1;
  const sorted = plain.toSorted((left, right) => left - right);
  const bounds = [1, 2, 3, 4].map((fifths) => quantile(sorted, fifths) + one);
  const scores = plain.map((value) => passed(value, bounds));
  return axis === "r" ? scores.map((score) => 6 - score) : scores;
}

/** Type 7 of Hyndman and Fan, which R takes where nothing else is said. In fifths, so that whole numbers stay whole. */
function quantile(sorted: readonly number[], fifths: number): number {
  const place = (sorted.length - 1) * fifths;
  const low = sorted[Math.floor(place / 5)] ?? 0;
  const high = sorted[Math.ceil(place / 5)] ?? 0;
  return (low * (5 - (place % 5)) + high * (place % 5)) / 5;
}

/** F is ranked among customers of the same R, M among those of the same R and F. */
function nested(customers: readonly Customer[]): Scores[] {
  const within = (keys: readonly number[], values: readonly number[]): number[] => {
    const scores = values.map(() => 0);
    for (const places of Map.groupBy(values.keys(), (place) => keys[place]).values()) {
      const some = ranked(
        places.map((place) => values[place] ?? 0),
        5,
      );
      for (const [index, place] of places.entries()) scores[place] = some[index] ?? 0;
    }
    return scores;
  };
  const r = ranked(customers.map(VALUES.r), 5);
  const f = within(r, customers.map(VALUES.f));
  const keys = r.map((score, index) => score * 10 + (f[index] ?? 0));
  const m = within(keys, customers.map(VALUES.m));
  return customers.map((_, index) => ({ r: r[index] ?? 0, f: f[index] ?? 0, m: m[index] ?? 0 }));
}
