import type { Days } from "./days";
import type { ScoreTable } from "./figures-sql";
import type { FiguresOfAll } from "./matrix";
import type { Axis, Scale } from "./methods";
import { planFor } from "./methods";
import { countSql, placesSql, sizesSql, sliceSql } from "./rank-sql";
import { rowsOf } from "./rfm-store";
import type { Ruler, Rulers } from "./rulers";
import { placesOf, rulerOf } from "./rulers";
import { measured } from "./score-sql";

/** Customers that are read together, in one answer. */
const SLICE = 25_000;
const AXES: readonly Axis[] = ["r", "f", "m"];
const FIVE = [1, 2, 3, 4, 5];

/** Reads the bounds off the figures of everybody: few values each, whatever the number of customers. */
export async function readRulers(
  db: D1Database,
  table: ScoreTable,
  figures: FiguresOfAll,
  scale: Scale,
  days: Days,
): Promise<Rulers> {
  const customers = figures.r.length;
  const plan = planFor(scale.definition, customers);
  const read = (axis: Axis, key: string, keys: readonly number[]): Promise<Ruler[]> =>
    rulersOfGroups(db, { table, axis, key, keys, method: plan.axes[axis], scale, days });
  const first = (axis: Axis): Ruler => {
    const method = plan.axes[axis];
    // Many times faster to sort here than in the database.
    const sorted = method === "B" ? new Float64Array() : figures[axis].toSorted();
    const at = (place: number): number => (axis === "r" ? days.of(sorted[place] ?? 0) : (sorted[place] ?? 0));
    return rulerOf(axis, method, sorted.length, at, scale);
  };
  const made = { plan, day: scale.today, customers, r: first("r") };
  if (plan.name !== "E") return { ...made, f: [first("f")], m: [first("m")] };
  const blank = [{ bounds: [], strict: true }];
  const { r } = measured({ ...made, f: blank, m: blank }, scale.today, { days }, "0", "0");
  const f = await read("f", r, FIVE);
  const byR = measured({ ...made, f, m: blank }, scale.today, { days }, r, "0");
  const both = FIVE.flatMap((one) => FIVE.map((two) => one * 10 + two));
  return { ...made, f, m: await read("m", `(${r} * 10 + ${byR.f})`, both) };
}

/** The figures of everybody in one order, 24 bytes a customer. */
export async function readFigures(db: D1Database, table: ScoreTable): Promise<FiguresOfAll> {
  const customers = (await rowsOf<{ customers: number }>(db, countSql(table)))[0]?.customers ?? 0;
  const all = { r: new Float64Array(customers), f: new Float64Array(customers), m: new Float64Array(customers) };
  let read = 0;
  for (let after = -1; read < customers; ) {
    const [slice] = await rowsOf<Record<Axis, string> & { last: number | null }>(db, sliceSql(table, after, SLICE));
    if (slice?.last == null) break;
    // Whoever came meanwhile is for the next run.
    const lists = AXES.map((axis) => [axis, (JSON.parse(slice[axis]) as number[]).slice(0, customers - read)] as const);
    for (const [axis, list] of lists) all[axis].set(list, read);
    read += lists[0]?.[1].length ?? 0;
    after = slice.last;
  }
  return { r: all.r.subarray(0, read), f: all.f.subarray(0, read), m: all.m.subarray(0, read) };
}

interface Groups {
  readonly table: ScoreTable;
  readonly axis: Axis;
  /** SQL for the group of a row, and the groups that there may be. */
  readonly key: string;
  readonly keys: readonly number[];
  readonly method: Rulers["plan"]["axes"]["r"];
  readonly scale: Scale;
  readonly days: Days;
}

async function rulersOfGroups(
  db: D1Database,
  { table, axis, key, keys, method, scale, days }: Groups,
): Promise<Ruler[]> {
  const sizes = method === "B" ? [] : await rowsOf<{ key: number; customers: number }>(db, sizesSql(table, key));
  const size = new Map(sizes.map((row) => [row.key, row.customers]));
  const wanted = sizes.flatMap((row) => placesOf(method, row.customers).map((place) => [row.key, place] as const));
  type Found = { readonly key: number; readonly place: number; readonly value: number };
  const found = wanted.length > 0 ? await rowsOf<Found>(db, placesSql(table, axis, key, wanted)) : [];
  const values = new Map(
    found.map((row) => [`${row.key}:${row.place}`, axis === "r" ? days.of(row.value) : row.value]),
  );
  return keys.map((one) =>
    rulerOf(axis, method, size.get(one) ?? 0, (place) => values.get(`${one}:${place}`) ?? 0, scale),
  );
}
