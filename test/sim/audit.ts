import type { ContactState } from "../../src/scenarios/state";
import { DAY, HOUR, MINUTE, SECOND } from "../../src/shared/clock";
import { lateBy, note } from "./noted";
import type { System } from "./system";
import type { Timeline } from "./timeline";
import type { Answered } from "./visitors";
import { STEADY } from "./visitors";

export interface RunRow {
  readonly contact: number;
  readonly id: string;
  readonly scenario: string;
  readonly version: number;
  readonly entry_key: string;
  readonly entered_at: number;
  readonly exited_at: number | null;
  readonly outcome: string | null;
  readonly reason: string | null;
  readonly path: string | null;
}

export interface DecisionRow {
  readonly id: string;
  readonly contact: number;
  readonly send: string;
  readonly run: string;
  readonly outcome: string;
  readonly reason: string;
  readonly inputs: string;
  readonly at: number;
}

export interface SendRow {
  readonly id: string;
  readonly run: string;
  readonly class: string;
  readonly state: string;
  readonly open: number;
  readonly next_at: number;
}

/** Everything that the world came to, read once. */
export interface Books {
  readonly system: System;
  readonly timeline: Timeline;
  readonly answered: readonly Answered[];
  readonly runs: readonly RunRow[];
  readonly decisions: readonly DecisionRow[];
  readonly sends: readonly SendRow[];
  readonly stops: (run: RunRow) => readonly string[];
  readonly states: ReadonlyMap<number, { readonly due: number | null; readonly state: ContactState }>;
}

/** Every promise that sixteen days broke, in words, and what became of whoever's facts stood still (null: no telling). */
export function audit(
  system: System,
  answered: readonly Answered[],
  timeline: Timeline,
): { readonly faults: string[]; readonly steady: readonly string[] | null } {
  const books = readBooks(system, answered, timeline);
  note(books);
  const faults = [journal, provider, breaches, accounts, entries, order, timers, circles, acts, leftovers].flatMap(
    (ask) => ask(books),
  );
  return { faults, steady: steadyLines(books) };
}

function readBooks(system: System, answered: readonly Answered[], timeline: Timeline): Books {
  const { database, disks } = system;
  const definitions = new Map(
    database
      .all<{ scenario: string; version: number; definition: string }>("SELECT * FROM scenario_versions")
      .map(({ scenario, version, definition }) => [
        `${scenario} ${version}`,
        (JSON.parse(definition) as { stop_on: string[] }).stop_on,
      ]),
  );
  const states: Books["states"] = new Map(
    [...disks].flatMap(([name, { file }]) => {
      if (!name.startsWith("shard-")) return [];
      return file
        .all<{ id: number; due: number | null; state: string }>("SELECT id, due, state FROM contact")
        .map(({ id, due, state }) => [id, { due, state: JSON.parse(state) as ContactState }] as const);
    }),
  );
  return {
    system,
    timeline,
    answered,
    runs: database.all<RunRow>("SELECT * FROM runs"),
    decisions: database.all<DecisionRow>("SELECT * FROM decisions"),
    sends: database.all<SendRow>("SELECT * FROM sends"),
    stops: ({ scenario, version }) => definitions.get(`${scenario} ${version}`) ?? [],
    states,
  };
}

/** How many others of its contact's events an id is known behind, whatever they are. */
const RING = 96;

/** Each event that was answered stands in the journal once, unless it was repeated behind more than is kept in mind. */
function journal({ system, timeline, answered }: Books): string[] {
  const owners = system.database.all<{ identity: string; contact: number }>("SELECT identity, contact FROM identities");
  const contacts = new Map(owners.map(({ identity, contact }) => [identity, contact]));
  const heard = new Map<number, number>();
  const places = new Map<string, number>();
  const twice: string[] = [];
  for (const { body } of system.database.all<{ body: string }>("SELECT body FROM journal ORDER BY seq")) {
    for (const event of JSON.parse(body) as { id: string; user?: string; contact?: number }[]) {
      const contact = event.contact ?? contacts.get(`u:${event.user}`) ?? 0;
      const place = (heard.get(contact) ?? 0) + 1;
      heard.set(contact, place);
      // Our own events have one id for all contacts.
      const id = event.contact === undefined ? event.id : `${event.id} of ${event.contact}`;
      const before = places.get(id);
      places.set(id, place);
      if (before === undefined) continue;
      if (place - before > RING) timeline.count("a repeat came behind a full ring", id);
      else twice.push(`event ${id} stands twice in the journal`);
    }
  }
  return [
    ...answered.filter(({ id }) => !places.has(id)).map(({ id }) => `event ${id} is not in the journal`),
    ...twice,
  ];
}

