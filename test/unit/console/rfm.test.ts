import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { roundMoney } from "../../../src/console/pages/rfm-parts";
import { definitionOf, draftFrom, draftOf } from "../../../src/console/rfm-draft";
import { alluvialOf, directionOf, movesOf, sizeLines } from "../../../src/console/rfm-flow";
import { drawnMap } from "../../../src/console/rfm-map";
import { mapText, readMap } from "../../../src/console/rfm-map-text";
import { bandsOf, scaleOf, segmentShares, shadeOf, squaresOf, sumOf } from "../../../src/console/rfm-matrix";
import type { View } from "../../../src/console/view";
import { rfmReason, segmentName, segmentWords } from "../../../src/console/words/rfm";
import { CELLS, cellText } from "../../../src/segments/rfm/cell";
import { DEFAULT_DEFINITION, rfmInput } from "../../../src/segments/rfm/definition";
import { segmentKey } from "../../../src/segments/rfm/map";
import { PRESET_SHAPES } from "../../../src/segments/rfm/presets";
import type { Rulers } from "../../../src/segments/rfm/rulers";
import { scoresBy } from "../../../src/segments/rfm/rulers";
import { EXAMPLE, PUTLER, VIGNETTE } from "../../support/published-maps";

const cell = (segment: string, number: number, contacts: number) => {
  return { segment, cell: number, contacts, orders: contacts, revenue: contacts * 100 };
};

describe("the matrix", () => {
  const cells = [cell("champions", 555, 4), cell("loyal", 553, 1), cell("lost", 111, 5), cell("gone", 112, 0)];

  test("has the best recency first, and adds up by recency and frequency", () => {
    const rows = squaresOf(cells, 5);
    expect(rows[0]?.[4]).toEqual({
      r: 5,
      f: 5,
      byM: [0, 0, 1, 0, 4],
      segments: ["champions", "loyal"],
      contacts: 5,
      orders: 5,
      revenue: 500,
    });
    expect(rows[4]?.[0]).toMatchObject({ r: 1, f: 1, byM: [5, 0, 0, 0, 0], segments: ["lost"] });
    expect(sumOf(rows.flat())).toEqual(sumOf(cells));
    expect(squaresOf(cells, 3)).toHaveLength(3);
    expect(scaleOf(cells)).toBe(5);
    expect(scaleOf([cell("lost", 132, 1)])).toBe(3);
  });

  test("is as dark as it is full, and never blank where somebody is", () => {
    const shade = (contacts: number) => shadeOf({ contacts, orders: 0, revenue: 0 }, 1_000);
    expect([0, 1, 200, 201, 1_000].map(shade)).toEqual([0, 1, 1, 2, 5]);
  });

  test("keeps segments that a new map has no more", () => {
    const names = new Map([
      ["new", "New"],
      ["lost", "Lost"],
    ]);
    const shares = segmentShares(cells, names);
    expect([...shares.keys()]).toEqual(["new", "lost", "champions", "loyal", "gone"]);
    expect(shares.get("new")?.contacts).toBe(0);
  });

  test("says what a score stands for, so that every value has the score of its band", () => {
    const bound = fc.integer({ min: 0, max: 60 });
    const ruler = fc.record({
      bounds: fc.array(bound, { minLength: 4, maxLength: 4 }).map((some) => some.toSorted((a, b) => a - b)),
      strict: fc.boolean(),
    });
    fc.assert(
      fc.property(ruler, fc.integer({ min: 0, max: 60 }), (one, value) => {
        const shifted = { ...one, bounds: one.bounds.map((at) => at - 60) };
        const plan = { name: "A", axes: { r: "A", f: "A", m: "A" }, most: 5 } as const;
        const rulers: Rulers = { plan, day: 100, r: shifted, f: [one], m: [one], customers: 9 };
        const scores = scoresBy(rulers, { day: 100 - value, orders: value, monetary: value }, 100);
        for (const axis of ["r", "f", "m"] as const) {
          const { from, upTo } = bandsOf(rulers, axis, 1)[scores[axis] - 1] ?? { from: 1, upTo: 0 };
          expect(value).toBeGreaterThanOrEqual(from ?? 0);
          expect(value).toBeLessThanOrEqual(upTo ?? 60);
        }
      }),
    );
  });
});

