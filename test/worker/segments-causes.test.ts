import { beforeEach, describe, expect, test } from "vitest";
import { resolver } from "../../src/contacts/identity";
import { ownEvent } from "../../src/events/event";
import { putSetting } from "../../src/platform/settings";
import { rfmInput } from "../../src/segments/rfm/definition";
import type { Rule } from "../../src/segments/rule";
import { keepRfm } from "../../src/services/rfm";
import { segmentFollower } from "../../src/services/segments/follower";
import { keepSegments } from "../../src/services/segments/keep";
import { tellNews } from "../../src/services/segments/news";
import * as world from "../support/segment-world";

const { begin, bindings, members, moves, night, order, pass, person, rowOf, segment, services, setTime, tell, told } =
  world;
const { DB } = bindings;

const atLeast = (value: number, within?: string): Rule => {
  return { type: "orders.count", op: "gte", value, ...(within !== undefined && { within }) };
};
const recent = atLeast(1, "P30D");
const lapsed: Rule = { all: [atLeast(1), { not: recent }] };
const level: [string, Rule][] = [
  ["gold", atLeast(3)],
  ["silver", atLeast(2)],
  ["bronze", atLeast(1)],
];
const view = (user: string) => ({ type: "page" as const, user, name: "Home" });
const cancelled = (user: string, id: string) => ({ user, name: "Order Cancelled", properties: { order_id: id } });
const imported = { trust: "import" as const };
const later = (told: readonly string[]) => told.filter((move) => !move.endsWith("(first)"));

beforeEach(async () => {
  await begin();
  const tables = ["rfm_runs", "rfm_scores", "orders", "contact_metrics"];
  await DB.batch(tables.map((table) => DB.prepare(`DELETE FROM ${table}`)));
});

describe("what time alone moves", () => {
  test("is decay, whatever else the contact does: a fall waits for its nights, a rise is told as such", async () => {
    await tell(person("ann"), order("ann", "a1"));
    await segment("recent", recent);
    await segment("lapsed", lapsed);
    pass("P30D");
    await night();
    expect(await moves("recent")).toEqual(["ann:  > recent (first)"]);
    pass("PT12H");
    await tell(view("ann"));
    expect(await members("recent")).toEqual({ ann: "recent > " });
    await night();
    await night();
    expect(later(await moves("recent"))).toEqual(["ann: recent >  (decay)"]);
    expect(later(await moves("lapsed"))).toEqual(["ann:  > lapsed (decay)"]);
  });

  test("is not ended by the very event that tells of another segment", async () => {
    await tell(person("ben"), order("ben", "b1"));
    await segment("recent", recent);
    await segment("lapsed", lapsed);
    pass("P31D");
    await night();
    await services.ledger.followed();
    expect(await told()).toEqual(["ben: lapsed  > lapsed (decay)"]);
    expect(await members("recent")).toEqual({ ben: "recent > " });
  });

  test("is seen by an event between two nights, and believed by the second night behind it", async () => {
    await tell(person("cas"), order("cas", "c1"));
    await segment("recent", recent);
    pass("P29D");
    await night();
    // Out by noon of the thirtieth day.
    pass("PT10H");
    await tell(view("cas"));
    expect(await moves("recent")).toEqual(["cas:  > recent (first)"]);
    await night();
    expect(await members("recent")).toEqual({ cas: "recent > " });
    await tell(view("cas"));
    expect(await members("recent")).toEqual({ cas: "recent > " });
    await night();
    expect(await moves("recent")).toEqual(["cas:  > recent (first)", "cas: recent >  (decay)"]);
  });

  test("is told apart from what an act does to orders of before", async () => {
    await tell(person("dan"), order("dan", "d1"), person("eva"), order("eva", "e1"));
    await segment("recent", recent);
    await segment("lapsed", lapsed);
    pass("P20D");
    await tell(order("dan", "d2"));
    pass("P11D");
    await night();
    // Without the second order dan's first one is too old: it is the cancellation that ends it, and at once.
    await tell(cancelled("dan", "d2"));
    expect(later(await moves("recent"))).toContainEqual("dan: recent >  (act)");
    await tell(order("eva", "e2"));
    expect(later(await moves("lapsed"))).toContainEqual("eva: lapsed >  (act)");
  });

  test("is told apart from an order that is paid later than it was placed", async () => {
    await tell(person("fay"), order("fay", "f1"));
    await segment("lapsed", lapsed);
    pass("P31D");
    await night();
    const status = (status: string) => ({ user: "fay", name: "Order Updated", properties: { order_id: "f2", status } });
    await tell(order("fay", "f2", { at: services.clock.now() - 60_000 }), status("pending"));
    pass("PT2H");
    const before = await members("lapsed");
    await tell(status("paid"));
    expect([before, await members("lapsed")]).toEqual([{ fay: "lapsed" }, {}]);
    expect((await moves("lapsed")).at(-1)).toBe("fay: lapsed >  (act)");
  });

  test("a fall that somebody's act began is believed by the second night, not by the next", async () => {
    await tell(person("gus"), order("gus", "g1"), order("gus", "g2"));
    await segment("level", { segments: level });
    await night();
    await tell(cancelled("gus", "g2"));
    // As late as 22 hours before the next night.
    await night();
    expect(await members("level")).toEqual({ gus: "silver > bronze" });
    await night();
    expect((await moves("level")).at(-1)).toBe("gus: silver > bronze (act)");
  });
});

