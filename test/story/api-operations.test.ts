import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ApiAnswer, Server } from "../support/server";
import { keys, startServer } from "../support/server";

let server: Server;

beforeAll(async () => {
  server = await startServer({ tick: 0, at: "2026-01-05T10:00:00Z" });
  const { id } = (await server.post("/api/scenarios", { definition: welcome })).json;
  await server.post(`/api/scenarios/${id}/activate`);
});

afterAll(async () => {
  await server.stop();
});

const text = { subject: "Hello", preheader: "Hello", html: "<p>Hello {{ contact.first_name }}</p>" };
const welcome = {
  name: "Welcome",
  stop_on: ["withdrawal"],
  start: "start",
  blocks: {
    start: { type: "start.event", params: { event: "Signed Up" }, next: { next: "hello" } },
    hello: { type: "send.email", params: { content: "cart_1" }, next: { next: "done" } },
    done: { type: "exit" },
  },
};

function advance(by: string): Promise<ApiAnswer> {
  return server.moveClock({ advance: by });
}

async function contactOf(user: string): Promise<{ id: string; consents: object; channels: { email: object } }> {
  return (await server.api(`/api/contacts?external_id=${user}`)).json.data[0];
}

/** Somebody who signs up with a cart open, so that the welcome can be made. */
async function signUp(user: string): Promise<void> {
  await server.send("identify", { userId: user, traits: { email: `${user}@example.com`, consent: { email: true } } });
  await server.send("track", {
    userId: user,
    event: "Product Added",
    properties: { product_id: "p", price: 5, cart_id: user },
  });
  await server.send("track", { userId: user, event: "Signed Up", messageId: `${user}-up` });
}

async function sendsOf(state: string): Promise<{ id: string; state: string; reason: string | null }[]> {
  return (await server.api(`/api/sends?state=${state}`)).json.data;
}

async function inbox(user: string): Promise<unknown[]> {
  return (await server.api(`/dev/inbox.json?to=${user}@example.com`)).json.data;
}

describe("a contact", () => {
  test("is found by whatever it is known by, anonymous ones too", async () => {
    await signUp("ann");
    const browser = { writeKey: keys.write, anonymousId: "browser-1" };
    await server.send("track", { ...browser, event: "Product Viewed" });
    const claims = { method: "POST", headers: { authorization: `Basic ${btoa(`${keys.write}:`)}` } };
    const traits = { email: "Claimed@Example.com" };
    await server.api("/v1/identify", { ...claims, json: { anonymousId: "browser-2", traits } });
    const found = async (query: string) => (await server.api(`/api/contacts?${query}`)).json.data;
    expect(await found("email=ANN@example.com")).toMatchObject([{ external_id: "ann", status: "verified" }]);
    expect(await found("external_id=ann")).toHaveLength(1);
    expect(await found("email=claimed@example.com")).toMatchObject([
      { anonymous_id: "browser-2", email: null, claimed_email: "claimed@example.com", status: "anonymous" },
    ]);
    expect(await found("anonymous_id=browser-2&email=claimed@example.com")).toHaveLength(1);
    expect(await found("anonymous_id=browser-2&external_id=ann")).toEqual([]);
    expect((await server.api("/api/contacts?email=nobody")).status).toBe(400);
    expect((await server.api("/api/contacts/ct_000000zzzz")).status).toBe(404);
    expect((await server.api("/api/contacts/1%20OR%201")).status).toBe(404);
  });

  test("shows its figures and whether it can be reached", async () => {
    const products = [{ product_id: "p1", price: 20, quantity: 1 }];
    const properties = { order_id: "O1", total: "25.50", shipping: "5.50", currency: "EUR", products };
    await server.send("track", { userId: "buyer", event: "Order Completed", properties });
    await server.send("identify", { userId: "buyer", traits: { email: "buyer@example.com", vip: true } });
    expect(await contactOf("buyer")).toMatchObject({
      email: "buyer@example.com",
      attributes: { vip: true },
      consents: {},
      channels: { email: { address: "buyer@example.com", reachable: false }, sms: { address: null, reachable: false } },
      metrics: { orders: 1, net_total: { amount: 2000, currency: "EUR" } },
      rfm: null,
      segments: [],
    });
  });

  test("has a timeline of events and messages, page by page", async () => {
    await signUp("tim");
    await advance("PT1M");
    const { id } = await contactOf("tim");
    const { json } = await server.api(`/api/contacts/${id}/timeline`);
    const told = json.data.map(({ kind, name, block }: Record<string, string>) => (kind === "event" ? name : block));
    expect(told).toEqual(["hello", "Signed Up", "Product Added", ""]);
    expect([json.next_cursor, json.scanned.back_to]).toEqual([null, null]);
    const paged: unknown[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const query: string = cursor === "" ? "" : `&cursor=${cursor}`;
      const page = (await server.api(`/api/contacts/${id}/timeline?limit=1${query}`)).json;
      paged.push(...page.data);
      cursor = page.next_cursor;
    }
    expect(paged).toHaveLength(json.data.length);
    expect(paged).toEqual(expect.arrayContaining(json.data));
  });

  test("has its decisions, each with its inputs", async () => {
    const { id } = await contactOf("tim");
    const { json } = await server.api(`/api/contacts/${id}/decisions`);
    expect(json.data).toMatchObject([{ decision: "send", reason: "permitted", inputs: { consent: "granted" } }]);
    const all = (await server.api("/api/decisions")).json.data;
    expect(all.length).toBeGreaterThan(1);
    expect((await server.api("/api/decisions?outcome=suppressed")).json.data).toEqual([]);
  });
});

