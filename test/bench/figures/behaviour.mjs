import { fileURLToPath } from "node:url";
import { measure, startStack } from "../stack.mjs";
import { noted } from "./ingest.mjs";

const entry = fileURLToPath(new URL("../rfm-entry.ts", import.meta.url));

/** Fewer for a first look: RELANCE_BENCH_CONTACTS=10000. */
const CONTACTS = Number(process.env.RELANCE_BENCH_CONTACTS ?? 200_000);
const VISITS_EACH = 3;
const MAILS_EACH = 2;
const CHUNK = 50_000;
const DAY = 86_400_000;

const NUMBERS =
  "WITH RECURSIVE numbers (n) AS (SELECT CAST(?1 AS INTEGER) UNION ALL SELECT n + 1 FROM numbers WHERE n < ?2)";

/** Contacts, their visits over four months, and mails of which one in three was opened by a person. `now` is epoch ms. */
function fillSql(now) {
  const ago = (each) => `${now} - ((n * 7919 + ${each} * 73) % 120) * ${DAY} - n`;
  const times = (count, sql) => Array.from({ length: count }, (_, each) => sql(each));
  return [
    `INSERT INTO contacts (id, status, external_id, email, attributes, consents, created_at, tracked, ring, seq, seen_at)
     ${NUMBERS} SELECT n, 'verified', 'user-' || n, 'person' || n || '@x.test', '{"city":"Lyon"}',
       '{"email":{"state":"granted","at":1700000000000}}', ${now} - 400 * ${DAY} + n, 0, '', 0, ${now} - n FROM numbers`,
    ...times(
      VISITS_EACH,
      (each) =>
        `INSERT INTO visits (source_id, contact, channel, started_at, ended_at, pages, landing, views, source, updated_at)
         ${NUMBERS} SELECT 'v-${each}', n, iif(n % 3, 'direct', 'email'), ${ago(each)}, ${ago(each)} + 60000, 4, '/',
           '[["lamp-' || (n % 900) || '",2,10]]', 'secret', ${now} FROM numbers`,
    ),
    ...times(
      MAILS_EACH,
      (each) =>
        `INSERT INTO sends (contact, id, run, scenario, block, channel, class, content, content_version, address, data,
           state, open, attempts, next_at, lease_until, created_at, updated_at)
         ${NUMBERS} SELECT n, 's-${each}', 'r-${each}', 'news', 'mail', 'email', 'marketing', 'news', 1,
           'person' || n || '@x.test', '{}', 'sent', 0, 1, 0, 0, ${ago(each)}, ${ago(each)} FROM numbers`,
    ),
    `INSERT INTO message_acts (contact, send, kind, at)
     ${NUMBERS} SELECT n, 's-0', 'opened', ${ago(0)} + 3600000 FROM numbers WHERE n % 3 = 0`,
  ];
}

/** The first night of behaviour over everybody and one that changes nothing: CPU of workerd, steps, the longest step. */
export async function runBehaviour() {
  const stack = await startStack({ connections: 1, entry });
  const { host, url } = stack;
  const night = async () => {
    const answer = await fetch(`${url}/bench/rfm/behaviour`);
    if (!answer.ok) throw new Error(`a night of behaviour answers ${answer.status}`);
    return answer.json();
  };
  try {
    for (const sql of fillSql(Date.now()))
      for (let from = 1; from <= CONTACTS; from += CHUNK)
        await host.call("query", sql, from, Math.min(from + CHUNK - 1, CONTACTS));
    const first = await night();
    if (first.written < CONTACTS) throw new Error(`a first night writes ${first.written} rows`);
    const measured = await measure(stack, night);
    const { told, written } = measured.result;
    return {
      value: CONTACTS / measured.seconds,
      night: measured.cpu,
      steps: told.steps,
      longest: told.longest,
      firstLongest: first.told.longest,
      written: written / CONTACTS,
      cpu: (measured.cpu / CONTACTS) * 1_000,
      ...noted(measured),
    };
  } finally {
    await stack.stop();
  }
}
