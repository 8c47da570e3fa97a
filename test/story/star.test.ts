import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ApiAnswer, Server } from "../support/server";
import { keys, startServer } from "../support/server";

let server: Server;

beforeAll(async () => {
  server = await startServer({ tick: 0 });
  for (const user of ["ann", "bob"]) {
    await server.send("identify", { userId: user, traits: { email: `${user}@example.com` } });
  }
});

afterAll(async () => {
  await server.stop();
});

const pets = {
  key: "pets",
  title: "Pets",
  family: "linked",
  columns: [
    { name: "name", type: "text", required: true },
    { name: "born", type: "date", indexed: true },
    { name: "weight", type: "number" },
    { name: "chipped", type: "boolean" },
    { name: "insured_for", type: "money" },
    { name: "seen_at", type: "time" },
  ],
};

const call = (method: string, path: string, json?: unknown): Promise<ApiAnswer> =>
  server.api(path, json === undefined ? { method } : { method, json });
const put = (table: string, ...rows: object[]): Promise<ApiAnswer> =>
  call("PUT", `/api/tables/${table}/rows`, { rows });
const pointers = ({ status, json }: ApiAnswer): unknown[] => [
  status,
  ...json.errors.map(({ pointer }: { pointer: string }) => pointer),
];
const contactId = async (user: string): Promise<string> =>
  (await server.api(`/api/contacts?external_id=${user}`)).json.data[0].id;
const upsert = (properties: object, rest: object = {}): Promise<ApiAnswer> =>
  server.send("track", { userId: "ann", event: "Row Upserted", properties, ...rest });

