import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mentionsOf, placesIn, tablesIn } from "../../../src/scenarios/segment-use";
import { cycleOf, dependentsOf, levelsOf } from "../../../src/segments/family";
import { ruleInput } from "../../../src/segments/rule";
import { checkParts, inputsWith, segmentsIn } from "../../../src/segments/segment";

const { simple: simpleInput, exclusive: exclusiveInput } = inputsWith(ruleInput);

const family = (key: string, ...dependsOn: string[]) => ({ key, dependsOn });

describe("families that look at each other", () => {
  it("are computed behind those that they look at", () => {
    const levels = levelsOf([family("c", "b"), family("b", "a"), family("a"), family("d", "gone")]);
    expect(levels.map((level) => level.map(({ key }) => key))).toEqual([["a", "d"], ["b"], ["c"]]);
  });

  it("I06: in a cycle are found, with the way, however long it is", () => {
    expect(cycleOf([family("a", "a")], "a")).toEqual(["a", "a"]);
    expect(cycleOf([family("a", "b"), family("b", "x", "c"), family("c", "a"), family("x")], "a")).toEqual([
      "a",
      "b",
      "c",
      "a",
    ]);
    expect(cycleOf([family("a", "b"), family("b")], "a")).toBeNull();
    // A cycle of others is theirs.
    expect(cycleOf([family("a", "b"), family("b", "c"), family("c", "b")], "a")).toBeNull();
  });

  it("of which one changes are all computed anew that look at it", () => {
    const all = [family("a"), family("b", "a"), family("c", "b"), family("d")];
    expect(dependentsOf(all, ["a"])).toEqual(["b", "c"]);
    expect(dependentsOf(all, ["d"])).toEqual([]);
  });

  it("are either in a cycle, behind one, or in an order that holds", () => {
    const keys = ["a", "b", "c", "d", "e"];
    const graph = fc.tuple(...keys.map((key) => fc.subarray(keys).map((looks) => family(key, ...looks))));
    fc.assert(
      fc.property(graph, (families) => {
        const levels = levelsOf(families);
        const placed = new Map(levels.flatMap((level, index) => level.map(({ key }) => [key, index] as const)));
        for (const { key, dependsOn } of families) {
          const level = placed.get(key);
          if (level === undefined)
            expect(cycleOf(families, key) !== null || dependsOn.some((one) => !placed.has(one))).toBe(true);
          else for (const one of dependsOn) expect(placed.get(one)).toBeLessThan(level);
        }
      }),
    );
  });
});

describe("a definition", () => {
  const rule = { type: "orders.count", op: "gte", value: 1 };
  const key = (text: string) => simpleInput.safeParse({ key: text, name: "x", rule }).success;

  it("has a key that can stand in an address and in SQL", () => {
    expect(["vip", "vip-fr", "a_1"].map(key)).toEqual([true, true, true]);
    expect(["", "VIP", "1a", "a'b", "a b", "é"].map(key)).toEqual([false, false, false, false, false, false]);
  });

  it("of a family has each segment once, the rest among them", () => {
    const part = (one: string) => ({ key: one, name: one, rule });
    const input = (rest: string, ...parts: string[]) =>
      exclusiveInput.parse({ key: "f", name: "F", segments: parts.map(part), rest: { key: rest, name: rest } });
    expect(checkParts(input("c", "a", "b"))).toEqual([]);
    expect(checkParts(input("b", "a", "b", "a")).map(({ pointer }) => pointer)).toEqual([
      "/segments/2/key",
      "/rest/key",
    ]);
  });

  it("tells which segments its rule looks at, wherever in it", () => {
    const looks = {
      all: [
        { not: { type: "segment", segment: "a" } },
        { any: [rule, { type: "segment", family: "f", segment: "b" }] },
      ],
    };
    expect(segmentsIn(looks)).toEqual(["a", "f"]);
  });

  it("is in use where a scenario speaks of it", () => {
    const filter = { all: [{ type: "segment", segment: "vip" }] };
    const blocks = {
      start: { type: "start.segment", params: { family: "tier", to: "gold" } },
      other: { type: "start.event", params: {} },
    };
    expect(mentionsOf({ filter, blocks })).toEqual(["vip", "tier"]);
    expect(placesIn({ filter, blocks })).toEqual([
      { family: "vip", segment: "vip" },
      { family: "tier", segment: "gold" },
    ]);
    const start = { type: "start.segment", params: { family: "tier", from: "gold", to: null } };
    expect(placesIn({ start })).toEqual([{ family: "tier", segment: "gold" }]);
    expect(tablesIn({ filter: { not: { type: "table", table: "pets" } }, blocks })).toEqual(["pets"]);
  });
});
