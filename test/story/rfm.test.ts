import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasData, readData } from "../support/data";
import { importEnded } from "../support/import-client.mjs";
import { EXAMPLE, PUTLER, VIGNETTE } from "../support/published-maps";
import type { Server } from "../support/server";
import { startServer } from "../support/server";

let server: Server;

const get = async (path: string) => {
  const { status, json } = await server.api(path);
  expect(status, JSON.stringify(json)).toBe(200);
  return json;
};
const call = async (method: string, path: string, json: unknown = {}) => server.api(path, { method, json });
const money = (amount: number) => ({ amount, currency: "GBP" });

const bought = (id: string, user: string, at: string, total: number, more: object = {}) => ({
  type: "track",
  event: "Order Completed",
  messageId: `m-${id}`,
  userId: user,
  timestamp: at,
  properties: { order_id: id, placed_at: at, total, currency: "GBP", ...more },
});

beforeAll(async () => {
  server = await startServer({ tick: 0, vars: { SHOP_CURRENCY: "GBP", SHOP_TIMEZONE: "Europe/London" } });
  expect((await call("POST", "/dev/clock", { set: "2011-12-10T12:00:00Z" })).status).toBe(200);
});

afterAll(async () => {
  await server.stop();
});

describe("a shop that begins", () => {
  test("has no scores, and the settings that the product comes with", async () => {
    expect(await get("/api/rfm")).toMatchObject({ as_of: null, status: "none", segments: [], cells: [] });
    expect((await get("/api/rfm/contacts")).data).toEqual([]);
    expect(await get("/api/settings/rfm")).toMatchObject({ method: "default", map: "default", window_months: 24 });
  });

  test.each([
    ["the vignette's", VIGNETTE, 36, 42],
    ["the example's", EXAMPLE, 10, 58],
    ["the one of means", PUTLER, 0, 76],
  ])("is refused a map with holes or overlaps, cell by cell: %s", async (_, segments, holes, twice) => {
    const { status, json } = await call("PUT", "/api/settings/rfm", { map: { segments } });
    expect(status).toBe(422);
    const details: string[] = json.errors.map(({ detail }: { detail: string }) => detail);
    expect(details.filter((text) => text.endsWith("is in no segment"))).toHaveLength(holes);
    expect(details.filter((text) => /^\d{3} is in .+, /.test(text))).toHaveLength(twice);
    expect((await get("/api/settings/rfm")).map).toBe("default");
  });

  test("may have a map of its own, by cells and ranges", async () => {
    const segments = [
      { name: "Here", r: [4, 5] },
      { name: "Gone", r: [1, 3] },
    ];
    expect((await call("PUT", "/api/settings/rfm", { map: { segments } })).status).toBe(200);
    expect((await get("/api/settings/rfm")).map).toEqual({ segments });
    expect((await call("PUT", "/api/settings/rfm", {})).json.map).toBe("default");
  });

  test("is refused a map without a segment that something looks at", async () => {
    const rule = { type: "segment", family: "rfm", segment: "champions" };
    expect((await call("POST", "/api/segments", { key: "vip", name: "VIP", rule })).status).toBe(201);
    const map = { segments: [{ name: "All", r: [1, 5] }] };
    const { status, json } = await call("PUT", "/api/settings/rfm", { map });
    expect([status, json.detail]).toEqual([409, expect.stringContaining("segment vip")]);
    expect((await get("/api/settings/rfm")).map).toBe("default");
    expect((await call("DELETE", "/api/segments/vip")).status).toBe(204);
    expect((await call("PUT", "/api/settings/rfm", { map })).status).toBe(200);
    expect((await call("PUT", "/api/settings/rfm", {})).json.map).toBe("default");
  });

  test.each([
    ["without a letter", { segments: [{ name: "3", r: [1, 5] }] }, "name"],
    [
      "that has no cell",
      {
        segments: [
          { name: "All", r: [1, 5] },
          { name: "None", cells: [] },
        ],
      },
      "cells",
    ],
  ])("is refused a segment %s", async (_, map, field) => {
    const { status, json } = await call("PUT", "/api/settings/rfm", { map });
    expect(status).toBe(400);
    expect(JSON.stringify(json.errors)).toContain(field);
  });

  test("is refused a method for the live scores alone, which is a setting", async () => {
    const { status, json } = await call("POST", "/api/rfm/recompute", { method: "C" });
    expect(status).toBe(400);
    expect(json.errors[0].pointer).toBe("/method");
  });

  test("states rates, which are listed with the orders that have none", async () => {
    const rates = [
      { currency: "USD", from: "2011-01-01", rate: "0.63" },
      { currency: "USD", from: "2011-06-01", rate: "0.61" },
    ];
    expect((await call("PUT", "/api/settings/currencies", { rates })).json).toEqual({ accepted: 2 });
    expect((await call("PUT", "/api/settings/currencies", { rates })).json).toEqual({ accepted: 2 });
    expect(await get("/api/settings/currencies")).toMatchObject({ base: "GBP", data: rates, unpriced: [] });
    const own = { rates: [{ currency: "GBP", from: "2011-01-01", rate: "1" }] };
    expect((await call("PUT", "/api/settings/currencies", own)).status).toBe(400);
  });
});

