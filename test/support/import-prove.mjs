// `npm run prove -- imports`: a whole shop's history by import, with what it must come to; again, shuffled, and through a
// kill; and its cancellations as refunds. The file is no part of the repository: without it there is nothing to prove.
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { gunzipSync, gzipSync } from "node:zlib";
import { applyMigrations, bundleWorker, startWorker } from "../../scripts/lib/worker.mjs";
import { digestOf, importEnded, RETAIL_MAPPING } from "./import-client.mjs";

const folder = process.env.RELANCE_DATA ?? join(import.meta.dirname, "../../../shared/data");
const source = join(folder, "onlineretail.csv.gz");
const { values } = parseArgs({
  options: { lines: { type: "string", default: "0" }, seconds: { type: "string", default: "90" } },
});

// The heap of each isolate ends where a Worker's memory does: what needs more would not come to its end here either.
// (Buffers lie outside the heap: 8 MB of an upload, and a piece of the file.) The ledger object lives in the Worker's.
process.env.MINIFLARE_WORKERD_V8_FLAGS = "--max-semi-space-size=4 --max-heap-size=128";

/** What the whole file must come to (shared/data/README.md says where the figures are from). */
const FIGURES = { lines: 397_884, orders: 18_532, customers: 4_338, net: 891_140_790, exact: 8_911_407.904 };
const CUSTOMERS = { 12347: [7, 431_000], 12346: [1, 7_718_360] };

const broken = [];
const check = (what, good) => {
  console.log(`  ${good ? "right" : "WRONG"}  ${what}`);
  if (!good) broken.push(what);
};

if (!existsSync(source)) {
  console.log(`No ${source}: set RELANCE_DATA to the folder of real data to prove the imports.`);
  process.exit(0);
}
const [head, ...all] = gunzipSync(readFileSync(source)).toString("utf8").trimEnd().split("\n");
const lines = Number(values.lines) > 0 ? all.slice(0, Number(values.lines)) : all;
const isWhole = lines.length === all.length;
const plain = gzipSync([head, ...lines].join("\n"));
const mixed = gzipSync([head, ...shuffled(lines)].join("\n"));
const { code } = await bundleWorker({ local: true });

console.log(
  `${lines.length} lines of Online Retail, ${(plain.length / 1e6).toFixed(1)} MB of gzip, cancellations ignored`,
);
const first = await opened();
try {
  const state = await timed(first, "ignore", plain);
  check(`${state.rows} records read, none rejected`, state.rows === lines.length && state.rejected_count === 0);
  check("accepted and ignored are all of them", state.accepted + state.ignored === lines.length);
  await figures(first);
  const rows = await digestOf(await first.db());
  console.log(`  ${rows.rows} rows of orders, lines and figures: ${rows.digest}\n\nThe same once more, shuffled`);
  const again = await timed(first, "ignore", mixed);
  check("nothing is accepted twice", again.accepted === 0 && again.duplicates === state.accepted);
  check("the rows are the same", (await digestOf(await first.db())).digest === rows.digest);

  console.log("\nShuffled into an empty shop, killed on the way");
  const second = await opened();
  try {
    const through = await timed(second, "ignore", mixed, true);
    check("everything is counted once", through.accepted === state.accepted && through.duplicates === 0);
    check("the rows are the same", (await digestOf(await second.db())).digest === rows.digest);
  } finally {
    await second.end();
  }

  console.log("\nIts cancellations as refunds");
  const refunds = await timed(first, "refund", plain);
  console.log(`  ${refunds.tied} tied to what they cancel; ${refunds.untied_count} listed, the first of them:`);
  for (const { line, reason } of refunds.untied.slice(0, 3)) console.log(`    line ${line} ${reason}`);
  check("each is tied or listed", refunds.tied + refunds.untied_count === state.ignored);
  const refunded = await digestOf(await first.db());
  const twice = await timed(first, "refund", mixed);
  check("nothing is refunded twice", twice.tied === 0 && twice.untied_count === refunds.untied_count);
  check("the rows are the same", (await digestOf(await first.db())).digest === refunded.digest);
} finally {
  await first.end();
}
console.log(broken.length === 0 ? "\nEvery figure is right." : `\nWrong: ${broken.join("; ")}`);
process.exit(broken.length === 0 ? 0 : 1);

