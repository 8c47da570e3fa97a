import { fileURLToPath } from "node:url";
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

/**
 * A rehearsal of an abandoned cart over a journal of which half is archived. `grown` is what workerd takes beside what it
 * had before: the isolate's memory, and that of D1 and R2, which are in the same process here.
 */
export async function runRehearsal() {
  const stack = await startStack({ connections: 1, entry, vars: { SHOP_CURRENCY: "EUR" } });
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
    const measured = await measure(stack, () => work(`run?start=${start}`));
    const { told, ms } = measured.result;
    if (told.status !== "done" || told.events !== EVENTS || !(told.entered > 0)) {
      throw new Error(`a rehearsal of ${EVENTS} events came to ${JSON.stringify(told)}`);
    }
    if (process.env.RELANCE_BENCH_EVENTS) console.log(JSON.stringify(told), JSON.stringify(bare), measured.cpu);
    return {
      value: EVENTS / (ms / 1_000),
      seconds: ms / 1_000,
      events: told.events,
      bare: bare.ms / 1_000,
      grown: measured.peaks.workerd - before.peaks.workerd,
      cpu: (measured.cpu / EVENTS) * 1_000,
      ...noted(measured),
    };
  } finally {
    await stack.stop();
  }
}
