import type { ScoreTable } from "./figures-sql";
import type { Statement } from "./statement";

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
