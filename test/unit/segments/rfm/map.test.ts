import { describe, expect, test } from "vitest";
import { CELLS, cellText } from "../../../../src/segments/rfm/cell";
import { checkMap, segmentKey } from "../../../../src/segments/rfm/map";
import { PRESET_SHAPES, PRESETS } from "../../../../src/segments/rfm/presets";
import { segmentOf } from "../../../../src/segments/rfm/segment";
import { EXAMPLE, PUTLER, VIGNETTE } from "../../../support/published-maps";

describe("the maps that come with the product", () => {
  test.each(Object.keys(PRESET_SHAPES) as (keyof typeof PRESET_SHAPES)[])(
    "%s has each of the 125 cells once, and nobody is out of reach",
    (name) => {
      expect(checkMap(PRESET_SHAPES[name])).toEqual({ uncovered: [], overlapping: [], unreachable: [] });
      const { cells, segments } = PRESETS[name];
      expect(cells).toHaveLength(125);
      expect(new Set(cells)).toEqual(new Set(segments.keys()));
    },
  );

  test("ours rounds the mean of F and M half up", () => {
    const at = (r: number, f: number, m: number) => segmentOf(PRESETS.default, { r, f, m }, 9, 5);
    expect([at(5, 5, 5), at(5, 3, 4), at(5, 1, 2), at(1, 1, 1), at(1, 4, 5), at(3, 2, 3)]).toEqual([
      "champions",
      "champions",
      "potential_loyalist",
      "lost",
      "cant_lose",
      "potential_loyalist",
    ]);
  });

  test("ours asks first whether there was more than one order", () => {
    const once = (r: number, m: number) => segmentOf(PRESETS.default, { r, f: 1, m }, 1, 5);
    expect([once(5, 5), once(4, 5), once(3, 1), once(2, 5), once(1, 4), once(1, 3)]).toEqual([
      "new",
      "promising",
      "promising",
      "about_to_sleep",
      "hibernating",
      "lost",
    ]);
    expect(segmentOf(PRESETS.default, { r: 5, f: 1, m: 5 }, 2, 5)).toBe("loyal");
    expect(segmentOf(PRESETS.codes125, { r: 5, f: 1, m: 5 }, 1, 5)).toBe("promising");
  });

  test("thirds are the lowest, the middle and the highest of five", () => {
    expect(segmentOf(PRESETS.default, { r: 3, f: 3, m: 3 }, 4, 3)).toBe("champions");
    expect(segmentOf(PRESETS.default, { r: 1, f: 1, m: 1 }, 4, 3)).toBe("lost");
    expect(segmentOf(PRESETS.default, { r: 2, f: 2, m: 2 }, 4, 3)).toBe("potential_loyalist");
  });
});

describe("maps as others published them", () => {
  const few = ["215", "241", "251", "252", "341", "351", "441", "451", "541", "551"];
  test.each([
    ["the vignette's ranges", VIGNETTE, 36, 42, ["New", "Promising", "Can't Lose Them", "Lost"]],
    ["the example of version 0.3", EXAMPLE, 10, 58, []],
    ["ranges of the mean of F and M", PUTLER, 0, 76, ["New", "Promising", "Can't Lose Them", "Lost"]],
  ])("%s leave cells out, or give them away twice", (_, shapes, uncovered, overlapping, unreachable) => {
    const faults = checkMap(shapes);
    expect(faults.uncovered).toHaveLength(uncovered);
    expect(faults.overlapping).toHaveLength(overlapping);
    expect(faults.unreachable).toEqual(unreachable);
    if (shapes === EXAMPLE) expect(faults.uncovered).toEqual(few);
    const among = new Set(CELLS.map(cellText));
    for (const cell of [...faults.uncovered, ...faults.overlapping]) expect(among.has(cell)).toBe(true);
  });

  test("names become keys", () => {
    expect(["Can't Lose", "À réveiller", "New", "About to Sleep"].map(segmentKey)).toEqual([
      "cant_lose",
      "a_reveiller",
      "new",
      "about_to_sleep",
    ]);
  });
});