describe("what is asked of families about other moments", () => {
  test("is few statements, however many moments a backlog speaks of, and time stays time", async () => {
    const users = Array.from({ length: 180 }, (_, index) => `sam-${index}`);
    await tell(...users.flatMap((user) => [person(user), order(user, `${user}-1`)]));
    await segment("recent", recent);
    await segment("lately", recent);
    setTime(world.NOON + 29 * 86_400_000);
    await night();
    setTime(world.NOON + 30 * 86_400_000 + 14 * 3_600_000);
    let most = 0;
    const batch = <T>(statements: D1PreparedStatement[]) => {
      most = Math.max(most, statements.length);
      return DB.batch<T>(statements);
    };
    const db = { prepare: (sql: string) => DB.prepare(sql), batch };
    const over = Object.create(services, { env: { value: { ...bindings, DB: db } } }) as typeof services;
    const follower = segmentFollower(over, (event) => resolver.keys(event));
    await follower.refresh();
    await follower.drain();
    // From an hour on after everybody's order became too old, each at a time of their own.
    const rows = await Promise.all(users.map(rowOf));
    const since = world.NOON + 30 * 86_400_000 + 3_600_000;
    const touches = rows.map((row, index) => [row, { acted: true, times: [since + index * 240_000] }] as const);
    follower.touch(new Map(touches), 0);
    await follower.drain();
    expect(new Set(Object.values(await members("recent")))).toEqual(new Set(["recent"]));
    expect([Object.keys(await members("lately")).length, most > 10, most <= 100]).toEqual([180, true, true]);
  });
});

describe("an import", () => {
  test("that says again what is known takes nothing from time: decay is told", async () => {
    await tell(person("hal"), order("hal", "h1"), person("ida"), order("ida", "i1"));
    await segment("recent", recent);
    await segment("lapsed", lapsed);
    for (let day = 0; day < 34; day++) {
      await night();
      pass("PT2H");
      await tell({ ...person("hal"), ...imported }, { ...order("ida", "i1"), ...imported, at: world.NOON });
    }
    for (const user of ["hal", "ida"]) {
      expect((await told()).filter((move) => move.startsWith(user))).toEqual([
        `${user}: lapsed  > lapsed (decay)`,
        `${user}: recent recent >  (decay)`,
      ]);
    }
  }, 60_000);

  test("beside a night is told of by neither, and what somebody did stays theirs", async () => {
    await tell(person("jon"), person("kim"));
    await segment("buyers", atLeast(1));
    await night();
    pass("P1D");
    const at = services.clock.now();
    const stored = (event: object, id: string) =>
      services.append(
        { receivedAt: at, events: [{ id, type: "track", name: "", at, trust: "secret", ...event }] },
        null,
      );
    await stored({ ...order("jon", "j1"), ...imported }, "beside-1");
    await stored(order("kim", "k1"), "beside-2");
    await keepSegments(services);
    expect(await moves("buyers")).toEqual(["jon:  > buyers (import)", "kim:  > buyers (act)"]);
  });

  test("leaves an act to be told that waits, to where the contact is by then", async () => {
    await tell(person("lea"));
    await segment("level", { segments: level });
    await tell(order("lea", "l1"));
    pass("PT1H");
    await tell(order("lea", "l2"));
    await tell({ ...order("lea", "l3"), ...imported });
    expect((await moves("level")).at(-1)).toBe("lea: silver > gold (import)");
    pass("P1D");
    await keepSegments(services);
    expect(await told()).toEqual(["lea: level  > bronze (act)", "lea: level bronze > gold (act)"]);
  });

  test("of one contact in a group says nothing of another whose message is a repeat", async () => {
    await tell(person("mia"), { ...order("mia", "m1"), id: "mia-once" }, person("ned"));
    await segment("recent", recent);
    pass("P30D");
    pass("PT1H");
    const repeated = { ...order("mia", "m1"), id: "mia-once", at: world.NOON };
    await tell(repeated, { ...view("ned") });
    await night();
    await night();
    expect(await told()).toEqual(["mia: recent recent >  (decay)"]);
  });
});

