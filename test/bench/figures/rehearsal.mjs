import { fileURLToPath } from "node:url";
import { Heap } from "../heap.mjs";
import { measure, startStack } from "../stack.mjs";
import { noted } from "./ingest.mjs";

const entry = fileURLToPath(new URL("../rehearsal-entry.ts", import.meta.url));

/** Fewer for a first look: RELANCE_BENCH_EVENTS=100000. */
const EVENTS = Number(process.env.RELANCE_BENCH_EVENTS ?? 1_000_000);
const EACH = 10;
const ROWS = 1_000;
const DAY = 86_400_000;

const PEOPLE =
  "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1) " +
  "INSERT INTO contacts (id, status, external_id, email, attributes, consents, created_at, tracked, ring, seq, seen_at) " +
  "SELECT n, 'verified', 'user-' || (n - 1), 'person' || (n - 1) || '@x.test', '{}', '{}', 0, 0, '', n, 0 FROM numbers";
const IDENTITIES =
  "INSERT INTO identities (identity, contact) SELECT 'u:' || external_id, id FROM contacts UNION ALL " +
  "SELECT 'e:' || email, id FROM contacts UNION ALL SELECT 'a:browser-' || (id - 1) || '-x', id FROM contacts";

/** Milliseconds between two looks at the heap: a look that collects all garbage before takes a while by itself. */
const LOOKS = { used: 100, live: 400 };

/**
 * A rehearsal of an abandoned cart over a journal of which half is archived. `raw` is the most that the isolate's heap came
 * to while the time was taken. That counts garbage which nobody had to collect by then, so the same is rehearsed once more
 * with a collection before each look: `live` is the most that could not be given up. `grown` is what workerd takes beside
 * what it had before, and says less: D1 and R2 are in the same process here.
 */
export async function runRehearsal() {
  const stack = await startStack({ connections: 1, entry, vars: { SHOP_CURRENCY: "EUR" }, inspected: true });
  const heap = await Heap.at(stack.inspector);
  const { host, url } = stack;
  const start = Date.now() - 90 * DAY;
  const work = async (path) => {
    const answer = await fetch(`${url}/bench/rehearsal/${path}`);
    if (!answer.ok) throw new Error(`${path} answers ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
  try {
    await host.call("query", PEOPLE, EVENTS / EACH);
    await host.call("query", IDENTITIES);
    for (let from = 0; from < EVENTS; from += ROWS) await work(`fill?from=${from}&of=${EVENTS}&start=${start}`);
    const before = await measure(stack, () => new Promise((resolve) => setTimeout(resolve, 2_000)));
    const bare = await work("read");
    const idle = await heap.live();
    const whole = () => work(`run?start=${start}`);
    const raw = heap.watch(() => heap.used(), LOOKS.used);
    const measured = await measure(stack, whole);
    const { peak, looks } = await raw();
    const live = heap.watch(() => heap.live(), LOOKS.live);
    await whole();
    const kept = await live();
    const { told, ms } = measured.result;
    if (told.status !== "done" || told.events !== EVENTS || !(told.entered > 0)) {
      throw new Error(`a rehearsal of ${EVENTS} events came to ${JSON.stringify(told)}`);
    }
    if (process.env.RELANCE_BENCH_EVENTS) console.log(JSON.stringify({ told, bare, looks, kept }));
    return {
      value: EVENTS / (ms / 1_000),
      seconds: ms / 1_000,
      events: told.events,
      bare: bare.ms / 1_000,
      raw: peak,
      live: kept.peak,
      idle,
      grown: measured.peaks.workerd - before.peaks.workerd,
      cpu: (measured.cpu / EVENTS) * 1_000,
      ...noted(measured),
    };
  } finally {
    heap.close();
    await stack.stop();
  }
}
