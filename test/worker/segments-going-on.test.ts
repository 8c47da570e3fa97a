import { beforeEach, describe, expect, test } from "vitest";
import { resolver } from "../../src/contacts/identity";
import type { Rule } from "../../src/segments/rule";
import { keepRfm } from "../../src/services/rfm";
import { segmentFollower } from "../../src/services/segments/follower";
import { keepSegments } from "../../src/services/segments/keep";
import { faultyD1 } from "../support/chaos-d1";
import * as world from "../support/segment-world";

const { begin, bindings, members, moves, night, order, pass, person, rowOf, segment, services, tell, told } = world;
const { DB } = bindings;

const atLeast = (value: number): Rule => ({ type: "orders.count", op: "gte", value });

/** The services over a database of which one part is another. */
function over(part: Partial<D1Database>): typeof services {
  const db = { prepare: (sql: string) => DB.prepare(sql), batch: DB.batch.bind(DB), ...part };
  return Object.create(services, { env: { value: { ...bindings, DB: db } } });
}

const free = () => DB.prepare("DELETE FROM settings WHERE key = 'lease:segments'").run();

async function sizes(): Promise<unknown[]> {
  const sql = "SELECT day, segment, contacts FROM segment_sizes ORDER BY family, day, segment";
  const { results } = await DB.prepare(sql).all<{ day: string; segment: string; contacts: number }>();
  return results.map(({ day, segment: one, contacts }) => `${day} ${one} ${contacts}`);
}

beforeEach(begin);

describe("the night", () => {
  test("notes of an empty segment that nobody is in it", async () => {
    await tell(person("ann"), order("ann", "ann-1"));
    const parts: [string, Rule][] = [
      ["gold", atLeast(2)],
      ["bronze", atLeast(1)],
    ];
    await segment("level", { segments: parts });
    await keepSegments(services);
    await tell(order("ann", "ann-2"));
    await night();
    const [first, second] = ["2026-01-05", "2026-01-06"];
    expect(await sizes()).toEqual([`${first} bronze 1`, `${first} gold 0`, `${second} bronze 0`, `${second} gold 1`]);
  });

  test("counts one family after the other, and is over when all are counted", async () => {
    await tell(person("bob"), order("bob", "bob-1"));
    await segment("one", atLeast(1));
    await segment("two", atLeast(1));
    let counted = 0;
    const dying = over({
      prepare(sql: string) {
        if (sql.startsWith("INSERT INTO segment_sizes") && ++counted === 2) throw new Error("dies");
        return DB.prepare(sql);
      },
    });
    await expect(keepSegments(dying)).rejects.toThrow("dies");
    expect(await sizes()).toHaveLength(1);
    const under = "SELECT night_after FROM segment_progress";
    expect(await DB.prepare(under).first("night_after")).not.toBeNull();
    await free();
    await keepSegments(services);
    expect(await sizes()).toHaveLength(2);
    expect(await DB.prepare(under).first("night_after")).toBeNull();
  });

  test("that others never let write ends for now, tells what is due, and goes on at the next sweep", async () => {
    await tell(person("cat"));
    await segment("buyers", atLeast(1));
    await tell(order("cat", "cat-1"));
    expect(await told()).toEqual(["cat: buyers  > buyers (act)"]);
    pass("P2D");
    // What happened is to be told yet.
    await DB.prepare("UPDATE segment_news SET told_at = NULL, at = at + 1, due = 0").run();
    const busy = over({
      async batch<T>(statements: D1PreparedStatement[]) {
        const results = await DB.batch<T>(statements);
        await DB.prepare("UPDATE segment_progress SET version = version + 1").run();
        return results;
      },
    });
    await keepSegments(busy);
    expect((await told()).length).toBe(2);
    const { night: day } = (await DB.prepare("SELECT night FROM segment_progress").first<{ night: string }>()) ?? {};
    expect(day).toBe("2026-01-07");
    expect(await sizes()).toEqual([]);
    await keepSegments(services);
    expect(await sizes()).toHaveLength(1);
  });
});