describe("a table that a shop defines", () => {
  test("for pets is made, filled by the API and by event, read back, changed and erased", async () => {
    const made = await call("POST", "/api/tables", pets);
    expect([made.status, made.json.state, made.json.contact]).toEqual([201, "ready", "required"]);
    expect((await call("POST", "/api/tables", pets)).status).toBe(201);

    const milo = { id: "pet-1", name: "Milo", born: "2020-02-29", weight: 4.5, chipped: true };
    const sum = { amount: 30_000, currency: "EUR" };
    const rows = [
      { ...milo, external_id: "ann", insured_for: sum, seen_at: "2026-01-02T03:04:05+01:00" },
      { id: "pet-2", name: "Rex", email: "BOB@example.com" },
    ];
    expect((await put("pets", ...rows)).json).toEqual({ accepted: 2 });
    expect((await upsert({ table: "pets", id: "pet-3", name: "Kit", weight: "0.9" })).json.accepted).toBe(1);

    const ann = await contactId("ann");
    const none = { born: null, weight: null, chipped: null, insured_for: null, seen_at: null };
    const stored = { ...milo, insured_for: sum, seen_at: "2026-01-02T02:04:05.000Z" };
    const { json } = await call("GET", `/api/tables/pets/rows?contact_id=${ann}`);
    const time = expect.stringMatching(/Z$/);
    expect(json).toEqual({
      data: [
        { ...stored, contact_id: ann, source: "internal", updated_at: time },
        { ...none, id: "pet-3", name: "Kit", weight: 0.9, contact_id: ann, source: "secret", updated_at: time },
      ],
      next_cursor: null,
    });

    // By event what is left out stays; by the API a row is stated as a whole.
    await upsert({ table: "pets", id: "pet-1", weight: 5 });
    expect((await call("GET", "/api/tables/pets/rows/pet-1")).json).toMatchObject({ ...milo, weight: 5 });
    await put("pets", { id: "pet-1", external_id: "ann", name: "Milo II" });
    expect((await call("GET", "/api/tables/pets/rows/pet-1")).json).toMatchObject({ ...none, name: "Milo II" });

    const grown = await call("PATCH", "/api/tables/pets", {
      columns: [{ name: "breed", type: "text", indexed: true }],
    });
    expect([grown.status, grown.json.columns.at(-1).name]).toEqual([200, "breed"]);
    await upsert({ table: "pets", id: "pet-1", breed: "Siamese" });
    expect((await call("GET", "/api/tables/pets/rows/pet-1")).json).toMatchObject({
      name: "Milo II",
      breed: "Siamese",
    });

    expect((await call("DELETE", "/api/tables/pets/rows/pet-1")).status).toBe(204);
    await server.send("track", { userId: "ann", event: "Row Deleted", properties: { table: "pets", id: "pet-3" } });
    const left = (await call("GET", "/api/tables/pets/rows")).json.data;
    expect(left.map(({ id }: { id: string }) => id)).toEqual(["pet-2"]);

    expect((await call("DELETE", "/api/tables/pets")).status).toBe(204);
    expect((await call("GET", "/api/tables/pets/rows")).status).toBe(404);
    const db = await server.mf.getD1Database("DB");
    expect(
      await db.prepare("SELECT name FROM sqlite_schema WHERE name LIKE 'x\\_pets%' ESCAPE '\\'").first(),
    ).toBeNull();
    const late = await upsert({ table: "pets", id: "pet-9", name: "Late" });
    expect(pointers(late)).toEqual([400, "/properties/table"]);
  });

  test("is what the shop says it is, or is refused with its places", async () => {
    const bad = {
      ...pets,
      key: "Pets; DROP",
      family: "repository",
      contact: "required",
      columns: [
        { name: "email", type: "text" },
        { name: "price", type: "money" },
        { name: "price_currency", type: "text" },
        { name: "notes", type: "json", indexed: true },
      ],
    };
    expect(pointers(await call("POST", "/api/tables", bad))).toEqual([
      400,
      "/key",
      "/columns/0/name",
      "/contact",
      "/columns/2/name",
      "/columns/3/indexed",
    ]);
    expect(pointers(await call("POST", "/api/tables", { ...pets, key: "orders" }))).toEqual([400, "/key"]);
    await call("POST", "/api/tables", { ...pets, key: "boats" });
    expect((await call("POST", "/api/tables", { ...pets, key: "boats", title: "Ships" })).status).toBe(409);
    const again = {
      columns: [
        { name: "length", type: "number" },
        { name: "name", type: "integer" },
      ],
    };
    expect(pointers(await call("PATCH", "/api/tables/boats", again))).toEqual([400, "/columns/1/name"]);
    expect((await call("DELETE", "/api/tables/reviews")).status).toBe(400);
    expect((await call("GET", "/api/tables/nothing")).status).toBe(404);
  });

  test("that hangs on nobody holds what is everybody's", async () => {
    const columns = [{ name: "city", type: "text", required: true }];
    const made = await call("POST", "/api/tables", { key: "depots", title: "Depots", family: "repository", columns });
    expect(made.json.contact).toBe("none");
    expect(pointers(await put("depots", { id: "d1", city: "Lyon", external_id: "ann" }))).toEqual([
      400,
      "/rows/0/external_id",
    ]);
    await put("depots", { id: "d1", city: "Lyon" }, { id: "d2", city: "Lille" });
    await put("depots", { id: "d2", city: "Nantes" });
    await upsert({ table: "depots", id: "d3", city: "Brest" });
    const { data } = (await call("GET", "/api/tables/depots/rows")).json;
    expect(data.map(({ id, city, contact_id }: Record<string, unknown>) => [id, city, contact_id])).toEqual([
      ["d1", "Lyon", null],
      ["d2", "Nantes", null],
      ["d3", "Brest", null],
    ]);
    expect((await call("DELETE", "/api/tables/depots/rows/d1")).status).toBe(204);
    expect((await call("GET", "/api/tables/depots/rows/d1")).status).toBe(404);
  });

  test("that was cut off while it was made is finished by a repeat, or by the sweep", async () => {
    const db = await server.mf.getD1Database("DB");
    for (const key of ["cut_one", "cut_two"]) {
      const definition = JSON.stringify({
        key,
        title: "Cut",
        family: "linked",
        columns: [{ name: "a", type: "text" }],
      });
      const sql =
        "INSERT INTO custom_tables (key, state, definition, created_at, updated_at) VALUES (?1, 'making', ?2, 0, 0)";
      await db.prepare(sql).bind(key, definition).run();
      expect((await put(key, { id: "1", external_id: "ann", a: "x" })).status).toBe(404);
    }
    const repeat = { key: "cut_one", title: "Cut", family: "linked", columns: [{ name: "a", type: "text" }] };
    expect((await call("POST", "/api/tables", repeat)).json.state).toBe("ready");
    await server.scheduled("*/5 * * * *");
    for (const key of ["cut_one", "cut_two"]) {
      expect((await put(key, { id: "1", external_id: "ann", a: "x" })).json).toEqual({ accepted: 1 });
    }
    const grown = { ...repeat, columns: [...repeat.columns, { name: "b", type: "text" }] };
    const pending = db.prepare("UPDATE custom_tables SET pending = ?1 WHERE key = 'cut_one'");
    await pending.bind(JSON.stringify(grown)).run();
    await server.scheduled("*/5 * * * *");
    expect((await put("cut_one", { id: "1", external_id: "ann", a: "x", b: "y" })).json).toEqual({ accepted: 1 });
    await db.prepare("UPDATE custom_tables SET state = 'dropping' WHERE key = 'cut_two'").run();
    await server.scheduled("*/5 * * * *");
    expect((await call("GET", "/api/tables/cut_two")).status).toBe(404);
  });
});

