import { describe, expect, test } from "vitest";
import { exchangeOf, factorOf, inBase } from "../../../src/commerce/exchange";

describe("exchange rates", () => {
  const rates = [
    { currency: "USD", from: 200, rate: 0.9 },
    { currency: "USD", from: 100, rate: 0.8 },
    { currency: "JPY", from: 100, rate: 0.006 },
    { currency: "KWD", from: 100, rate: 3 },
  ];
  const exchange = exchangeOf("EUR", rates);

  test("hold from their day until the next one, and are not guessed before the first", () => {
    expect([99, 100, 199, 200, 9_999].map((at) => exchange("USD", at))).toEqual([null, 0.8, 0.8, 0.9, 0.9]);
    expect(exchange("CHF", 150)).toBeNull();
    expect(exchange("EUR", 0)).toBe(1);
  });

  test("mind the decimals of both currencies", () => {
    expect(inBase(1_000, exchange("JPY", 150) ?? 0)).toBe(600);
    expect(inBase(1_000, exchange("KWD", 150) ?? 0)).toBe(300);
    expect(factorOf(160, "EUR", "JPY")).toBeCloseTo(1.6, 10);
  });

  test("round half up", () => {
    expect([inBase(1, 0.5), inBase(1, 0.49), inBase(3, 0.5)]).toEqual([1, 0, 2]);
  });
});