/** A shop with nothing in it, at the day of the figures, with the mappings stored. */
async function opened() {
  const statePath = await mkdtemp(join(tmpdir(), "relance-imports-"));
  await applyMigrations(statePath);
  const start = (port = 0) =>
    startWorker({ statePath, code, port, envFile: ".dev.vars.example", vars: { SHOP_CURRENCY: "GBP" }, tick: 500 });
  let worker = await start();
  const api = async (path, { json, ...init } = {}) => {
    const body = json === undefined ? init.body : JSON.stringify(json);
    const headers = { authorization: "Bearer ak_local" };
    const answer = await fetch(worker.url + path, { ...init, body, headers });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text.slice(0, 300)}`);
    return JSON.parse(text);
  };
  await api("/dev/clock", { method: "POST", json: { set: "2011-12-10T00:00:00Z" } });
  for (const as of ["ignore", "refund"]) {
    const json = { ...RETAIL_MAPPING, cancellation: { column: "InvoiceNo", prefix: "C", as } };
    await api(`/api/mappings/retail-${as}`, { method: "PUT", json });
  }
  return {
    api,
    pid: () => worker.pid(),
    db: () => worker.mf.getD1Database("DB"),
    kill: async () => {
      await worker.kill();
      worker = await start(worker.port);
    },
    end: async () => {
      await worker.stop();
      await rm(statePath, { recursive: true, force: true });
    },
  };
}

/** Imports a file and prints what it took. A kill comes once some orders are written. */
async function timed(shop, as, file, kill = false) {
  const before = usage(shop.pid());
  const started = Date.now();
  const query = `kind=order_lines&mapping=retail-${as}`;
  const { id } = await shop.api(`/api/imports?${query}`, { method: "POST", body: file });
  let peak = before.rss;
  const tell = () => {
    peak = Math.max(peak, usage(shop.pid()).rss);
  };
  const get = (path) => shop.api(path);
  if (kill) {
    await importEnded(get, id, { timeout: 600_000, far: (state) => state.accepted > 0 });
    await sleep(300);
    await shop.kill();
    console.log(`  killed after ${Math.round((Date.now() - started) / 1000)} s`);
  }
  const state = await importEnded(get, id, { timeout: 600_000, tell });
  const seconds = (Date.now() - started) / 1000;
  const cpu = kill ? "" : `, ${(usage(shop.pid()).cpu - before.cpu).toFixed(1)} s of CPU`;
  console.log(
    `  ${state.status} in ${seconds.toFixed(1)} s${cpu}; workerd held ${before.rss} MB before and ${peak} MB at most, for all ` +
      "its isolates, its database and its files together; no heap passed 128 MB",
  );
  check("it is done", state.status === "done");
  if (!kill && isWhole) check(`it took at most ${values.seconds} s`, seconds <= Number(values.seconds));
  return state;
}

function usage(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(" ");
    const rss = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "0";
    return { cpu: (Number(fields[13]) + Number(fields[14])) / 100, rss: Math.round(Number(rss) / 1024) };
  } catch {
    return { cpu: 0, rss: 0 };
  }
}

async function figures(shop) {
  const db = await shop.db();
  const sold =
    "FROM order_lines l JOIN orders o ON o.order_id = l.order_id JOIN contacts c ON c.id = o.contact " +
    "WHERE c.external_id IS NOT NULL AND l.quantity > 0 AND l.unit_price > 0";
  const line = await db
    .prepare(`SELECT count(*) AS lines, sum(l.total) AS total, sum(l.quantity * l.unit_price) AS exact ${sold}`)
    .first();
  const sums =
    "SELECT count(*) AS customers, sum(m.orders) AS orders, sum(m.net_total) AS net FROM contact_metrics m " +
    "JOIN contacts c ON c.id = m.contact WHERE c.external_id IS NOT NULL AND m.orders > 0";
  const sum = await db.prepare(sums).first();
  console.log(
    `  ${line.lines} lines, ${sum.orders} orders, ${sum.customers} customers, ${pounds(line.total)}; ` +
      `${(line.exact / 10_000).toFixed(3)} before lines are rounded`,
  );
  check("what lines come to is what customers spent", line.total === sum.net);
  if (!isWhole) return;
  check(`${FIGURES.lines} lines`, line.lines === FIGURES.lines);
  check(
    `${FIGURES.orders} orders of ${FIGURES.customers} customers`,
    sum.orders === FIGURES.orders && sum.customers === FIGURES.customers,
  );
  check(`${pounds(FIGURES.net)}`, sum.net === FIGURES.net);
  check(`${FIGURES.exact} before lines are rounded`, line.exact === Math.round(FIGURES.exact * 10_000));
  for (const [user, [orders, amount]] of Object.entries(CUSTOMERS)) {
    const { metrics } = (await shop.api(`/api/contacts?external_id=${user}`)).data[0];
    check(
      `customer ${user}: ${orders} of ${pounds(amount)}`,
      metrics.orders === orders && metrics.net_total.amount === amount,
    );
  }
}

function pounds(pence) {
  return `${(pence / 100).toFixed(2)} GBP`;
}

/** The same shuffle every time (mulberry32). */
function shuffled(items) {
  let seed = 541_909;
  const random = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const copy = [...items];
  for (let last = copy.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [copy[last], copy[other]] = [copy[other], copy[last]];
  }
  return copy;
}