describe("a consent that an admin states", () => {
  const state = async (user: string, body: object) =>
    server.post(`/api/contacts/${(await contactOf(user)).id}/consents`, body);
  const proof = { source: "counter", wording: "Yes please", at: "2026-01-02T00:00:00Z" };

  test("needs its proof, and is kept with it", async () => {
    await server.send("identify", { userId: "con", traits: { email: "con@example.com" } });
    const bare = await state("con", { consent: { email: true } });
    const missing = bare.json.errors.map(({ pointer }: { pointer: string }) => pointer);
    expect([bare.status, missing]).toEqual([400, ["/source", "/wording", "/at"]]);
    const granted = await state("con", { consent: { email: true }, ...proof });
    expect(granted.status).toBe(201);
    expect(granted.json).toMatchObject({
      consents: { email: { state: "granted", at: "2026-01-02T00:00:00.000Z" } },
      channels: { email: { reachable: true } },
    });
    const [row] = await server.rows("SELECT action, wording, source, way FROM consent_events WHERE source = 'counter'");
    expect(row).toEqual({ action: "grant", wording: "Yes please", source: "counter", way: "admin" });
  });

  test("is taken back at once, and an older grant does not bring it back", async () => {
    const withdrawn = await state("con", { consent: { email: false } });
    expect(withdrawn.json.consents.email.state).toBe("withdrawn");
    const late = await state("con", { consent: { email: true }, ...proof });
    expect(late.json.consents.email.state).toBe("withdrawn");
  });

  test("is refused for what is none, and for a time that is to come", async () => {
    for (const [body, pointer] of [
      [{ consent: {} }, "/consent"],
      [{ consent: { fax: true }, ...proof }, "/consent/fax"],
      [{ consent: { email: "yes" }, ...proof }, "/consent/email"],
      [{ consent: { email: true }, ...proof, at: "2027-01-01T00:00:00Z" }, "/at"],
      [{ consent: { email: false }, id: 3 }, "/id"],
    ] as const) {
      const answer = await state("con", body);
      expect([answer.status, answer.json.errors[0].pointer]).toEqual([400, pointer]);
    }
    expect((await server.post("/api/contacts/ct_000000zzzz/consents", { consent: { email: false } })).status).toBe(404);
  });
});

