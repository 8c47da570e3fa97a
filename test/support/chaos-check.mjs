import { KINDS } from "./chaos-scenarios.mjs";

const PAGE = 2_000;

/** How often each messageId stands in the journal. @param {import("./chaos-host.mjs").Host} host */
async function journalCounts(host) {
  const counts = new Map();
  const sql =
    "SELECT j.seq, e.value ->> 'id' AS id FROM (SELECT seq, body FROM journal WHERE seq > ?1 ORDER BY seq LIMIT ?2) j, " +
    "json_each(j.body) e";
  for (let after = -1; ; ) {
    const rows = await host.query(sql, after, PAGE);
    if (rows.length === 0) return counts;
    for (const { seq, id } of rows) {
      counts.set(id, (counts.get(id) ?? 0) + 1);
      after = Math.max(after, seq);
    }
  }
}

function events(load, counts) {
  const lost = [...load.accepted].filter((id) => !counts.has(id));
  const doubled = [...counts].filter(([id, count]) => load.accepted.has(id) && count > 1);
  return { lost: lost.length, doubled: doubled.length };
}

/** What the provider's own ledger has for each contact, against what it must have. */
function messages(load, accepted) {
  const got = new Map();
  for (const { to } of accepted) {
    const name = to[0].split("@")[0];
    got.set(name, (got.get(name) ?? 0) + 1);
  }
  const missing = [];
  let doubled = 0;
  let afterStop = 0;
  for (const [name, kind] of load.contacts) {
    const count = got.get(name) ?? 0;
    const wanted = KINDS[kind].messages;
    if (count < wanted) missing.push(name);
    if (wanted === 0) afterStop += count;
    else if (count > wanted) doubled += count - wanted;
  }
  return { missing, doubled, afterStop };
}

/** decided = sent + suppressed + unknown + pending, and nothing is pending at the end. */
async function accounts(host) {
  const decided = (await host.query("SELECT count(DISTINCT send) AS n FROM decisions WHERE outcome = 'send'"))[0].n;
  const states = await host.query("SELECT state, count(*) AS n FROM sends GROUP BY state");
  const of = (...names) => states.reduce((sum, { state, n }) => sum + (names.includes(state) ? n : 0), 0);
  const sums = { sent: of("sent"), suppressed: of("suppressed", "failed"), unknown: of("unknown") };
  const pending = of("queued", "claimed");
  const explained = sums.sent + sums.suppressed + sums.unknown + pending === decided;
  return { decided, ...sums, pending, explained };
}

/**
 * Everything that came of a run, and whether every promise was kept.
 * @param {import("./chaos-host.mjs").Host} host
 * @param {import("./chaos-load.mjs").Load} load
 */
export async function check(host, load) {
  const accepted = await host.accepted();
  const { doubled: keys, counters } = await host.provider({});
  const stored = events(load, await journalCounts(host));
  const sent = messages(load, accepted);
  const account = await accounts(host);
  const asideRows = await host.query("SELECT count(*) AS n FROM rejected_events");
  const result = {
    events: load.accepted.size,
    contacts: load.contacts.size,
    messages: accepted.length,
    lost: stored.lost,
    storedTwice: stored.doubled,
    timersLost: sent.missing.filter((name) => !name.startsWith("once")).length,
    messagesLost: sent.missing.length,
    doubled: sent.doubled + keys.length,
    afterStop: sent.afterStop,
    repeatedCalls: accepted.reduce((sum, { calls }) => sum + calls - 1, 0),
    conflicts: counters.conflicts,
    setAside: asideRows[0].n,
    account,
  };
  const { lost, storedTwice, messagesLost, doubled, afterStop, conflicts, setAside } = result;
  const faults = lost + storedTwice + messagesLost + doubled + afterStop + conflicts + setAside;
  return { ...result, good: faults === 0 && account.explained && account.pending === 0 };
}
