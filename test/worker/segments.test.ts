import { beforeEach, describe, expect, test } from "vitest";
import { mergeInto, undoMerge } from "../../src/admin/merge-actions";
import { changeSegment, removeSegment } from "../../src/admin/segment-actions";
import { resolver } from "../../src/contacts/identity";
import { ownEvent } from "../../src/events/event";
import type { Rule } from "../../src/segments/rule";
import { segmentFollower } from "../../src/services/segments/follower";
import { keepSegments } from "../../src/services/segments/keep";
import { tellNews } from "../../src/services/segments/news";
import { contactId } from "../../src/shared/ids";
import * as world from "../support/segment-world";

const { begin, bindings, members, moves, night, order, pass, person, rowOf, segment, services, tell, told } = world;
const { DB } = bindings;

const atLeast = (value: number, within?: string): Rule => {
  return { type: "orders.count", op: "gte", value, ...(within !== undefined && { within }) };
};
const level: [string, Rule][] = [
  ["gold", atLeast(3)],
  ["silver", atLeast(2)],
  ["bronze", atLeast(1)],
];

beforeEach(begin);

describe("a segment", () => {
  test("6.7/18: that is computed first has everybody come from nowhere, and tells nothing", async () => {
    await tell(person("ann"), order("ann", "a1"), person("ben"));
    await segment("buyers", atLeast(1));
    expect(await members("buyers")).toEqual({ ann: "buyers" });
    expect(await moves("buyers")).toEqual(["ann:  > buyers (first)"]);
    await night();
    expect(await told()).toEqual([]);
  });

  test("whose rule has no text in it is computed like any other", async () => {
    await tell(person("max"), order("max", "x1"));
    await segment("known", { all: [] });
    await segment("some", { type: "metric", name: "orders", op: "gte", value: 1 });
    expect(await members("known")).toMatchObject({ max: "known" });
    expect(await members("some")).toMatchObject({ max: "some" });
  });

  test("is entered at once by an order, left at once when it comes back, and each is told once", async () => {
    await tell(person("cara"));
    await segment("buyers", atLeast(1));
    await tell(order("cara", "c1"));
    expect(await members("buyers")).toEqual({ cara: "buyers" });
    expect(await told()).toEqual(["cara: buyers  > buyers (act)"]);
    pass("P2D");
    await tell({ user: "cara", name: "Order Cancelled", properties: { order_id: "c1" } });
    expect(await members("buyers")).toEqual({});
    await services.ledger.followed();
    expect(await told()).toEqual(["cara: buyers  > buyers (act)", "cara: buyers buyers >  (act)"]);
  });

  test("is left by time when two nights say so, and that is told once", async () => {
    await tell(person("dan"), order("dan", "d1"));
    await segment("recent", atLeast(1, "P30D"));
    pass("P29D");
    await night();
    await night();
    expect(await members("recent")).toEqual({ dan: "recent > " });
    expect(await told()).toEqual([]);
    await night();
    expect(await members("recent")).toEqual({});
    await night();
    expect(await told()).toEqual(["dan: recent recent >  (decay)"]);
  });

  test("is not left when the contact comes back between the nights", async () => {
    await tell(person("eve"), order("eve", "e1"));
    await segment("recent", atLeast(1, "P30D"));
    pass("P31D");
    await night();
    expect(await members("recent")).toEqual({ eve: "recent > " });
    await tell(order("eve", "e2"));
    expect(await members("recent")).toEqual({ eve: "recent" });
    await night();
    await night();
    expect(await moves("recent")).toEqual(["eve:  > recent (first)"]);
  });

  test("that is defined anew holds at once, up and down, and tells nothing", async () => {
    await tell(person("fay"), order("fay", "f1"), person("gil"));
    await segment("some", atLeast(1));
    pass("PT1M");
    const rule = { not: atLeast(1) };
    await changeSegment(services, "some", { name: "Others", definition: { rule } }, () => undefined);
    expect(await members("some")).toEqual({ gil: "some" });
    expect(await moves("some")).toEqual(["fay:  > some (first)", "fay: some >  (rule)", "gil:  > some (rule)"]);
    await night();
    expect(await told()).toEqual([]);
  });

  test("that is deleted leaves nothing behind", async () => {
    await tell(person("hal"), order("hal", "h1"));
    await segment("buyers", atLeast(1));
    await night();
    await removeSegment(services, "buyers");
    expect(await DB.prepare("SELECT count(*) AS n FROM segment_families").first("n")).toBe(0);
    await keepSegments(services);
    for (const table of ["segments", "segment_members", "segment_transitions", "segment_sizes", "segment_flows"]) {
      expect([table, await DB.prepare(`SELECT count(*) AS n FROM ${table}`).first("n")]).toEqual([table, 0]);
    }
  });
});

