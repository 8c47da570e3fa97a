import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Rule } from "../../src/segments/rule";
import { keepSegments } from "../../src/services/segments/keep";
import { begin, bindings, night, order, pass, person, rowOf, segment, services, tell } from "../support/segment-world";

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
  const reads: number[] = [];
  const batch = async (statements: D1PreparedStatement[]): Promise<D1Result<unknown>[]> => {
    const end = fate(++batches);
    if (end === "before") throw new Error("the process dies");
    const results = await DB.batch(statements);
    rows.push(results.reduce((sum, { meta }) => sum + meta.changes, 0));
    reads.push(results.reduce((sum, { meta }) => sum + meta.rows_read, 0));
    if (end === "after") throw new Error("the process dies");
    return results;
  };
  const db = { prepare: (sql: string) => DB.prepare(sql), batch } as unknown as D1Database;
  const over = Object.create(services, { env: { value: { ...bindings, DB: db } } }) as typeof services;
  return { over, rows, reads };
}

async function count(sql: string): Promise<number> {
  return (await DB.prepare(sql).first<number>("n")) ?? 0;
}

const free = () => DB.prepare("DELETE FROM settings WHERE key = 'lease:segments'").run();

describe("K09: segments of many contacts", () => {
  beforeAll(async () => {
    await tell(person("zoe"));
  });
  beforeEach(async () => {
    // Who was told of in the test before is not to be looked at in this one.
    await services.ledger.followed();
    await begin();
  });

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

  test("reads in a step what its own contacts have, however many others there are", async () => {
    await fill(services.clock.now());
    await segment("recent", recent);
    await night();
    pass("P1D");
    const { over, reads } = watched(() => "well");
    await keepSegments(over);
    const steps = reads.filter((read) => read > 1_000);
    expect(steps.length).toBe(3);
    // Everybody's rows are more than 60,000.
    expect(Math.max(...reads)).toBeLessThan(10 * 5_000);
  });

  test("delay no send: between any two batches of a night an event is stored and a message gets its permit", async () => {
    await fill(services.clock.now());
    await segment("recent", recent);
    await night();
    pass("P31D");
    const zoe = await rowOf("zoe");
    let sends = 0;
    /** What has to pass while the night stands still: it goes on only when the message is claimed. */
    const send = async (): Promise<string> => {
      const id = `night-${++sends}`;
      const columns =
        "contact, id, run, scenario, block, channel, class, content, content_version, address, data, state";
      const sql =
        `INSERT INTO sends (${columns}, open, attempts, next_at, lease_until, created_at, updated_at) VALUES ` +
        "(?1, ?2, ?2, 's', 'b', 'email', 'transactional', 'c', 1, 'zoe@x.test', '{}', 'queued', 1, 0, 0, 0, 0, 0)";
      await DB.prepare(sql).bind(zoe, id).run();
      await tell(order("zoe", id));
      const [row] = await services.ledger.permit([{ contact: zoe, id }]);
      const under = await DB.prepare("SELECT night_after FROM segment_progress").first<number | null>("night_after");
      return `${row?.state} ${under === null ? "by day" : "at night"}`;
    };
    const passed: string[] = [];
    const { over } = watched(() => "well");
    const { DB: db } = over.env;
    const batch = db.batch.bind(db);
    Object.assign(db, {
      async batch(statements: D1PreparedStatement[]) {
        // Before the batch, and beside it.
        passed.push(await send());
        const [results, beside] = await Promise.all([batch(statements), send()]);
        passed.push(beside);
        return results;
      },
    });
    await keepSegments(over);
    expect(passed.filter((one) => one === "claimed at night").length).toBeGreaterThan(8);
    expect(passed.filter((one) => !one.startsWith("claimed"))).toEqual([]);
    // The night took its way all the same, and who computed beside it was not lost by it.
    expect(await count("SELECT count(*) AS n FROM segment_members WHERE next_since IS NOT NULL")).toBe(PEOPLE / 2);
    expect(await count(`SELECT count(*) AS n FROM segment_members WHERE contact = ${zoe}`)).toBe(1);
  });
});
