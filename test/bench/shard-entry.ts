import { playRound } from "../../src/scenarios/shard";
import { ShardStore } from "../../src/scenarios/shard-store";
import type { ContactState, HeldSend, Run } from "../../src/scenarios/state";
import { ObjectDisk } from "../sim/database";
import { facts, NOW, playbook } from "../unit/scenarios/facts";
import { scenario } from "../unit/scenarios/scenario";

const RUNS = 10;
const HELD = 40;
const CONTACTS = 1_200;

const definition = scenario({
  start: { type: "start.event", params: { event: "Begun" }, next: { next: "wait" } },
  wait: { type: "wait.for", params: { duration: "PT1H" }, next: { next: "ask" } },
  ask: {
    type: "if.targeting",
    params: { rule: { type: "consent", key: "email" } },
    next: { yes: "letter", no: "out" },
  },
  letter: { type: "send.email", params: { content: "hello" }, next: { next: "on" } },
  on: { type: "wait.for", params: { duration: "P1D" }, next: { next: "out" } },
  out: { type: "exit" },
});

const run = (index: number): Run => ({
  id: `run_4q0v7e2m9k1d8f3h5${index}`,
  scenario: "s",
  version: 1,
  entryKey: `k${index}`,
  enteredAt: NOW,
  since: NOW,
  cart: null,
  block: "wait",
  visits: { start: 1, wait: 1 },
  due: NOW + 1_000 * index,
  sends: {},
  lastSendAt: null,
  signals: {},
  about: { reason: "bench" },
  path: [{ block: "start", at: NOW, output: "next" }],
});
const held = (index: number): HeldSend => ({
  run: `run_4q0v7e2m9k1d8f3h6${index}`,
  scenario: "s",
  version: 1,
  block: "letter",
  channel: "email",
  content: "hello",
  send: `msg_4q0v7e2m9k1d8f3h6${index}`,
  plannedAt: NOW,
  askAt: NOW + 500 * index,
});
const state: ContactState = {
  watches: [],
  runs: Array.from({ length: RUNS }, (_, index) => run(index)),
  held: Array.from({ length: HELD }, (_, index) => held(index)),
  past: [],
};

const briefing = {
  revision: 1,
  playbook: playbook({ s: definition }),
  policy: () => ({ killed: [], ready: ["email"], holdout: 0, maxLatenessMs: 86_400_000 }),
  makeSend: () => null,
};
const store = new ShardStore(ObjectDisk.named("bench").storage(() => undefined));
store.migrate();
const everybody = Array.from({ length: CONTACTS }, (_, index) => index + 1);
store.commit(
  everybody.map((contact) => ({ contact, seq: 0, due: NOW, state })),
  null,
  [],
);
const LATER = NOW + 60_000;

/** Everything of one contact is due: read, worked out and committed. Tells how many decisions came of it. */
export function handle(contact: number): number {
  const known = store.read([contact]);
  const about = new Map([[contact, facts({ contact })]]);
  const wake = [{ contact, seq: -1, happenings: [], facts: null }];
  const round = playRound(wake, known, about, store.parkedContacts(), briefing, LATER);
  store.commit(round.changes, round.bundle, round.parked);
  return round.bundle?.decisions.length ?? 0;
}

/** The ceiling: the same state read and committed, and nothing worked out. */
export function bare(contact: number): void {
  const known = store.read([contact]).get(contact);
  if (known) store.commit([{ contact, ...known }], null, []);
}

export const SIZE = { contacts: CONTACTS, decisions: RUNS + HELD };