describe("an exclusive family", () => {
  test("puts each contact into the first segment whose rule holds, or the rest", async () => {
    await tell(person("ida"), order("ida", "i1"), order("ida", "i2"), person("jan"), order("jan", "j1"), person("kim"));
    await segment("level", { segments: level, rest: "none_yet" });
    expect(await members("level")).toEqual({ ida: "silver", jan: "bronze", kim: "none_yet" });
  });

  test("raises at once and lowers when two nights agree", async () => {
    await tell(person("lou"), order("lou", "l1"));
    await segment("level", { segments: level, rest: "none_yet" });
    await tell(order("lou", "l2"));
    expect(await members("level")).toEqual({ lou: "silver" });
    pass("P2D");
    await tell({ user: "lou", name: "Order Cancelled", properties: { order_id: "l2" } });
    expect(await members("level")).toEqual({ lou: "silver > bronze" });
    await night();
    expect(await members("level")).toEqual({ lou: "silver > bronze" });
    await night();
    expect(await members("level")).toEqual({ lou: "bronze" });
    expect(await told()).toEqual(["lou: level bronze > silver (act)", "lou: level silver > bronze (act)"]);
  });

  test("tells of what moves within a day as one move, when the day is over", async () => {
    await tell(person("mia"));
    await segment("level", { segments: level });
    await tell(order("mia", "m1"));
    pass("PT1H");
    await tell(order("mia", "m2"));
    pass("PT1H");
    await tell(order("mia", "m3"));
    expect(await members("level")).toEqual({ mia: "gold" });
    const first = "mia: level  > bronze (act)";
    expect(await told()).toEqual([first]);
    pass("PT21H");
    await keepSegments(services);
    expect(await told()).toEqual([first]);
    pass("PT2H");
    await keepSegments(services);
    await keepSegments(services);
    expect(await told()).toEqual([first, "mia: level bronze > gold (act)"]);
  });
});

describe("a segment that looks at another", () => {
  const inside = (one: string): Rule => ({ type: "segment", segment: one });
  const once: Rule = { all: [inside("buyers"), { not: inside("regulars") }] };
  const put = (key: string, rule: Rule) =>
    changeSegment(services, key, { name: key, definition: { rule } }, () => undefined);

  test("is computed behind it, for whoever changes and for everybody", async () => {
    await tell(person("ugo"), order("ugo", "u1"), person("val"));
    await segment("buyers", atLeast(1));
    await segment("regulars", atLeast(2));
    await segment("once", once);
    expect(await members("once")).toEqual({ ugo: "once" });
    pass("PT1M");
    await tell(order("val", "v1"), order("ugo", "u2"));
    expect(await members("once")).toEqual({ val: "once" });
    pass("P2D");
    // Of what follows from a definition nothing is told, however far it reaches.
    const before = await told();
    await put("regulars", atLeast(1));
    expect(await members("once")).toEqual({});
    expect((await moves("once")).at(-1)).toBe("val: once >  (rule)");
    await night();
    expect(await told()).toEqual(before);
  });

  test("I06: is refused at save where it would look at itself, by whatever way", async () => {
    await segment("buyers", atLeast(1));
    await segment("regulars", atLeast(2));
    await segment("once", once);
    const errors = [{ pointer: "/rule", detail: "looks at itself: regulars → once → regulars" }];
    await expect(put("regulars", { any: [atLeast(9), inside("once")] })).rejects.toMatchObject({
      code: "unprocessable",
      errors,
    });
    await expect(put("once", inside("once"))).rejects.toMatchObject({ code: "unprocessable" });
    await expect(segment("selfish", { not: inside("selfish") })).rejects.toMatchObject({ code: "unprocessable" });
    await expect(segment("lost", inside("no_such"))).rejects.toMatchObject({ code: "unprocessable" });
    expect(await DB.prepare("SELECT count(*) AS n FROM segments").first("n")).toBe(3);
    expect(await DB.prepare("SELECT definition FROM segments WHERE key = 'regulars'").first<string>("definition")).toBe(
      JSON.stringify({ rule: atLeast(2) }),
    );
  });

  test("keeps the other from being deleted, and the refusal says so", async () => {
    await segment("buyers", atLeast(1));
    await segment("regulars", atLeast(2));
    await segment("once", once);
    const refusal = { code: "conflict", detail: expect.stringContaining("segment once") };
    await expect(removeSegment(services, "buyers")).rejects.toMatchObject(refusal);
    await removeSegment(services, "once");
    await removeSegment(services, "buyers");
  });
});

