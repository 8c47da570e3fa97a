import type { ScoreTable } from "./figures-sql";
import type { Axis } from "./methods";
import { COLUMNS } from "./score-sql";

import type { Statement } from "./statement";

/** How many customers there are. */
export function countSql(table: ScoreTable): Statement {
  return { text: `SELECT count(*) AS customers FROM ${table}`, values: [] };
}

/** The figures of so many customers behind one, as JSON arrays in the same order, with the row of the last. */
export function sliceSql(table: ScoreTable, after: number, rows: number): Statement {
  const slice = `SELECT contact, last_order_at, orders, monetary FROM ${table} WHERE contact > ?1 ORDER BY contact LIMIT ?2`;
  return {
    text:
      "SELECT max(contact) AS last, json_group_array(last_order_at) AS r, json_group_array(orders) AS f, " +
      `json_group_array(monetary) AS m FROM (${slice})`,
    values: [after, rows],
  };
}

/** How many customers there are in each group; `key` is SQL for the number of a row's group. */
export function sizesSql(table: ScoreTable, key: string): Statement {
  return { text: `SELECT ${key} AS "key", count(*) AS customers FROM ${table} GROUP BY 1`, values: [] };
}

/**
 * The values at places of an axis, 0 being the lowest in its group. One sort answers for all bounds of an axis.
 *
 * @param wanted pairs of group and place
 */
export function placesSql(
  table: ScoreTable,
  axis: Axis,
  key: string,
  wanted: readonly (readonly [number, number])[],
): Statement {
  const column = COLUMNS[axis];
  const numbered = `SELECT ${key} AS "key", ${column} AS value, row_number() OVER (PARTITION BY ${key} ORDER BY ${column}) - 1 AS place FROM ${table}`;
  const text =
    `SELECT "key", place, value FROM (${numbered}) ` +
    `WHERE ("key", place) IN (SELECT w.value ->> 0, w.value ->> 1 FROM json_each(?1) AS w)`;
  return { text, values: [JSON.stringify(wanted)] };
}

/** The matrix as it is: by segment and cell. */
export function matrixSql(table: ScoreTable): Statement {
  return {
    text:
      "SELECT segment, r * 100 + f * 10 + m AS cell, count(*) AS contacts, sum(orders) AS orders, sum(monetary) AS revenue " +
      `FROM ${table} GROUP BY r * 100 + f * 10 + m, segment`,
    values: [],
  };
}

/** Writes the matrix down as of a shop-local day: cells that differ from what they were last, and those that emptied. */
export const HISTORY_SQL =
  "WITH present AS MATERIALIZED (SELECT value ->> 0 AS segment, value ->> 1 AS cell, value ->> 2 AS contacts, value ->> 3 AS orders, " +
  "value ->> 4 AS revenue FROM json_each(?2)), latest AS MATERIALIZED (SELECT * FROM (SELECT *, row_number() OVER " +
  "(PARTITION BY segment, cell ORDER BY day DESC) AS age FROM rfm_history) WHERE age = 1) " +
  "INSERT INTO rfm_history (segment, cell, day, contacts, orders, revenue) " +
  "SELECT p.segment, p.cell, ?1, p.contacts, p.orders, p.revenue FROM present p " +
  "LEFT JOIN latest l ON l.segment = p.segment AND l.cell = p.cell " +
  "WHERE l.contacts IS NOT p.contacts OR l.orders IS NOT p.orders OR l.revenue IS NOT p.revenue " +
  "UNION ALL SELECT l.segment, l.cell, ?1, 0, 0, 0 FROM latest l WHERE l.contacts > 0 AND NOT EXISTS " +
  "(SELECT 1 FROM present p WHERE p.segment = l.segment AND p.cell = l.cell) " +
  "ON CONFLICT (segment, cell, day) DO UPDATE SET contacts = excluded.contacts, orders = excluded.orders, revenue = excluded.revenue";
