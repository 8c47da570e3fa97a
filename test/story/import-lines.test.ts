import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasData, readData } from "../support/data";
import { digestOf, importEnded, RETAIL_MAPPING } from "../support/import-client.mjs";
import type { Server } from "../support/server";
import { startServer } from "../support/server";

let server: Server;

const get = async (path: string) => (await server.api(path)).json;

/** Sends a file and waits for its end. */
async function load(query: string, body: BodyInit) {
  const { status, json } = await server.api(`/api/imports?kind=order_lines&${query}`, { method: "POST", body });
  expect(status, JSON.stringify(json)).toBe(202);
  return importEnded(get, json.id);
}

const database = () => server.mf.getD1Database("DB");

/** Sends a file in parts that end anywhere, and says that it is whole. */
async function inParts(query: string, file: Uint8Array, size: number): Promise<string> {
  const { status, json } = await server.api(`/api/imports?kind=order_lines&parts=true&${query}`, { method: "POST" });
  expect(status, JSON.stringify(json)).toBe(202);
  for (let part = Math.ceil(file.length / size); part >= 1; part--) {
    const body = file.slice((part - 1) * size, part * size);
    const path = `/api/imports/${json.id}/parts/${part}`;
    // A part that is sent again takes the place of the first.
    if (part === 1) await server.api(path, { method: "PUT", body: "nonsense" });
    expect((await server.api(path, { method: "PUT", body })).json).toEqual({ part, bytes: body.length });
  }
  const done = await server.api(`/api/imports/${json.id}/complete`, { method: "POST" });
  expect([done.status, done.json]).toEqual([202, { id: json.id }]);
  return json.id;
}

beforeAll(async () => {
  server = await startServer({ tick: 500, vars: { SHOP_CURRENCY: "GBP" } });
  for (const as of ["ignore", "refund"]) {
    const json = { ...RETAIL_MAPPING, cancellation: { column: "InvoiceNo", prefix: "C", as } };
    const { status } = await server.put(`/api/mappings/retail-${as}`, json);
    expect(status).toBeLessThan(300);
  }
});

afterAll(async () => {
  await server.stop();
});

const HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";

describe("a file of order lines", () => {
  const lines = [
    'A1,S1,"Cup, white",6,2011-07-01 10:00:00,2.555,c1,UK',
    "A2,S2,Plate,1,2011-01-03 10:00:00,10,,UK",
    'A1,S1,"Cup, white",6,2011-07-01 10:00:00,2.555,c1,UK',
    "A1,S3,Write-off,-3,2011-07-01 09:59:00,1.00,c1,UK",
    "A3,S1,Gift,1,2011-01-05 10:00:00,0,c1,UK",
    "CA9,S1,Cup,-2,2011-07-02 10:00:00,2.555,c1,UK",
    "A4,S1,Cup,nothing,2011-01-05 10:00:00,0,c1,UK",
    "CA8,S9,Cup,-2,2011-07-02 10:00:00,2.555,c1,UK",
    "CA7,S2,Plate,-1,2011-07-02 10:00:00,10,,UK",
  ];

  test("makes orders of lines that stand anywhere, equal ones too, and of nobody's a guest's", async () => {
    const state = await load("mapping=retail-ignore", [HEADER, ...lines].join("\n"));
    expect(state).toMatchObject({ status: "done", rows: 9, total: 9, accepted: 5, duplicates: 0, ignored: 3 });
    expect(state.rejected).toEqual([{ line: 8, reason: "quantity is not a whole number" }]);
    const sql =
      "SELECT o.order_id AS id, o.total, o.placed_at AS at, c.external_id AS user, c.anonymous_id AS anon, c.status, " +
      "(SELECT count(*) FROM order_lines l WHERE l.order_id = o.order_id) AS lines FROM orders o JOIN contacts c ON c.id = o.contact ORDER BY 1";
    expect(await server.rows(sql)).toEqual([
      // 2 × 6 × 2.555, each line rounded half up; placed in London in summer, with its earliest line.
      {
        id: "A1",
        total: 3_066,
        at: Date.parse("2011-07-01T08:59:00Z"),
        user: "c1",
        anon: null,
        status: "verified",
        lines: 3,
      },
      {
        id: "A2",
        total: 1_000,
        at: Date.parse("2011-01-03T10:00:00Z"),
        user: null,
        anon: "guest:A2",
        status: "anonymous",
        lines: 1,
      },
      {
        id: "A3",
        total: 0,
        at: Date.parse("2011-01-05T10:00:00Z"),
        user: "c1",
        anon: null,
        status: "verified",
        lines: 1,
      },
    ]);
    // The order that came to nothing is no sale.
    expect((await get("/api/contacts?external_id=c1")).data[0].metrics).toMatchObject({
      orders: 1,
      net_total: { amount: 3_066, currency: "GBP" },
    });
  });

  test("changes nothing when it comes again shuffled, and adds to an order what another file has of it", async () => {
    const before = await digestOf(await database());
    const again = await load("mapping=retail-ignore", [HEADER, ...[...lines].reverse()].join("\n"));
    expect(again).toMatchObject({ accepted: 0, duplicates: 5 });
    expect(await digestOf(await database())).toEqual(before);
    const more = [lines[0], "A1,S4,Spoon,1,2011-07-01 10:05:00,1.00,c1,UK"].join("\n");
    expect(await load("mapping=retail-ignore", `${HEADER}\n${more}`)).toMatchObject({ accepted: 1, duplicates: 1 });
    expect(await server.rows("SELECT total FROM orders WHERE order_id = 'A1'")).toEqual([{ total: 3_166 }]);
  });

  test("makes refunds of cancellations, once and for ever, and lists those that it can tie to nothing", async () => {
    const state = await load("mapping=retail-refund", [HEADER, ...lines].join("\n"));
    expect(state).toMatchObject({ accepted: 1, tied: 1, duplicates: 5, untied_count: 2 });
    expect(state.untied.map(({ line }: { line: number }) => line)).toEqual([10, 9]);
    const sql =
      "SELECT o.refunded, o.status, (SELECT sum(returned_qty) FROM order_lines l WHERE l.order_id = 'A1') AS back FROM orders o WHERE order_id = 'A1'";
    const refunded = [{ refunded: 511, status: "partially_refunded", back: 2 }];
    expect(await server.rows(sql)).toEqual(refunded);
    const again = await load("mapping=retail-refund", [HEADER, ...[...lines].reverse()].join("\n"));
    expect(again).toMatchObject({ accepted: 0, tied: 0, duplicates: 6, untied_count: 2 });
    expect(await server.rows(sql)).toEqual(refunded);
  });

  test("leaves no file behind, and is listed", async () => {
    await expect.poll(async () => (await server.rows("SELECT 1 FROM imports WHERE step IS NOT NULL")).length).toBe(0);
    const bucket = await server.mf.getR2Bucket("ARCHIVE");
    expect((await bucket.list({ prefix: "imports/" })).objects).toEqual([]);
    const page = await get("/api/imports?limit=2");
    expect(page.data).toHaveLength(2);
    const next = await get(`/api/imports?limit=2&cursor=${page.next_cursor}`);
    expect(next.data[0].id).not.toBe(page.data[1].id);
  });
});

