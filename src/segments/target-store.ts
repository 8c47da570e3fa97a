import type { Terms } from "./compile";
import { Compilation } from "./compile";
import type { Read } from "./condition";
import type { Cell, Row } from "./facts";
import type { Target } from "./target";
import { previewSql } from "./target";

/** How many match, some of them in the order of their rows, and what D1 spent on it, ms. */
export interface Preview {
  readonly count: number;
  /** How many more would match if the filter of active profiles were taken off. */
  readonly inactive: number;
  readonly sample: readonly number[];
  readonly sqlMs: number;
}

/** Counts whom a target matches. */
export async function countTarget(
  db: D1Database,
  target: Target,
  now: number,
  terms: Terms,
  sample: number,
): Promise<Preview> {
  const { text, values } = previewSql(target, now, terms, sample);
  const { results, meta } = await db
    .prepare(text)
    .bind(...values)
    .all<{ count: number; inactive: number; sample: string }>();
  const [row] = results;
  const ids = JSON.parse(row?.sample ?? "[]") as number[];
  return { count: row?.count ?? 0, inactive: row?.inactive ?? 0, sample: ids, sqlMs: meta.duration };
}

/** Whom a row counts for: a name that no column can have. */
const HEAD = "#head";
type LoadedRow = { readonly contact: number; readonly [HEAD]: number } & Record<string, Cell>;

const FAMILIES =
  "WITH RECURSIVE family(head, member) AS (SELECT value, value FROM json_each(?1) UNION ALL " +
  "SELECT f.head, m.id FROM family f JOIN contacts m ON m.merged_into = f.member)";

/** The rows that rules ask for, of each of some contacts who stand for themselves, by the keys of the reads. */
export async function loadRows(
  db: D1Database,
  contacts: readonly number[],
  reads: readonly Read[],
  now: number,
  terms: Terms,
): Promise<ReadonlyMap<number, Readonly<Record<string, readonly Row[]>>>> {
  if (contacts.length === 0 || reads.length === 0) return new Map(contacts.map((contact) => [contact, {}]));
  const statements = reads.map((read) => {
    const compilation = new Compilation(now, terms, 2);
    const select = read.sql(compilation, "IN (SELECT member FROM family)");
    const own = read.own ? "f.head = f.member AND " : "";
    const sql =
      `${FAMILIES}, loaded AS (${select}) SELECT f.head AS "${HEAD}", l.* FROM loaded l JOIN family f ON f.member = l.contact ` +
      `WHERE ${own}${compilation.always}`;
    const { values } = compilation.result(sql);
    return db.prepare(sql).bind(JSON.stringify(contacts), ...values);
  });
  const results = await db.batch<LoadedRow>(statements);
  const loaded = new Map(
    contacts.map((contact) => [contact, Object.fromEntries(reads.map(({ key }) => [key, [] as Row[]]))]),
  );
  results.forEach(({ results: rows }, index) => {
    const key = reads[index]?.key ?? "";
    for (const { [HEAD]: head, contact: _contact, ...row } of rows) loaded.get(head)?.[key]?.push(row as Row);
  });
  return loaded;
}