describe("the kill switch", () => {
  test("holds what is decided and what is queued, and lets it go on", async () => {
    const { json } = await server.post("/api/switches/kill", { on: true, channel: "email" });
    expect(json).toEqual({ killed: ["email"] });
    expect((await server.api("/api/switches")).json).toEqual(json);
    await signUp("kim");
    await advance("PT10M");
    expect(await inbox("kim")).toEqual([]);
    expect((await server.post("/api/switches/kill", { on: false })).json).toEqual({ killed: [] });
    await advance("PT10M");
    expect(await inbox("kim")).toHaveLength(1);
  });

  test("knows its channels", async () => {
    const answer = await server.post("/api/switches/kill", { on: true, channel: "pigeon" });
    expect([answer.status, answer.json.errors[0].pointer]).toEqual([400, "/channel"]);
  });
});

describe("a send that did not leave", () => {
  const stick = async (id: string, state: string) => {
    const db = await server.mf.getD1Database("DB");
    const sql = "UPDATE sends SET state = ?2, open = 0, reason = 'test', first_attempt_at = 0 WHERE id = ?1";
    await db.prepare(sql).bind(id, state).run();
  };

  test.each(["failed", "unknown"])("is sent again where it is %s, under the same id", async (state) => {
    const [sent] = await sendsOf("sent");
    await stick(sent?.id ?? "", state);
    expect(await sendsOf(state)).toMatchObject([{ id: sent?.id, reason: "test" }]);
    const replayed = await server.post(`/api/sends/${sent?.id}/replay`);
    expect(replayed.status).toBe(202);
    await advance("PT1M");
    expect(await sendsOf(state)).toEqual([]);
    expect((await sendsOf("sent")).map(({ id }) => id)).toContain(sent?.id);
  });

  test("is not sent again in any other state", async () => {
    const [sent] = await sendsOf("sent");
    expect((await server.post(`/api/sends/${sent?.id}/replay`)).status).toBe(409);
    expect((await server.post("/api/sends/msg_none/replay")).status).toBe(404);
    expect((await server.api("/api/sends?state=lost")).status).toBe(400);
  });

  test("is kept back by a withdrawal of since", async () => {
    const sent = (await sendsOf("sent"))[0];
    const { data } = (await server.api("/api/sends?state=sent")).json;
    await server.post(`/api/contacts/${data[0].contact_id}/consents`, { consent: { email: false } });
    await stick(sent?.id ?? "", "failed");
    await server.post(`/api/sends/${sent?.id}/replay`);
    await advance("PT1M");
    expect(await sendsOf("suppressed")).toMatchObject([{ id: sent?.id, reason: "consent_withdrawn" }]);
  });
});

describe("an event that was not taken", () => {
  const rejected = async () => (await server.api("/api/rejected-events")).json.data;

  test("is listed with why, and refused again for the same reason", async () => {
    const batch = [
      { type: "track", userId: "rej" },
      { type: "track", userId: "rej", event: "Fine" },
    ];
    await server.send("batch", { batch });
    const [row] = await rejected();
    expect(row).toMatchObject({ stage: "input", replayed_at: null });
    expect(row.reason).toContain("/event");
    const answer = await server.post(`/api/rejected-events/${row.id}/replay`);
    expect([answer.status, answer.json.detail]).toEqual([422, expect.stringContaining("/event")]);
    expect((await server.post("/api/rejected-events/999/replay")).status).toBe(404);
    expect((await server.post("/api/rejected-events/x/replay")).status).toBe(400);
  });

  test("is taken in once, and lends a claim no trust", async () => {
    const db = await server.mf.getD1Database("DB");
    const products = [{ product_id: "p", price: 9, quantity: 1 }];
    const order = { type: "track", userId: "con", event: "Order Completed", properties: { order_id: "R1", products } };
    const sql =
      "INSERT INTO rejected_events (received_at, stage, message_id, reason, body) VALUES (?1, ?2, ?3, 'test', ?4)";
    await db.prepare(sql).bind(1, "input", "r-1", JSON.stringify(order)).run();
    const applied = { id: "r-2", type: "track", name: "Order Completed", at: 1, trust: "secret", user: "con" };
    const trusted = { ...applied, properties: { order_id: "R2", products } };
    await db.prepare(sql).bind(1, "apply", "r-2", JSON.stringify(trusted)).run();
    const [second, first] = await rejected();
    for (const { id } of [first, second]) {
      expect((await server.post(`/api/rejected-events/${id}/replay`)).json.replayed_at).not.toBeNull();
      expect((await server.post(`/api/rejected-events/${id}/replay`)).status).toBe(409);
    }
    const { results } = await db.prepare("SELECT order_id FROM orders WHERE order_id LIKE 'R%'").all();
    expect(results).toEqual([{ order_id: "R2" }]);
  });
});

