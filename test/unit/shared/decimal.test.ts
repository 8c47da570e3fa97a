import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dividedBy, isPositive, negated, sumOf } from "../../../src/shared/decimal";

const cents = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });
const asText = (units: number): string => {
  const digits = String(Math.abs(units)).padStart(3, "0");
  return `${units < 0 ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};

describe("decimals as text", () => {
  it("are summed exactly, in any order", () => {
    fc.assert(
      fc.property(fc.array(cents), (units) => {
        const sum = units.reduce((all, one) => all + one, 0);
        const expected = sumOf([asText(sum)]);
        expect(sumOf(units.map(asText))).toBe(expected);
        expect(sumOf(units.toReversed().map(asText))).toBe(expected);
      }),
    );
  });

  it("keep what binary fractions lose", () => {
    expect(sumOf(["0.1", "0.2"])).toBe("0.3");
    expect(sumOf([0.1, 0.2])).toBe("0.3");
    expect(sumOf([])).toBe("0");
  });

  it("turn their sign, and nothing has none", () => {
    expect([negated("-10.00"), negated(4), negated("0")]).toEqual(["10", "-4", "0"]);
    expect([isPositive("0.01"), isPositive("0.00"), isPositive("-1"), isPositive(null)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it("are divided half up", () => {
    expect([dividedBy("6.00", 2), dividedBy("10", 3), dividedBy("-1", 3)]).toEqual([
      "3",
      "3.3333333333",
      "-0.3333333333",
    ]);
    expect([dividedBy("1", 0), dividedBy("1", 1.5), dividedBy("x", 2)]).toEqual([null, null, null]);
  });

  it.each(["1e3", "1,5", "", "0x1", "1.2.3", Number.NaN, Number.POSITIVE_INFINITY, {}, null])(
    "are nothing else: %s",
    (value) => {
      expect(sumOf([value])).toBeNull();
    },
  );
});