describe("the follower", () => {
  test("reads of a long journal no more at once than the object's memory holds", async () => {
    await tell(person("dan"), person("eve"));
    await segment("buyers", atLeast(1));
    const place = await DB.prepare("SELECT followed FROM segment_progress").first<number>("followed");
    const filler = "x".repeat(30_000);
    for (let request = 0; request < 24; request++) {
      const views = Array.from({ length: 12 }, () => ({ user: "dan", name: "Seen", properties: { filler } }));
      await services.append(
        {
          receivedAt: services.clock.now(),
          events: views.map((view, index) => ({
            ...view,
            id: `long-${request}-${index}`,
            type: "track" as const,
            at: services.clock.now(),
            trust: "secret" as const,
          })),
        },
        null,
      );
    }
    await tell(order("eve", "eve-1"), order("dan", "dan-1"));
    await DB.batch([
      ...["segment_members", "segment_transitions"].map((table) => DB.prepare(`DELETE FROM ${table}`)),
      DB.prepare("UPDATE segment_progress SET followed = ?1, version = version + 1").bind(place),
    ]);
    let most = 0;
    const prepare = (sql: string): D1PreparedStatement => {
      const statement = DB.prepare(sql);
      const bind = statement.bind.bind(statement);
      return Object.assign(statement, {
        bind(...values: unknown[]) {
          const bound = bind(...values);
          const all = bound.all.bind(bound);
          return Object.assign(bound, {
            async all() {
              const result = await all();
              most = Math.max(most, JSON.stringify(result.results).length);
              return result;
            },
          });
        },
      });
    };
    const follower = segmentFollower(over({ prepare }), (event) => resolver.keys(event));
    await follower.refresh();
    await follower.drain();
    expect(await moves("buyers")).toEqual(["dan:  > buyers (act)", "eve:  > buyers (act)"]);
    expect(most).toBeGreaterThan(300_000);
    expect(most).toBeLessThan(2_000_000);
  });

  test("is awake from the first computation of RFM on, in a shop without segments", async () => {
    await tell(person("fay"), order("fay", "fay-1"));
    await keepRfm(services);
    await keepSegments(services);
    await tell(person("gus"), order("gus", "gus-1"));
    expect(Object.keys(await members("rfm"))).toEqual(["fay", "gus"]);
    expect(await rowOf("gus")).toBeGreaterThan(0);
  });
});

