import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decimalText, minorPrice, parseMajor, parseSignedUnitPrice, unitPriceText } from "../../../src/shared/money";

describe("amounts as text", () => {
  it("are read back as they were, less than nothing too", () => {
    const currency = fc.constantFrom("EUR", "JPY", "KWD");
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), currency, (unit, code) => {
        expect(parseSignedUnitPrice(unitPriceText(unit), code)).toBe(unit);
        const amount = Math.abs(unit);
        expect(parseMajor(decimalText(amount, code), code)).toBe(amount);
      }),
    );
    expect([unitPriceText(1_000_000), unitPriceText(25_550), unitPriceText(-1)]).toEqual(["100", "2.555", "-0.0001"]);
    expect([decimalText(5, "EUR"), decimalText(1_234, "KWD"), decimalText(7, "JPY")]).toEqual(["0.05", "1.234", "7"]);
  });

  it("of a unit price are shown in what can be paid, away from nothing", () => {
    expect([minorPrice(25_550, "EUR"), minorPrice(-25_550, "EUR"), minorPrice(-49, "EUR")]).toEqual([256, -256, 0]);
  });
});

describe("an amount in major units", () => {
  it.each([
    ["19.90", "EUR", 1_990],
    [19.9, "EUR", 1_990],
    ["0", "EUR", 0],
    [0, "EUR", 0],
    ["12", "EUR", 1_200],
    [1.005, "EUR", 101],
    ["1.005", "EUR", 101],
    ["1.004999", "EUR", 100],
    [0.1 + 0.2, "EUR", 30],
    [1e-7, "EUR", 0],
    ["1500", "JPY", 1_500],
    ["1.5", "JPY", 2],
    ["1.2345", "KWD", 1_235],
    ["10000000", "EUR", 1_000_000_000],
  ])("%s %s is %d minor units", (value, currency, units) => expect(parseMajor(value, currency)).toBe(units));

  it.each([
    ["1e999", Number.POSITIVE_INFINITY],
    ["-1", -1],
    ["-0", -0],
    ["NaN", Number.NaN],
    ["9007199254740993", Number("9007199254740993")],
    ["a sign", "-1"],
    ["a plus", "+1"],
    ["an exponent", "1e3"],
    ["a comma", "19,90"],
    ["a space", " 1"],
    ["a currency", "€1"],
    ["a bare point", "1."],
    ["nothing before the point", ".5"],
    ["nothing", ""],
    ["a truth", true],
    ["null", null],
    ["a list", [1]],
    ["one cent more than ten million", "10000000.01"],
  ])("is not %s", (_, value) => expect(parseMajor(value, "EUR")).toBeNull());

  it("is read digit by digit: every amount of cents comes back, as text and as number", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), (cents) => {
        const text = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
        expect(parseMajor(text, "EUR")).toBe(cents);
        expect(parseMajor(cents / 100, "EUR")).toBe(cents);
      }),
    );
  });

  it("never throws and never makes up a number", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const units = parseMajor(value, "EUR");
        return units === null || (Number.isSafeInteger(units) && units >= 0 && units <= 1e9);
      }),
    );
  });
});
