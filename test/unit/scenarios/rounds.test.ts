import { describe, expect, it } from "vitest";
import { playRound } from "../../../src/scenarios/shard";
import { HOUR } from "../../../src/shared/clock";
import { facts, NOW, playbook } from "./facts";
import { scenario } from "./scenario";

describe("a round", () => {
  const definition = scenario({
    start: { type: "start.event", params: { event: "Begun" }, next: { next: "wait" } },
    wait: { type: "wait.event", params: { event: "Paid", timeout: "PT6H" }, next: { yes: "paid", timeout: "out" } },
    paid: { type: "exit", params: { outcome: "goal", reason: "paid" } },
    out: { type: "exit", params: { outcome: "timeout", reason: "waited" } },
  });
  const briefing = {
    revision: 1,
    playbook: playbook({ s: definition }),
    policy: () => ({ killed: [], ready: ["email"], holdout: 0, maxLatenessMs: 1_000 }),
    makeSend: () => null,
  };
  const told = (name: string, seq: number, at: number) => ({
    contact: 1,
    seq,
    happenings: [{ type: "event", at, id: name, name }],
    facts: null,
  });
  const play = (entries: Parameters<typeof playRound>[0], now: number) =>
    playRound(entries, new Map(), new Map([[1, facts({ contact: 1 })]]), new Set(), briefing, now).changes[0];

  it("hears all that comes late before time passes: a wait is not over before the event that ends it", () => {
    const late = play([told("Begun", 1, NOW), told("Paid", 2, NOW + HOUR)], NOW + 10 * HOUR);
    expect(late).toMatchObject({
      seq: 2,
      due: null,
      state: { runs: [], past: [{ outcome: "goal", endedAt: NOW + HOUR }] },
    });
  });

  it("lets time pass behind the last of it", () => {
    const alone = play([told("Begun", 1, NOW)], NOW + 10 * HOUR);
    expect(alone).toMatchObject({ state: { runs: [], past: [{ outcome: "timeout", endedAt: NOW + 6 * HOUR }] } });
  });
});
