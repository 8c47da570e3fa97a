import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { daysIn } from "../../../../src/segments/rfm/days";
import { DEFAULT_DEFINITION, METHODS, rfmInput } from "../../../../src/segments/rfm/definition";
import { rulersOf } from "../../../../src/segments/rfm/make-rulers";
import type { Customer, Plan } from "../../../../src/segments/rfm/methods";
import { planFor, scoreAll } from "../../../../src/segments/rfm/methods";
import { placesOf, scoresBy, zeroOf } from "../../../../src/segments/rfm/rulers";

const scale = { definition: DEFAULT_DEFINITION, today: 20_000, decimals: 2 };
const planOf = (method: (typeof METHODS)[number]): Plan =>
  planFor({ ...DEFAULT_DEFINITION, method, small_bases: false }, 0);

const customer = fc.record({
  // Few values, so that many are equal.
  day: fc.integer({ min: 19_600, max: 20_000 }).map((day) => (day % 3 === 0 ? 19_900 : day)),
  orders: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constant(1), fc.constant(2.5)),
  monetary: fc.oneof(fc.integer({ min: 0, max: 90_000 }), fc.constant(1_990)),
});

const days = daysIn("Europe/Paris");

/** The figures of customers as they are read: of a day some moment, the last one included. */
const figuresOf = (customers: readonly Customer[]) => ({
  r: Float64Array.from(customers, ({ day }, index) => (index % 2 ? days.start(day) : days.start(day + 1) - 1)),
  f: Float64Array.from(customers, ({ orders }) => orders),
  m: Float64Array.from(customers, ({ monetary }) => monetary),
});

describe("the bounds that scores are kept as", () => {
  test.each(METHODS)("of method %s give everybody the score that its rule gives", (method) => {
    fc.assert(
      fc.property(fc.array(customer, { minLength: 1, maxLength: 60 }), (customers) => {
        const plan = planOf(method);
        const definition = { ...DEFAULT_DEFINITION, method, small_bases: false };
        const rulers = rulersOf(figuresOf(customers), { ...scale, definition }, days);
        const scored = customers.map((one) => scoresBy(rulers, one, zeroOf(rulers, scale.today)));
        expect(scored).toEqual(scoreAll(customers, plan, scale));
      }),
    );
  });

  test("are read from few places", () => {
    expect(placesOf("A", 11)).toEqual([1, 3, 5, 7]);
    expect(placesOf("C", 11)).toEqual([2, 2, 4, 4, 6, 6, 8, 8]);
    expect(placesOf("D", 4)).toEqual([0, 1]);
    expect(placesOf("B", 11)).toEqual([]);
  });
});

describe("the methods", () => {
  const scores = (method: (typeof METHODS)[number], customers: readonly Customer[]) =>
    scoreAll(customers, planOf(method), scale);
  const spending = (values: readonly number[]) => values.map((monetary) => ({ day: 20_000, orders: 1, monetary }));

  test("A gives those who are equal the lowest rank of them", () => {
    expect(scores("A", spending([1, 1, 1, 2, 3, 4])).map(({ m }) => m)).toEqual([1, 1, 1, 4, 5, 5]);
  });

  test("B goes by fixed bounds, money in the shop's currency", () => {
    const day = (recency: number) => ({ day: 20_000 - recency, orders: 1, monetary: 0 });
    expect(scores("B", [30, 31, 60, 90, 180, 181].map(day)).map(({ r }) => r)).toEqual([5, 4, 4, 3, 2, 1]);
    expect(scores("B", spending([4_999, 5_000, 10_000, 25_000, 50_000])).map(({ m }) => m)).toEqual([1, 2, 3, 4, 5]);
  });

  test("C begins its bins one unit above the quantiles, as the package does with whole numbers", () => {
    // rfm_table_order of 1..10: quantiles 2.8, 4.6, 6.4, 8.2, and one.
    const values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((major) => major * 100);
    expect(scores("C", spending(values)).map(({ m }) => m)).toEqual([1, 1, 1, 2, 2, 3, 3, 4, 4, 5]);
    const days = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((recency) => ({ day: 20_000 - recency, orders: 1, monetary: 0 }));
    expect(scores("C", days).map(({ r }) => r)).toEqual([5, 5, 5, 4, 4, 3, 3, 2, 2, 1]);
  });

  test("D goes from 1 to 3", () => {
    expect(scores("D", spending([1, 2, 3, 4, 5, 6, 7])).map(({ m }) => m)).toEqual([1, 1, 2, 2, 3, 3, 3]);
  });

  test("E ranks F among customers of the same R", () => {
    const at = (day: number, orders: number) => ({ day, orders, monetary: 0 });
    const old = [1, 2].map((orders) => at(10, orders));
    const late = [7, 8].map((orders) => at(20, orders));
    expect(scores("E", [...old, ...late]).map(({ r, f }) => `${r}${f}`)).toEqual(["11", "15", "41", "45"]);
  });
});

describe("a definition", () => {
  test("is ours where nothing is said", () => {
    expect(rfmInput.parse({})).toMatchObject({ method: "default", map: "default", window_months: 24 });
  });

  test.each([
    [{ thresholds: { r: [30, 30, 90, 180] } }, "four numbers"],
    [{ map: "nobody's" }, "Invalid"],
    [{ map: { segments: [{ name: "All" }] } }, "cells or ranges"],
    [{ map: { segments: [{ name: "All", cells: ["600"] }] } }, "no cell"],
    [
      {
        map: {
          segments: [
            { name: "A", r: [1, 5] },
            { name: "a", r: [1, 5] },
          ],
        },
      },
      "names that differ",
    ],
  ])("is refused: %j", (input, words) => {
    const { error } = rfmInput.safeParse(input);
    expect(JSON.stringify(error?.issues)).toContain(words);
  });
});
