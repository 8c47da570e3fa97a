import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { beforeEach, describe, expect, test } from "vitest";
import { saveDefinition } from "../../src/admin/rfm-actions";
import { changeSegment, createSegment, removeSegment } from "../../src/admin/segment-actions";
import { createTable, deleteTable } from "../../src/admin/table-actions";
import { createApp } from "../../src/app";
import { definitionInput } from "../../src/contacts/star/definition";
import { rfmInput } from "../../src/segments/rfm/definition";
import type { Rule } from "../../src/segments/rule";
import type { SegmentDefinition } from "../../src/segments/segment";
import { keepRfm } from "../../src/services/rfm";
import { OWN_KEYS } from "../../src/services/segments/families";
import { keepSegments } from "../../src/services/segments/keep";
import * as world from "../support/segment-world";

const { begin, bindings, members, night, order, pass, person, segment, services, tell, told } = world;
const { DB } = bindings;
const app = createApp();

interface Answer {
  readonly status: number;
  readonly json: { detail: string; errors: { pointer: string; detail: string }[] } & Record<string, unknown>;
}

async function api(method: string, path: string, json?: object): Promise<Answer> {
  const headers = { Authorization: "Bearer ak_local" };
  const body = json === undefined ? {} : { body: JSON.stringify(json) };
  const context = createExecutionContext();
  const url = `https://relance.test${path}`;
  const answer = await app.fetch(new Request(url, { method, headers, ...body }), bindings, context);
  await waitOnExecutionContext(context);
  const text = await answer.text();
  return { status: answer.status, json: text === "" ? {} : JSON.parse(text) };
}

const atLeast = (value: number): Rule => ({ type: "orders.count", op: "gte", value });
const inside = (family: string, one: string): Rule => ({ type: "segment", family, segment: one });
const none = () => undefined;
const count = async (sql: string): Promise<number> => (await DB.prepare(sql).first<number>("n")) ?? 0;

/** A condition of a thousand characters of SQL, and some ninety more for each filter. */
const lined = (filters = 1): Rule => ({
  type: "orders.count",
  op: "gte",
  value: 1,
  lines: Array.from({ length: Math.ceil(filters / 10) }, (_, line) =>
    Array.from({ length: Math.min(10, filters - 10 * line) }, () => ({ field: "brand", op: "is", value: "Nord" })),
  ),
});
const many = (of: number, filters?: number): Rule => ({ any: Array.from({ length: of }, () => lined(filters)) });
/** Each of its parts is well within what a rule may be. */
const large = {
  segments: Array.from({ length: 30 }, (_, index) => ({ key: `p${index}`, name: "Part", rule: many(13) })),
};

/** Puts a definition past all checks, as an earlier version may have. */
async function smuggle(key: string, definition: SegmentDefinition): Promise<void> {
  const sql =
    "INSERT INTO segments (key, name, definition, state, created_at, updated_at) VALUES (?1, ?1, ?2, 'ready', 0, 0)";
  const state =
    "INSERT INTO segment_families (family, computed_at, pass, pass_at, pass_after) VALUES (?1, 0, NULL, 0, 0)";
  await DB.batch([
    DB.prepare(sql).bind(key, JSON.stringify(definition)),
    DB.prepare(state).bind(key),
    DB.prepare("UPDATE segment_progress SET version = version + 1"),
  ]);
  await services.ledger.refresh();
}

async function shown(key: string): Promise<Answer["json"]> {
  const { json } = await api("GET", "/api/segments");
  return (json["data"] as Answer["json"][]).find((one) => one["key"] === key) ?? ({} as Answer["json"]);
}

beforeEach(async () => {
  await begin();
  await services.ready();
});

