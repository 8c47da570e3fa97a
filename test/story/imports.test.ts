import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ApiAnswer, Server } from "../support/server";
import { startServer } from "../support/server";

let server: Server;

beforeAll(async () => {
  server = await startServer({ tick: 0, at: "2026-01-05T10:00:00Z" });
});

afterAll(async () => {
  await server.stop();
});

function send(query: string, body: BodyInit, headers: Record<string, string> = {}): Promise<ApiAnswer> {
  return server.api(`/api/imports?${query}`, { method: "POST", body, headers });
}

/** Imports a file and reads how it ended. */
async function load(query: string, body: BodyInit) {
  const { status, json } = await send(query, body);
  expect(status, JSON.stringify(json)).toBe(202);
  return (await server.api(`/api/imports/${json.id}`)).json;
}

async function contact(user: string) {
  return (await server.api(`/api/contacts?external_id=${user}`)).json.data[0];
}

const FILE = [
  "external_id;email;phone;first_name;country;created_at;consent_email;consent_sms;consent_source;consent_at;vip",
  'i1;One@Example.com;0612345678;"Ann ""A"" B";FR;2025-01-02T00:00:00Z;yes;no;form;2025-01-02;gold',
  "i2;two@example.com;;Bo;;;1;1;;;",
  "i3;nobody;;;;;;;;;",
  ";;;;;;;;;;",
  "",
].join("\r\n");

describe("contacts", () => {
  test("come in line by line, and what cannot is listed with its line", async () => {
    const state = await load("kind=contacts", FILE);
    expect(state).toMatchObject({ status: "done", rows: 4, accepted: 2, duplicates: 0, rejected_count: 2 });
    expect(state.rejected.map(({ line }: { line: number }) => line)).toEqual([4, 5]);
    expect(await contact("i1")).toMatchObject({
      email: "one@example.com",
      phone: "+33612345678",
      first_name: 'Ann "A" B',
      created_at: "2025-01-02T00:00:00.000Z",
      attributes: { vip: "gold" },
      consents: { email: { state: "granted", at: "2025-01-02T00:00:00.000Z" }, sms: { state: "withdrawn" } },
    });
  });

  test("land without consent where source and date are missing, and with it where the file is attested", async () => {
    expect((await contact("i2")).consents).toEqual({});
    const attested = "kind=contacts&attest_source=crm&attest_at=2025-06-01T00:00:00Z";
    await load(attested, FILE);
    expect((await contact("i2")).consents.email).toEqual({ state: "granted", at: "2025-06-01T00:00:00.000Z" });
  });

  test.each([
    ["as they were", FILE],
    ["in gzip", gzipSync(FILE)],
    ["in UTF-16", Buffer.from(`\ufeff${FILE}`, "utf16le")],
    ["with a mark of UTF-8", `\ufeff${FILE}`],
  ])("change nothing when they come again, %s", async (_how, body) => {
    const before = await contact("i1");
    expect(await load("kind=contacts", body)).toMatchObject({ status: "done", accepted: 0, duplicates: 2 });
    expect(await contact("i1")).toEqual(before);
  });

  test("do not bring back what was withdrawn since", async () => {
    await server.send("identify", { userId: "i1", traits: { consent: { email: false } } });
    const row = { external_id: "i1", consent_email: true, consent_source: "form", consent_at: "2025-02-02T00:00:00Z" };
    await load("kind=contacts", JSON.stringify(row));
    expect((await contact("i1")).consents.email.state).toBe("withdrawn");
  });

  test("of a quote that nobody closes swallow no more than their line", async () => {
    const file = 'external_id,first_name\nq1,"never\nq2,ok\nq3,"fine\nreally"\n';
    const state = await load("kind=contacts", file);
    expect([state.accepted, state.rejected.map(({ line }: { line: number }) => line)]).toEqual([2, [2]]);
    expect((await contact("q3")).first_name).toBe("finereally");
  });
});

