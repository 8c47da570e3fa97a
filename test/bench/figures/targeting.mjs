import { fileURLToPath } from "node:url";
import { measure, startStack } from "../stack.mjs";
import { percentile } from "../statistics.mjs";
import { noted } from "./ingest.mjs";

const entry = fileURLToPath(new URL("../metered-entry.ts", import.meta.url));

const ORDERS_EACH = 5;
const CHUNK = 50_000;
const ASKED = 20;
const ADMIN = { Authorization: "Bearer ak_local", "Content-Type": "application/json" };

const NUMBERS =
  "WITH RECURSIVE numbers (n) AS (SELECT CAST(?1 AS INTEGER) UNION ALL SELECT n + 1 FROM numbers WHERE n < ?2)";

/**
 * Contacts that are all active, one in two hundred merged into the one before; orders over the last two years, each with
 * a line of one of forty categories.
 */
function fill(now) {
  return [
    `INSERT INTO contacts (id, status, merged_into, external_id, anonymous_id, email, first_name, language, country,
       attributes, consents, created_at, verified_by, tracked, ring, seq, seen_at)
     ${NUMBERS} SELECT n, iif(n % 200 = 0, 'merged', 'verified'), iif(n % 200 = 0, n - 1, NULL), 'user-' || n,
       'browser-' || n, 'person' || n || '@x.test', 'Person', iif(n % 2, 'fr', 'en'), iif(n % 3, 'FR', 'BE'),
       '{"city":"Lyon","size":"M"}',
       iif(n % 4, '{"email":{"state":"granted","at":1700000000000}}', '{"email":{"state":"withdrawn","at":1700000000000}}'),
       1700000000000 + n, 'm-' || n, 0, substr(hex(randomblob(84)), 1, 84), n, ${now} - n % 300 * 86400000 FROM numbers`,
    ...Array.from(
      { length: ORDERS_EACH },
      (_, order) =>
        `INSERT INTO orders (order_id, contact, status, placed_at, currency, total, discount, tax, shipping, refunded,
           shown, source, gross, net)
         ${NUMBERS} SELECT 'o-' || ((n * 7919) % 1000003) || '-${order}-' || n, n, iif(n % 40, 'delivered', 'cancelled'),
           ${now} - ((n * 7919 + ${order} * 31) % 730) * 86400000, 'EUR', 4900 + n % 1000, 0, 800, 490, 0,
           '[{"product_id":"lamp-' || (n % 900) || '","sku":null,"name":"Lamp","quantity":1,"price":4900}]', 'secret',
           4900 + n % 1000, 4410 + n % 1000 FROM numbers`,
    ),
    `INSERT INTO order_lines (order_id, line, contact, product_id, name, category, brand, quantity, price, total)
     SELECT order_id, 0, contact, 'lamp-' || (contact % 900), 'Lamp', 'category-' || ((contact * 31 + placed_at / 86400000) % 40),
       'brand-' || (contact % 100), 1, 4900, 4900 FROM orders WHERE contact BETWEEN ?1 AND ?2 ORDER BY order_id`,
    `INSERT INTO contact_metrics (contact, orders, net_total, first_order_at, last_order_at)
     ${NUMBERS} SELECT n, ${ORDERS_EACH}, ${ORDERS_EACH} * (4410 + n % 1000), ${now} - (n % 730) * 86400000,
       ${now} - (n % 700) * 86400000 FROM numbers`,
  ];
}

const lately = { type: "orders.count", op: "gte", value: 2, within: "P90D" };
const french = { type: "contact", field: "language", op: "is", value: "fr" };
const agrees = { type: "consent", key: "email" };

/** Rules of three conditions as a marketer types them; the first one is what the target speaks of. */
const RULES = {
  lately: { all: [lately, french, agrees] },
  spent: { all: [{ type: "orders.value", op: "gte", value: 20_000, within: "P365D" }, french, agrees] },
  asleep: {
    all: [{ type: "orders.last", before: "P180D" }, { type: "metric", name: "orders", op: "gte", value: 2 }, agrees],
  },
  never: {
    all: [{ type: "wishlist.count", op: "eq", value: 0 }, { type: "visits.count", op: "eq", value: 0 }, lately],
  },
  bought: {
    all: [
      {
        type: "orders.count",
        op: "gte",
        value: 1,
        within: "P365D",
        lines: [[{ field: "category", op: "is", value: "category-7" }]],
      },
      french,
      agrees,
    ],
  },
};

/** One in ten belongs to the contact before: what guests leave who order without an account. */
const MERGE = `UPDATE contacts SET status = 'merged', merged_into = id - 1 WHERE id % 10 = 0`;

async function preview(url, rule) {
  await fetch(`${url}/bench/reset`);
  const started = performance.now();
  const body = JSON.stringify({ rule });
  const answer = await fetch(`${url}/api/segments/preview`, { method: "POST", headers: ADMIN, body });
  const json = await answer.json();
  const all = performance.now() - started;
  if (!answer.ok || json.count === 0) throw new Error(`a preview answers ${answer.status}: ${JSON.stringify(json)}`);
  const { d1 } = await (await fetch(`${url}/bench/counts`)).json();
  return { sql: json.sql_ms, all, read: d1.read };
}

/** Every rule so many times, in turn: what each preview took and read, by the rule's name. */
async function previews(url, times) {
  const told = Object.fromEntries(Object.keys(RULES).map((name) => [name, []]));
  for (let index = 0; index < times; index++)
    for (const [name, rule] of Object.entries(RULES)) told[name].push(await preview(url, rule));
  return told;
}

function medians(told) {
  const median = (list) =>
    percentile(
      list.map(({ sql }) => sql),
      0.5,
    );
  return Object.fromEntries(Object.entries(told).map(([name, list]) => [name, median(list)]));
}

/** Counting whom rules match among so many contacts with five orders each: D1's own time, and that of the answer. */
export async function runTargeting(contacts) {
  const stack = await startStack({ connections: 1, entry });
  const { host, url } = stack;
  try {
    for (const sql of fill(Date.now()))
      for (let from = 1; from <= contacts; from += CHUNK)
        await host.call("query", sql, from, Math.min(contacts, from + CHUNK - 1));
    await previews(url, 1);
    const measured = await measure(stack, () => previews(url, ASKED));
    const answers = Object.values(measured.result).flat();
    const times = medians(measured.result);
    await host.call("query", MERGE);
    const merged = medians(await previews(url, ASKED / 4));
    return {
      ...times,
      p50: percentile(
        answers.map(({ all }) => all),
        0.5,
      ),
      p95: percentile(
        answers.map(({ all }) => all),
        0.95,
      ),
      read: percentile(
        answers.map(({ read }) => read / contacts),
        0.5,
      ),
      merged: Math.max(...Object.keys(RULES).map((name) => merged[name] / times[name])),
      cpu: (measured.cpu / answers.length) * 1_000,
      ...noted(measured),
    };
  } finally {
    await stack.stop();
  }
}