function provider({ system, sends }: Books): string[] {
  const { accepted, conflicts } = system.provider;
  const ids = new Set<string>();
  const faults = conflicts.map((id) => `message ${id} was repeated with other bytes`);
  for (const { id } of accepted) {
    if (ids.has(id)) faults.push(`message ${id} was accepted twice`);
    ids.add(id);
  }
  const known = new Set(sends.map(({ id }) => id));
  for (const id of ids) if (!known.has(id)) faults.push(`message ${id} got out without a row`);
  for (const { id, state } of sends) {
    if (state === "sent" && !ids.has(id)) faults.push(`message ${id} stands as sent and never got out`);
  }
  return faults;
}

/** Messages whose permit was asked for after an order or a withdrawal had been answered. */
function breaches({ system, answered, runs, sends, stops }: Books): string[] {
  const runOf = new Map(runs.map((run) => [run.id, run]));
  const sendOf = new Map(sends.map((send) => [send.id, send]));
  const asked = new Set(
    system.database
      .all<{ contact: number }>("SELECT contact FROM acts WHERE kind = 'subscribe'")
      .map(({ contact }) => contact),
  );
  return system.provider.accepted.flatMap(({ id, to, askedAt }) => {
    const [person, send] = [to.split("@")[0], sendOf.get(id)];
    const run = send && runOf.get(send.run);
    if (!send || !run) return [];
    const before = answered.filter((deed) => deed.person === person && deed.tick < askedAt);
    const lastWord = before.filter(({ what }) => what.name === "withdrawal" || what.name === "grant").at(-1);
    const withdrawn = lastWord?.what.name === "withdrawal" && send.class === "marketing" && !asked.has(run.contact);
    const ordered = stops(run).includes("order") && before.some((deed) => isOrderAfter(deed, run, answered));
    if (withdrawn) return [`${person} got ${id} of ${run.scenario} after the withdrawal`];
    return ordered ? [`${person} got ${id} of ${run.scenario} after the order`] : [];
  });
}

/** An order that was not told before, of after the entry, however the clocks went. */
function isOrderAfter(deed: Answered, { entered_at }: RunRow, answered: readonly Answered[]): boolean {
  const idOf = ({ what }: Answered): unknown => what.properties?.["order_id"];
  if (deed.what.name !== "Order Completed" || deed.at < entered_at + 11 * MINUTE) return false;
  return answered.find((other) => other.what.name === "Order Completed" && idOf(other) === idOf(deed)) === deed;
}

/** decided = sent + suppressed + unknown + pending. */
function accounts({ decisions, sends }: Books): string[] {
  const decided = new Set(decisions.filter(({ outcome }) => outcome === "send").map(({ send }) => send));
  const known = new Set(["sent", "suppressed", "unknown", "queued", "claimed"]);
  const counted = sends.filter(({ state }) => known.has(state)).length;
  return decided.size === counted && sends.every(({ id }) => decided.has(id))
    ? []
    : [`${decided.size} sends decided, ${counted} of ${sends.length} rows stand for one`];
}

function entries({ runs }: Books): string[] {
  const keys = new Set<string>();
  return runs.flatMap(({ contact, scenario, entry_key }) => {
    const key = `${contact} ${scenario} ${entry_key}`;
    const isKnown = keys.has(key);
    keys.add(key);
    return isKnown ? [`two runs stand for the entry ${key}`] : [];
  });
}

/** Whatever ends a run comes before anything else: nothing of it is later than its end. */
function order({ runs }: Books): string[] {
  return runs.flatMap(({ id, exited_at: end, path }) => {
    const passages = JSON.parse(path ?? "[]") as (readonly [block: string, at: number, output: string])[];
    const late = passages.some(([, at]) => end !== null && at > end);
    return late ? [`run ${id} went on after its end`] : [];
  });
}

/** Each timer fires when it is due, unless something that happened says why not; none is left behind, and no run waits for nothing. */
function timers({ system, timeline, decisions, states, runs }: Books): string[] {
  const late = decisions.flatMap(({ id, send, at, inputs }) => {
    // The last look comes whenever the queue does.
    const by = id.endsWith(".last") ? 0 : lateBy(inputs);
    return by > 0 && at > timeline.excusedUntil(at - by)
      ? [`${send}, due at ${new Date(at - by).toISOString()}, was decided at ${new Date(at).toISOString()}`]
      : [];
  });
  const alive = new Map(
    system.database
      .all<{ id: string; state: string }>("SELECT id, state FROM scenarios")
      .map(({ id, state }) => [id, state]),
  );
  const open = new Set(runs.filter(({ exited_at }) => exited_at === null).map(({ id }) => id));
  const stuck = [...states].flatMap(([contact, { due, state }]) => {
    const faults =
      due !== null && due < timeline.now - 10 * MINUTE ? [`contact ${contact} has a timer that never fired`] : [];
    for (const run of state.runs) {
      if (run.due === null) faults.push(`run ${run.id} waits for nothing`);
      if (!open.delete(run.id) && alive.get(run.scenario) !== "archived")
        faults.push(`run ${run.id} is not known as open`);
    }
    return faults;
  });
  return [...late, ...stuck, ...[...open].map((run) => `run ${run} is open, and nobody has it`)];
}