describe("a family that fails by itself", () => {
  const failure = (family: string) =>
    DB.prepare("SELECT failure FROM segment_families WHERE family = ?1").bind(family).first<string | null>("failure");

  test("for what it is computed from stops no other, and is taken up again", async () => {
    await tell(person("hal"), order("hal", "hal-1"));
    await keepRfm(services);
    await keepSegments(services);
    await segment("buyers", atLeast(1));
    pass("P1D");
    const broken = over({
      prepare(sql: string) {
        if (/(INSERT INTO|UPDATE) rfm_/.test(sql)) throw new Error("no such column: gone");
        return DB.prepare(sql);
      },
    });
    await keepSegments(broken);
    expect([await failure("rfm"), await failure("buyers")]).toEqual(["refused", null]);
    const everybody = "SELECT count(*) AS n FROM segment_members WHERE family = 'buyers'";
    expect(await sizes()).toContain(`2026-01-06 buyers ${await DB.prepare(everybody).first("n")}`);
    await keepSegments(services);
    expect(await failure("rfm")).toBeNull();
    expect(Object.keys(await members("rfm"))).toContain("hal");
  });

  test("is not RFM where an analysis of another moment cannot go on", async () => {
    await tell(person("ora"), order("ora", "ora-1"));
    await keepRfm(services);
    await keepSegments(services);
    pass("P1D");
    await DB.prepare("INSERT INTO rfm_runs (kind, open, shown_at) VALUES ('past', '{\"step\":\"scores\"}', 0)").run();
    await keepSegments(services);
    await DB.prepare("DELETE FROM rfm_runs WHERE kind = 'past'").run();
    expect(await failure("rfm")).toBeNull();
    const done = await DB.prepare("SELECT done ->> 'day' AS day FROM rfm_runs").first("day");
    expect(done).toBe("2026-01-06");
  });

  test.each([
    ["never ends in time", "too long", "too_much"],
    ["breaks a rule of its table", "no value", "refused"],
  ] as const)("as what it is computed from %s stops no other", async (_how, fate, code) => {
    await tell(person("kit"), order("kit", "kit-1"));
    await keepRfm(services);
    await keepSegments(services);
    await segment("buyers", atLeast(1));
    pass("P1D");
    const broken = faultyD1(DB, (sql) => (/(INSERT INTO|UPDATE) rfm_/.test(sql) ? fate : "well"));
    await keepSegments(over(broken));
    expect([await failure("rfm"), await failure("buyers")]).toEqual([code, null]);
    expect((await sizes()).some((size) => String(size).startsWith("2026-01-06 buyers"))).toBe(true);
    pass("PT1H");
    await keepSegments(services);
    expect(await failure("rfm")).toBeNull();
  });

  test("is not found where the database has too much to do", async () => {
    await tell(person("nia"));
    await segment("buyers", atLeast(1));
    pass("P1D");
    const busy = over(faultyD1(DB, (sql) => (sql.includes("'buyers' AS segment") ? "overloaded" : "well")));
    await expect(keepSegments(busy)).rejects.toThrow("overloaded");
    expect(await failure("buyers")).toBeNull();
  });

  test("as its rule never ends in time stops no other, by day or by night", async () => {
    await tell(person("lou"), person("max"));
    await segment("slow", atLeast(1));
    await segment("buyers", atLeast(1));
    let tries = 0;
    const slow = over(faultyD1(DB, (sql) => (sql.includes("'slow' AS segment") && ++tries > 0 ? "too long" : "well")));
    const follower = segmentFollower(slow, (event) => resolver.keys(event));
    await follower.refresh();
    follower.touch(new Map([[await rowOf("lou"), { acted: true, times: [services.clock.now()] }]]), 0);
    await follower.drain();
    expect([await failure("slow"), await failure("buyers")]).toEqual(["too_much", null]);
    pass("P1D");
    await keepSegments(slow);
    expect((await sizes()).some((size) => String(size).startsWith("2026-01-06 buyers"))).toBe(true);
    await tell(order("lou", "lou-1"));
    // It would keep the database from everything else each time.
    const before = tries;
    pass("PT5M");
    await keepSegments(slow);
    expect(tries).toBe(before);
    pass("PT1H");
    await keepSegments(slow);
    expect(tries).toBeGreaterThan(before);
    pass("PT1H");
    await keepSegments(services);
    expect([await members("slow"), await failure("slow")]).toEqual([{ lou: "slow" }, null]);
  });

  test("when it is written stops no other", async () => {
    await tell(person("ida"), person("jon"));
    await segment("broken", atLeast(1));
    await segment("buyers", atLeast(1));
    await DB.prepare(
      "CREATE TRIGGER refuse BEFORE INSERT ON segment_members WHEN new.family = 'broken' BEGIN SELECT raise(ABORT, 'refused'); END",
    ).run();
    await tell(order("ida", "ida-1"));
    expect([await members("broken"), await members("buyers")]).toEqual([{}, { ida: "buyers" }]);
    expect([await failure("broken"), await failure("buyers")]).toEqual(["refused", null]);
    await DB.prepare("DROP TRIGGER refuse").run();
    await tell(order("jon", "jon-1"));
    await keepSegments(services);
    expect(await members("broken")).toEqual({ ida: "broken", jon: "broken" });
    expect(await failure("broken")).toBeNull();
  });
});