describe("a row", () => {
  test("is refused with the places where it does not fit, and the others with it", async () => {
    const refused = await put(
      "boats",
      { id: "b1", external_id: "ann", name: "Ark" },
      { id: "b1", external_id: "ann", name: "Twin" },
      { id: "b2", name: "Adrift" },
      { external_id: "ann", born: "2021-02-30", weight: "heavy", sails: 3 },
      { id: "b3", external_id: "ann", email: "ann@example.com", name: "Two", insured_for: "19.90" },
    );
    expect(pointers(refused)).toEqual([
      400,
      "/rows/2/contact_id",
      "/rows/3/id",
      "/rows/3/name",
      "/rows/3/born",
      "/rows/3/weight",
      "/rows/3/sails",
      "/rows/4/email",
      "/rows/4/insured_for",
      "/rows/1/id",
    ]);
    const nobody = await put(
      "boats",
      { id: "b4", email: "no@example.com", name: "X" },
      { id: "b5", contact_id: "ct_1", name: "Y" },
    );
    expect(pointers(nobody)).toEqual([400, "/rows/0/email", "/rows/1/contact_id"]);
    expect((await call("GET", "/api/tables/boats/rows")).json.data).toEqual([]);
    expect(pointers(await call("PUT", "/api/tables/boats/rows", { rows: [] }))).toEqual([400, "/rows"]);
    const many = Array.from({ length: 501 }, (_, index) => ({ id: `m${index}`, external_id: "ann", name: "M" }));
    expect(pointers(await put("boats", ...many))).toEqual([400, "/rows"]);
  });

  test("stays with the contact who has it", async () => {
    await put("boats", { id: "own", external_id: "ann", name: "Ann's" });
    expect(pointers(await put("boats", { id: "own", external_id: "bob", name: "Bob's" }))).toEqual([409, "/rows/0/id"]);
    await server.send("track", {
      userId: "bob",
      event: "Row Upserted",
      properties: { table: "boats", id: "own", name: "Bob's" },
    });
    expect((await call("GET", "/api/tables/boats/rows/own")).json).toMatchObject({
      contact_id: await contactId("ann"),
      name: "Ann's",
    });
  });

  test("is not undone by what comes late", async () => {
    const at = (minute: number) => ({ timestamp: new Date(Date.now() - (10 - minute) * 60_000).toISOString() });
    await upsert({ table: "boats", id: "late", name: "New", weight: 2 }, at(5));
    await upsert({ table: "boats", id: "late", name: "Old" }, at(4));
    await server.send("track", {
      userId: "ann",
      event: "Row Deleted",
      properties: { table: "boats", id: "late" },
      ...at(3),
    });
    expect((await call("GET", "/api/tables/boats/rows/late")).json).toMatchObject({ name: "New", weight: 2 });
  });

  test("of 500 is stored as any, and paged", async () => {
    const rows = Array.from({ length: 500 }, (_, index) => ({
      id: `p${String(index).padStart(3, "0")}`,
      external_id: index % 2 ? "ann" : "bob",
      name: `N${index}`,
    }));
    expect((await put("cut_one", ...rows.map(({ name, ...rest }) => ({ ...rest, a: name })))).json.accepted).toBe(500);
    const seen: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const query: string = cursor === "" ? "" : `&cursor=${cursor}`;
      const { json } = await call("GET", `/api/tables/cut_one/rows?limit=200${query}`);
      seen.push(...json.data.map(({ id }: { id: string }) => id));
      cursor = json.next_cursor;
    }
    expect(seen).toEqual(["1", ...rows.map(({ id }) => id)]);
  });

  test("is stated by the shop's server only", async () => {
    const claims = { method: "POST", headers: { authorization: `Basic ${btoa(`${keys.write}:`)}` } };
    const event = { anonymousId: "b-1", event: "Row Upserted", properties: { table: "boats", id: "c", name: "Claim" } };
    const refused = await server.api("/v1/track", { ...claims, json: event });
    expect([refused.status, refused.json.type]).toEqual([403, "https://relance.dev/problems/server-only-event"]);
    const child = {
      anonymousId: "b-1",
      event: "Household Member Added",
      properties: { member_id: "k", kind: "child" },
    };
    expect((await server.api("/v1/track", { ...claims, json: child })).status).toBe(403);
    const wrong = await upsert({ table: "boats", id: "c", weight: "heavy" });
    expect(pointers(wrong)).toEqual([400, "/properties/weight"]);
  });
});

