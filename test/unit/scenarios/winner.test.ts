import { describe, expect, it } from "vitest";
import type { ScenarioDefinition } from "../../../src/scenarios/definition";
import { lint } from "../../../src/scenarios/lint";
import { readPlaybook } from "../../../src/scenarios/store";
import { bestArm, blocksBehind, clearWinner, contestsOf, lookOf } from "../../../src/scenarios/winner";
import { scenario } from "./scenario";

const counts = (...pairs: (readonly [number, number])[]) =>
  pairs.map(([reached, runs], index) => ({ arm: "abc"[index] ?? "", runs, reached }));

describe("a winner by figures", () => {
  it("is clear by the two-proportion test, at the first look with half of the five percent", () => {
    // 30 of 100 against 18 of 100: z = 0.12 / sqrt(0.24 · 0.76 · 0.02) = 1.987, p = 0.047: under 5 %, not under 2.5 %.
    expect(clearWinner(counts([18, 100], [30, 100]), 0)).toBeNull();
    // 32 against 18: z = 0.14 / sqrt(0.25 · 0.75 · 0.02) = 2.286, p = 0.022.
    expect(clearWinner(counts([18, 100], [32, 100]), 0)).toBe("b");
    // The second look has a quarter of it: 0.0125 is met by z = 2.498.
    expect(clearWinner(counts([18, 100], [32, 100]), 1)).toBeNull();
    expect(clearWinner(counts([36, 200], [64, 200]), 1)).toBe("b");
  });

  it("must be better than each other arm, not than the worst", () => {
    expect(clearWinner(counts([60, 100], [58, 100], [20, 100]), 0)).toBeNull();
    expect(clearWinner(counts([60, 100], [30, 100], [20, 100]), 0)).toBe("a");
  });

  it("is not called on so few that the test says nothing, nor on none", () => {
    // 6 of 20 against none: three are expected in each.
    expect(clearWinner(counts([6, 20], [0, 20]), 0)).toBeNull();
    expect(clearWinner(counts([0, 20], [0, 20]), 0)).toBeNull();
    expect(clearWinner(counts([20, 20], [20, 20]), 0)).toBeNull();
  });

  it("is looked for when there are enough of each arm, and then each time that there are twice as many", () => {
    expect(lookOf(counts([0, 19], [0, 500]), 20)).toBeNull();
    expect(lookOf(counts([0, 20], [0, 500]), 20)).toEqual({ look: 0, runs: 20 });
    expect(lookOf(counts([0, 39], [0, 500]), 20)).toEqual({ look: 0, runs: 20 });
    expect(lookOf(counts([0, 170], [0, 160]), 20)).toEqual({ look: 3, runs: 160 });
  });
});

describe("a winner by time", () => {
  it("is the best share, the first of equals, and nobody while no run is over", () => {
    expect(bestArm(counts([1, 4], [2, 4], [3, 6]))).toBe("b");
    expect(bestArm(counts([1, 3], [2, 6]))).toBe("a");
    expect(bestArm(counts([0, 0], [0, 2]))).toBe("b");
    expect(bestArm(counts([0, 0], [0, 0]))).toBeNull();
  });
});

const arms = [
  { name: "a", weight: 1 },
  { name: "b", weight: 1 },
];
const send = { type: "send.email", params: { content: "cart_1" }, next: { next: "end" } };
const splitting = (params: object): ScenarioDefinition =>
  scenario({
    start: { type: "start.event", params: { event: "Begun" }, next: { next: "ask" } },
    ask: { type: "split.random", params: { arms, ...params }, next: { a: "mail", b: "end" } },
    mail: send,
    end: { type: "exit" },
  });
const winner_by = { figure: "clicked", after_entries: 20 };

describe("a split that is to be decided", () => {
  it("is one until its winner stands in the playbook, in the version that it was found for", () => {
    const rows = [1, 2].map((version) => {
      return { scenario: "s", version, definition: JSON.stringify(splitting({ winner_by })), takes_over: null };
    });
    const live = [{ id: "s", state: "active", live_version: 1 }];
    const won = [{ scenario: "s", version: 1, block: "ask", arm: "b" }];
    const playbook = readPlaybook(live, rows, won);
    const winnerOf = (version: number) => playbook.definition("s", version)?.blocks["ask"]?.params["winner"];
    expect([winnerOf(1), winnerOf(2)]).toEqual(["b", undefined]);
    expect(playbook.live[0]?.definition.blocks["ask"]?.params["winner"]).toBe("b");
    const open = [1, 2].map((version) => contestsOf(playbook.definition("s", version) ?? splitting({})).length);
    expect(open).toEqual([0, 1]);
    // Versions are kept by their text: the next playbook must not find the winner of this one.
    expect(readPlaybook(live, rows).live[0]?.definition.blocks["ask"]?.params).not.toHaveProperty("winner");
  });

  it("stays as somebody has decided it by hand", () => {
    const definition = JSON.stringify(splitting({ winner: "a", winner_by }));
    const rows = [{ scenario: "s", version: 1, definition, takes_over: null }];
    const won = [{ scenario: "s", version: 1, block: "ask", arm: "b" }];
    expect(readPlaybook([], rows, won).definition("s", 1)?.blocks["ask"]?.params["winner"]).toBe("a");
  });

  it("counts the messages behind it, and is warned of an arm without one that is to win by clicks", () => {
    expect(blocksBehind(splitting({}), "ask")).toEqual(["mail", "end"]);
    expect(blocksBehind(splitting({}), "ask", "b")).toEqual(["end"]);
    const found = (params: object) =>
      lint(splitting(params), { contents: [], channels: [], self: "s" }).filter(({ code }) => /winner/.test(code));
    expect(found({ winner_by })).toMatchObject([
      { level: "warning", message: { en: expect.stringContaining("“b”") as string }, path: ["ask"] },
    ]);
    expect(found({ winner_by: { ...winner_by, figure: "goal" } })).toEqual([]);
  });
});