describe("events", () => {
  const order = {
    type: "track",
    event: "Order Completed",
    userId: "e1",
    messageId: "e-1",
    timestamp: "2024-03-01T10:00:00Z",
    properties: { order_id: "E1", total: "30.00", products: [{ product_id: "p", price: 30, quantity: 1 }] },
  };
  const added = { ...order, event: "Product Added", messageId: "e-2", timestamp: "2024-03-02T10:00:00Z" };
  const lines = [order, { ...added, properties: { product_id: "p", price: 30 } }, { type: "track", userId: "e1" }];
  const file = `${lines.map((line) => JSON.stringify(line)).join("\n")}\nnot json\n`;

  test("keep their own times, start nothing, and count once", async () => {
    const { id } = (await server.post("/api/scenarios", { template: "abandoned-cart" })).json;
    await server.api(`/api/scenarios/${id}/activate`, { method: "POST" });
    const state = await load("kind=events", file);
    expect(state).toMatchObject({ status: "done", rows: 4, accepted: 2, rejected_count: 2 });
    expect(await load("kind=events", file)).toMatchObject({ accepted: 0, duplicates: 2, rejected_count: 2 });
    expect((await contact("e1")).metrics).toMatchObject({
      orders: 1,
      net_total: { amount: 3000, currency: "EUR" },
      first_order_at: "2024-03-01T10:00:00.000Z",
    });
    await server.moveClock({ advance: "P1D" });
    expect((await server.api(`/api/scenarios/${id}/runs`)).json.data).toEqual([]);
  });
});

test("more lines than a chunk come in whole, a repeat under the same key is not read again, and another file is refused", async () => {
  const rows = Array.from({ length: 1_700 }, (_, index) => `m${index},m${index}@example.com`);
  const file = ["external_id,email", ...rows].join("\n");
  const first = await send("kind=contacts", file, { "Idempotency-Key": "many" });
  const again = await send("kind=contacts", file, { "Idempotency-Key": "many" });
  expect([again.status, again.json]).toEqual([202, first.json]);
  const others = [
    ["kind=contacts", "external_id\nother"],
    ["kind=orders", file],
    ["kind=contacts&parts=true", ""],
  ] as const;
  for (const [query, body] of others) {
    expect((await send(query, body, { "Idempotency-Key": "many" })).status, query).toBe(422);
  }
  const { json } = await server.api(`/api/imports/${first.json.id}`);
  expect(json).toMatchObject({ kind: "contacts", status: "done", rows: 1_700, accepted: 1_700 });
});

describe("a file is refused", () => {
  test.each([
    ["of a kind that there is not", "kind=nothing", "x", 422],
    ["with a header that names a column twice", "kind=contacts", "external_id,external_id\n1,2\n", 422],
    ["without a column that its kind needs", "kind=order_lines", "order_id,sku\n1,2\n", 422],
    ["with a mapping, which comes later", "kind=contacts&mapping=mine", "x", 422],
    ["without a kind", "", "x", 400],
    ["with a parameter that is not known", "kind=contacts&colour=red", "x", 400],
    ["with half an attestation", "kind=contacts&attest_source=crm", "x", 400],
    ["attested for a day to come", "kind=contacts&attest_source=crm&attest_at=2030-01-01T00:00:00Z", "x", 400],
    ["that is empty", "kind=contacts", "", 400],
    ["that is a zip archive", "kind=contacts", Buffer.from("504b0304aabb", "hex"), 422],
    ["that is no text", "kind=contacts", Buffer.from("fffffffe80", "hex"), 422],
    ["in a format that its kind has not", "kind=events", "a,b\n1,2", 422],
  ])("%s", async (_why, query, body, status) => {
    const answer = await send(query, body);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([status, "application/problem+json"]);
  });

  test("in parts of an import that is not there", async () => {
    expect((await server.api("/api/imports/imp_x/parts/1", { method: "PUT", body: "x" })).status).toBe(404);
    expect((await server.api("/api/imports/imp_x/complete", { method: "POST" })).status).toBe(404);
    expect((await server.api("/api/imports/imp_x")).status).toBe(404);
  });
});

test("a file that breaks off keeps what was read, and says so", async () => {
  const broken = Buffer.concat([
    Buffer.from(`external_id,first_name\nz1,a\n${"z2,b\n".repeat(20_000)}z3,`),
    Buffer.from([0xff, 0xff]),
  ]);
  const state = await load("kind=contacts", broken);
  const reason = expect.stringMatching(/^the file is no text in UTF-8; it was read up to line \d+$/);
  expect(state).toMatchObject({ status: "failed", reason });
  expect(await contact("z1")).toMatchObject({ first_name: "a" });
});
