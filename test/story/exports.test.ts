import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiAnswer, keys, type Server, startServer, until } from "../support/server";

let server: Server;
/** An empty shop, into which files of the first are loaded. */
let other: Server;

beforeAll(async () => {
  [server, other] = await Promise.all([startServer({ tick: 0 }), startServer({ tick: 0 })]);
  await fill();
});

afterAll(async () => {
  await Promise.all([server?.stop(), other?.stop()]);
});

type Bag = Record<string, unknown>;

const PROOF = { consent_source: "https://shop.test/newsletter", consent_wording: "Yes, news by email" };

async function fill(): Promise<void> {
  const identify = (userId: string, traits: Bag): object => ({ type: "identify", userId, traits });
  const batch = [
    identify("ann", {
      email: "ann@export.test",
      phone: "+33612345678",
      first_name: '=HYPERLINK("http://evil.test")',
      last_name: 'O"Neil, Ann\nthe 2nd',
      language: "fr",
      country: "FR",
      birth_date: "1980-02-29",
      loyalty_card: "'-12",
      size: 42,
      consent: { email: true, sms: false },
      ...PROOF,
    }),
    identify("ann", { consent: { push: true }, consent_source: "app", consent_wording: "Tell me" }),
    identify("bob", { email: "bob@export.test", consent: { email: false } }),
    identify("eve", { email: "eve@export.test", first_name: "@SUM(A1)", note: "\tTab" }),
    {
      type: "track",
      userId: "ann",
      event: "Order Completed",
      properties: {
        order_id: "-1+1",
        total: 21.9,
        shipping: 2,
        currency: "EUR",
        coupon: "MAY",
        products: [{ product_id: "lamp", sku: "lamp-1", name: "Lampe", price: 9.95, quantity: 2 }],
      },
    },
  ];
  expect((await server.send("batch", { batch })).json).toEqual({ accepted: batch.length, rejected: [] });
}

