import type { ScoreTable } from "./figures-sql";
import type { FiguresOfAll, MatrixRow } from "./matrix";
import { HISTORY_SQL, matrixSql } from "./matrix-sql";
import type { Axis } from "./methods";
import type { DoneRun, OpenRun, RunKind } from "./run";

import type { Statement } from "./statement";

/** The table that a kind of run writes. */
export const TABLE_OF: Readonly<Record<RunKind, ScoreTable>> = { live: "rfm_scores", past: "rfm_past" };

/** Where a kind of run stands. */
export interface RunState {
  readonly kind: RunKind;
  readonly done: DoneRun | null;
  readonly open: OpenRun | null;
  /** When somebody last asked for it, epoch ms: the run that was asked for last is the one that is shown. */
  readonly shownAt: number;
  /** Both as they are stored, to know whether they still are. */
  readonly stored: { readonly done: string | null; readonly open: string | null };
}

export async function readRuns(db: D1Database): Promise<Readonly<Record<RunKind, RunState>>> {
  const sql = "SELECT kind, done, open, shown_at AS shownAt FROM rfm_runs";
  const { results } = await db
    .prepare(sql)
    .all<{ kind: RunKind; done: string | null; open: string | null; shownAt: number }>();
  const stateOf = (kind: RunKind): RunState => {
    const row = results.find((one) => one.kind === kind);
    const read = <Run>(text: string | null | undefined): Run | null => (text ? (JSON.parse(text) as Run) : null);
    const stored = { done: row?.done ?? null, open: row?.open ?? null };
    return { kind, done: read<DoneRun>(row?.done), open: read<OpenRun>(row?.open), shownAt: row?.shownAt ?? 0, stored };
  };
  return { live: stateOf("live"), past: stateOf("past") };
}

/** Begins a run, in place of one of its kind that is under way. */
export function openRun(db: D1Database, kind: RunKind, open: OpenRun): D1PreparedStatement {
  const sql =
    "INSERT INTO rfm_runs (kind, open, shown_at) VALUES (?1, ?2, 0) ON CONFLICT (kind) DO UPDATE SET open = excluded.open";
  return db.prepare(sql).bind(kind, JSON.stringify(open));
}

export function moveRun(db: D1Database, kind: RunKind, open: OpenRun): D1PreparedStatement {
  return db.prepare("UPDATE rfm_runs SET open = ?2 WHERE kind = ?1").bind(kind, JSON.stringify(open));
}

/** Ends a run, or notes that contacts were looked at since. */
export function endRun(db: D1Database, kind: RunKind, done: DoneRun): D1PreparedStatement {
  return db.prepare("UPDATE rfm_runs SET open = NULL, done = ?2 WHERE kind = ?1").bind(kind, JSON.stringify(done));
}

export function showRun(db: D1Database, kind: RunKind, at: number): D1PreparedStatement {
  const sql =
    "INSERT INTO rfm_runs (kind, shown_at) VALUES (?1, ?2) ON CONFLICT (kind) DO UPDATE SET shown_at = excluded.shown_at";
  return db.prepare(sql).bind(kind, at);
}

export function statement(db: D1Database, { text, values }: Statement): D1PreparedStatement {
  return db.prepare(text).bind(...values);
}

export async function rowsOf<Row>(db: D1Database, sql: Statement): Promise<Row[]> {
  return (await statement(db, sql).all<Row>()).results;
}

/** The row id that ends a slice of so many rows behind another; null where the rest is no more than that. */
export async function sliceEnd(
  db: D1Database,
  table: "contact_metrics" | ScoreTable,
  after: number,
  rows: number,
): Promise<number | null> {
  const sql = `SELECT contact FROM ${table} WHERE contact > ?1 ORDER BY contact LIMIT 1 OFFSET ?2`;
  return db
    .prepare(sql)
    .bind(after, rows - 1)
    .first<number>("contact");
}

interface Slice extends Readonly<Record<Axis, string>> {
  readonly customers: number;
  readonly last: number | null;
}

/** Customers whose figures are read together, in one answer. */
const FIGURES = 25_000;

/** A number of orders is whole but where subscriptions weigh less; SQLite takes longer to write 5.0 than 5. */
const ORDERS = "iif(orders = CAST(orders AS INTEGER), CAST(orders AS INTEGER), orders)";

/** The figures of everybody in one order, 24 bytes a customer. */
export async function readFigures(db: D1Database, table: ScoreTable): Promise<FiguresOfAll> {
  const customers = (await db.prepare(`SELECT count(*) AS n FROM ${table}`).first<number>("n")) ?? 0;
  const all = { r: new Float64Array(customers), f: new Float64Array(customers), m: new Float64Array(customers) };
  const sql =
    "SELECT count(*) AS customers, max(contact) AS last, json_group_array(last_order_at) AS r, " +
    `json_group_array(${ORDERS}) AS f, ` +
    `json_group_array(monetary) AS m FROM (SELECT * FROM ${table} WHERE contact > ?1 ORDER BY contact LIMIT ?2)`;
  let read = 0;
  for (let after = -1; read < customers; ) {
    // Whoever came meanwhile is for the next run.
    const wanted = Math.min(FIGURES, customers - read);
    const slice = await db.prepare(sql).bind(after, wanted).first<Slice>();
    if (slice?.last == null) break;
    for (const axis of ["r", "f", "m"] as const) all[axis].set(JSON.parse(slice[axis]) as number[], read);
    read += slice.customers;
    after = slice.last;
  }
  return { r: all.r.subarray(0, read), f: all.f.subarray(0, read), m: all.m.subarray(0, read) };
}

export function readMatrix(db: D1Database, table: ScoreTable): Promise<MatrixRow[]> {
  return rowsOf<MatrixRow>(db, matrixSql(table));
}

/** Writes down what the matrix is from a shop-local day on. */
export function putHistory(db: D1Database, day: string, rows: readonly MatrixRow[]): D1PreparedStatement {
  const cells = rows.map(({ segment, cell, contacts, orders, revenue }) => [segment, cell, contacts, orders, revenue]);
  return db.prepare(HISTORY_SQL).bind(day, JSON.stringify(cells));
}

/**
 * Fails the batch that it stands in unless the live run is as it was read, and writes nothing: a row without a kind
 * breaks the key.
 */
export function guardRun(db: D1Database, { stored }: RunState): D1PreparedStatement {
  const sql =
    "INSERT INTO rfm_runs (kind, shown_at) SELECT NULL, 0 FROM rfm_runs WHERE kind = 'live' AND (done IS NOT ?1 OR open IS NOT ?2)";
  return db.prepare(sql).bind(stored.done, stored.open);
}

/** Whether a batch failed because the live run went on meanwhile. */
export function isOutrun(error: unknown): boolean {
  return String(error).includes("rfm_runs.kind");
}

/** Notes when contacts were looked at, behind the run that is in force. */
export function noteLook(db: D1Database, at: number): D1PreparedStatement {
  const sql =
    "UPDATE rfm_runs SET done = json_set(done, '$.lookedAt', ?1) WHERE kind = 'live' AND open IS NULL AND done IS NOT NULL";
  return db.prepare(sql).bind(at);
}