describe("an import in parts", () => {
  test("is refused while parts are missing, and takes none once it is whole", async () => {
    const { json } = await server.api("/api/imports?kind=contacts&parts=true", { method: "POST" });
    const path = `/api/imports/${json.id}`;
    expect((await server.api(`${path}/complete`, { method: "POST" })).status).toBe(400);
    await server.api(`${path}/parts/2`, { method: "PUT", body: "p1,p1@example.com\n" });
    expect((await server.api(`${path}/complete`, { method: "POST" })).status).toBe(422);
    await server.api(`${path}/parts/1`, { method: "PUT", body: "external_id,email\n" });
    expect((await get(path)).status).toBe("running");
    await server.api(`${path}/complete`, { method: "POST" });
    expect(await importEnded(get, json.id)).toMatchObject({ status: "done", accepted: 1 });
    expect((await server.api(`${path}/parts/1`, { method: "PUT", body: "x" })).status).toBe(409);
  });
});

describe.skipIf(!hasData)("a real shop's lines", () => {
  test("come in whole by parts of a gzip file, through kills, and again shuffled: the same rows", async () => {
    const [head = "", ...all] = readData("onlineretail.csv.gz").trimEnd().split("\n");
    const lines = all.slice(0, 20_000);
    const file = (body: readonly string[]) => gzipSync([head, ...body].join("\n"));
    const id = await inParts("mapping=retail-refund", file(lines), 100_000);
    // At whatever it is by then.
    for (let kill = 0; kill < 2; kill++) {
      await new Promise((resolve) => setTimeout(resolve, 700));
      server = await server.restart();
    }
    const state = await importEnded(get, id, { timeout: 200_000 });
    expect(state).toMatchObject({ status: "done", rows: 20_000, rejected_count: 0, duplicates: 0 });
    expect(state.accepted + state.untied_count).toBe(20_000);
    const counted = await digestOf(await database());
    const again = await load("mapping=retail-refund", file([...lines].reverse()));
    expect(again).toMatchObject({ status: "done", rows: 20_000, accepted: 0, untied_count: state.untied_count });
    expect(await digestOf(await database())).toEqual(counted);
  });
});
