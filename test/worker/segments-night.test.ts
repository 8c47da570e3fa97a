import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Rule } from "../../src/segments/rule";
import { keepSegments } from "../../src/services/segments/keep";
import { begin, bindings, night, order, pass, person, segment, services, tell } from "../support/segment-world";

const { DB } = bindings;

/** Three steps of 5,000, the last one short. */
const PEOPLE = 12_500;
const FIRST = 1_000_000;

const numbers = `WITH RECURSIVE numbers (n) AS (SELECT ${FIRST} UNION ALL SELECT n + 1 FROM numbers WHERE n < ${FIRST + PEOPLE - 1})`;
const recent: Rule = { type: "orders.count", op: "gte", value: 1, within: "P30D" };

/** Every second person ordered a month before `at` less an hour. */
async function fill(at: number): Promise<void> {
  await DB.batch([
    DB.prepare("DELETE FROM orders"),
    DB.prepare(
      `INSERT OR REPLACE INTO contacts (id, status, external_id, email, attributes, consents, created_at, tracked, ring, seq, seen_at) ` +
        `${numbers} SELECT n, 'verified', 'many-' || n, 'many-' || n || '@x.test', '{}', '{}', 0, 0, '', 0, ?1 FROM numbers`,
    ).bind(at),
    DB.prepare(
      "INSERT INTO orders (order_id, contact, status, placed_at, currency, total, discount, tax, shipping, refunded, net, shown, source) " +
        `${numbers} SELECT 'many-' || n, n, 'delivered', ?1, 'EUR', 50, 0, 0, 0, 0, 50, '[]', 'secret' FROM numbers WHERE n % 2 = 0`,
    ).bind(at),
  ]);
}

/** A database that sees each batch, and dies before or after some of them. */
function watched(fate: (batch: number) => "well" | "before" | "after") {
  let batches = 0;
  const rows: number[] = [];
  const batch = async (statements: D1PreparedStatement[]): Promise<D1Result<unknown>[]> => {
    const end = fate(++batches);
    if (end === "before") throw new Error("the process dies");
    const results = await DB.batch(statements);
    rows.push(results.reduce((sum, { meta }) => sum + meta.changes, 0));
    if (end === "after") throw new Error("the process dies");
    return results;
  };
  const db = { prepare: (sql: string) => DB.prepare(sql), batch } as unknown as D1Database;
  const over = Object.create(services, { env: { value: { ...bindings, DB: db } } }) as typeof services;
  return { over, rows };
}

async function count(sql: string): Promise<number> {
  return (await DB.prepare(sql).first<number>("n")) ?? 0;
}

const free = () => DB.prepare("DELETE FROM settings WHERE key = 'lease:segments'").run();

describe("K09: segments of many contacts", () => {
  beforeAll(async () => {
    await tell(person("zoe"));
  });
  beforeEach(begin);

  test("are computed in steps of 5,000 by range of their rows, and go on where a dying process stopped", async () => {
    await fill(services.clock.now());
    await segment("recent", recent);
    await keepSegments(services);
    expect(await count("SELECT count(*) AS n FROM segment_members")).toBe(PEOPLE / 2);
    pass("P31D");
    // A process that dies at each batch in turn, before it and after: every row's fall is noted once.
    let died = 0;
    for (let at = 1; ; at++) {
      const { over, rows } = watched((batch) => (batch < at ? "well" : died % 2 === 0 ? "before" : "after"));
      await free();
      try {
        await keepSegments(over);
        expect(Math.max(...rows)).toBeLessThanOrEqual(5_000 + 3);
        break;
      } catch {
        died++;
      }
    }
    expect(died).toBeGreaterThan(4);
    expect(await count("SELECT count(*) AS n FROM segment_members WHERE next_since IS NOT NULL")).toBe(PEOPLE / 2);
    expect(await count("SELECT night_after AS n FROM segment_progress")).toBe(0);
    // The first of these is not a night's length behind the one before.
    await night();
    await night();
    expect(await count("SELECT count(*) AS n FROM segment_members")).toBe(0);
    expect(await count("SELECT sum(contacts) AS n FROM segment_flows WHERE to_segment = ''")).toBe(PEOPLE / 2);
    expect(await count("SELECT count(*) AS n FROM segment_transitions WHERE cause = 'decay'")).toBe(PEOPLE / 2);
  });

  test("write only what changed: a quiet night moves its place, and nothing else", async () => {
    await fill(services.clock.now());
    await segment("recent", recent);
    await keepSegments(services);
    await night();
    pass("P1D");
    const { over, rows } = watched(() => "well");
    await keepSegments(over);
    // Each step: the guard and the place; the last one counts sizes as well.
    expect(rows.filter((changes) => changes > 0).every((changes) => changes <= 3)).toBe(true);
  });

  test("keep nobody waiting: events and permits pass between any two steps", async () => {
    await fill(services.clock.now());
    await segment("recent", recent);
    pass("P1D");
    const between: string[] = [];
    const { over } = watched(() => "well");
    const { DB: db } = over.env;
    const batch = db.batch.bind(db);
    Object.assign(db, {
      async batch(statements: D1PreparedStatement[]) {
        const { status } = await services.append({ receivedAt: services.clock.now(), events: [] }, null);
        between.push(status, String((await services.ledger.permit([])).length));
        return batch(statements);
      },
    });
    await Promise.all([keepSegments(over), tell(order("zoe", `z-${PEOPLE}`))]);
    expect(between.length).toBeGreaterThan(6);
    expect(new Set(between)).toEqual(new Set(["stored", "0"]));
    // Who computed beside the night was not lost by it.
    expect(
      await count(
        "SELECT count(*) AS n FROM segment_members m JOIN contacts c ON c.id = m.contact AND c.external_id = 'zoe'",
      ),
    ).toBe(1);
  });
});