describe("a night", () => {
  test("that goes on later sees what was ordered since it began", async () => {
    await tell(person("ole"), order("ole", "o1"), person("pia"));
    await segment("lapsed", lapsed);
    pass("P31D");
    setTime(Math.floor(services.clock.now() / 86_400_000) * 86_400_000 + 86_400_000 + 3 * 3_600_000);
    // It has begun, and its process died before the first step.
    const begun = services.clock.now();
    await night();
    await DB.batch([
      DB.prepare("DELETE FROM segment_members"),
      DB.prepare("DELETE FROM segment_transitions"),
      DB.prepare("DELETE FROM segment_news"),
      DB.prepare("UPDATE segment_progress SET night_at = ?1, night_after = 0, version = version + 1").bind(begun),
    ]);
    const before = await told();
    await tell(order("ole", "o2"));
    pass("PT5M");
    await keepSegments(services);
    expect(await members("lapsed")).toEqual({});
    expect(await told()).toEqual(before);
  });
});

describe("a night beside the follower", () => {
  test("leaves to it whoever changed that it has not looked at, and comes behind it", async () => {
    await tell(person("rea"));
    await segment("buyers", atLeast(1));
    await night();
    pass("P1D");
    const at = services.clock.now();
    const event = { id: "behind-1", type: "track" as const, at, trust: "secret" as const, ...order("rea", "rea-1") };
    await services.append({ receivedAt: at, events: [{ ...event, name: "Order Completed" }] }, null);
    // As if it came between the follower's last look and the step.
    const blind = Object.create(services, { ledger: { value: { followed: async () => undefined } } });
    await keepSegments(blind as typeof services);
    expect(await moves("buyers")).toEqual([]);
    await services.ledger.followed();
    expect(await moves("buyers")).toEqual(["rea:  > buyers (act)"]);
    pass("P1D");
    const failing = Object.create(services, {
      ledger: { value: { followed: () => Promise.reject(new Error("the follower fails")) } },
    });
    await expect(keepSegments(failing as typeof services)).rejects.toThrow("the follower fails");
    expect(await DB.prepare("SELECT night_after FROM segment_progress").first("night_after")).toBe(0);
  });
});

describe("a segment that looks at RFM", () => {
  const of = (key: string): Rule => ({ type: "segment", family: "rfm", segment: key });
  const set = (input: object) => putSetting(DB, "rfm", JSON.stringify(rfmInput.parse(input))).run();
  const paid = (user: string, id: string, total: number) =>
    order(user, id, { properties: { order_id: id, total, products: [{ product_id: "p", price: total }] } });

  beforeEach(async () => {
    await set({});
  });

  test("is told nothing when RFM is computed first", async () => {
    await segment("fresh", { any: [of("new"), of("promising")] });
    await tell(person("quinn"), order("quinn", "q1"));
    await keepRfm(services);
    await keepSegments(services);
    expect(await members("fresh")).toEqual({ quinn: "fresh" });
    await night();
    await night();
    expect(await members("rfm")).toHaveProperty("quinn");
    expect(await members("fresh")).toEqual({ quinn: "fresh" });
    expect(await told()).toEqual([]);
  });

  test("moves in silence with new rules of RFM", async () => {
    await tell(person("ray"), order("ray", "r1"));
    await keepRfm(services);
    await keepSegments(services);
    const [before] = Object.values(await members("rfm"));
    await segment("looks", of(before ?? ""));
    await segment("others", { all: [atLeast(1), { not: of(before ?? "") }] });
    expect(await members("looks")).toEqual({ ray: "looks" });
    pass("P3D");
    await set({ thresholds: { r: [2, 20, 40, 80] } });
    await night();
    await keepSegments(services);
    expect(Object.values(await members("rfm"))).not.toEqual([before]);
    expect([await members("looks"), await members("others")]).toEqual([{}, { ray: "others" }]);
    await night();
    await night();
    expect(await told()).toEqual([]);
  });

  test("is not the only one that somebody grew out of: who is brought along by another's event did nothing", async () => {
    await tell(person("zoe"), order("zoe", "zoe-1"), person("abe"));
    await keepRfm(services);
    await segment("recent", recent);
    await keepSegments(services);
    pass("P29D");
    await night();
    const midnight = (Math.floor(services.clock.now() / 86_400_000) + 1) * 86_400_000;
    setTime(midnight + 30 * 60_000);
    await tell(view("abe"));
    // She grew older in her scores; of her segments that is for the nights to say.
    expect(await DB.prepare("SELECT segment, cause FROM rfm_scores").first()).toEqual({
      segment: "promising",
      cause: "decay",
    });
    expect(await members("rfm")).toEqual({ zoe: "new" });
    expect(await members("recent")).toEqual({ zoe: "recent" });
    expect(await told()).toEqual([]);
  });

  test("6.7/11: is told nothing when it is the others who moved", async () => {
    const others = ["sue", "tom", "una", "val"];
    await set({ method: "A", small_bases: false, map: "codes125" });
    await tell(person("wes"), paid("wes", "w1", 50), paid("wes", "w2", 50), ...others.map((one) => person(one)));
    for (const one of others) await tell(paid(one, `${one}-1`, 40), paid(one, `${one}-2`, 160));
    await keepRfm(services);
    await keepSegments(services);
    const before = (await members("rfm"))["wes"] ?? "";
    await segment("stays", of(before));
    await segment("others", { all: [atLeast(1), { not: of(before) }] });
    expect(await members("stays")).toHaveProperty("wes");
    for (const one of others) await tell(cancelled(one, `${one}-2`));
    await night();
    await night();
    await night();
    expect((await moves("rfm")).at(-1)).toMatch(/^wes: .*\(population_shift\)$/);
    expect((await moves("stays")).at(-1)).toBe("wes: stays >  (population_shift)");
    expect((await moves("others")).at(-1)).toBe("wes:  > others (population_shift)");
    expect((await told()).filter((move) => move.startsWith("wes"))).toEqual([]);
  });
});