async function download(body: object): Promise<string> {
  const { status, json, text } = await server.post("/api/exports", body);
  expect([status, status === 201 ? "" : text]).toEqual([201, ""]);
  expect(json.url).toMatch(/^http:\/\/localhost:\d+\/api\/exports\/files\//);
  const answer = await fetch(json.url, { headers: { authorization: `Bearer ${keys.admin}` } });
  expect(answer.status).toBe(200);
  // Not text(): it would take the byte order mark away.
  return new TextDecoder("utf-8", { ignoreBOM: true, fatal: true }).decode(await answer.arrayBuffer());
}

async function load(kind: string, text: string, type: string): Promise<ApiAnswer["json"]> {
  const headers = { "content-type": type };
  const { json, status } = await other.api(`/api/imports?kind=${kind}`, { method: "POST", headers, body: text });
  expect(status).toBe(202);
  return until(
    async () => {
      const state = (await other.api(`/api/imports/${json.id}`)).json;
      return state.status === "running" ? null : state;
    },
    { what: "the import to end" },
  );
}

/** A contact as both shops must know them: without what is the shop's own. */
async function known(where: Server, user: string): Promise<Bag> {
  const { data } = (await where.api(`/api/contacts?external_id=${user}`)).json as { data: Bag[] };
  expect(data).toHaveLength(1);
  const {
    id,
    last_seen_at: _seen,
    metrics: _metrics,
    last_visit: _visit,
    anonymous_id: _browser,
    ...rest
  } = data[0] ?? {};
  const db = await where.mf.getD1Database("DB");
  const sql =
    "SELECT DISTINCT e.channel, e.action, e.at, coalesce(e.source, e.way) AS source, e.wording FROM consent_events e JOIN identities i ON i.contact = e.contact " +
    "WHERE i.identity = ?1 ORDER BY e.channel";
  const { results: proofs } = await db.prepare(sql).bind(`u:${user}`).all();
  expect(id).toBeDefined();
  return { ...rest, proofs };
}

describe("an exported file of contacts", () => {
  test.each([
    ["csv", "text/csv"],
    ["ndjson", "application/x-ndjson"],
  ])("as %s is loaded again, with every consent and what proves it", async (format, type) => {
    const file = await download({ kind: "contacts", format });
    // A line for each proof of a consent: Ann gave two.
    expect(file.match(/ann@export\.test/g)).toHaveLength(2);
    const state = await load("contacts", file, type);
    expect(state).toMatchObject({ status: "done", rows: 4, rejected: [], warnings: [] });
    for (const user of ["ann", "bob", "eve"]) {
      const before = await known(server, user);
      const after = await known(other, user);
      // CSV knows texts only.
      if (format === "csv") before["attributes"] = texts(before["attributes"] as Bag);
      expect(after).toEqual(before);
    }
  });

  test("runs nothing in a spreadsheet, and is read as UTF-8 there", async () => {
    const file = await download({ kind: "contacts", format: "csv", bom: true });
    expect(file.startsWith("\uFEFFexternal_id,email,phone,")).toBe(true);
    expect(file).toContain(`"'=HYPERLINK(""http://evil.test"")"`);
    expect(file).toContain("'@SUM(A1)");
    // A phone number is a number with its sign.
    expect(file).toContain(",+33612345678,");
    for (const line of file.split("\r\n").slice(1)) expect(line).not.toMatch(/(^|,)"?[=@]/);
  });

  test("holds who is asked for, in the columns that are asked for", async () => {
    const body = { kind: "contacts", format: "csv", columns: ["email", "status", "size"] };
    expect(await download(body)).toBe(
      "email,status,size\r\nann@export.test,verified,42\r\nann@export.test,,\r\n" +
        "bob@export.test,verified,\r\neve@export.test,verified,\r\n",
    );
    expect(await download({ ...body, filter: { status: "anonymous" } })).toBe("email,status,size\r\n");
    expect(await download({ ...body, filter: { from: "2999-01-01T00:00:00Z" } })).toBe("email,status,size\r\n");
  });
});

describe("an export", () => {
  test("of orders and their lines has amounts in major units", async () => {
    expect(
      await download({ kind: "orders", columns: ["order_id", "external_id", "email", "total", "shipping", "coupon"] }),
    ).toBe("order_id,external_id,email,total,shipping,coupon\r\n'-1+1,ann,ann@export.test,21.90,2.00,MAY\r\n");
    const file = await download({ kind: "orders" });
    expect(await load("orders", file, "text/csv")).toMatchObject({ accepted: 1, rejected: [], warnings: [] });
    const [ann] = (await other.api("/api/contacts?external_id=ann")).json.data;
    expect(ann.metrics).toMatchObject({ orders: 1, net_total: { amount: 1_990, currency: "EUR" } });
    const [line] = (await download({ kind: "order_lines", format: "ndjson" })).trimEnd().split("\n");
    expect(JSON.parse(line ?? "")).toMatchObject({
      order_id: "-1+1",
      external_id: "ann",
      sku: "lamp-1",
      quantity: 2,
      unit_price: "9.95",
      currency: "EUR",
    });
  });

  test("of a table that a shop has just made needs nothing more", async () => {
    const columns = [
      { name: "name", type: "text" },
      { name: "cost", type: "money" },
      { name: "born", type: "date" },
    ];
    const table = { key: "pets", title: "Pets", family: "linked", columns };
    expect((await server.post("/api/tables", table)).status).toBe(201);
    const rows = [
      { id: "p1", external_id: "ann", name: "Milo", cost: { amount: 1250, currency: "EUR" }, born: "2020-05-01" },
    ];
    expect((await server.put("/api/tables/pets/rows", { rows })).status).toBeLessThan(300);
    const file = await download({ table: "pets" });
    expect(file).toMatch(
      /^id,external_id,email,name,cost,cost_currency,born,updated_at\r\np1,ann,ann@export.test,Milo,12.50,EUR,2020-05-01,/,
    );
    // A table of the same shape takes it in as it is.
    expect((await other.api("/api/tables", { method: "POST", json: table })).status).toBe(201);
    expect(await load("pets", file, "text/csv")).toMatchObject({ accepted: 1, rejected: [], warnings: [] });
    const { data } = (await other.api("/api/tables/pets/rows")).json;
    expect(data).toMatchObject([
      { id: "p1", name: "Milo", cost: { amount: 1250, currency: "EUR" }, born: "2020-05-01" },
    ]);
  });

  test("of many contacts comes in pages, each once and none twice", async () => {
    const db = await server.mf.getD1Database("DB");
    const sql =
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO contacts " +
      "(id, status, external_id, attributes, consents, created_at, tracked, ring, seq, seen_at) " +
      "SELECT 1000000 + i, 'verified', 'many-' || i, '{}', '{}', 0, 0, '', 0, 0 FROM n";
    await db.prepare(sql).run();
    const lines = (await download({ kind: "contacts", columns: ["external_id"] })).trimEnd().split("\r\n");
    expect(lines.filter((line) => line.startsWith("many-"))).toHaveLength(5_000);
    expect(new Set(lines.filter((line) => line.startsWith("many-"))).size).toBe(5_000);
  });

  test.each([
    [{}, "/kind"],
    [{ kind: "contacts", table: "contacts" }, "/kind"],
    [{ kind: "moon" }, "/kind"],
    [{ table: "settings" }, "/table"],
    [{ table: "journal" }, "/table"],
    [{ kind: "contacts", columns: ["email", "password"] }, "/columns/1"],
    [{ kind: "contacts", filter: { status: "erased" } }, "/filter/status"],
    [{ kind: "products", filter: { from: "2026-01-01T00:00:00Z" } }, "/filter/from"],
    [{ kind: "contacts", format: "xlsx" }, "/format"],
    [{ kind: "contacts", colour: "red" }, "/colour"],
  ])("that cannot be made is refused with its place: %j", async (body, pointer) => {
    const { status, json } = await server.post("/api/exports", body);
    expect([status, json.errors[0].pointer]).toEqual([400, pointer]);
  });
});

function texts(bag: Bag): Bag {
  return Object.fromEntries(Object.entries(bag).map(([name, value]) => [name, String(value)]));
}