describe("a definition that the database cannot take", () => {
  test("is refused when it is saved, with its field, and nothing of it stays", async () => {
    const family = await api("POST", "/api/segments", { key: "large", name: "Large", ...large });
    expect([family.status, family.json.errors?.map(({ pointer }) => pointer)]).toEqual([422, ["/segments"]]);
    const simple = await api("POST", "/api/segments", { key: "long", name: "Long", rule: many(20, 50) });
    expect([simple.status, simple.json.errors?.map(({ pointer }) => pointer)]).toEqual([422, ["/rule"]]);
    const part = { key: "long", name: "Long", segments: [{ key: "a", name: "A", rule: many(20, 50) }] };
    expect((await api("POST", "/api/segments", part)).json.errors?.[0]?.pointer).toBe("/segments/0/rule");
    expect(await count("SELECT count(*) AS n FROM segments")).toBe(0);
    await segment("buyers", atLeast(1));
    const put = await api("PUT", "/api/segments/buyers", { name: "Buyers", rule: many(20, 50) });
    expect([put.status, put.json.errors[0]?.pointer]).toEqual([422, "/rule"]);
    expect(await shown("buyers")).toMatchObject({ rule: atLeast(1), failed: null });
  });

  test("is refused in a preview likewise; whatever is shorter is counted", async () => {
    const statuses: number[] = [];
    for (let filters = 4; filters <= 50; filters += 4) {
      const { status, json } = await api("POST", "/api/segments/preview", { rule: many(20, filters) });
      statuses.push(status);
      if (status !== 200) {
        expect([status, json.errors?.map(({ pointer }) => pointer)]).toEqual([422, ["/rule"]]);
        break;
      }
    }
    expect(statuses[0]).toBe(200);
    expect(statuses.at(-1)).toBe(422);
  });

  test("stops no other segment and no news, and the segment says that it failed", async () => {
    await tell(person("ann"), person("ben"));
    await segment("buyers", atLeast(1));
    await smuggle("large", large);
    await smuggle("behind", { rule: inside("large", "p1") });
    await tell(order("ann", "ann-1"));
    expect(await members("buyers")).toEqual({ ann: "buyers" });
    expect(await told()).toEqual(["ann: buyers  > buyers (act)"]);
    expect(await shown("large")).toMatchObject({
      failed: {
        code: "too_much",
        at: new Date(services.clock.now()).toISOString(),
        reason: { fr: expect.any(String) },
      },
      computing: false,
    });
    expect((await shown("behind"))["failed"]).toMatchObject({ code: "looks_at_failed" });
    expect((await shown("buyers"))["failed"]).toBeNull();
    pass("P2D");
    await tell({ user: "ann", name: "Order Cancelled", properties: { order_id: "ann-1" } }, order("ben", "ben-1"));
    await night();
    expect(await members("buyers")).toEqual({ ben: "buyers" });
    expect((await told()).length).toBe(3);
    await segment("regulars", atLeast(2));
    expect(await count("SELECT count(*) AS n FROM segment_progress WHERE night_after IS NOT NULL")).toBe(0);
  });

  test("is computed over everybody once it was mended, whoever changed meanwhile, and nothing is told of it", async () => {
    await tell(person("cam"), person("dot"));
    await smuggle("large", large);
    await smuggle("behind", { rule: inside("large", "p1") });
    await tell(order("cam", "cam-1"));
    await keepSegments(services);
    const segments = [
      { key: "p0", name: "Two", rule: atLeast(2) },
      { key: "p1", name: "One", rule: atLeast(1) },
    ];
    expect((await api("PUT", "/api/segments/large", { name: "Large", segments })).status).toBe(200);
    expect([await members("large"), await members("behind")]).toEqual([{ cam: "p1" }, { cam: "behind" }]);
    expect([(await shown("large"))["failed"], (await shown("behind"))["failed"]]).toEqual([null, null]);
    await night();
    expect(await told()).toEqual([]);
    await tell(order("dot", "dot-1"));
    expect(await told()).toEqual(["dot: behind  > behind (act)", "dot: large  > p1 (act)"]);
  });

  test("mends itself where the database takes it again", async () => {
    await tell(person("eli"), order("eli", "eli-1"));
    await segment("buyers", atLeast(1));
    const failing =
      "UPDATE segment_families SET failed_at = 1, failure = 'refused', pass = 'rule', pass_after = 0 WHERE family = 'buyers'";
    await DB.batch([
      DB.prepare(failing),
      DB.prepare("DELETE FROM segment_members"),
      DB.prepare("UPDATE segment_progress SET version = version + 1"),
    ]);
    await keepSegments(services);
    expect(await members("buyers")).toEqual({ eli: "buyers" });
    expect((await shown("buyers"))["failed"]).toBeNull();
  });
});