describe("a map as it is typed", () => {
  test.each([
    ...Object.entries(PRESET_SHAPES),
    ["vignette", VIGNETTE],
    ["example", EXAMPLE],
    ["putler", PUTLER],
  ] as const)("is the same when it is read again: %s", (_, shapes) => {
    expect(readMap(mapText(shapes))).toEqual({ shapes, wrong: [] });
  });

  test("names the lines that are none", () => {
    const text = "Best: 555, 554\n\nnonsense\nNone:\nTwice: R 4-5, R 1\nHalf: r5, fm 1.5-3\nOut: R 4-6\n: 555";
    expect(readMap(text)).toEqual({
      shapes: [
        { name: "Best", cells: ["555", "554"] },
        { name: "Half", r: [5, 5], fm: [1.5, 3] },
      ],
      wrong: [3, 4, 5, 7, 8],
    });
  });

  test("is drawn with the cells of mission 6.3 that are in none or in several", () => {
    const faults = (segments: object) => {
      const { uncovered, overlapping, owners } = drawnMap(rfmInput.parse({ map: { segments } }));
      const counts = CELLS.map((one) => owners.get(cellText(one))?.length ?? 0);
      expect(counts.filter((count) => count === 0)).toHaveLength(uncovered.length);
      expect(counts.filter((count) => count > 1)).toHaveLength(overlapping.length);
      return [uncovered.length, overlapping.length];
    };
    expect([VIGNETTE, EXAMPLE, PUTLER].map(faults)).toEqual([
      [36, 42],
      [10, 58],
      [0, 76],
    ]);
    for (const map of ["default", "codes125", "rxf"]) expect(drawnMap(rfmInput.parse({ map })).isWhole).toBe(true);
  });
});

describe("the form of settings", () => {
  /** What a browser sends of a draft. */
  const sent = (definition: ReturnType<typeof rfmInput.parse>, currency: string) => {
    const { r, f, m, isMerged, isSmall, ...texts } = draftOf(definition, currency);
    const form = new URLSearchParams(texts);
    for (const [axis, values] of Object.entries({ r, f, m }))
      for (const [index, one] of values.entries()) form.set(`${axis}${index + 1}`, one);
    if (isMerged) form.set("merged", "on");
    if (isSmall) form.set("small", "on");
    return form;
  };

  test.each([
    ["what the product comes with", {}],
    [
      "all of it",
      {
        method: "C",
        map: {
          segments: [{ name: "Été : tous", r: [1, 5] }],
        },
        window_months: 12,
        thresholds: { r: [10, 20, 30, 40], f: [1.5, 2, 3, 4], m: [1_050, 2_000, 3_000, 4_000] },
        merge_same_day: true,
        exclude_orders: [{ field: "channel", in: ["marketplace", "staff"] }],
        subscriptions: { weight: 0.25, orders: [{ field: "coupon", in: ["SUB"] }] },
        small_bases: false,
      },
    ],
  ])("gives back %s", (_, input) => {
    const definition = rfmInput.parse(input);
    for (const currency of ["EUR", "JPY"])
      expect(definitionOf(draftFrom(sent(definition, currency)), currency)).toEqual({ definition });
  });

  test("says which fields do not fit, in both languages", () => {
    const form = sent(DEFAULT_DEFINITION, "EUR");
    form.set("f2", "2");
    form.set("window", "0");
    const read = definitionOf(draftFrom(form), "EUR");
    const problems = "problems" in read ? read.problems : [];
    expect(problems.map(({ field }) => field).sort()).toEqual(["f", "window"]);
    for (const { reason } of problems) expect(rfmReason(reason, "fr")).not.toBe(rfmReason(reason, "en"));
    form.set("m1", "a lot");
    form.set("exclude", "who knows");
    expect(definitionOf(draftFrom(form), "EUR")).toMatchObject({ problems: [{ field: "exclude" }, { field: "m" }] });
  });
});

