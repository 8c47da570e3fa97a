import { describe, expect, it } from "vitest";
import type { StockLevel } from "../../../src/commerce/stock-level";
import { stockOver } from "../../../src/commerce/stock-level";

const level = (available: number, at: number, counted = available): StockLevel => ({ available, at, counted });
const total = (pieces: number, at = 0) => ({ pieces, at });

describe("the stock over all of a shop's locations", () => {
  it("is what the shop states of the whole, whatever a location says that was not heard of before", () => {
    expect(stockOver(total(52), [level(1, 10)])).toEqual({ stock: 52, at: 10 });
    expect(stockOver(total(52), [level(0, 10)])).toEqual({ stock: 52, at: 10 });
  });

  it("moves by what a location says since it was counted", () => {
    expect(stockOver(total(52), [level(0, 20, 2), level(48, 30, 50)])).toEqual({ stock: 48, at: 30 });
    expect(stockOver(total(2), [level(7, 20, 2)])).toEqual({ stock: 7, at: 20 });
  });

  it("holds what locations told until it was stated", () => {
    expect(stockOver(total(50, 40), [level(1, 10, 2), level(60, 40, 50)])).toEqual({ stock: 50, at: 40 });
  });

  it("is never less than the locations say, nor less than nothing", () => {
    expect(stockOver(total(0), [level(10, 5)])).toEqual({ stock: 10, at: 5 });
    expect(stockOver(total(1), [level(-3, 5, 2)])).toEqual({ stock: 0, at: 5 });
  });

  it("is their sum where the shop never stated it, and unknown where nobody did", () => {
    expect(stockOver(null, [level(2, 10), level(-1, 20), level(3, 30)])).toEqual({ stock: 5, at: 30 });
    expect(stockOver(null, [])).toBeNull();
  });
});