describe("a content", () => {
  const email = (key: string, subject: string) => ({
    key,
    channel: "email",
    texts: { en: { ...text, subject }, fr: { ...text, subject } },
  });

  test("has a new version each time it is stored, and is sent from then on", async () => {
    expect((await server.post("/api/contents", email("news", "One"))).json).toMatchObject({
      version: 1,
      origin: "own",
    });
    const over = await server.post("/api/contents", email("cart_1", "Mine"));
    expect([over.status, over.json.version]).toEqual([201, 1001]);
    expect((await server.post("/api/contents", email("cart_1", "Mine again"))).json.version).toBe(1002);
    const listed = (await server.api("/api/contents")).json.data;
    expect(listed.find(({ key }: { key: string }) => key === "cart_1")).toMatchObject({ version: 1002, origin: "own" });
    expect(listed.find(({ key }: { key: string }) => key === "cart_2")).toMatchObject({
      version: 1,
      origin: "starter",
    });
    await signUp("nia");
    await advance("PT1M");
    expect(await inbox("nia")).toMatchObject([{ subject: "Mine again" }]);
  });

  test("is refused with a bad template, an unknown field or the key of another channel", async () => {
    const bad = await server.post("/api/contents", email("news", "{{ x"));
    expect([bad.status, bad.json.errors[0].pointer]).toEqual([400, "/texts/en/subject"]);
    const odd = await server.post("/api/contents", { ...email("news", "x"), colour: "red" });
    expect([odd.status, odd.json.errors[0].pointer]).toEqual([400, "/colour"]);
    const sms = { key: "news", channel: "sms", texts: { en: { body: "x" }, fr: { body: "x" } } };
    expect((await server.post("/api/contents", sms)).status).toBe(422);
  });
});

test("the demo shop is loaded once, and leaves time to be set", async () => {
  const fresh = await startServer();
  try {
    const load = async () => (await fresh.api("/dev/demo", { method: "POST" })).json;
    expect([await load(), await load()]).toEqual([{ loaded: true }, { loaded: false }]);
    const scenarios = (await fresh.api("/api/scenarios")).json.data;
    const told = scenarios.map(
      ({ id, state, definition }: { id: string; state: string; definition: { holdout: number } }) => [
        id,
        state,
        definition.holdout,
      ],
    );
    expect(told.toSorted()).toEqual([
      ["scn_demo_cart", "active", 0],
      ["scn_demo_second", "active", 0],
    ]);
    await fresh.scheduled("*/5 * * * *");
    expect((await fresh.moveClock({ set: "2022-08-01T00:00:00Z" })).status).toBe(200);
    expect((await fresh.api("/api/contacts?external_id=demo-camille")).json.data[0].metrics.orders).toBe(2);
    expect((await fresh.api("/dev/inbox.json")).json.data).toEqual([]);
  } finally {
    await fresh.stop();
  }
});