describe("orders of a few customers", () => {
  test("are scored by fixed thresholds, at the rate of their day, and shown with the contact", async () => {
    await server.send("batch", {
      batch: [
        bought("a1", "ann", "2011-12-01T23:30:00Z", 300),
        bought("a2", "ann", "2011-12-07T23:30:00Z", 300),
        bought("b1", "bob", "2011-03-01T10:00:00Z", 100, { currency: "USD" }),
        bought("b2", "bob", "2011-07-01T10:00:00Z", 100, { currency: "USD" }),
        bought("c1", "cid", "2011-07-01T10:00:00Z", 100, { currency: "JPY" }),
      ],
    });
    const { status, json } = await call("POST", "/api/rfm/recompute");
    expect(status, JSON.stringify(json)).toBe(200);
    expect(json).toMatchObject({ run: "live", status: "done", method: "B", customers: 3 });
    expect(json.unpriced).toEqual([{ currency: "JPY", orders: 1 }]);
    const { data } = await get("/api/rfm/contacts");
    expect(data).toMatchObject([
      {
        external_id: "ann",
        recency_days: 3,
        frequency: 2,
        monetary: money(60_000),
        r: 5,
        f: 2,
        m: 5,
        segment: "Champions",
      },
      {
        external_id: "bob",
        recency_days: 162,
        frequency: 2,
        monetary: money(12_400),
        r: 2,
        f: 2,
        m: 3,
        segment: "Need Attention",
      },
      {
        external_id: "cid",
        recency_days: 162,
        frequency: 1,
        monetary: money(0),
        r: 2,
        f: 1,
        m: 1,
        segment: "About to Sleep",
      },
    ]);
    const [ann] = (await get("/api/contacts?external_id=ann")).data;
    expect(ann.rfm).toMatchObject({
      recency_days: 3,
      frequency: 2,
      monetary: money(60_000),
      r: 5,
      segment: "Champions",
      cause: "first",
    });
    expect((await get("/api/rfm/contacts?segment=Champions")).data).toHaveLength(1);
    expect((await get("/api/rfm/contacts?segment=need_attention&cell=223")).data).toHaveLength(1);
    expect((await get("/api/rfm/contacts?limit=2")).next_cursor).not.toBeNull();
  });

  test("show the margin beside the money, where their products have one", async () => {
    const product = { product_id: "p1", sku: "p1", title: "Cup", price: money(1_000), margin_pct: 40 };
    const { status, json } = await call("PUT", "/api/products", { products: [product] });
    expect(status, JSON.stringify(json)).toBeLessThan(300);
    const products = [{ product_id: "p1", name: "Cup", price: 10, quantity: 10 }];
    await server.send("batch", {
      batch: [bought("d1", "dan", "2011-12-09T10:00:00Z", 70, { discount: 30, products })],
    });
    await call("POST", "/api/rfm/recompute");
    // Sold at 70 of 100, of which the goods cost 60.
    const [dan] = (await get("/api/rfm/contacts?external_id=dan")).data;
    expect(dan).toMatchObject({ monetary: money(7_000), margin: { amount: 1_000, orders: 1 } });
    const { segments } = await get("/api/rfm?margin=true");
    expect(segments.find(({ name }: { name: string }) => name === "New").margin).toMatchObject({ amount: 1_000 });
  });

  test("of another moment are looked at beside the live scores", async () => {
    const { json } = await call("POST", "/api/rfm/recompute", { as_of: "2011-07-02T00:00:00+01:00" });
    expect(json).toMatchObject({ run: "past", as_of: "2011-07-01T23:00:00.000Z", customers: 2 });
    expect((await get("/api/rfm/contacts?external_id=bob")).data[0]).toMatchObject({ recency_days: 1, r: 5 });
    expect((await get("/api/rfm?run=live")).customers).toBe(4);
    expect((await get("/api/contacts?external_id=bob")).data[0].rfm).toMatchObject({ recency_days: 162 });
    expect((await call("POST", "/api/rfm/recompute")).json.run).toBe("live");
    expect((await get("/api/rfm")).run).toBe("live");
  });

  test("leave the matrix of every day on which it changed", async () => {
    await call("POST", "/dev/clock", { advance: "P1D" });
    await server.send("batch", { batch: [bought("a3", "ann", "2011-12-11T10:00:00Z", 10)] });
    await call("POST", "/api/rfm/recompute");
    const { data } = await get("/api/rfm/history?from=2011-12-01&to=2011-12-31");
    expect(data.map(({ day }: { day: string }) => day)).toEqual(["2011-12-10", "2011-12-11"]);
    expect(data[1].segments.find(({ name }: { name: string }) => name === "Champions")).toMatchObject({
      contacts: 1,
      orders: 3,
    });
    expect((await get("/api/rfm/history?from=2011-12-12&to=2011-12-31")).data).toHaveLength(1);
  });
});

