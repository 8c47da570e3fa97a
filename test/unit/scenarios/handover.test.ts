import { describe, expect, it } from "vitest";
import type { Handover } from "../../../src/scenarios/handover";
import { heardOf, receiveShare, shareOf, withoutShare } from "../../../src/scenarios/handover";
import { Reaction } from "../../../src/scenarios/react";
import { playRound } from "../../../src/scenarios/shard";
import type { ContactState, Run, Share, Watch } from "../../../src/scenarios/state";
import { EMPTY_STATE } from "../../../src/scenarios/state";
import { facts, NOW, playbook } from "./facts";
import { scenario } from "./scenario";

const out = (handover: string, merge: string | null = null) => ({
  type: "handover.out" as const,
  at: NOW,
  handover,
  merge,
});
const into = (handover: string) => ({ type: "handover.in" as const, at: NOW, handover });

const run = (entryKey: string, of = "s"): Run => ({
  id: `run-${of}-${entryKey}`,
  scenario: of,
  version: 1,
  entryKey,
  enteredAt: NOW,
  cart: null,
  since: NOW,
  block: "wait",
  visits: { wait: 1 },
  due: NOW + 1_000,
  sends: {},
  lastSendAt: null,
  signals: {},
});
const watch = (cart: string, lastAt: number): Watch => ({
  scenario: "carts",
  version: 1,
  cart,
  openedAt: lastAt,
  lastAt,
  due: lastAt + 1_000,
});
const state = (change: Partial<ContactState>): ContactState => ({ ...EMPTY_STATE, ...change });
const there: Handover = { id: "m", from: 2, to: 1, merge: "m", isUndo: false };
const back: Handover = { id: "m.undo", from: 1, to: 2, merge: "m", isUndo: true };

/** One whole way from one state to another. */
function handOver(from: ContactState, to: ContactState, handover: Handover): [ContactState, ContactState] {
  const aside = heardOf(from, out(handover.id, handover.isUndo ? handover.merge : null));
  const share = shareOf(aside, handover.id) as Share;
  const { state: received } = receiveShare(heardOf(to, into(handover.id)), share, handover, NOW);
  return [withoutShare(aside, handover.id), received];
}

