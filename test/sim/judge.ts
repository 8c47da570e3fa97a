import type { LedgerEvent } from "../../src/events/event";
import { type Given, SCENARIOS } from "./shoppers";
import type { System } from "./system";

/** What each kind of shopper must have got in the end, by scenario; others may have been stopped in time. */
const PROMISED: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  p: { at_once: 2, waiter: 1, cart: 1, gift: 2 },
  v: { cart: 1 },
  m: { at_once: 1, waiter: 1, gift: 1 },
  q: { waiter: 1 },
};

/** Every promise that the run broke, in words. Empty is good. */
export function judge(system: System, given: readonly Given[]): string[] {
  return [
    ...journal(system, given),
    ...messages(system, given),
    ...breaches(system, given),
    ...accounts(system),
    ...acts(system),
    ...leftovers(system),
  ];
}

/** The ids of the journal's events in their order. */
function journalIds({ database }: System): string[] {
  const rows = database.all<{ body: string }>("SELECT body FROM journal ORDER BY seq");
  return rows.flatMap(({ body }) => (JSON.parse(body) as LedgerEvent[]).map(({ id }) => id));
}

function journal(system: System, given: readonly Given[]): string[] {
  const times = new Map<string, number>();
  for (const id of journalIds(system)) times.set(id, (times.get(id) ?? 0) + 1);
  return given.flatMap(({ id }) => {
    const count = times.get(id) ?? 0;
    return count === 1 ? [] : [`event ${id} stands ${count} times in the journal`];
  });
}

function messages(system: System, given: readonly Given[]): string[] {
  const { provider } = system;
  const faults: string[] = [];
  const counts = new Map<string, number>();
  const ids = new Set<string>();
  for (const { id, to, scenario } of provider.accepted) {
    if (ids.has(id)) faults.push(`message ${id} was accepted twice`);
    ids.add(id);
    const key = `${to.split("@")[0]} ${scenario}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  for (const id of provider.conflicts) faults.push(`message ${id} was repeated with other bytes`);
  for (const user of new Set(given.map((one) => one.user))) {
    const promised = PROMISED[user[0] ?? ""];
    for (const scenario of Object.keys(SCENARIOS)) {
      const got = counts.get(`${user} ${scenario}`) ?? 0;
      const most = ["at_once", "gift"].includes(scenario) && promised ? (promised[scenario] ?? 0) : 1;
      if (promised && got < (promised[scenario] ?? 0)) faults.push(`${user} never got ${scenario}`);
      if (got > most) faults.push(`${user} got ${scenario} ${got} times`);
    }
  }
  return faults;
}

/** Messages whose permit was asked for after an order or a withdrawal had been answered. */
function breaches({ provider }: System, given: readonly Given[]): string[] {
  return provider.accepted.flatMap(({ to, scenario, askedAt }) => {
    const user = to.split("@")[0];
    const stops = given.filter((one) => one.user === user && one.tick < askedAt);
    const withdrawn = stops.some(({ name }) => name === "withdrawal");
    const ordered = !["at_once", "gift"].includes(scenario) && stops.some(({ name }) => name === "Order Completed");
    if (withdrawn) return [`${user} got ${scenario} after the withdrawal`];
    return ordered ? [`${user} got ${scenario} after the order`] : [];
  });
}

/** Every decision to send is one send, and every send ended. */
function accounts({ database }: System): string[] {
  const one = <T>(sql: string) => database.all<T>(sql)[0];
  const decided = one<{ n: number }>("SELECT count(DISTINCT send) AS n FROM decisions WHERE outcome = 'send'")?.n ?? 0;
  const states = database.all<{ state: string; n: number }>("SELECT state, count(*) AS n FROM sends GROUP BY state");
  const sum = states.reduce((total, { n }) => total + n, 0);
  const faults = decided === sum ? [] : [`${decided} sends decided, ${sum} rows`];
  for (const { state, n } of states) if (state !== "sent" && state !== "suppressed") faults.push(`${n} sends ${state}`);
  return faults;
}

/** What runs have done is done, once: one coupon for everybody who asked, and one word on each act. */
function acts({ database }: System): string[] {
  const undone = database.all<{ state: string; result: string }>(
    "SELECT state, result FROM acts WHERE state <> 'done'",
  );
  const asked = database.all("SELECT DISTINCT contact FROM acts").length;
  const issued = database.all("SELECT code FROM coupons").length;
  const words = journalIds({ database } as System).filter((id) => id.startsWith("acted."));
  return [
    ...undone.map(({ state, result }) => `an act is ${state}: ${result}`),
    ...(asked === issued ? [] : [`${asked} contacts had a coupon issued, and got ${issued}`]),
    ...(new Set(words).size === words.length ? [] : ["an act was told of twice"]),
  ];
}

function leftovers({ database, disks }: System): string[] {
  const faults: string[] = [];
  const count = (sql: string) => database.all<{ n: number }>(sql)[0]?.n ?? 0;
  if (count("SELECT count(*) AS n FROM sends WHERE open = 1") > 0) faults.push("sends are open");
  if (count("SELECT count(*) AS n FROM side_journal") > 0) faults.push("the side journal was not read");
  if (count("SELECT count(*) AS n FROM rejected_events") > 0) faults.push("good events were set aside");
  if (count("SELECT count(*) AS n FROM merges WHERE step <> 'done'") > 0) faults.push("merges are not done");
  for (const [name, { file }] of disks) {
    const has = (sql: string) => (file.all<{ n: number }>(sql)[0]?.n ?? 0) > 0;
    if (!file.all("SELECT 1 FROM sqlite_master WHERE name = 'outbox'").length) continue;
    if (has("SELECT count(*) AS n FROM outbox")) faults.push(`${name} owes rows`);
    if (has("SELECT count(*) AS n FROM parked")) faults.push(`${name} has parked contacts`);
    const moving = "state ->> 'awaiting' IS NOT NULL OR state ->> 'leaving' IS NOT NULL";
    if (has(`SELECT count(*) AS n FROM contact WHERE ${moving}`)) faults.push(`${name} has state on its way`);
    if (has("SELECT count(*) AS n FROM contact WHERE due IS NOT NULL")) faults.push(`${name} has timers left`);
  }
  return faults;
}
