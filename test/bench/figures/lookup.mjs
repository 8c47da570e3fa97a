import { fileURLToPath } from "node:url";
import { measure, startStack } from "../stack.mjs";
import { percentile } from "../statistics.mjs";
import { noted } from "./ingest.mjs";

const entry = fileURLToPath(new URL("../metered-entry.ts", import.meta.url));

const CONTACTS = 200_000;
const ORDERS_EACH = 5;
const CHUNK = 50_000;
const ASKED = 60;
const SECRET = { Authorization: `Basic ${btoa("sk_local:")}` };
const ADMIN = { Authorization: "Bearer ak_local" };

/** Rows 1 to 200,000 as numbers: what the statements below select from. */
const NUMBERS =
  "WITH RECURSIVE numbers (n) AS (SELECT CAST(?1 AS INTEGER) UNION ALL SELECT n + 1 FROM numbers WHERE n < ?2)";

const FILL = [
  `INSERT INTO contacts (id, status, external_id, anonymous_id, email, first_name, language, country, attributes, consents,
     created_at, verified_by, tracked, ring, seq, seen_at)
   ${NUMBERS} SELECT n, 'verified', 'user-' || n, 'browser-' || n, 'person' || n || '@x.test', 'Person', 'fr', 'FR',
     '{"city":"Lyon","size":"M"}', '{"email":{"state":"granted","at":1700000000000}}', 1700000000000 + n, 'm-' || n, 0,
     substr(hex(randomblob(84)), 1, 84), n, 1760000000000 + n FROM numbers`,
  `INSERT INTO identities (identity, contact) ${NUMBERS} SELECT kind.column1 || n, n FROM numbers,
     (VALUES ('u:user-'), ('a:browser-')) AS kind`,
  `INSERT INTO identities (identity, contact) ${NUMBERS} SELECT 'e:person' || n || '@x.test', n FROM numbers`,
  `INSERT INTO contact_metrics (contact, orders, net_total, first_order_at, last_order_at)
   ${NUMBERS} SELECT n, ${ORDERS_EACH}, 24500, 1700000000000 + n, 1750000000000 + n FROM numbers`,
  ...Array.from(
    { length: ORDERS_EACH },
    (_, order) =>
      `INSERT INTO orders (order_id, contact, status, placed_at, currency, total, discount, tax, shipping, refunded, shown, source)
       ${NUMBERS} SELECT 'o-' || ((n * 7919) % 1000003) || '-${order}-' || n, n, 'delivered', 1700000000000 + n + ${order} * 86400000,
         'EUR', 4900 + n % 1000, 0, 800, 490, 0, '[{"product_id":"lamp-' || n % 900 || '","sku":null,"name":"Lamp","quantity":1,"price":4900}]',
         'secret' FROM numbers`,
  ),
];

/** What is asked: a page of the API, or an event of somebody whom the ledger does not have in memory. */
const QUESTIONS = {
  externalId: (n) => ["GET", `/api/contacts?external_id=user-${n}`, ADMIN],
  email: (n) => ["GET", `/api/contacts?email=person${n}@x.test`, ADMIN],
  anonymousId: (n) => ["GET", `/api/contacts?anonymous_id=browser-${n}`, ADMIN],
  event: (n) => ["POST", "/v1/page", SECRET, JSON.stringify({ userId: `user-${n}`, anonymousId: `browser-${n}` })],
};

/** D1's own time for a look-up of one contact among 200,000 with 1,000,000 orders, each time another one. */
export async function runLookup() {
  const stack = await startStack({ connections: 1, entry });
  const { host, url } = stack;
  try {
    for (const sql of FILL)
      for (let from = 1; from < CONTACTS; from += CHUNK) await host.call("query", sql, from, from + CHUNK - 1);
    await ask(url, QUESTIONS.event(1));
    const times = {};
    const measured = await measure(stack, async () => {
      for (const [name, question] of Object.entries(QUESTIONS)) {
        times[name] = [];
        for (let index = 0; index < ASKED; index++)
          times[name].push(await sqlTime(url, question(((index * 3_331 + name.length * 977) % (CONTACTS - 2)) + 2)));
      }
    });
    const p95 = Object.fromEntries(Object.entries(times).map(([name, list]) => [name, percentile(list, 0.95)]));
    return {
      ...p95,
      p50: percentile(Object.values(times).flat(), 0.5),
      p95: Math.max(...Object.values(p95)),
      cpu: (measured.cpu / (ASKED * 4)) * 1_000,
      ...noted(measured),
    };
  } finally {
    await stack.stop();
  }
}

async function ask(url, [method, path, headers, body]) {
  const answer = await fetch(`${url}${path}`, { method, headers, body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path} answers ${answer.status}: ${text}`);
  return text;
}

/** Milliseconds that D1 spent on all SELECTs of one question. */
async function sqlTime(url, question) {
  await fetch(`${url}/bench/reset`);
  const text = await ask(url, question);
  if (question[0] === "GET" && JSON.parse(text).data.length !== 1)
    throw new Error(`${question[1]} answers ${text.slice(0, 300)}`);
  const counts = await (await fetch(`${url}/bench/counts`)).json();
  return counts.d1.lookUpMs;
}
