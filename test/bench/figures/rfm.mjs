import { fileURLToPath } from "node:url";
import { cpuSeconds } from "../proc.mjs";
import { measure, startStack } from "../stack.mjs";
import { percentile } from "../statistics.mjs";
import { noted } from "./ingest.mjs";

const entry = fileURLToPath(new URL("../rfm-entry.ts", import.meta.url));

const ORDERS_EACH = 5;
const CHUNK = 50_000;
const CHANGED_EACH = 50;
const REPEATS = 5;
const DAY = 86_400_000;

const NUMBERS =
  "WITH RECURSIVE numbers (n) AS (SELECT CAST(?1 AS INTEGER) UNION ALL SELECT n + 1 FROM numbers WHERE n < ?2)";

/** Contacts, their orders over two years, and what the ledger would have kept of them. `now` is epoch ms. */
const fillWith = (now) => [
  `INSERT INTO contacts (id, status, external_id, email, attributes, consents, created_at, tracked, ring, seq, seen_at)
   ${NUMBERS} SELECT n, 'verified', 'user-' || n, 'person' || n || '@x.test', '{"city":"Lyon","size":"M"}',
     '{"email":{"state":"granted","at":1700000000000}}', 1700000000000 + n, 0, substr(hex(randomblob(84)), 1, 84), n, ${now} FROM numbers`,
  ...Array.from(
    { length: ORDERS_EACH },
    (_, order) =>
      `INSERT INTO orders (order_id, contact, status, placed_at, currency, total, discount, tax, shipping, refunded, shown, source, net, changed_at)
       ${NUMBERS} SELECT 'o-' || ((n * 7919) % 1000003) || '-${order}-' || n, n, 'delivered',
         ${now} - ${DAY} - abs(random()) % (${700 * DAY}), 'EUR', 4900, 0, 800, 490, 0, '[]', 'secret', 1000 + abs(random()) % 20000, ${now - 700 * DAY} FROM numbers`,
  ),
  `INSERT INTO contact_metrics (contact, orders, net_total, first_order_at, last_order_at) SELECT contact, count(*), sum(net),
     min(placed_at), max(placed_at) FROM orders WHERE contact BETWEEN ?1 AND ?2 GROUP BY contact`,
];

/** An order more for every fiftieth contact, as the ledger would have left it. */
const changeAt = (now, round) => [
  `INSERT INTO orders (order_id, contact, status, placed_at, currency, total, discount, tax, shipping, refunded, shown, source, net, changed_at)
   ${NUMBERS} SELECT 'x-${round}-' || n, n, 'delivered', ${now}, 'EUR', 4900, 0, 800, 490, 0, '[]', 'secret', 5000, ${now} FROM numbers WHERE n % ${CHANGED_EACH} = 0`,
  `UPDATE contact_metrics SET orders = orders + 1, net_total = net_total + 5000, last_order_at = ${now} WHERE contact % ${CHANGED_EACH} = 0 AND contact BETWEEN ?1 AND ?2`,
];

async function inChunks(host, size, statements) {
  for (const sql of statements)
    for (let from = 1; from < size; from += CHUNK)
      await host.call("query", sql, from, Math.min(from + CHUNK - 1, size));
}

/** Times of a whole base of so many contacts: the first run, one where little changed, and those who changed alone. */
async function timesOf(stack, size) {
  const { host, url } = stack;
  const now = Date.now() - 60_000;
  const work = async (path) => {
    const before = cpuSeconds(stack.pids.workerd);
    const told = await (await fetch(`${url}/bench/rfm/${path}`)).json();
    return { ...told, cpu: (cpuSeconds(stack.pids.workerd) - before) * 1_000 };
  };
  await inChunks(host, size, fillWith(now));
  const first = await work("full");
  const [full, contacts, bare] = [[], [], []];
  for (let round = 0; round < REPEATS; round++) {
    await inChunks(host, size, changeAt(now + round * 1_000, round));
    // Those who changed by themselves, and then everybody, of whom as few changed as in a night.
    contacts.push(await work(`contacts?every=${CHANGED_EACH}&of=${size}`));
    bare.push(await work(`bare?every=${CHANGED_EACH}&of=${size}`));
    full.push(await work("full"));
  }
  const middle = (list, field) =>
    percentile(
      list.map((one) => one[field]),
      0.5,
    );
  return {
    first: first.ms,
    full: middle(full, "ms"),
    fullCpu: middle(full, "cpu"),
    contactsCpu: middle(contacts, "cpu"),
    written: middle(full, "written") / size,
    contacts: middle(contacts, "ms"),
    bare: middle(bare, "ms"),
    contactsWritten: middle(contacts, "written") / (size / CHANGED_EACH),
  };
}

async function run(sizes) {
  const fields = {};
  const total = { cpu: 0, others: 0, peaks: null };
  for (const size of sizes) {
    const stack = await startStack({ connections: 1, entry, vars: { SHOP_CURRENCY: "EUR" } });
    try {
      const measured = await measure(stack, () => timesOf(stack, size));
      for (const [name, value] of Object.entries(measured.result)) fields[`${name}${size / 1_000}k`] = value;
      Object.assign(total, { others: measured.others, peaks: measured.peaks, cpu: measured.cpu });
    } finally {
      await stack.stop();
    }
  }
  const last = sizes.at(-1) / 1_000;
  return { ...fields, p50: fields[`full${last}k`], p95: fields[`first${last}k`], cpu: total.cpu, ...noted(total) };
}

/** A base of one size. */
export const runSize = (size) => run([size]);
/** 200,000 contacts with 1,000,000 orders. */
export const runRfm = () => run([200_000]);
/** How times grow with the base. */
export const runRfmGrowth = () => run([10_000, 100_000, 1_000_000]);