describe("an import", () => {
  test("of the whole base once more fires no transition (Appendix B 13)", async () => {
    const history = (user: string) => [
      { ...person(user), trust: "import" as const },
      { ...order(user, `${user}-1`), trust: "import" as const },
      { ...order(user, `${user}-2`), trust: "import" as const },
    ];
    const users = Array.from({ length: 30 }, (_, index) => `nic-${index}`);
    await tell(...users.flatMap(history));
    await segment("level", { segments: level, rest: "none_yet" });
    await tell(...users.flatMap(history));
    // What is new in it moves people, of which nothing is told either.
    await tell({ ...order("nic-3", "nic-3-3"), trust: "import" });
    await night();
    expect((await moves("level")).filter((move) => !move.endsWith("(first)"))).toEqual([
      "nic-3: silver > gold (import)",
    ]);
    expect(await told()).toEqual([]);
  });
});

describe("contacts that are merged, parted and erased", () => {
  test("leave no membership with the one who went, and nothing is told", async () => {
    await tell(person("ole"), order("ole", "o1"), person("pia"), order("pia", "p1"));
    await segment("level", { segments: level });
    const [winner, loser] = [await rowOf("ole"), await rowOf("pia")];
    const { id } = await mergeInto(services, contactId(loser), contactId(winner), "merge-op");
    await services.ledger.followed();
    expect(await members("level")).toEqual({ ole: "silver" });
    await night();
    expect(await told()).toEqual([]);
    await undoMerge(services, id);
    await services.ledger.followed();
    expect(await members("level")).toEqual({ ole: "bronze", pia: "bronze" });
    expect(await told()).toEqual([]);
    await tell(ownEvent("erase-pia", "contact.erased", services.clock.now(), loser, { request: "r", bars: false }));
    expect(await members("level")).toEqual({ ole: "bronze" });
  });
});

describe("what waits to be told of a contact", () => {
  test("goes with them into another, who did not move", async () => {
    await tell(person("una"), order("una", "una-1"), person("vic"));
    await segment("buyers", atLeast(1));
    await tell(order("vic", "vic-1"));
    await tell({ user: "vic", name: "Order Cancelled", properties: { order_id: "vic-1" } });
    const [winner, loser] = [await rowOf("una"), await rowOf("vic")];
    expect(await moves("buyers")).toContain("vic: buyers >  (act)");
    await mergeInto(services, contactId(loser), contactId(winner), "merge-waiting");
    await services.ledger.followed();
    pass("P2D");
    await keepSegments(services);
    expect(await told()).toEqual(["vic: buyers  > buyers (act)"]);
  });
});

describe("a process that dies", () => {
  const restarted = () => segmentFollower(services, (event) => resolver.keys(event));

  test("leaves whoever changed to be found by the place in the journal, once, with the cause", async () => {
    await tell(person("quinn"), person("ray"), person("sue"));
    await segment("buyers", atLeast(1));
    const place = await DB.prepare("SELECT followed FROM segment_progress").first<number>("followed");
    await tell(order("quinn", "q1"), { ...order("ray", "r1"), trust: "import" });
    // As if nothing of it had come to be: the results and the place are one batch.
    await DB.batch([
      ...["segment_members", "segment_transitions"].map((table) => DB.prepare(`DELETE FROM ${table}`)),
      DB.prepare("UPDATE segment_progress SET followed = ?1, version = version + 1").bind(place),
    ]);
    const { position } = await standing();
    const follower = restarted();
    await follower.refresh();
    await follower.drain();
    expect(await moves("buyers")).toEqual(["quinn:  > buyers (act)", "ray:  > buyers (import)"]);
    expect((await standing()).position).toBeGreaterThan(position);
    await follower.drain();
    expect((await moves("buyers")).length).toBe(2);
    // The event's id follows from family, contact and time, so what was told before the crash is told again unheard.
    expect(await told()).toEqual(["quinn: buyers  > buyers (act)"]);
  });

  test("between a move's event and its row's end tells it once", async () => {
    await tell(person("tom"));
    await segment("buyers", atLeast(1));
    const dying = Object.create(services, {
      append: {
        value: async (...all: Parameters<typeof services.append>) => {
          await services.append(...all);
          throw new Error("dies");
        },
      },
    }) as typeof services;
    await DB.prepare(
      "INSERT INTO segment_news (family, contact, at, due, from_segment, to_segment, cause) VALUES ('buyers', ?1, 5, 5, NULL, 'buyers', 'act')",
    )
      .bind(await rowOf("tom"))
      .run();
    await expect(tellNews(dying)).rejects.toThrow("dies");
    expect(await told()).toEqual(["tom: buyers  > buyers (act)"]);
    await tellNews(services);
    expect(await told()).toEqual(["tom: buyers  > buyers (act)"]);
    expect(await DB.prepare("SELECT told_at FROM segment_news").first("told_at")).toBe(services.clock.now());
  });

  async function standing(): Promise<{ position: number }> {
    return { position: (await DB.prepare("SELECT followed FROM segment_progress").first<number>("followed")) ?? 0 };
  }
});