describe("a move that is being told", () => {
  test("is told by then: what comes meanwhile waits its day, from where it left off", async () => {
    await tell(person("xia"));
    await segment("level", { segments: level });
    const row = await rowOf("xia");
    await DB.prepare(
      "INSERT INTO segment_news (family, contact, at, due, from_segment, to_segment, cause) VALUES ('level', ?1, 5, 5, NULL, 'bronze', 'act')",
    )
      .bind(row)
      .run();
    await DB.prepare("INSERT INTO segment_members (family, contact, segment, since) VALUES ('level', ?1, 'bronze', 5)")
      .bind(row)
      .run();
    const between = Object.create(services, {
      append: {
        value: async (...all: Parameters<typeof services.append>) => {
          const answer = await services.append(...all);
          // The contact rises before its row says that the first move was told.
          await tell(order("xia", "x1"), order("xia", "x2"));
          return answer;
        },
      },
    }) as typeof services;
    await tellNews(between);
    await tellNews(services);
    expect(await told()).toEqual(["xia: level  > bronze (act)"]);
    pass("P1D");
    pass("PT1M");
    await keepSegments(services);
    expect(await told()).toEqual(["xia: level  > bronze (act)", "xia: level bronze > silver (act)"]);
  });

  test("is told before the contact moves on, where whoever began to tell it died", async () => {
    await tell(person("eli"));
    await segment("level", { segments: level });
    await services.ledger.followed();
    const row = await rowOf("eli");
    await DB.batch(
      [
        "INSERT INTO segment_news (family, contact, at, due, from_segment, to_segment, cause) VALUES ('level', ?1, 5, 5, NULL, 'bronze', 'act')",
        "INSERT INTO segment_members (family, contact, segment, since) SELECT 'level', ?1, 'bronze', 5",
      ].map((sql) => DB.prepare(sql).bind(row)),
    );
    const dying = Object.create(services, { append: { value: () => Promise.reject(new Error("dies")) } });
    await expect(tellNews(dying as typeof services)).rejects.toThrow("dies");
    await tell(order("eli", "eli-1"), order("eli", "eli-2"));
    expect(await told()).toEqual(["eli: level  > bronze (act)"]);
    pass("P1D");
    pass("PT1M");
    await keepSegments(services);
    expect(await told()).toEqual(["eli: level  > bronze (act)", "eli: level bronze > silver (act)"]);
  });

  test("is to be told again where the ledger did not take it", async () => {
    await tell(person("yan"));
    await segment("buyers", atLeast(1));
    await DB.prepare(
      "INSERT INTO segment_news (family, contact, at, due, from_segment, to_segment, cause) VALUES ('buyers', ?1, 5, 5, NULL, 'buyers', 'act')",
    )
      .bind(await rowOf("yan"))
      .run();
    const full = Object.create(services, {
      append: { value: async () => ({ status: "limited", retryAfter: 1 }) },
    }) as typeof services;
    await expect(tellNews(full)).rejects.toThrow("limited");
    await tell(ownEvent("note", "note.made", services.clock.now(), await rowOf("yan")));
    await tellNews(services);
    expect(await told()).toEqual(["yan: buyers  > buyers (act)"]);
  });
});
