import { describe, expect, test, vi } from "vitest";
import type { Breakage, Verdict } from "./simulate";

vi.mock("cloudflare:workers", () => ({
  DurableObject: class {
    constructor(
      readonly ctx: unknown,
      readonly env: unknown,
    ) {}
  },
}));
const { simulate } = await import("./simulate");

/** `npm run prove` asks for more; one seed that failed is followed with RELANCE_TRACE=1 RELANCE_FIRST_SEED=… */
const SEEDS = Number(process.env["RELANCE_SEEDS"] ?? 200);
const FIRST = Number(process.env["RELANCE_FIRST_SEED"] ?? 1);
const trace = process.env["RELANCE_TRACE"] ? (line: string) => process.stdout.write(`${line}\n`) : undefined;
const TIMEOUT = 60_000 + SEEDS * 1_000;

/** What the seeds together must have gone through, or they prove nothing. */
const MUST_HAPPEN = [
  "crashes",
  "crash before ledger batch",
  "crash after ledger batch",
  "crash before call of wake",
  "crash before call of handOver",
  "crash after call of handOver",
  "answer lost of call of handOver",
  "crash before outbox copy",
  "crash after outbox copy",
  "crash before provider call",
  "crash after provider call",
  "crash before settle",
  "answer lost of ledger batch",
  "answer lost of outbox copy",
  "answer lost of permit",
  "answer lost of provider call",
  "answer lost of settle",
  "alarms lost",
  "queue delivers twice",
  "provider says 429",
  "provider knows the key",
  "events sent again",
  "events repeated",
  "log: ledger not reached",
  "log: group not stored",
  "log: wake failed",
  "log: queue not reached",
  "log: act failed",
];

test(
  "in every order of steps, and whatever fails on the way, no promise is broken",
  async () => {
    const happened = new Map<string, number>();
    const broken: string[] = [];
    for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
      const verdict = await simulate(seed, {}, trace);
      for (const [what, times] of verdict.happened) happened.set(what, (happened.get(what) ?? 0) + times);
      if (verdict.faults.length > 0) broken.push(`seed ${seed}: ${verdict.faults.join("; ")}`);
    }
    const figures = ["crashes", "events answered", "messages", "provider knows the key"];
    console.log(`${SEEDS} seeds: ${figures.map((what) => `${happened.get(what) ?? 0} ${what}`).join(", ")}`);
    expect(broken).toEqual([]);
    if (SEEDS >= 100) expect(MUST_HAPPEN.filter((what) => !happened.has(what))).toEqual([]);
  },
  TIMEOUT,
);

describe("the simulation notices when there is", () => {
  const breakages: readonly (readonly [string, Breakage])[] = [
    ["no sweep", { sweeps: false }],
    [
      "nobody who looks for acts that were not done",
      { mutate: without("a.state = 'pending' AND a.next_at <= ?1", "a.next_at < 0") },
    ],
    ["no idempotency key", { idempotencyKeys: false }],
    [
      "no unique row for a send",
      { mutate: without(/,\s*PRIMARY KEY \(contact, id\)\s*\) WITHOUT ROWID(?=;\s*-- What)/, ")") },
    ],
    ["a permit that does not wait for the wakes", { permitWaits: false }],
    ["consent checked at the decision alone", { mutate: without("THEN 'consent_withdrawn'", "THEN 'permitted'") }],
    ["a permit that does not ask for stops", { mutate: without("THEN 'run_stopped'", "THEN 'permitted'") }],
    ["a claim that never runs out", { mutate: without("OR s.lease_until <= ?2", "") }],
    ["a cursor that counts wakes as done before they are", { mutate: without("woken = max(woken, ?4)", "woken = ?3") }],
    ["a permit that does not know who stands for a merged contact", { mutate: without("o.merged_into IS NULL", "1") }],
    [
      "a permit that does not wait for a merge",
      { mutate: without(/OR EXISTS \(SELECT 1 FROM merges m INDEXED BY.*?m\.loser IN \(s\.contact, c\.id\)\)\)/, "") },
    ],
    [
      "a ledger that overtakes its side journal",
      { mutate: without(/NOT EXISTS \(SELECT 1 FROM side_journal WHERE id <= \?5\)/, "?5 > 0") },
    ],
    [
      "a ring of ids that a restart forgets",
      { mutate: without(/^(SELECT id, .*), ring, (?=.*FROM contacts)/, "$1, '' AS ring, ") },
    ],
  ];

  test.each(breakages)("%s", async (_, breakage) => {
    let caught: Verdict | null = null;
    for (let seed = 1; seed <= 100 && caught === null; seed++) {
      const verdict = await simulate(seed, breakage);
      if (verdict.faults.length > 0) caught = verdict;
    }
    expect(caught?.faults[0]).toMatch(/got|stands|accepted twice|decided|sends|timers/);
  });
});

test("the same seed gives the same run", async () => {
  const [one, other] = [await simulate(7), await simulate(7)];
  expect([...one.happened]).toEqual([...other.happened]);
});

function without(what: string | RegExp, instead: string): (sql: string) => string {
  return (sql) => sql.replace(what, instead);
}
