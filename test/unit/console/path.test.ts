import { describe, expect, test } from "vitest";
import { signOf } from "../../../src/console/pages/icons";
import type { PathStep } from "../../../src/console/path";
import { pathOf } from "../../../src/console/path";
import { endingSentence } from "../../../src/console/words/blocks";
import type { BlockNode, ScenarioDefinition } from "../../../src/scenarios/definition";
import { buildTemplate, TEMPLATES, type TemplateKey } from "../../../src/scenarios/templates";

const rule = { rule: { all: [] } };

function graph(blocks: Record<string, [type: string, next: Record<string, string>]>): ScenarioDefinition {
  const nodes = Object.entries(blocks).map(([name, [type, next]]): [string, BlockNode] => {
    return [name, { type, params: type === "if.targeting" ? rule : {}, next }];
  });
  return { start: "s", blocks: Object.fromEntries(nodes) } as unknown as ScenarioDefinition;
}

/** A path as text: names one after the other, branches in brackets, jumps with an arrow. */
function drawn(steps: readonly PathStep[]): string {
  return steps
    .map((step) => {
      if (step.kind === "block") return step.name;
      if (step.kind === "fork")
        return `[${step.branches.map((one) => `${one.output}: ${drawn(one.steps)}`).join(" | ")}]`;
      return step.kind === "jump" ? `→${step.to}` : `?${step.to}`;
    })
    .join(" ");
}

describe("a path", () => {
  test("goes on where its branches meet", () => {
    const definition = graph({
      s: ["start.event", { next: "q" }],
      q: ["if.targeting", { yes: "a", no: "b" }],
      a: ["send.email", { next: "w" }],
      b: ["send.sms", { next: "w" }],
      w: ["wait.for", { next: "x" }],
      x: ["exit", {}],
    });
    expect(drawn(pathOf(definition).steps)).toBe("s q [yes: a | no: b] w x");
  });

  test("has an empty branch where one output skips what the other does", () => {
    const definition = graph({
      s: ["start.event", { next: "q" }],
      q: ["if.targeting", { yes: "a", no: "x" }],
      a: ["send.email", { next: "x" }],
      x: ["exit", {}],
    });
    expect(drawn(pathOf(definition).steps)).toBe("s q [yes: a | no: ] x");
  });

  test("shows branches within branches", () => {
    const definition = graph({
      s: ["start.event", { next: "q" }],
      q: ["if.targeting", { yes: "a", no: "p" }],
      a: ["send.email", { next: "x" }],
      p: ["if.targeting", { yes: "b", no: "x" }],
      b: ["send.sms", { next: "x" }],
      x: ["exit", {}],
    });
    expect(drawn(pathOf(definition).steps)).toBe("s q [yes: a | no: p [yes: b | no: ]] x");
  });

  test("names the block at which a circle closes, a block that is missing, and one that nothing leads to", () => {
    const definition = graph({
      s: ["start.event", { next: "w" }],
      w: ["wait.for", { next: "q" }],
      q: ["if.targeting", { yes: "w", no: "gone" }],
      lost: ["exit", {}],
    });
    const path = pathOf(definition);
    expect(drawn(path.steps)).toBe("s w q [yes: →w | no: ?gone]");
    expect(path.unreached).toEqual(["lost"]);
  });

  test.each(Object.keys(TEMPLATES) as TemplateKey[])("of %s shows each of its blocks once", (key) => {
    const built = buildTemplate(key, undefined);
    if (!built.ok) throw new Error("the template does not build");
    const path = pathOf(built.definition);
    const names = drawn(path.steps).match(/[a-z_0-9]+(?![a-z_0-9]*:)/g) ?? [];
    const shown = Object.keys(built.definition.blocks).map((name) => names.filter((one) => one === name).length);
    expect(shown).toEqual(shown.map(() => 1));
    expect(path.unreached).toEqual([]);
    expect(drawn(path.steps)).not.toContain("→");
  });
});

describe("what ends a run", () => {
  const where = [{ property: "total", as: "number", op: "gte", value: 50 } as const];
  const rule = { type: "consent", key: "email" };

  test.each([
    [{ event: "Paid", where }, "the event “Paid” with a property “total” of at least 50"],
    [{ rule }, "the contact agrees to email"],
    [{ event: "Paid", rule }, "the event “Paid”, and the contact agrees to email"],
  ])("is said as what happens or holds: %j", (ending, words) => {
    expect(endingSentence(ending, { language: "en" })).toBe(words);
    expect(endingSentence(ending, { language: "fr" })).toMatch(/^(l’événement «|le contact)/);
  });
});

describe("the sign of a block", () => {
  test("is its channel’s where it sends, and its kind’s otherwise", () => {
    expect(signOf("action", "send.sms")).toBe("sms");
    expect(signOf("action", "award.points")).toBe("action");
    expect(signOf("wait", "wait.push")).toBe("wait");
  });
});
