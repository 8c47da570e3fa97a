import { describe, expect, test } from "vitest";
import {
  draftOfSegment,
  editedDraft,
  inputOf,
  keyOfName,
  newDraft,
  readDraft,
  sameOr,
} from "../../../src/console/segment-draft";
import { sizesByDay, totalOf } from "../../../src/console/sizes";
import type { SegmentDefinition } from "../../../src/segments/segment";

const terms = { shop: { zone: "UTC", currency: "EUR" }, table: () => undefined };
const atLeast = (value: number) => ({ type: "orders.count", op: "gte", value });
const family: SegmentDefinition = {
  segments: [
    { key: "gold", name: "Gold", rule: atLeast(5) },
    { key: "silver", name: "Silver", rule: { not: { any: [atLeast(2), atLeast(3)] } } },
  ],
  rest: { key: "new", name: "New" },
  everybody: true,
};

describe("a segment as a draft", () => {
  test("says what is stored of it, of both kinds", () => {
    expect(inputOf(draftOfSegment("level", "Level", family))).toEqual({ key: "level", name: "Level", ...family });
    const simple = { rule: { all: [atLeast(1)] } };
    expect(inputOf(draftOfSegment("vip", "VIP", simple))).toEqual({ key: "vip", name: "VIP", ...simple });
  });

  test("looks at active profiles unless the box is taken away", () => {
    const fields = { kind: "simple", name: "All", "rule#kind": "all" };
    expect(inputOf(readDraft(new URLSearchParams({ ...fields, active: "1" }), terms))).toEqual({
      key: "all",
      name: "All",
      rule: { all: [] },
    });
    expect(inputOf(readDraft(new URLSearchParams(fields), terms))["everybody"]).toBe(true);
  });

  test.each([
    ["Meilleurs clients à Noël", "meilleurs-clients-a-noel"],
    ["  5 étoiles! ", "etoiles"],
    ["VIP_2", "vip-2"],
    ["日本", ""],
    ["a".repeat(60), "a".repeat(40)],
  ])("%s has the key %s unless another is typed", (name, key) => {
    expect(keyOfName(name)).toBe(key);
  });

  test("moves, adds and drops segments, and nothing where there is none", () => {
    const draft = draftOfSegment("level", "Level", family);
    const press = (pressed: string) =>
      editedDraft(draft, pressed, new URLSearchParams(), terms).draft.parts.map(({ key }) => key);
    expect(press("down:0")).toEqual(["silver", "gold"]);
    expect(press("up:1")).toEqual(["silver", "gold"]);
    expect(press("up:0")).toEqual(["gold", "silver"]);
    expect(press("drop:0")).toEqual(["silver"]);
    expect(press("part:0")).toEqual(["gold", "silver", ""]);
    expect(press("drop:9")).toEqual(["gold", "silver"]);
    expect(press("add:segments/9/rule")).toEqual(["gold", "silver"]);
    expect(press("constructor:0")).toEqual(["gold", "silver"]);
  });

  test.each([
    ["down:0", "segments/1/name"],
    ["up:1", "segments/0/name"],
    ["drop:1", "segments/0/name"],
    ["part:0", "segments/2/name"],
  ])("goes on behind %s at %s, where the segment is by then", (pressed, focus) => {
    expect(editedDraft(draftOfSegment("level", "Level", family), pressed, new URLSearchParams(), terms).focus).toBe(
      focus,
    );
  });

  test("adds a condition to the segment whose button was pressed", () => {
    const form = new URLSearchParams({ "segments/1/rule#add": "address" });
    const { draft, focus } = editedDraft(newDraft(false), "add:segments/1/rule", form, terms);
    expect(inputOf(draft)["segments"]).toMatchObject([{ rule: { all: [] } }, { rule: { all: [{ type: "address" }] } }]);
    expect(focus).toBe("segments/1/rule/0");
  });

  test("is the stored one where the same is said in another order", () => {
    const same = { everybody: true, rest: family.rest, segments: family.segments } as SegmentDefinition;
    expect(sameOr(family, same)).toBe(family);
    const other = { ...family, everybody: false };
    expect(sameOr(family, other)).toBe(other);
  });
});

describe("sizes by day", () => {
  const row = (day: string, segment: string, contacts: number | null) => ({
    day,
    segment,
    contacts,
    entered: 0,
    left: 0,
  });

  test("begin with the first night that was counted and end with now", () => {
    const rows = [
      row("2026-03-27", "gold", null),
      row("2026-03-28", "gold", 2),
      row("2026-03-28", "new", 5),
      // Of the 29th nothing was kept.
      row("2026-03-30", "gold", 3),
    ];
    const days = sizesByDay(rows, ["gold", "new"], "2026-03-31", new Map([["new", 7]]));
    expect(days).toEqual([
      { day: "2026-03-28", sizes: [2, 5] },
      { day: "2026-03-29", sizes: [2, 5] },
      { day: "2026-03-30", sizes: [3, 0] },
      { day: "2026-03-31", sizes: [0, 7] },
    ]);
    expect(days.map(totalOf)).toEqual([7, 7, 3, 7]);
  });

  test("are those of now where no night was counted", () => {
    expect(sizesByDay([], ["vip"], "2026-03-31", new Map([["vip", 4]]))).toEqual([{ day: "2026-03-31", sizes: [4] }]);
  });
});
