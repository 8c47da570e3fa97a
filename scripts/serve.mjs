// Serves the product on this machine until it is told to stop. `npm start` runs it once everything
// is installed and built; it needs Node 22.12 or later.
import { applyMigrations, bundleWorker, defaultStatePath, PortTaken, startWorker } from "./lib/worker.mjs";

const port = readPort();
let worker;
let stopping = false;

// The channel to `npm start` closes when that process is gone, whatever ended it.
for (const event of ["SIGINT", "SIGTERM", "SIGHUP", "disconnect"]) process.on(event, () => void stop());

try {
  const [applied, { code }] = await Promise.all([
    applyMigrations(defaultStatePath, ".dev.vars"),
    bundleWorker({ local: true }),
  ]);
  if (applied.length > 0) console.log(`Database: applied ${applied.join(", ")}.`);
  worker = await startWorker({ port, statePath: defaultStatePath, code });
  if (stopping) await worker.stop();
  else await greet();
} catch (error) {
  console.error(error instanceof PortTaken ? error.message : error);
  await worker?.stop();
  process.exit(1);
}

async function greet() {
  await healthy();
  await loadDemoShop();
  const { url } = worker;
  console.log(`
Relance serves on ${url}

  ${url}/demo        a small shop to walk through
  ${url}/dev/inbox   every message that it sends
  ${url}/admin       the console
  ${url}/docs        the API

  Keys, for this machine only: write wk_local, secret sk_local, admin ak_local
  State is kept in .wrangler/state. Stop with Ctrl-C.
`);
}

async function healthy() {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const answer = await fetch(`${worker.url}/health`).catch((error) => error);
    if (answer.ok) return;
    if (stopping) return;
    if (Date.now() > deadline) {
      const why = answer instanceof Error ? answer : `${answer.status} ${await answer.text()}`;
      throw new Error(`GET /health did not answer 200 within 30 seconds: ${why}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The Worker loads the demo shop once; asking again changes nothing. */
async function loadDemoShop() {
  const answer = await fetch(`${worker.url}/dev/demo`, { method: "POST" });
  const body = await answer.text();
  if (!answer.ok && answer.status !== 404) console.error(`The demo shop was not loaded: ${answer.status} ${body}`);
}

async function stop() {
  if (stopping) return;
  stopping = true;
  // Stopping takes milliseconds; where it hangs, the tether ends workerd with this process.
  setTimeout(() => process.exit(1), 5000).unref();
  await worker?.stop();
  process.exit(0);
}

function readPort() {
  const value = process.env.PORT || "8787";
  const number = Number(value);
  if (Number.isInteger(number) && number >= 0 && number < 65_536) return number;
  console.error(`PORT=${value} is not a port number.`);
  process.exit(1);
}
