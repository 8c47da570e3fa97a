import { describe, expect, it } from "vitest";
import type { ScenarioDefinition } from "../../../src/scenarios/definition";
import { definitionInput } from "../../../src/scenarios/definition";
import { checkGraph, completeGraph, wayBetween } from "../../../src/scenarios/graph";
import { scenario } from "./scenario";

function pointers(definition: ScenarioDefinition): string[] {
  return checkGraph(definition).map(({ pointer }) => pointer);
}

const start = { type: "start.event", params: { event: "Signed Up" }, next: { next: "done" } };
const done = { type: "exit" };

describe("a graph", () => {
  it("is good when every way leads somewhere", () => {
    expect(checkGraph(scenario({ start, done }))).toEqual([]);
  });

  it("is told of every fault by its place", () => {
    const branch = { type: "if.targeting", params: { rule: { all: [] } }, next: { yes: "done" } };
    for (const [blocks, expected] of [
      [{ start, done, x: { type: "send.pigeon" } }, ["/blocks/x/type"]],
      [{ start, done, x: { type: "wait.for", params: { duration: "4 hours" } } }, ["/blocks/x/params/duration"]],
      [{ start, done, x: { type: "wait.for" } }, ["/blocks/x/params/duration"]],
      [
        { start, done, x: { type: "wait.for", params: { duration: "P1D", until: "then" } } },
        ["/blocks/x/params/until"],
      ],
      [
        { start, done, x: { ...branch, params: { rule: { type: "moon" } } } },
        ["/blocks/x/params/rule/type", "/blocks/x/next/no"],
      ],
      [{ start, done, x: branch }, ["/blocks/x/next/no"]],
      [{ start, done: { ...done, next: { next: "start" } } }, ["/blocks/done/next/next"]],
      [{ start: { ...start, next: { next: "nowhere" } } }, ["/blocks/start/next/next"]],
      [
        { start, done, x: { type: "wait.for", params: { duration: "P1D" }, next: { next: "start" } } },
        ["/blocks/x/next/next"],
      ],
      [{ start, done, x: { ...start } }, ["/blocks/x/type"]],
      [{ done }, ["/start"]],
      [{ start: { type: "wait.for", params: { duration: "P1D" } } }, ["/start"]],
    ] as const) {
      expect(pointers(scenario(blocks))).toEqual(expected);
    }
  });

  it("refuses an event wait without a time-out by its parameters", () => {
    const wait = {
      type: "wait.message",
      params: { block: "start", on: "engaged" },
      next: { yes: "done", timeout: "done" },
    };
    expect(pointers(scenario({ start, done, wait }))).toEqual(["/blocks/wait/params/timeout"]);
  });

  it("does not take a name of the prototype for a block", () => {
    const given = { ...scenario({ start: { ...start, next: { next: "constructor" } } }), start: "start" };
    expect(pointers(given)).toEqual(["/blocks/start/next/next"]);
    expect(pointers({ ...scenario({ done }), start: "constructor" })).toEqual(["/start"]);
  });

  it("is completed with the defaults of its blocks", () => {
    const definition = scenario({ start, done });
    expect(completeGraph(definition).blocks["done"]?.params).toEqual({ outcome: "completed", reason: "end" });
    expect(definitionInput.parse(completeGraph(definition))).toEqual(completeGraph(definition));
  });
});

describe("the way between two blocks", () => {
  const graph = scenario({
    start: { ...start, next: { next: "a" } },
    a: { type: "if.targeting", params: { rule: { all: [] } }, next: { yes: "b", no: "done" } },
    b: { type: "wait.for", params: { duration: "P1D" }, next: { next: "a" } },
    done,
  });
  const to = (name: string) => (block: string) => block === name;

  it("is the shortest, both ends included", () => {
    expect(wayBetween(graph, "start", to("done"))).toEqual(["start", "a", "done"]);
    expect(wayBetween(graph, "a", to("a"))).toEqual(["a", "b", "a"]);
    expect(wayBetween(graph, "done", to("a"))).toBeNull();
  });

  it("goes around a block where asked", () => {
    expect(wayBetween(graph, "start", to("b"), "a")).toBeNull();
    expect(wayBetween(graph, "start", to("done"), "b")).toEqual(["start", "a", "done"]);
  });
});
