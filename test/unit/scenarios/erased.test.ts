import { describe, expect, it } from "vitest";
import { emptyBundle, withoutContacts } from "../../../src/scenarios/bundle";
import { playRound } from "../../../src/scenarios/shard";
import type { Briefing } from "../../../src/scenarios/shard-port";
import { EMPTY_STATE } from "../../../src/scenarios/state";
import { facts, NOW, playbook } from "./facts";
import { scenario } from "./scenario";

const greeting = scenario({
  start: { type: "start.event", params: { event: "Hello" }, next: { next: "send" } },
  send: { type: "send.email", params: { content: "hello" } },
});

const briefing: Briefing = {
  revision: 1,
  playbook: playbook({ greeting }),
  policy: () => ({ killed: [], ready: ["email"], holdout: 0, maxLatenessMs: 1_000 }),
  makeSend: ({ send }, { contact }) => [contact, send],
};

const gone = facts({ profile: { status: "erased", email: null, consents: {} } });
const hello = { type: "event", name: "Hello", id: "e-1", at: NOW };
const waiting = {
  scenario: "greeting",
  entryKey: "k",
  enteredAt: 0,
  endedAt: 0,
  outcome: "goal",
  lastSendAt: 0,
} as const;

describe("a shard that hears of somebody who was erased", () => {
  it("lets all go that they had, without a trace", () => {
    const known = new Map([[1, { seq: 3, state: { ...EMPTY_STATE, past: [waiting] } }]]);
    const erased = { contact: 1, seq: 4, happenings: [{ type: "erased", at: NOW }], facts: gone };
    const round = playRound([erased], known, new Map(), new Set(), briefing, NOW);
    expect(round).toEqual({
      changes: [{ contact: 1, seq: 4, state: EMPTY_STATE, due: null }],
      bundle: null,
      parked: [],
      errors: [],
    });
  });

  it("begins nothing for an event that was on its way", () => {
    const late = { contact: 1, seq: 5, happenings: [hello], facts: gone };
    expect(playRound([late], new Map(), new Map(), new Set(), briefing, NOW).changes).toEqual([]);
    const alive = { ...late, facts: facts() };
    expect(playRound([alive], new Map(), new Map(), new Set(), briefing, NOW).bundle?.sends).toHaveLength(1);
  });
});

describe("a bundle", () => {
  it("loses what it says of some contacts, and is the same where it says nothing of them", () => {
    const bundle = {
      ...emptyBundle(),
      sends: [
        [1, "a"],
        [2, "b"],
      ],
      decisions: [[1, "c"]],
      unparked: [1],
    };
    expect(withoutContacts(bundle, new Set([1]))).toEqual({ ...emptyBundle(), sends: [[2, "b"]] });
    expect(withoutContacts(bundle, new Set([3]))).toBe(bundle);
  });
});
