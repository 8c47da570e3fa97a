import { fileURLToPath } from "node:url";
import { measure, startStack } from "../stack.mjs";
import { noted } from "./ingest.mjs";

const entry = fileURLToPath(new URL("../metered-entry.ts", import.meta.url));

/** Fewer for a first look: RELANCE_BENCH_CONTACTS=10000. */
const CONTACTS = Number(process.env.RELANCE_BENCH_CONTACTS ?? 200_000);
const ORDERS_EACH = 5;
const CHUNK = 50_000;
/** Of whom something changes. */
const SHARE = 50;
const BATCH = 500;
const SECRET = { Authorization: `Basic ${btoa("sk_local:")}` };
const ADMIN = { Authorization: "Bearer ak_local" };
const DAY = 86_400_000;

const NUMBERS =
  "WITH RECURSIVE numbers (n) AS (SELECT CAST(?1 AS INTEGER) UNION ALL SELECT n + 1 FROM numbers WHERE n < ?2)";

function fillSql(now) {
  const people = `INSERT INTO contacts (id, status, external_id, email, attributes, consents, created_at, tracked, ring, seq, seen_at)
     ${NUMBERS} SELECT n, 'verified', 'user-' || n, 'person' || n || '@x.test', '{"city":"Lyon"}',
     '{"email":{"state":"granted","at":1700000000000}}', ${now - 400 * DAY} + n, 0, '', 0, ${now} - n FROM numbers`;
  const names = `INSERT INTO identities (identity, contact) ${NUMBERS} SELECT 'u:user-' || n, n FROM numbers`;
  const orders = Array.from(
    { length: ORDERS_EACH },
    (_, order) =>
      // Spread over a year, so that each day somebody's age crosses a bound.
      `INSERT INTO orders (order_id, contact, status, placed_at, currency, total, discount, tax, shipping, refunded, net, shown, source)
       ${NUMBERS} SELECT 'o-${order}-' || n, n, 'delivered', ${now} - ((n * 7919 + ${order} * 73) % 360) * ${DAY} - n,
         'EUR', 4900 + n % 1000, 0, 800, 490, 0, 4000 + n % 9000, '[]', 'secret' FROM numbers`,
  );
  return [people, names, ...orders];
}

const orders = (op, value, within) => ({ type: "orders.count", op, value, ...(within && { within }) });

/** Four simple segments and one exclusive family. */
const SEGMENTS = [
  { key: "loyal", name: "Loyal", rule: orders("gte", 5) },
  { key: "recent", name: "Recent", rule: orders("gte", 1, "P30D") },
  { key: "busy", name: "Busy", rule: { all: [orders("gte", 2, "P90D"), orders("gte", 5)] } },
  {
    key: "quiet",
    name: "Quiet",
    rule: { all: [{ not: orders("gte", 1, "P60D") }, { type: "consent", key: "email", state: "granted" }] },
  },
  {
    key: "level",
    name: "Level",
    segments: [
      { key: "gold", name: "Gold", rule: orders("gte", 4, "P180D") },
      { key: "silver", name: "Silver", rule: orders("gte", 2, "P180D") },
    ],
    rest: { key: "bronze", name: "Bronze" },
  },
];

/** Full passes over everybody, the follower for those who changed, and what each writes. */
export async function runSegments() {
  const stack = await startStack({ connections: 1, entry });
  const { host, url } = stack;
  const call = async (method, path, body, headers = ADMIN) => {
    const answer = await fetch(`${url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path} answers ${answer.status}: ${text}`);
    return text === "" ? null : JSON.parse(text);
  };
  const meter = async () => (await call("GET", "/bench/reset")).d1.written;
  try {
    for (const sql of fillSql(Date.now()))
      for (let from = 1; from < CONTACTS; from += CHUNK)
        await host.call("query", sql, from, Math.min(from + CHUNK - 1, CONTACTS));
    const seconds = {};
    const rows = {};
    const timed = async (name, work) => {
      await meter();
      const began = performance.now();
      await work();
      seconds[name] = (performance.now() - began) / 1_000;
      rows[name] = await meter();
    };
    const measured = await measure(stack, async () => {
      await timed("first", async () => {
        for (const segment of SEGMENTS) await call("POST", "/api/segments", segment);
        for (;;) {
          const { data } = await call("GET", "/api/segments");
          if (data.every(({ computing }) => !computing)) break;
          await call("POST", "/dev/clock", { advance: "PT1S" });
        }
      });
      // What is left of the first night, and a quiet one.
      await call("POST", "/dev/clock", { advance: "P1D" });
      await timed("night", () => call("POST", "/dev/clock", { advance: "P1D" }));
      await timed("changed", async () => {
        for (let from = 0; from < CONTACTS / SHARE; from += BATCH) {
          const batch = Array.from({ length: Math.min(BATCH, CONTACTS / SHARE - from) }, (_, index) => ({
            type: "page",
            userId: `user-${(from + index) * SHARE + 1}`,
          }));
          await call("POST", "/v1/batch", { batch }, SECRET);
        }
        await call("POST", "/dev/clock", { advance: "PT0S" });
      });
    });
    const perContact = (name) => rows[name] / CONTACTS;
    return {
      value: CONTACTS / seconds.night,
      ...seconds,
      firstRows: perContact("first"),
      nightRows: perContact("night"),
      changedRows: rows.changed / (CONTACTS / SHARE),
      cpu: (measured.cpu / CONTACTS) * 1_000,
      ...noted(measured),
    };
  } finally {
    await stack.stop();
  }
}
