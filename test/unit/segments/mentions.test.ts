import { describe, expect, it } from "vitest";
import { cycleOf, familiesOf } from "../../../src/segments/mentions";
import type { Rule } from "../../../src/segments/rule";

const asks = (...keys: string[]): Rule => ({ any: keys.map((segment) => ({ not: { type: "segment", segment } })) });
const known: Readonly<Record<string, Rule>> = { a: asks("b"), b: asks("c", "rfm"), c: { all: [] }, d: asks("d") };
const cycle = (key: string, rule: Rule) => cycleOf(key, rule, (other) => known[other]);

describe("what a rule asks about segments", () => {
  it("names the family of an exclusive one, and a simple one by its key", () => {
    const rule: Rule = { all: [asks("vip"), { type: "segment", family: "rfm", segment: "champions" }, asks("vip")] };
    expect(familiesOf(rule)).toEqual(["vip", "rfm"]);
  });

  it("I06: a segment that asks about itself is found out, with the way round", () => {
    expect(cycle("new", asks("new"))).toEqual(["new", "new"]);
    expect(cycle("c", asks("a"))).toEqual(["c", "a", "b", "c"]);
    expect(cycle("c", { not: { all: [asks("b")] } })).toEqual(["c", "b", "c"]);
  });

  it("I06: segments that ask about others, twice or about a circle of others, are none", () => {
    expect(cycle("new", asks("a", "b", "c", "rfm"))).toBeNull();
    expect(cycle("new", asks("d"))).toBeNull();
  });
});