describe("the catalogue", () => {
  const products = (...list: object[]): Promise<ApiAnswer> => call("PUT", "/api/products", { products: list });
  const clock = (advance: string): Promise<ApiAnswer> => call("POST", "/dev/clock", { advance });
  const eur = (amount: number) => ({ amount, currency: "EUR" });
  const file = async (id: string) => (await call("GET", `/api/products/${id}`)).json;
  const lamp = {
    product_id: "lamp",
    sku: "lamp-s",
    title: "Lamp",
    category: "Lamps",
    url: "https://shop.test/lamp",
    replenishable: false,
    margin_pct: 42.5,
  };

  test("keeps the history of prices and stock, and writes only what changes", async () => {
    const first = await products(
      { ...lamp, price: eur(5_000), stock: 3 },
      { ...lamp, sku: "lamp-l", price: eur(7_000) },
    );
    expect(first.json).toEqual({ accepted: 2 });
    const before = await file("lamp");
    await clock("P40D");
    await products({ ...lamp, price: eur(5_000), stock: 3 });
    expect(await file("lamp")).toEqual(before);

    await products({ product_id: "lamp", sku: "lamp-s", price: eur(4_500) });
    await clock("P10D");
    const soon = new Date(Date.parse((await call("GET", "/dev/clock")).json.now) + 86_400_000).toISOString();
    const sale = { price: eur(4_000), compare_at: eur(4_500), effective_from: soon };
    await products({ product_id: "lamp", sku: "lamp-s", ...sale, stock: 2 });
    const announced = await file("lamp");
    expect(announced).toMatchObject({ title: "Lamp", margin_pct: 42.5, replenishable: false });
    expect(announced.announced).toEqual([{ sku: "lamp-s", ...sale }]);
    const bare = { title: null, compare_at: null, stock: null, feed: null, left_feed_at: null };
    expect(announced.variants).toEqual([
      { ...bare, sku: "lamp-l", price: eur(7_000), lowest_price_30_days: null },
      { ...bare, sku: "lamp-s", price: eur(4_500), stock: 2, lowest_price_30_days: eur(5_000) },
    ]);

    await clock("P2D");
    const inForce = await file("lamp");
    expect(inForce.variants[1]).toMatchObject({
      price: eur(4_000),
      compare_at: eur(4_500),
      lowest_price_30_days: eur(4_500),
    });
    expect(inForce.announced).toEqual([]);
    const prices = inForce.price_history.map(({ sku, price }: { sku: string; price: object }) => [sku, price]);
    expect(prices).toEqual([
      ["lamp-s", eur(4_000)],
      ["lamp-s", eur(4_500)],
      ["lamp-l", eur(7_000)],
      ["lamp-s", eur(5_000)],
    ]);
    expect(inForce.stock_history.map(({ stock }: { stock: number }) => stock)).toEqual([2, 3]);
  });

  test("lists products with what is in force, page by page", async () => {
    await products(
      { product_id: "bench", title: "Bench", price: eur(100) },
      { product_id: "chair", title: "Chair", stock: 0 },
    );
    const page = (await call("GET", "/api/products?limit=2")).json;
    expect(page.data.map(({ product_id }: { product_id: string }) => product_id)).toEqual(["bench", "chair"]);
    expect(page.data[0].variants).toEqual([
      { sku: "bench", title: null, price: eur(100), compare_at: null, stock: null, feed: null, left_feed_at: null },
    ]);
    const rest = (await call("GET", `/api/products?limit=2&cursor=${page.next_cursor}`)).json;
    expect([rest.data.length, rest.next_cursor]).toEqual([1, null]);
  });

  test("refuses what does not fit, with its places", async () => {
    const refused = await products(
      { product_id: "x", title: "X", price: { amount: 1.5, currency: "EUR" } },
      { product_id: "y", title: "Y", compare_at: eur(3) },
      { product_id: "z", title: "Z", url: "javascript:alert(1)", color: "red" },
    );
    expect(pointers(refused)).toEqual([
      400,
      "/products/0/price/amount",
      "/products/1/compare_at",
      "/products/2/url",
      "/products/2/color",
    ]);
    expect(pointers(await products({ product_id: "new", stock: 3 }))).toEqual([400, "/products/0/title"]);
    const twice = await products({ product_id: "x", title: "X", stock: 1 }, { product_id: "x", title: "X", stock: 2 });
    expect(pointers(twice)).toEqual([400, "/products/1"]);
    expect((await call("GET", "/api/products/x")).status).toBe(404);
  });

  test("has its stores", async () => {
    const hours = { mon: ["09:00-12:00"] };
    const lyon = {
      store_id: "s1",
      name: "Lyon",
      lat: 45.76,
      lon: 4.84,
      timezone: "Europe/Paris",
      opening_hours: hours,
    };
    expect(
      (await call("PUT", "/api/stores", { stores: [lyon, { store_id: "s2", name: "Lille" }] })).json.accepted,
    ).toBe(2);
    const stored = (await call("GET", "/api/stores/s1")).json;
    expect(stored).toMatchObject({ ...lyon, address: null });
    await clock("PT1M");
    await call("PUT", "/api/stores", { stores: [lyon] });
    expect((await call("GET", "/api/stores")).json.data[0]).toEqual(stored);
    const bad = { stores: [{ store_id: "s3", lat: 95 }, lyon, lyon] };
    expect(pointers(await call("PUT", "/api/stores", bad))).toEqual([400, "/stores/0/name", "/stores/0/lat"]);
    expect(pointers(await call("PUT", "/api/stores", { stores: [lyon, lyon] }))).toEqual([400, "/stores/1/store_id"]);
    expect((await call("GET", "/api/stores/none")).status).toBe(404);
  });
});