describe("two who save at once", () => {
  const put = (key: string, rule: Rule) => changeSegment(services, key, { name: key, definition: { rule } }, none);

  test("under one key do not both succeed with different rules", async () => {
    const save = (value: number) => createSegment(services, { key: "one", name: "One", rule: atLeast(value) }, none);
    const results = await Promise.allSettled([save(1), save(2), save(3)]);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const result of results) if (result.status === "rejected") expect(result.reason.code).toBe("conflict");
  });

  test("the same make it once", async () => {
    const save = () => createSegment(services, { key: "one", name: "One", rule: atLeast(1) }, none);
    await Promise.all([save(), save()]);
    expect(await count("SELECT count(*) AS n FROM segments")).toBe(1);
  });

  test("I06: cannot make two segments look at each other", async () => {
    await segment("a", atLeast(1));
    await segment("b", atLeast(2));
    const results = await Promise.allSettled([put("a", inside("b", "b")), put("b", inside("a", "a"))]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const { json } = await api("GET", "/api/segments");
    expect((json["data"] as { key: string }[]).map(({ key }) => key)).toEqual(["a", "b"]);
  });

  test("lose no part of a change: a name and a rule that come at once both stand", async () => {
    await segment("a", atLeast(1));
    const results = await Promise.all([
      api("PATCH", "/api/segments/a", { name: "Another" }),
      api("PATCH", "/api/segments/a", { rule: atLeast(2) }),
    ]);
    expect(results.map(({ status }) => status)).toEqual([200, 200]);
    expect(await shown("a")).toMatchObject({ name: "Another", rule: atLeast(2) });
  });

  test("cannot look at what the other deletes", async () => {
    await segment("a", atLeast(1));
    await segment("b", atLeast(2));
    const results = await Promise.allSettled([put("b", inside("a", "a")), removeSegment(services, "a")]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });
});

describe("what a segment looks at", () => {
  const asks: Rule = { type: "table", table: "pets", op: "gte", value: 1 };
  const makeTable = () => {
    const columns = [{ name: "name", type: "text" }];
    const shape = { key: "pets", title: "Pets", family: "linked", contact: "required", columns };
    return createTable(services, definitionInput.parse(shape));
  };

  test("stays: a table that a rule asks about is not deleted, and the refusal says who asks", async () => {
    await makeTable();
    await segment("owners", asks);
    const refused = await api("DELETE", "/api/tables/pets");
    expect([refused.status, refused.json.detail]).toEqual([409, expect.stringContaining("segment owners")]);
    expect((await api("GET", "/api/tables/pets")).status).toBe(200);
    await removeSegment(services, "owners");
    expect((await api("DELETE", "/api/tables/pets")).status).toBe(204);
    expect((await api("GET", "/api/tables/pets")).status).toBe(404);
  });

  test("stays: a table does not go while a segment that asks about it is being saved", async () => {
    await makeTable();
    await Promise.allSettled([segment("owners", asks), deleteTable(services, "pets")]);
    const owners = await count("SELECT count(*) AS n FROM segments");
    const tables = await count("SELECT count(*) AS n FROM custom_tables WHERE key = 'pets' AND state = 'ready'");
    expect(tables).toBe(owners);
    if (owners > 0) await removeSegment(services, "owners");
    if (tables > 0) await deleteTable(services, "pets");
  });

  const level = (...keys: string[]) => ({
    name: "Level",
    segments: keys.map((key, index) => ({ key, name: key, rule: atLeast(3 - index) })),
  });

  test("is there: a part that a family does not have is refused, of the product's own too", async () => {
    await api("POST", "/api/segments", { key: "level", ...level("gold", "silver") });
    for (const rule of [
      inside("level", "bronze"),
      { type: "segment", segment: "level" },
      ...[...OWN_KEYS, "none"].map((key) => inside(key, "no_such")),
    ]) {
      const { status, json } = await api("POST", "/api/segments", { key: "looks", name: "Looks", rule });
      expect([rule, status, json.errors?.[0]?.pointer]).toEqual([rule, 422, "/rule"]);
    }
    await segment("looks", { any: [inside("level", "gold"), inside("rfm", "champions")] });
  });

  test("stays: a part that is looked at cannot be renamed away", async () => {
    await api("POST", "/api/segments", { key: "level", ...level("gold", "silver") });
    await segment("looks", inside("level", "gold"));
    const refused = await api("PUT", "/api/segments/level", level("best", "silver"));
    expect([refused.status, refused.json.detail]).toEqual([409, expect.stringContaining("segment looks")]);
    expect((await api("PUT", "/api/segments/level", level("gold", "plain"))).status).toBe(200);
    expect((await api("PUT", "/api/segments/level", { name: "Level", rule: atLeast(1) })).status).toBe(409);
  });

  const setMap = (map: string) => api("PUT", "/api/settings/rfm", { map });
  const looksAtLost = { key: "looks", name: "Looks", rule: inside("rfm", "lost") };

  test("stays: a segment of RFM does not go while another that looks at it is being saved", async () => {
    let saves = 0;
    const read = async () => {
      // Once it is known who looks at what.
      if (++saves === 1) await createSegment(services, looksAtLost, none);
      return services.briefings.read();
    };
    const between = Object.create(services, { briefings: { value: { read } } }) as typeof services;
    const dropping = saveDefinition(between, rfmInput.parse({ map: "rxf" }));
    await expect(dropping).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("segment looks"),
    });
  });

  test("is to stay: what the next run of RFM leaves out is not to be looked at any more", async () => {
    await tell(person("olga"), order("olga", "olga-1"));
    await keepRfm(services);
    expect((await setMap("rxf")).status).toBe(200);
    expect((await api("POST", "/api/segments", looksAtLost)).status).toBe(422);
    await setMap("default");
  });
});