describe("a state on its way to another contact's shard", () => {
  it("is set aside as a whole, and nothing of it fires any more", () => {
    const before = state({ runs: [run("a")], watches: [watch("c", NOW)] });
    const aside = heardOf(before, out("m"));
    expect(aside).toMatchObject({ runs: [], watches: [] });
    expect(shareOf(aside, "m")).toMatchObject({ runs: [{ entryKey: "a" }], watches: [{ cart: "c" }] });
  });

  it("arrives with the mark of where it came from, once", () => {
    const [, winner] = handOver(state({ runs: [run("a")] }), state({ runs: [run("b")] }), there);
    expect(winner.runs).toEqual([run("b"), { ...run("a"), origin: 2, via: ["m"] }]);
    const again = receiveShare(winner, { runs: [run("a")], watches: [], held: [], past: [] }, there, NOW);
    expect(again).toEqual({ state: winner, effects: [] });
  });

  it("is joined by entry key: a run that finds its like ends, with its messages", () => {
    const to = heardOf(state({ runs: [run("a")] }), into("m"));
    const { state: joined, effects } = receiveShare(
      to,
      { runs: [run("a")], watches: [], held: [], past: [] },
      there,
      NOW,
    );
    expect(joined.runs).toEqual([run("a")]);
    expect(effects).toMatchObject([
      { kind: "exited", outcome: "superseded", reason: "merged", run: { origin: 2 } },
      { kind: "stopped", origin: 2 },
    ]);
  });

  it("takes home what came of a cart that was brought, whose rows stay its owner's", () => {
    const [loser, winner] = handOver(state({ watches: [watch("c", NOW)] }), EMPTY_STATE, there);
    const start = { type: "start.event", params: { event: "cart.abandoned", inactivity: { duration: "PT30M" } } };
    const send = { type: "send.email", params: { content: "hello" } };
    const definition = scenario({ start: { ...start, next: { next: "send" } }, send });
    const policy = { killed: [], ready: ["email" as const], holdout: 0, maxLatenessMs: 1_000 };
    const around = {
      playbook: playbook({ carts: definition }),
      facts: facts(),
      policy: () => policy,
      now: NOW + 1_000,
    };
    const reaction = new Reaction(winner, around);
    reaction.passTime(NOW + 1_000);
    expect(reaction.effects).toMatchObject([{ kind: "refused", reason: "cart_gone", origin: 2 }]);
    const [left, home] = handOver(reaction.state, loser, back);
    expect(left.past).toEqual([]);
    expect(home.past).toMatchObject([{ scenario: "carts", outcome: "refused" }]);
  });

  it("keeps one inactivity timer for a scenario: that of the cart which was touched last", () => {
    const [, winner] = handOver(
      state({ watches: [watch("theirs", NOW)] }),
      state({ watches: [watch("own", NOW - 1)] }),
      there,
    );
    expect(winner.watches).toMatchObject([{ cart: "theirs", origin: 2 }]);
  });

  it("goes home as it came, and what the winner began itself stays", () => {
    const [loser, winner] = handOver(state({ runs: [run("a")] }), state({ runs: [run("b")] }), there);
    const [left, home] = handOver(winner, loser, back);
    expect(home).toEqual(state({ runs: [run("a")] }));
    expect(left).toEqual(state({ runs: [run("b")] }));
  });

  it("that came by way of another goes back one step at a time", () => {
    const [, second] = handOver(state({ runs: [run("a")] }), EMPTY_STATE, {
      ...there,
      id: "m1",
      merge: "m1",
      from: 3,
      to: 2,
    });
    const [rest, first] = handOver(second, EMPTY_STATE, there);
    expect(first.runs).toMatchObject([{ origin: 3, via: ["m1", "m"] }]);
    const [, again] = handOver(first, rest, back);
    expect(again.runs).toEqual([{ ...run("a"), origin: 3, via: ["m1"] }]);
  });
});

describe("a shard that hears of a merge", () => {
  const definition = scenario({
    start: { type: "start.event", params: { event: "Go" }, next: { next: "end" } },
    end: { type: "exit" },
  });
  const briefing = {
    revision: 1,
    playbook: playbook({ s: definition }),
    policy: () => ({ killed: [], ready: ["email"], holdout: 0, maxLatenessMs: 1_000 }),
    makeSend: () => null,
  };
  const go = { type: "event", at: NOW, id: "go", name: "Go" };
  const play = (entries: Parameters<typeof playRound>[0], known: Parameters<typeof playRound>[1] = new Map()) =>
    playRound(entries, known, new Map([[1, facts({ contact: 1 })]]), new Set(), briefing, NOW);

  it("hears what came before it and lets what comes behind it wait", () => {
    const later = { ...go, id: "later" };
    const round = play([
      { contact: 1, seq: 7, happenings: [go, into("m"), later], facts: null },
      { contact: 1, seq: 8, happenings: [later], facts: null },
    ]);
    expect(round.changes).toMatchObject([{ seq: 7, state: { awaiting: ["m"], past: [{ entryKey: "go" }] } }]);
    expect(round.parked).toMatchObject([
      { seq: 7.5, happenings: [later] },
      { seq: 8, happenings: [later] },
    ]);
    expect(round.errors).toEqual([]);
  });

  it("ignores what it heard before while it waits, and keeps what is new", () => {
    const known = new Map([[1, { seq: 7, state: state({ awaiting: ["m"] }) }]]);
    const round = play([{ contact: 1, seq: 7, happenings: [go, into("m")], facts: null }], known);
    expect(round).toMatchObject({ changes: [], parked: [] });
    expect(play([{ contact: 1, seq: 9, happenings: [go], facts: null }], known).parked).toHaveLength(1);
  });
});
