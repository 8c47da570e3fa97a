// The lists of what runs had done: a page costs as many rows as it shows, however much was ever done.
import { beforeAll, describe, expect, test } from "vitest";
import type { ActFilter, ActPlace, ActRow } from "../../src/admin/act-store";
import { ACT_CHOICES, listActs } from "../../src/admin/act-store";
import { DB, services } from "../support/acts-world";

const COUNT = 3_000;
const LIMIT = 20;

/** A page, and the rows that the database read for it. */
async function page(
  choice: ActFilter["choice"],
  after: ActPlace | null = null,
): Promise<{ rows: ActRow[]; read: number }> {
  let read = 0;
  const counting = (statement: D1PreparedStatement) => ({
    all: async () => {
      const answer = await statement.all();
      read += answer.meta.rows_read;
      return answer;
    },
  });
  const prepare = (sql: string) => ({ bind: (...values: unknown[]) => counting(DB.prepare(sql).bind(...values)) });
  const rows = await listActs(
    { prepare } as unknown as D1Database,
    { choice, kind: null, scenario: null },
    after,
    LIMIT,
  );
  return { rows, read };
}

beforeAll(async () => {
  await services.ready();
  await DB.prepare("DELETE FROM acts").run();
  const sql =
    "INSERT INTO acts (contact, id, run, scenario, block, kind, details, at, state, attempts, next_at, result, done_at) " +
    "SELECT key % 7, ?2 || key, 'r', 's', 'b', 'award.points', '{}', key / 3, ?2, 0, 0, ?3, 0 FROM json_each(?1)";
  const numbers = JSON.stringify(Array.from({ length: COUNT }, (_, index) => index));
  const states = { pending: null, failed: "failed", left_out: "run_stopped", done: "awarded" };
  for (const [state, result] of Object.entries(states)) await DB.prepare(sql).bind(numbers, state, result).run();
});

describe.each(ACT_CHOICES)("the list of acts that are %s", (choice) => {
  const state = choice === "open" ? "pending" : choice;

  test("has every one of them, once, the latest first", async () => {
    const found: string[] = [];
    let last: ActRow | undefined;
    for (let after: ActPlace | null = null; ; after = last ?? null) {
      const { rows } = await page(choice, after);
      for (const row of rows) {
        expect(row.state).toBe(state);
        expect(row.at).toBeLessThanOrEqual(last?.at ?? COUNT);
        last = row;
        found.push(row.id);
      }
      if (rows.length < LIMIT) break;
    }
    expect(new Set(found).size).toBe(COUNT);
    expect(found).toHaveLength(COUNT);
  });
});

// Open ones leave as they are done, so that there are few.
describe.each(ACT_CHOICES.filter((choice) => choice !== "open"))("a page of acts that are %s", (choice) => {
  test("costs no more at its end than at its beginning", async () => {
    const first = await page(choice);
    const deep = await page(choice, { at: 40, contact: 3, id: "" });
    expect(first.rows).toHaveLength(LIMIT);
    expect(deep.rows).toHaveLength(LIMIT);
    // Each row is read in its index and in the table.
    for (const { read } of [first, deep]) expect(read).toBeLessThanOrEqual(3 * LIMIT);
  });
});