/** Circles come to an end: a contact enters no scenario and begins nothing more often in two days than is allowed. */
function circles({ runs, system }: Books): string[] {
  const days = new Map<string, number>();
  const count = (key: string): void => void days.set(key, (days.get(key) ?? 0) + 1);
  for (const { contact, scenario, outcome, entered_at } of runs) {
    if (outcome !== "refused") count(`${contact} entered ${scenario} on ${Math.floor(entered_at / DAY)}`);
  }
  const faults = [...days].filter(([, times]) => times > 200).map(([what, times]) => `${what} ${times} times`);
  const long = runs.filter(({ path }) => (JSON.parse(path ?? "[]") as unknown[]).length > 101);
  const begun = system.database.all<{ n: number }>(
    "SELECT count(*) AS n FROM acts WHERE kind IN ('begin.scenario', 'emit.event') AND state = 'done' GROUP BY contact, scenario, at / 86400000 HAVING n > 500",
  );
  return [
    ...faults,
    ...long.map(({ id }) => `run ${id} goes in circles`),
    ...begun.map(({ n }) => `${n} were begun in a day`),
  ];
}

/** What runs have done is told of once, and nothing that is due is left undone. */
function acts({ system, timeline }: Books): string[] {
  const words = new Map<string, number>();
  for (const { body } of system.database.all<{ body: string }>("SELECT body FROM journal")) {
    for (const { id } of JSON.parse(body) as { id: string }[]) {
      if (id.startsWith("acted.")) words.set(id, (words.get(id) ?? 0) + 1);
    }
  }
  const left = system.database.all<{ id: string }>("SELECT id FROM acts WHERE state = 'pending' AND next_at < ?1", [
    timeline.now - 10 * HOUR,
  ]);
  const coupons = system.database.all<{ n: number }>(
    "SELECT count(*) AS n FROM coupons GROUP BY contact, offer HAVING n > 1",
  );
  return [
    ...[...words].filter(([, times]) => times > 1).map(([id]) => `${id} was told twice`),
    ...left.map(({ id }) => `act ${id} was left undone`),
    ...coupons.map(({ n }) => `${n} coupons of one offer for one contact`),
  ];
}

function leftovers({ system, timeline, sends }: Books): string[] {
  const { database, disks } = system;
  const count = (sql: string): number => database.all<{ n: number }>(sql)[0]?.n ?? 0;
  const faults = sends
    .filter(({ open, next_at }) => open === 1 && next_at < timeline.now - 2 * HOUR)
    .map(({ id, state }) => `send ${id} is left ${state}`);
  if (count("SELECT count(*) AS n FROM side_journal") > 0) faults.push("the side journal was not read");
  if (count("SELECT count(*) AS n FROM rejected_events") > 0) faults.push("good events were set aside");
  if (count("SELECT count(*) AS n FROM parked_contacts") > 0) faults.push("contacts are parked");
  for (const [name, { file }] of disks) {
    if (!name.startsWith("shard-")) continue;
    for (const table of ["outbox", "parked"]) {
      if (file.all(`SELECT 1 FROM ${table}`).length > 0) faults.push(`${name} has rows in ${table}`);
    }
  }
  return faults;
}

/** Runs and decisions of whoever's facts stood still; null where a mishap changed what reached the shop, or when. */
function steadyLines({ system, answered, runs, decisions, states }: Books): readonly string[] | null {
  const { database } = system;
  const contact = database.all<{ id: number }>("SELECT id FROM contacts WHERE external_id = ?1", [STEADY])[0]?.id;
  if (answered.some(({ person, late, beside }) => person === STEADY && (late > 2 * SECOND || beside))) return null;
  if (decisions.some(({ reason }) => reason === "too_late")) return null;
  // A run that asks a question goes on when that is answered: later behind a crash, and so does all that it waits for then.
  const late = "SELECT 1 FROM acts WHERE contact = ?1 AND (done_at IS NULL OR done_at > at)";
  if (database.all(late, [contact ?? 0]).length > 0) return null;
  const own = (row: { readonly contact: number }): boolean => row.contact === contact;
  // The answer came, and the run heard of it when it had given up.
  const paths = [...runs.filter(own).map(({ path }) => path), JSON.stringify(states.get(contact ?? 0)?.state)];
  if (paths.some((path) => path?.includes('"unknown"'))) return null;
  return [
    ...runs.filter(own).map(({ id, outcome, reason, path }) => {
      const passages = JSON.parse(path ?? "[]") as { block: string; output: string }[];
      return `run ${id} ${outcome} ${reason} ${passages.map((one) => JSON.stringify(one)).join()}`;
    }),
    ...decisions.filter(own).map(({ send, outcome, reason }) => `message ${send} ${outcome} ${reason}`),
  ].sort();
}
