import type { Days } from "./days";
import type { Scope, ScoreTable } from "./figures-sql";
import { scopeSql, Values } from "./figures-sql";
import type { RfmMap } from "./map";
import { segmentKey } from "./map";
import type { Axis } from "./methods";
import type { Ruler, Rulers } from "./rulers";
import { ages, momentsOf, zeroOf } from "./rulers";
import type { Statement } from "./statement";

/** What scores are brought up to date with. */
export interface ScoreTerms {
  readonly rulers: Rulers;
  /** The bounds before these; null where these have been in force all along. */
  readonly before: Rulers | null;
  readonly map: RfmMap;
  readonly days: Days;
  /** The number of the day of the analysis. */
  readonly today: number;
  /** The moment of the run, epoch ms. */
  readonly now: number;
  /** The rules changed: every segment is looked up anew, and no change is anybody's own. */
  readonly redefined: boolean;
  /** Every score is by the bounds before: no run broke off on its way. */
  readonly settled: boolean;
}

/** Scores are read off the figures by bounds; whoever measures the same as before is not written. */
export function scoresSql(table: ScoreTable, scope: Scope, terms: ScoreTerms): Statement {
  const { rulers, before, map, today } = terms;
  const values = new Values();
  const [now, redefined] = [terms.now, terms.redefined ? 1 : 0].map((value) => values.put(value));
  const scores = measured(rulers, zeroOf(rulers, today), terms);
  const names = values.put(JSON.stringify(keysOf(map)));
  const changed = [`moved_at = ${now}`, ...differing(terms).map((axis) => `${axis} IS NOT ${scores[axis]}`)];
  // Most rows are as they were: they are told by plain comparisons, and all else is worked out for the few others.
  const rows =
    `SELECT *, ${scores.r} AS r1, ${scores.f} AS f1, ${scores.m} AS m1 FROM ${table} ` +
    `WHERE ${scopeSql(scope, "contact", values)} AND (${terms.redefined ? "1" : changed.join(" OR ")})`;
  // Measured by the customer's own recency: bounds of ranks would stand still while the customer grows older.
  const old = before && measured(before, today, terms);
  const judged = `SELECT *, ${segment(names, rulers, "r1", "f1", "m1")} AS segment1, ${
    old ? segment(names, before, old.r, old.f, old.m) : "NULL"
  } AS segment0 FROM changed`;
  const cause =
    `CASE WHEN v.segment1 IS v.segment THEN v.cause WHEN v.segment IS NULL THEN v.moved_by WHEN ${redefined} THEN 'rule' ` +
    `WHEN v.segment0 IS v.segment THEN 'population_shift' WHEN v.moved_at = ${now} THEN v.moved_by ELSE 'decay' END`;
  const text =
    `WITH changed AS MATERIALIZED (${rows}) ` +
    `UPDATE ${table} SET r = v.r1, f = v.f1, m = v.m1, segment = v.segment1, cause = ${cause}, ` +
    `changed_at = iif(v.segment1 IS v.segment, v.changed_at, ${now}) FROM (${judged}) AS v ` +
    `WHERE ${table}.contact = v.contact AND (v.r IS NOT v.r1 OR v.f IS NOT v.f1 OR v.m IS NOT v.m1 OR v.segment IS NOT v.segment1)`;
  return { text, values: values.list };
}

/** The axes on which somebody may measure otherwise than before without having changed. */
function differing({ rulers, before, days, today, redefined, settled }: ScoreTerms): Axis[] {
  const axes: Axis[] = ["r", "f", "m"];
  if (!settled || before === null || redefined) return axes;
  const [now, then] = [rulers, before].map((some) => measured(some, zeroOf(some, today), { days }));
  return axes.filter((axis) => now?.[axis] !== then?.[axis] || (axis === "r" && ages(rulers)));
}

/** SQL for the scores of a row out of its figures alone: bounds inside of others carry those along. */
function measured(rulers: Rulers, zero: number, { days }: Pick<ScoreTerms, "days">): Record<Axis, string> {
  const r = passes("last_order_at", momentsOf(rulers.r, zero, days));
  const f = nested(rulers.f, "orders", r);
  return { r, f, m: nested(rulers.m, "monetary", `${r} * 5 + ${f} - 5`) };
}

function nested(rulers: readonly Ruler[], column: string, key: string): string {
  const [only] = rulers;
  if (only && rulers.length === 1) return passes(column, only);
  const cases = rulers.map((ruler, index) => `WHEN ${index + 1} THEN ${passes(column, ruler)}`);
  return `CASE ${key} ${cases.join(" ")} END`;
}

function passes(column: string, { bounds, strict }: Ruler): string {
  return `(1${bounds.map((bound) => ` + (${column} ${strict ? ">" : ">="} ${bound})`).join("")})`;
}

/** The keys of segments by cell: of everybody, then of those who ordered once. */
function keysOf({ segments, cells, once }: RfmMap): string[] {
  const keys = segments.map(segmentKey);
  return [...cells, ...(once ?? cells)].map((place) => keys[place] ?? "");
}

function segment(names: string, { plan }: Rulers, r: string, f: string, m: string): string {
  const place = (score: string): string => (plan.most === 3 ? `(2 * ${score} - 2)` : `(${score} - 1)`);
  return `${names} ->> (${place(r)} * 25 + ${place(f)} * 5 + ${place(m)} + iif(orders <= 1, 125, 0))`;
}
