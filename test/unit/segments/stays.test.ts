import { describe, expect, test } from "vitest";
import { AT } from "../../../src/segments/collection";
import { members, transitions } from "../../../src/segments/collections/membership";
import type { Facts, Row } from "../../../src/segments/facts";
import { testRule } from "../../../src/segments/rule";
import { staysOf } from "../../../src/segments/stays";

const DAY = 86_400_000;
const move = (at: number, to: string | null, family = "level"): Row => ({ family, to, cause: "act", [AT]: at * DAY });
const member = (since: number, segment: string, family: string): Row => ({ family, segment, [AT]: since * DAY });

const moves = [move(30, "gold"), move(10, "silver"), move(50, null), move(20, "calm", "mood")];
const today = [member(20, "calm", "mood"), member(5, "old", "told_nowhere")];

function isIn(segment: string, day: number, more: object = {}): boolean {
  const rows = { [members.key]: staysOf(today, moves), [transitions.key]: moves };
  const facts = { rows, shop: { zone: "UTC", currency: "EUR" } } as unknown as Facts;
  return testRule({ type: "segment", family: "level", segment, ...more }, facts, day * DAY);
}

describe("stays in segments", () => {
  test("are those of the moment, whatever came afterwards", () => {
    const days = [5, 10, 29, 30, 49, 50, 90];
    expect(days.filter((day) => isIn("silver", day))).toEqual([10, 29]);
    expect(days.filter((day) => isIn("gold", day))).toEqual([30, 49]);
  });

  test("have begun when they did", () => {
    expect([isIn("gold", 40, { within: "P15D" }), isIn("gold", 40, { within: "P5D" })]).toEqual([true, false]);
    expect([isIn("gold", 40, { before: "P5D" }), isIn("gold", 40, { before: "P15D" })]).toEqual([true, false]);
  });

  test("of another family are as they are today where nothing is told of it", () => {
    expect([isIn("calm", 25, { family: "mood" }), isIn("calm", 15, { family: "mood" })]).toEqual([true, false]);
    expect([isIn("old", 6, { family: "told_nowhere" }), isIn("old", 4, { family: "told_nowhere" })]).toEqual([
      true,
      false,
    ]);
  });

  test("at a day are asked of the moves until then, and of none to come", () => {
    const at = "1970-02-05"; // day 35, in gold
    expect([
      isIn("gold", 40, { at }),
      isIn("gold", 90, { at }),
      isIn("silver", 25, { at }),
      isIn("gold", 25, { at }),
    ]).toEqual([true, true, true, false]);
  });
});
