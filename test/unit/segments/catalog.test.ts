import { describe, expect, it } from "vitest";
import { withSeeds } from "../../../src/scenarios/seeds";
import { CONDITIONS } from "../../../src/segments/conditions";
import { describeRule, whyRule } from "../../../src/segments/describe";
import { anniversaries, momentOf } from "../../../src/segments/local-day";
import type { Rule } from "../../../src/segments/rule";
import { ruleInput, ruleSql } from "../../../src/segments/rule";
import { placeOf, placesOf } from "../../../src/segments/sample";
import { familyOfSegment } from "../../../src/segments/segment";
import { facts, NOW } from "../scenarios/facts";
import { scenario } from "../scenarios/scenario";

const terms = { shop: { zone: "Europe/Paris", currency: "EUR" }, table: () => undefined };
const examples = Object.entries(CONDITIONS).map(([type, { example }]) => [type, { type, ...Object(example) }] as const);

describe("every condition of the catalog", () => {
  it.each(examples)("%s has an example that is a rule, in words of both languages", (_type, example: Rule) => {
    expect(ruleInput.safeParse(example).error?.issues).toBeUndefined();
    const about = { ...terms, shop: facts().shop };
    const [en, fr] = [describeRule(example, "en", about), describeRule(example, "fr", about)];
    expect([en, fr].every((words) => words.length > 0 && !/undefined|\[object|null/.test(words))).toBe(true);
    expect(whyRule(example, facts(), NOW, "fr")).toMatchObject({ words: fr, found: expect.any(String) });
  });

  it.each(examples)("%s binds what it is told and writes none of it into its SQL", (_type, example: Rule) => {
    const { text, values } = ruleSql(example, NOW, terms, 7);
    expect(values).toHaveLength(1);
    const told = JSON.parse(values[0]) as (string | unknown[])[];
    expect(text).toContain("?7");
    for (const value of told.flat()) if (String(value).length > 8) expect(text).not.toContain(`'${value}'`);
  });
});

describe("a sample", () => {
  it("is even over near rows, the same each time, and another one for another seed", () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => index + 1);
    const drawn = (seed: string) => rows.filter((row) => placeOf(row, seed) < placesOf(25));
    const [spring, autumn] = [drawn("spring"), drawn("autumn")];
    expect(drawn("spring")).toEqual(spring);
    for (const sample of [spring, autumn]) expect(Math.abs(sample.length / rows.length - 0.25)).toBeLessThan(0.02);
    const both = spring.filter((row) => autumn.includes(row)).length;
    expect(Math.abs(both / rows.length - 0.0625)).toBeLessThan(0.02);
  });
});

describe("a draw without a seed", () => {
  const half: Rule = { all: [{ not: { type: "sample.percent", percent: 50 } }] };
  const sqlOf = (key: string, rule: Rule) => familyOfSegment(key, { rule }, terms).sql(NOW, 1).text;

  it("is one of its own in each segment and in each of a family, and stays what somebody called it", () => {
    expect(sqlOf("spring", half).replaceAll("'spring'", "")).not.toBe(sqlOf("autumn", half).replaceAll("'autumn'", ""));
    const [a, b] = ["a", "b"].map((key) => ({ key, name: key, rule: half }));
    const both = familyOfSegment("ab", { segments: [a, b] as never }, terms).sql(NOW, 1).text;
    const [, first, second] = both.split("WHEN ").map((text) => text.split(" THEN")[0]);
    expect(first).not.toBe(second);
    const named: Rule = { type: "sample.percent", percent: 50, seed: "x" };
    expect(sqlOf("spring", named).replaceAll("'spring'", "")).toBe(sqlOf("autumn", named).replaceAll("'autumn'", ""));
  });

  it("is one of its own at each block of a scenario, which keeps all else as it was", () => {
    const definition = scenario(
      {
        start: { type: "start.event", params: { event: "X" }, next: { next: "if" } },
        if: { type: "if.targeting", params: { rule: half }, next: { yes: "end", no: "end" } },
        end: { type: "exit", params: { reason: "x" } },
      },
      { filter: half },
    );
    const { filter, blocks } = withSeeds("scn_1", definition);
    expect(filter).toEqual({ all: [{ not: { type: "sample.percent", percent: 50, seed: "scn_1" } }] });
    expect(blocks["if"]?.params).toEqual({
      rule: { all: [{ not: { type: "sample.percent", percent: 50, seed: "scn_1.if" } }] },
    });
    expect({ ...blocks, if: definition.blocks["if"] }).toEqual(definition.blocks);
    expect(withSeeds("scn_2", withSeeds("scn_1", definition))).toEqual(withSeeds("scn_1", definition));
  });
});

describe("the shop's own days", () => {
  it("begin at its midnight, on the days of 23 and 25 hours too", () => {
    const hours = (day: string, next: string) =>
      (momentOf(next, "Europe/Paris") - momentOf(day, "Europe/Paris")) / 3_600_000;
    expect(hours("2026-03-29", "2026-03-30")).toBe(23);
    expect(hours("2026-10-25", "2026-10-26")).toBe(25);
    expect(momentOf("2026-03-29T02:30:00+01:00", "Europe/Paris")).toBe(Date.UTC(2026, 2, 29, 1, 30));
  });

  it("have whoever was born on 29 February celebrate on the 28th of a common year", () => {
    const on = (at: number) => anniversaries(at, "Europe/Paris", 0, 0);
    expect(on(Date.UTC(2026, 1, 28, 12))).toEqual(["02-28", "02-29"]);
    expect(on(Date.UTC(2028, 1, 28, 12))).toEqual(["02-28"]);
    expect(on(Date.UTC(2028, 1, 29, 12))).toEqual(["02-29"]);
    expect(on(Date.UTC(2026, 1, 27, 23, 30))).toEqual(["02-28", "02-29"]);
  });
});