describe("moves between segments", () => {
  const rows = [
    { from: "", to: "new", cause: "first", contacts: 90 },
    { from: "new", to: "loyal", cause: "act", contacts: 3 },
    { from: "loyal", to: "", cause: "import", contacts: 4 },
    { from: "new", to: "loyal", cause: "population_shift", contacts: 2 },
  ] as const;

  test("are told once for each pair, with why, and without first computations", () => {
    expect(movesOf(rows)).toEqual([
      {
        from: "new",
        to: "loyal",
        contacts: 5,
        causes: [
          { cause: "act", contacts: 3 },
          { cause: "population_shift", contacts: 2 },
        ],
      },
      { from: "loyal", to: null, contacts: 4, causes: [{ cause: "import", contacts: 4 }] },
    ]);
  });

  test("are drawn so that no band leaves its segment or lies on another", () => {
    const key = fc.constantFrom("a", "b", "c", "");
    const flow = fc.record({
      from: key,
      to: key,
      cause: fc.constant("act" as const),
      contacts: fc.integer({ min: 1, max: 99 }),
    });
    fc.assert(
      fc.property(fc.array(flow, { minLength: 1, maxLength: 12 }), (flows) => {
        const { bands, left, right, height } = alluvialOf(movesOf(flows), ["a", "b"], 200);
        for (const [side, stops, at] of [
          ["from", left, "left"],
          ["to", right, "right"],
        ] as const) {
          for (const { key: stop, top, height: room } of stops) {
            expect(top + room).toBeLessThanOrEqual(height + 1e-6);
            const own = bands.filter(({ move }) => move[side] === stop).toSorted((one, other) => one[at] - other[at]);
            let free = top;
            for (const band of own) {
              expect(band[at]).toBeGreaterThanOrEqual(free - 1e-6);
              free = band[at] + band.height;
            }
            expect(free).toBeLessThanOrEqual(top + room + 1e-6);
          }
        }
      }),
    );
  });

  test("are up or down between segments that there are, and neither where one is gone", () => {
    const order = ["best", "good", "bad"];
    const of = (from: string | null, to: string | null) => directionOf({ from, to }, order);
    expect([of("bad", "good"), of("best", "bad")]).toEqual(["up", "down"]);
    expect([of("gone", "best"), of("bad", "gone"), of(null, "best"), of("bad", null)]).toEqual(Array(4).fill("other"));
  });

  test("leave sizes by day, for segments that are empty too", () => {
    const days = [
      { day: "2026-01-01", cells: [cell("new", 511, 3)] },
      { day: "2026-01-05", cells: [cell("loyal", 544, 2)] },
    ];
    expect(sizeLines(days, new Map([["new", "New"]]))).toEqual([
      {
        key: "new",
        points: [
          { day: "2026-01-01", contacts: 3 },
          { day: "2026-01-05", contacts: 0 },
        ],
      },
      {
        key: "loyal",
        points: [
          { day: "2026-01-01", contacts: 0 },
          { day: "2026-01-05", contacts: 2 },
        ],
      },
    ]);
  });
});

test("an amount in whole units is rounded, whatever the currency's decimals", () => {
  const view = { language: "en" } as View;
  const round = (amount: number, currency: string) => roundMoney(view, amount, currency);
  expect([round(199_99, "EUR"), round(100_000_49, "EUR"), round(12_345, "JPY"), round(999_999_999, "KWD")]).toEqual([
    "€200",
    "€100,000",
    "¥12,345",
    "KWD\u00a01,000,000",
  ]);
});

test("every segment of the maps that come with the product has its words; one of the shop's own keeps its name", () => {
  for (const { name } of Object.values(PRESET_SHAPES).flat()) {
    const key = segmentKey(name);
    expect(segmentName(key, name, "en")).toBe(name);
    expect(segmentWords(key, "fr")).not.toBeNull();
  }
  expect(segmentName("lost", "Lost", "fr")).toBe("Perdus");
  expect(segmentName("loyal", "Loyal.", "fr")).toBe("Loyal.");
  expect(segmentName("vip", "V.I.P.", "fr")).toBe("V.I.P.");
  expect(segmentName("good_old_friends", undefined, "fr")).toBe("Good old friends");
});
