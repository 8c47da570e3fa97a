import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../src/app";
import type { Rule } from "../../src/segments/rule";
import { testRule } from "../../src/segments/rule";
import { servicesOf } from "../../src/services";
import type { Env } from "../../src/services/env";
import { factsFor } from "../../src/services/targeting";
import { contactId } from "../../src/shared/ids";
import { track } from "../support/chaos-ledger";

const bound = env as unknown as Env;
const services = servicesOf(bound);
const app = createApp();
const now = Date.now();

async function api(method: string, path: string, json?: object) {
  const headers = { Authorization: "Bearer ak_local" };
  const context = createExecutionContext();
  const body = json === undefined ? {} : { body: JSON.stringify(json) };
  const request = new Request(`https://relance.test${path}`, { method, headers, ...body });
  const answer = await app.fetch(request, bound, context);
  await waitOnExecutionContext(context);
  return { status: answer.status, json: (await answer.json()) as never };
}

const preview = (rule: unknown) => api("POST", "/api/segments/preview", { rule });
const pointers = (json: unknown) => (json as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer);
const idOf = async (user: string): Promise<number> =>
  (await services.env.DB.prepare("SELECT id FROM contacts WHERE external_id = ?1").bind(user).first<number>("id")) ??
  -1;
const event = (id: string, user: string, name: string, properties: object = {}) => ({
  ...track(id, user, name, properties as Record<string, unknown>),
  at: now,
});
const USERS = ["ann", "bob", "eve"];

/** Whom a rule matches, by the database; the plain test of each must say the same. */
async function matched(rule: object): Promise<string[]> {
  const { status, json } = await preview(rule);
  expect(status, JSON.stringify(json)).toBe(200);
  const { sample } = json as { sample: string[] };
  const ids = await Promise.all(USERS.map(idOf));
  await services.tables.read();
  const facts = await factsFor(services, ids, rule as Rule);
  const plain = facts.filter((about) => testRule(rule as Rule, about, services.clock.now()));
  const names = USERS.filter((_, index) => sample.includes(contactId(ids[index] ?? -1)));
  expect(plain.map(({ profile }) => profile.externalId)).toEqual(names);
  return names;
}

beforeAll(async () => {
  await services.ready();
  const traits: Record<string, object> = {
    ann: { size: "42.5", vip: "TRUE", gift: true, lucky: 7 },
    bob: { size: "42.5.1", vip: "faux", gift: "non", lucky: "7" },
    eve: { size: "-", vip: "maybe", lucky: "7\u00001" },
  };
  const known = USERS.map((user) => ({
    ...event(`r-${user}`, user, ""),
    type: "identify" as const,
    traits: traits[user] ?? {},
  }));
  await services.append({ receivedAt: now, events: known as never }, null);
});

describe("a node of a rule", () => {
  const plain = { type: "orders.count", op: "gte", value: 1 };

  test.each([
    ["all", { ...plain, all: [] }],
    ["any", { ...plain, any: [plain] }],
    ["not", { ...plain, not: plain }],
    ["all of no list", { type: "x", all: 5 }],
    ["all of nothing", { type: "x", all: [null] }],
    ["not of a text", { type: "x", not: "s" }],
  ])("is a condition or a group: with a type and %s it is refused", async (_what, rule) => {
    const alone = await preview(rule);
    expect([alone.status, pointers(alone.json)]).toEqual([400, ["/rule"]]);
    const within = await preview({ all: [plain, { not: rule }] });
    expect([within.status, pointers(within.json)]).toEqual([400, ["/rule/all/1/not"]]);
  });
});

describe("a table of the shop", () => {
  beforeAll(async () => {
    const columns = ["at", "types", "head", "lines"].map((name) => ({ name, type: "text" }));
    const more = [{ name: "since", type: "time" }];
    const definition = { key: "visas", title: "Visas", family: "linked", columns: [...columns, ...more] };
    expect((await api("POST", "/api/tables", definition)).status).toBe(201);
    const row = { at: "border", types: "short", head: "yes", lines: "two", since: new Date(now).toISOString() };
    const rows = [{ id: "v1", contact_id: contactId(await idOf("bob")), ...row }];
    expect((await api("PUT", "/api/tables/visas/rows", { rows })).status).toBe(200);
  });

  const asked = { type: "table", table: "visas", op: "gte", value: 1 };
  const where = (field: string, value: string) => ({ ...asked, where: [{ field, op: "is", value }] });

  test.each([
    ["at", "border"],
    ["types", "short"],
    ["head", "yes"],
    ["lines", "two"],
  ])("may have a column %s, and both ways of asking see it", async (field, value) => {
    expect(await matched(where(field, value))).toEqual(["bob"]);
    expect(await matched({ ...where(field, value), time: "since", within: "P1D" })).toEqual(["bob"]);
    expect(await matched(where(field, "other"))).toEqual([]);
    expect(await matched({ ...asked, op: "eq", value: 0 })).toEqual(["ann", "eve"]);
  });

  test("has no column by the name of something that every object has", async () => {
    const refused = await preview(where("constructor", "x"));
    expect([refused.status, pointers(refused.json)]).toEqual([422, ["/rule/where/0/field"]]);
    const timed = await preview({ ...asked, time: "constructor", within: "P1D" });
    expect([timed.status, pointers(timed.json)]).toEqual([422, ["/rule/time"]]);
  });
});

describe("an attribute that a file brought as text", () => {
  const asked = (name: string, as: string, op: string, value?: unknown) => ({ type: "attribute", name, as, op, value });

  test.each([
    ["a number", asked("size", "number", "gte", 42.5), ["ann"]],
    ["a number to the digit", asked("size", "number", "eq", 42.5), ["ann"]],
    ["no number", asked("size", "number", "unknown"), ["bob", "eve"]],
    ["the number that others state as one", asked("lucky", "number", "eq", 7), ["ann", "bob"]],
    ["yes", asked("vip", "boolean", "is", true), ["ann"]],
    ["no", asked("vip", "boolean", "is", false), ["bob"]],
    ["neither yes nor no", asked("vip", "boolean", "unknown"), ["eve"]],
    ["the no of who states it as such", asked("gift", "boolean", "is", false), ["bob"]],
  ])("is read as %s", async (_what, rule, users) => {
    expect(await matched(rule)).toEqual(users);
  });

  test("is shown as it is where it cannot be read", async () => {
    const found = async (rule: object, user: string) => {
      const contact = contactId(await idOf(user));
      const { json } = await api("POST", "/api/segments/explain", { rule, contact });
      return (json as { why: { found: string } }).why.found;
    };
    expect(await found(asked("size", "number", "gte", 1), "bob")).toContain("42.5.1");
    expect(await found(asked("lucky", "text", "is", "7"), "ann")).toContain("7");
  });
});