describe("a contact's rows", () => {
  test("begin with the visit that goes on, and what was looked at in it", async () => {
    await server.send("page", { userId: "vis", name: "Lamps", properties: { url: "https://shop.test/lamps?x=1" } });
    for (const product_id of ["a", "b", "a"]) {
      await server.send("track", { userId: "vis", event: "Product Viewed", properties: { product_id } });
    }
    const time = expect.stringMatching(/Z$/);
    expect((await server.api("/api/contacts?external_id=vis")).json.data[0].last_visit).toEqual({
      started_at: time,
      channel: "web",
      pages: 1,
      landing: "/lamps",
      views: [
        { product_id: "b", times: 1, last_viewed_at: time },
        { product_id: "a", times: 2, last_viewed_at: time },
      ],
    });
    await call("POST", "/dev/clock", { advance: "PT31M" });
    await server.send("page", { userId: "vis", name: "Lamps" });
    const whose = await contactId("vis");
    const { data } = (await call("GET", `/api/tables/visits/rows?contact_id=${whose}`)).json;
    expect(data).toMatchObject([{ channel: "web", pages: 1, landing: "/lamps", started_at: time, ended_at: time }]);
    expect(data[0].views.map(([id, times]: [string, number]) => [id, times])).toEqual([
      ["b", 1],
      ["a", 2],
    ]);
  });

  test("come by the shop's events, and are read like those of any table", async () => {
    const told = (event: string, properties: object) => server.send("track", { userId: "ann", event, properties });
    await told("Product Added to Wishlist", { product_id: "lamp", price: "49.90", currency: "EUR" });
    await told("Household Member Added", { member_id: "m1", kind: "child", name: "Lou", birth_date: "2019-03-04" });
    await told("Ticket Opened", { ticket_id: "t1", severity: "high", order_id: "O1" });
    await told("Ticket Closed", { ticket_id: "t1" });
    const ann = await contactId("ann");
    const rows = async (key: string) => (await call("GET", `/api/tables/${key}/rows?contact_id=${ann}`)).json.data;
    expect(await rows("wishlist_items")).toMatchObject([
      { id: "default:lamp", product_id: "lamp", price_at_add: { amount: 4_990, currency: "EUR" }, removed_at: null },
    ]);
    expect(await rows("household_members")).toMatchObject([{ id: "m1", name: "Lou", birth_date: "2019-03-04" }]);
    const time = expect.stringMatching(/Z$/);
    expect(await rows("crm_events")).toMatchObject([
      { id: "t1", type: "ticket", severity: "high", order_id: "O1", opened_at: time, closed_at: time },
    ]);
    await told("Product Removed from Wishlist", { product_id: "lamp" });
    const one = await call("GET", `/api/tables/wishlist_items/rows/default:lamp?contact_id=${ann}`);
    expect(one.json).toMatchObject({ price_at_add: { amount: 4_990 }, removed_at: time });
    expect(pointers(await call("GET", "/api/tables/wishlist_items/rows/default:lamp"))).toEqual([400, "/contact_id"]);
    const score = { id: "lamp", external_id: "ann", score: 0.8, reason: "seen", computed_at: "2026-01-01T00:00:00Z" };
    await put("recommendations", score, { ...score, external_id: "bob" });
    expect(await rows("recommendations")).toMatchObject([{ id: "lamp", score: 0.8, contact_id: ann }]);
  });
});
