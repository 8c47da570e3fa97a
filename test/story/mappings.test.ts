import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ApiAnswer, Server } from "../support/server";
import { startServer } from "../support/server";

/** Rows of the long file: two million in the proof. */
const ROWS = Number(process.env["RELANCE_ROWS"] ?? 20_000);

let server: Server;

beforeAll(async () => {
  server = await startServer({ tick: 0, at: "2026-01-05T10:00:00Z" });
});

afterAll(async () => {
  await server.stop();
});

const put = (name: string, json: object, headers: Record<string, string> = {}): Promise<ApiAnswer> =>
  server.api(`/api/mappings/${name}`, { method: "PUT", json, headers });

/** Sends a file and waits until all of it is read. */
async function load(query: string, body: BodyInit | ReadableStream, init: object = {}) {
  const sent = await server.api(`/api/imports?${query}`, { method: "POST", body: body as BodyInit, ...init });
  expect(sent.status, sent.text).toBe(202);
  for (;;) {
    const { json } = await server.api(`/api/imports/${sent.json.id}`);
    if (json.status !== "running") return json;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function contact(query: string) {
  return (await server.api(`/api/contacts?${query}`)).json.data[0];
}

const lines = (...all: string[]): string => all.join("\n");

describe("mappings", () => {
  const columns = { order_id: "Rechnung", external_id: "Kunde", placed_at: "Datum", total: "Summe" };
  const mapping = { kind: "orders", columns, timezone: "Europe/Berlin", currency: "CHF", decimal: "," };

  test("are stored by name, as a whole, and changed only by who has read them", async () => {
    const first = await put("till", mapping);
    expect([first.status, first.headers.get("etag")]).toEqual([200, '"1"']);
    expect(first.json).toMatchObject({ name: "till", built_in: false, version: 1, ...mapping });
    expect((await put("till", mapping)).json.version).toBe(1);
    const cancellation = { column: "Rechnung", prefix: "S", as: "ignore" };
    const second = await put("till", { ...mapping, cancellation }, { "If-Match": '"1"' });
    expect(second.json.version).toBe(2);
    expect((await put("till", mapping, { "If-Match": '"1"' })).status).toBe(412);
    expect((await put("new", mapping, { "If-Match": '"1"' })).status).toBe(412);
    expect((await server.api("/api/mappings/till")).json).toMatchObject({ version: 2, cancellation });
  });

  test("read a file's columns, times, amounts and cancellations", async () => {
    const file = lines(
      "Rechnung;Kunde;Datum;Summe;Filiale",
      "R1;k1;2025-07-01 10:00;1.234,50;Bern",
      "SR1;k1;2025-07-02 10:00;5,00;Bern",
      "R2;k1;2025-07-03;19,90;Bern",
    );
    const state = await load("kind=orders&mapping=till", file);
    expect(state).toMatchObject({ status: "done", rows: 3, accepted: 2, ignored: 1, rejected_count: 0 });
    expect((await contact("external_id=k1")).metrics).toMatchObject({
      orders: 2,
      first_order_at: "2025-07-01T08:00:00.000Z",
      last_order_at: "2025-07-02T22:00:00.000Z",
    });
  });

  test("read dates as their shop writes them, and no date that nobody explains", async () => {
    const file = lines("Facture;Client;Date;Total", "F1;k2;03/04/2025 10:00;5,00", "F2;k2;25/12/2025;5,00");
    const columns = { order_id: "Facture", external_id: "Client", placed_at: "Date", total: "Total" };
    const caisse = { kind: "orders", columns, timezone: "Europe/Paris", decimal: "," };
    await put("caisse", caisse);
    const silent = await load("kind=orders&mapping=caisse", file);
    expect(silent).toMatchObject({ accepted: 0, rejected_count: 2 });
    expect(silent.rejected[0].reason).toContain("placed_at is not a time: 2026-02-28");
    expect((await put("caisse", { ...caisse, dates: "ymd" })).json.errors[0].pointer).toBe("/dates");
    expect((await put("caisse", { ...caisse, dates: "dmy" })).json).toMatchObject({ version: 2, dates: "dmy" });
    expect(await load("kind=orders&mapping=caisse", file)).toMatchObject({ accepted: 2, rejected: [] });
    expect((await contact("external_id=k2")).metrics).toMatchObject({
      first_order_at: "2025-04-03T08:00:00.000Z",
      last_order_at: "2025-12-24T23:00:00.000Z",
    });
    await server.api("/api/mappings/caisse", { method: "DELETE" });
  });

  test("that do not fit are refused with their places", async () => {
    const answer = await put("wrong", {
      kind: "stores",
      columns: { store_id: "Id", colour: "Farbe" },
      timezone: "Mars/Olympus",
      currency: "euro",
      values: { name: { a: "b" } },
    });
    expect([answer.status, answer.json.errors.map(({ pointer }: { pointer: string }) => pointer)]).toEqual([
      400,
      ["/timezone", "/currency"],
    ]);
    const pointers = async (json: object): Promise<string[]> =>
      (await put("wrong", json)).json.errors.map(({ pointer }: { pointer: string }) => pointer);
    const stores = { kind: "stores", columns: { store_id: "Id", colour: "Farbe" } };
    expect(await pointers({ ...stores, values: { name: { a: "b" } } })).toEqual(["/columns/colour", "/values/name"]);
    expect(await pointers({ columns: {} })).toEqual(["/columns"]);
    expect(await pointers({ columns: { name: "x" }, kind: "cars" })).toEqual(["/kind"]);
    expect(await pointers({ columns: { name: 3 } })).toEqual(["/columns/name"]);
    expect((await put("Bad Name", mapping)).status).toBe(400);
  });

  test("of the product are listed beside the shop's own, and stay as they are", async () => {
    const { json } = await server.api("/api/mappings");
    expect(json.data.map(({ name }: { name: string }) => name)).toEqual([
      "shopify-customers",
      "shopify-order-lines",
      "shopify-orders",
      "shopify-products",
      "till",
      "woocommerce-customers",
      "woocommerce-orders",
      "woocommerce-products",
    ]);
    expect(json.data[2]).toMatchObject({ built_in: true, columns: { email: "Email", status: "Financial Status" } });
    const page = (await server.api("/api/mappings?limit=3")).json;
    const rest = (await server.api(`/api/mappings?limit=200&cursor=${page.next_cursor}`)).json;
    expect([page.data.length, rest.data.length]).toEqual([3, 5]);
    expect((await put("shopify-orders", mapping)).status).toBe(409);
    expect((await server.api("/api/mappings/shopify-orders", { method: "DELETE" })).status).toBe(409);
  });

  test("are deleted, and an import that names none, or one of another kind, is refused", async () => {
    await put("gone", mapping);
    const remove = (headers = {}) => server.api("/api/mappings/gone", { method: "DELETE", headers });
    expect((await remove({ "If-Match": '"7"' })).status).toBe(412);
    expect((await remove({ "If-Match": '"1"' })).status).toBe(204);
    expect([(await remove()).status, (await server.api("/api/mappings/gone")).status]).toEqual([404, 404]);
    for (const query of ["kind=orders&mapping=gone", "kind=contacts&mapping=till"]) {
      const { status, json } = await server.api(`/api/imports?${query}`, { method: "POST", body: "a\n1" });
      expect([status, json.errors[0].pointer]).toEqual([422, "/mapping"]);
    }
  });
});

describe("the files of a shop system, as it exports them", () => {
  const SHOPIFY = lines(
    "Name,Email,Financial Status,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name,Cancelled at,Refunded Amount,Vendor,Id,Source",
    '#1002,ann@example.com,paid,fulfilled,EUR,48.00,4.90,8.00,52.90,WELCOME,5.00,2025-10-07 09:50:20 +0200,2,"Lamp, small",19.00,LAMP-S,Ann B,,0.00,Leaf,5511223344556677889,web',
    "#1002,,,,,,,,,,,,1,Bulb,10.00,,,,,Leaf,,",
    "#1003,,refunded,,EUR,5.00,0.00,0.00,5.00,,0.00,2025-10-08 10:00:00 +0200,1,Bulb,5.00,BULB,,,5.00,Leaf,5511223344556677890,pos",
  );

  test("give orders of their first rows, and all their lines", async () => {
    const orders = await load("kind=orders&mapping=shopify-orders", SHOPIFY);
    expect(orders).toMatchObject({ status: "done", rows: 3, accepted: 2, ignored: 1, rejected: [] });
    const ann = await contact("email=ann@example.com");
    expect(ann.metrics).toMatchObject({ orders: 1, net_total: { amount: 4_800, currency: "EUR" } });
    const state = await load("kind=order_lines&mapping=shopify-order-lines", SHOPIFY);
    expect(state).toMatchObject({ status: "done", rows: 3, rejected: [] });
    expect((await contact("email=ann@example.com")).metrics).toEqual(ann.metrics);
    const sql =
      "SELECT order_id, sku, quantity, total FROM order_lines WHERE order_id LIKE '55112233%' ORDER BY total DESC";
    expect(await server.rows(sql)).toEqual([
      { order_id: "5511223344556677889", sku: "LAMP-S", quantity: 2, total: 3_800 },
      { order_id: "5511223344556677889", sku: "Bulb", quantity: 1, total: 1_000 },
      { order_id: "5511223344556677890", sku: "BULB", quantity: 1, total: 500 },
    ]);
  });

  test("give what changed when they come again, and nothing else", async () => {
    expect(await load("kind=orders&mapping=shopify-orders", SHOPIFY)).toMatchObject({ accepted: 0, duplicates: 2 });
    const refunded = SHOPIFY.replace(",paid,", ",partially_refunded,").replace(",Ann B,,0.00", ",Ann B,,10.00");
    expect(await load("kind=orders&mapping=shopify-orders", refunded)).toMatchObject({ accepted: 1, duplicates: 1 });
    expect((await contact("email=ann@example.com")).metrics.net_total.amount).toBe(3_800);
  });

  test("give the catalogue", async () => {
    const file = lines(
      "ID,Type,SKU,Name,Published,In stock?,Stock,Sale price,Regular price,Categories,Images,Brands",
      '7,simple,LAMP,Lamp,1,1,3,39.90,49.90,"Home > Lamps, Sale","https://shop.test/a.jpg, https://shop.test/b.jpg",Leaf',
    );
    expect(await load("kind=products&mapping=woocommerce-products", file)).toMatchObject({ accepted: 1, warnings: [] });
    expect((await server.api("/api/products/7")).json).toMatchObject({
      title: "Lamp",
      image: "https://shop.test/a.jpg",
      variants: [{ sku: "LAMP", price: { amount: 3_990 }, compare_at: { amount: 4_990 }, stock: 3 }],
    });
  });
});

test("a table of the shop's own is filled by an import: made, loaded, read, and loaded again", async () => {
  const columns = [
    { name: "name", type: "text", required: true },
    { name: "species", type: "text", indexed: true },
    { name: "weight", type: "number" },
    { name: "born", type: "date" },
    { name: "insured", type: "money" },
    { name: "chipped", type: "boolean" },
  ];
  const made = await server.post("/api/tables", { key: "pets", title: "Pets", family: "linked", columns });
  expect(made.status, made.text).toBe(201);
  await server.send("identify", { userId: "keeper", traits: { email: "keeper@example.com" } });
  const theirs = { id: "Nr", external_id: "Halter", name: "Name", weight: "Gewicht", born: "Geboren", insured: "Wert" };
  expect((await put("vet", { kind: "pets", columns: { ...theirs, chipped: "Chip" }, decimal: "," })).status).toBe(200);

  const file = lines(
    "Nr;Halter;Name;Gewicht;Geboren;Wert;Chip",
    "1;keeper;Milo;4,5;2020-05-01;1.200,00;ja",
    "2;keeper;Rex;schwer;2021-01-01;;",
    "3;;Nobody's;;;;",
    "4;new-keeper;Bo;;;;nein",
    "5;keeper;;1,0;;;",
  );
  const state = await load("kind=pets&mapping=vet", file.replaceAll("ja", "oui").replaceAll("nein", "non"));
  expect(state).toMatchObject({ status: "done", rows: 5, accepted: 2, rejected_count: 3 });
  expect(state.rejected).toEqual([
    { line: 3, reason: "weight is not a number" },
    { line: 4, reason: "has neither external_id nor an email address" },
    { line: 6, reason: "name is required" },
  ]);
  const [keeper, fresh] = [await contact("email=keeper@example.com"), await contact("external_id=new-keeper")];
  const rows = (await server.api("/api/tables/pets/rows")).json.data;
  expect(rows).toMatchObject([
    {
      id: "1",
      contact_id: keeper.id,
      name: "Milo",
      weight: 4.5,
      born: "2020-05-01",
      insured: { amount: 120_000, currency: "EUR" },
      chipped: true,
      source: "import",
    },
    { id: "4", contact_id: fresh.id, name: "Bo", chipped: false },
  ]);
  expect((await server.api(`/api/contacts/${keeper.id}/export`)).text).toContain("Milo");
  // An import says nothing of what a person does.
  expect(fresh.last_seen_at).toBeNull();

  await load("kind=pets", lines("id,external_id,name", "1,keeper,Milo the Second"));
  expect((await server.api("/api/tables/pets/rows/1")).json).toMatchObject({ name: "Milo the Second", weight: null });
  expect((await server.api("/api/imports?kind=cars", { method: "POST", body: "id\n1" })).status).toBe(422);
});

describe("I08: a file", () => {
  const kind = "kind=stores";
  const file = "store_id,name\ns1,Élan\ns2,Bern\n";
  const name = async (id: string) => (await server.api(`/api/stores/${id}`)).json.name;

  test.each([
    ["in UTF-16, little end first", Buffer.from(`\ufeff${file}`, "utf16le")],
    ["in UTF-16, big end first", Buffer.from(`\ufeff${file}`, "utf16le").swap16()],
    ["with a mark of UTF-8", Buffer.from(`\ufeff${file}`)],
    ["in gzip", gzipSync(file)],
  ])("%s is read as what it is", async (_how, body) => {
    expect(await load(kind, body as BodyInit)).toMatchObject({ status: "done", rows: 2, accepted: 2 });
    expect(await name("s1")).toBe("Élan");
  });

  test("in a zip archive, or with more than 300 columns, is refused and leaves nothing", async () => {
    const wide = (count: number): string => Array.from({ length: count }, (_, index) => `c${index}`).join(",");
    for (const body of [Buffer.from("504b0304aabb", "hex"), `${wide(301)}\n`]) {
      expect((await server.api(`/api/imports?${kind}`, { method: "POST", body })).status).toBe(422);
    }
    const head = `external_id,${wide(299)}`;
    const cells = Array.from({ length: 299 }, () => "").join(",");
    expect(await load("kind=contacts", `${head}\nwide,${cells}\n`)).toMatchObject({ status: "done", accepted: 1 });
  });

  test("with a quote that nobody closes loses that line and says which", async () => {
    const state = await load(kind, 'store_id,name\nq1,"never\nq2,ok\nq3,"fine\nreally"\n');
    expect([state.accepted, state.rejected.map(({ line }: { line: number }) => line)]).toEqual([2, [2]]);
  });

  test("that breaks off keeps what was read, and says so", async () => {
    const broken = Buffer.concat([Buffer.from(`${file}${"s3,Lyon\n".repeat(40_000)}s4,`), Buffer.from([0xff, 0xff])]);
    const state = await load(kind, broken as unknown as BodyInit);
    expect(state).toMatchObject({ status: "failed", reason: expect.stringContaining("UTF-8") });
    expect([state.accepted > 2, await name("s3")]).toEqual([true, "Lyon"]);
  });

  test(
    "of many rows is streamed in, with its faults by line",
    async () => {
      const isWrong = (row: number): boolean => row % 1_000 === 0;
      const encoder = new TextEncoder();
      let row = 0;
      const body = new ReadableStream({
        pull(controller) {
          const some: string[] = row === 0 ? ["store_id,name\n"] : [];
          for (const until = Math.min(row + 5_000, ROWS); row < until; ) {
            row++;
            some.push(isWrong(row) ? `,nameless ${row}\n` : `long-${row % 5_000},Store ${row % 5_000}\n`);
          }
          controller.enqueue(encoder.encode(some.join("")));
          if (row >= ROWS) controller.close();
        },
      });
      const state = await load(kind, body, { duplex: "half" });
      const wrong = ROWS / 1_000;
      expect(state).toMatchObject({ status: "done", rows: ROWS, accepted: ROWS - wrong, rejected_count: wrong });
      expect(state.rejected.slice(0, 2)).toEqual([
        { line: 1_001, reason: "store_id is missing" },
        { line: 2_001, reason: "store_id is missing" },
      ]);
    },
    Math.max(60_000, ROWS / 2),
  );
});

describe("I09: an import that says that everybody agreed", () => {
  const file = lines(
    "external_id,email,consent_email,consent_sms,consent_source,consent_at,consent_wording",
    "c1,c1@example.com,1,1,,,",
    "c2,c2@example.com,1,1,till,,",
    "c3,c3@example.com,1,,till,2025-03-01T00:00:00Z,I want letters",
    "c4,c4@example.com,1,,till,2031-01-01T00:00:00Z,",
  );
  const consents = async (user: string) => (await contact(`external_id=${user}`)).consents;

  test("gives consent only to those whose lines prove it, with the proof", async () => {
    const state = await load("kind=contacts", file);
    expect(state).toMatchObject({ accepted: 4, rejected: [] });
    expect(state.warnings.map(({ line }: { line: number }) => line)).toEqual([2, 2, 3, 3, 5]);
    expect([await consents("c1"), await consents("c2"), await consents("c4")]).toEqual([{}, {}, {}]);
    expect((await consents("c3")).email).toEqual({ state: "granted", at: "2025-03-01T00:00:00.000Z" });
    const { id } = await contact("external_id=c3");
    const known = (await server.api(`/api/contacts/${id}/export`)).json;
    expect(known.consents).toMatchObject([{ source: "till", wording: "I want letters", way: "import" }]);
  });

  test("gives it to all of them where somebody attests where and when they did", async () => {
    await load("kind=contacts&attest_source=paper+forms&attest_at=2025-06-01T00:00:00Z", file);
    expect((await consents("c1")).email).toEqual({ state: "granted", at: "2025-06-01T00:00:00.000Z" });
    expect((await consents("c3")).email.at).toBe("2025-03-01T00:00:00.000Z");
  });
});

describe("I10: an import", () => {
  const attested = "kind=contacts&attest_source=crm&attest_at=2026-01-05T10:00:00Z";

  test("does not agree again for who has said no, whatever date it gives; they are listed", async () => {
    await server.send("identify", { userId: "no", traits: { email: "no@example.com", consent: { email: false } } });
    const proof = { consent_source: "form", consent_at: "2026-01-05T10:00:00Z" };
    const row = { external_id: "no", consent_email: true, consent_sms: true, ...proof };
    const own = await load("kind=contacts", JSON.stringify(row));
    expect(own.suppressed).toBe(1);
    expect(own.warnings).toEqual([{ line: 1, reason: "consent_email was withdrawn, and stays so" }]);
    await load(attested, "email,consent_email\nno@example.com,1\n");
    expect((await contact("external_id=no")).consents).toMatchObject({
      email: { state: "withdrawn" },
      sms: { state: "granted" },
    });
  });

  test("brings nobody back who was erased, of whatever kind it is; they are counted", async () => {
    await server.send("identify", { userId: "gone", traits: { email: "gone@example.com" } });
    const { id } = await contact("external_id=gone");
    const { json } = await server.api(`/api/contacts/${id}`, { method: "DELETE" });
    for (let tries = 0; tries < 200; tries++) {
      const erasure = await server.api(`/api/privacy/requests/${json.id}`);
      if (erasure.json.done_at !== null && erasure.json.done_at !== undefined) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await server.put("/api/settings/loyalty", {});
    const order =
      "order_id,email,placed_at,total\ng1,gone@example.com,2025-01-01,5\ng2,fresh@example.com,2025-01-01,5\n";
    const points = "email,points\ngone@example.com,5\nfresh@example.com,5\n";
    const pets = "id,external_id,name\nx1,gone,X\nx2,fresh,X\n";
    for (const [query, file] of [
      ["kind=contacts", "external_id\ngone\nfresh\n"],
      ["kind=orders", order],
      ["kind=loyalty", points],
      ["kind=pets", pets],
    ] as const) {
      const state = await load(query, file);
      expect(state, query).toMatchObject({ rows: 2, accepted: 1, rejected_count: 1 });
      expect(state.rejected).toEqual([{ line: 2, reason: "is about somebody who was erased" }]);
    }
    expect([await contact("external_id=gone"), await contact("email=gone@example.com")]).toEqual([
      undefined,
      undefined,
    ]);
  });
});