describe("segments follow scores", () => {
  const sweep = () => server.scheduled("*/5 * * * *");
  const seen = async (user: string, expected: object) => {
    const matches = async () => {
      const [one] = (await get(`/api/contacts?external_id=${user}`)).data;
      return { ...one, segments: one?.segments.filter((key: string) => key.startsWith("rfm:")) };
    };
    await expect.poll(matches).toMatchObject(expected);
  };

  test("of everybody at first, in silence, and then of whoever orders or gets money back, as they do (mission §6.7, 3)", async () => {
    // The sweep that comes first finds the family, the next one computes it.
    for (let round = 0; round < 2; round++) await sweep();
    await seen("ann", { segments: ["rfm:champions"] });
    await server.send("batch", { batch: [bought("e1", "eve", "2011-12-11T11:00:00Z", 900)] });
    await seen("eve", { rfm: { segment: "New", frequency: 1, cause: "act" }, segments: ["rfm:new"] });
    await server.send("batch", { batch: [bought("e2", "eve", "2011-12-11T11:30:00Z", 900)] });
    await seen("eve", { rfm: { segment: "Champions", frequency: 2 }, segments: ["rfm:champions"] });
    const refund = { type: "track", event: "Order Refunded", messageId: "r-e", userId: "eve" };
    await server.send("batch", {
      batch: ["e1", "e2"].map((id) => ({ ...refund, messageId: `r-${id}`, properties: { order_id: id } })),
    });
    // Of orders that were all paid back nothing is left to score.
    await seen("eve", { rfm: null, segments: [] });
    const { data } = await get("/api/segments/rfm/transitions");
    const moves = data.map(({ from, to, cause }: Record<string, string | null>) => [from, to, cause]);
    expect(moves).toContainEqual(["new", "champions", "act"]);
  });

  test("of guests by the address that they ordered with, however they typed it (mission §6.7, 13)", async () => {
    const csv = [
      "order_id,email,placed_at,total,currency",
      "g1,Gus@Example.com,2011-12-01 10:00:00,30.00,GBP",
      "g2, gus@example.com,2011-12-02 10:00:00,40.00,GBP",
    ].join("\n");
    const { json } = await server.api("/api/imports?kind=orders", { method: "POST", body: csv });
    expect(await importEnded(get, json.id)).toMatchObject({ status: "done", accepted: 2 });
    await call("POST", "/api/rfm/recompute");
    const { data } = await get("/api/contacts?email=gus@example.com");
    expect(data).toMatchObject([{ rfm: { frequency: 2, monetary: money(7_000) } }]);
    // A purchase with neither customer nor address is nobody's, and is scored nowhere.
    const count = (await get("/api/rfm")).customers;
    const nobody = "order_id,placed_at,total,currency\nx1,2011-12-03 10:00:00,50.00,GBP";
    const guest = await server.api("/api/imports?kind=orders", { method: "POST", body: nobody });
    await importEnded(get, guest.json.id);
    expect((await call("POST", "/api/rfm/recompute")).json.customers).toBe(count);
  });
});

describe.skipIf(!hasData)("a real shop's year", () => {
  test("comes to the published figures, by the method of R's package", async () => {
    const columns = {
      order_id: "invoice",
      external_id: "customer_id",
      placed_at: "invoice_datetime",
      total: "total_gbp",
    };
    const cancellation = { column: "invoice", prefix: "C", as: "ignore" };
    const mapping = { columns, timezone: "Europe/London", currency: "GBP", cancellation };
    expect((await call("PUT", "/api/mappings/uci", mapping)).status).toBeLessThan(300);
    const body = readData("onlineretail_orders.csv");
    const { json } = await server.api("/api/imports?kind=orders&mapping=uci", { method: "POST", body });
    const state = await importEnded(get, json.id);
    expect(state).toMatchObject({ status: "done", accepted: 18_532 });
    await call("PUT", "/api/settings/rfm", { method: "C" });
    const run = await call("POST", "/api/rfm/recompute", { as_of: "2011-12-10T00:00:00Z" });
    expect(run.json.method).toBe("C");
    // Beside those of the few above: four by then, and the guest.
    const of = (user: string) => get(`/api/rfm/contacts?external_id=${user}`).then(({ data }) => data[0]);
    expect(await of("12347")).toMatchObject({
      recency_days: 3,
      frequency: 7,
      monetary: money(431_000),
      r: 5,
      f: 5,
      m: 5,
    });
    expect(await of("12346")).toMatchObject({
      recency_days: 326,
      frequency: 1,
      monetary: money(7_718_360),
      r: 1,
      f: 1,
      m: 5,
    });
    const { segments, cells, customers } = await get("/api/rfm");
    const sum = (rows: { orders: number; revenue: { amount: number } }[]) =>
      rows.reduce(([orders = 0, pence = 0], row) => [orders + row.orders, pence + row.revenue.amount], [0, 0]);
    expect(customers - 5).toBe(4_338);
    expect(sum(segments)).toEqual(sum(cells));
    expect(sum(cells)).toEqual([18_532 + 8, 891_140_790 + 60_000 + 12_400 + 7_000 + 7_000]);
  });
});
