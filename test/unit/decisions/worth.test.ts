import { describe, expect, it } from "vitest";
import { expectedValue } from "../../../src/decisions/worth";

const earned = { messages: 1_000, orders: 40, revenue: 250_000 };

describe("what a message is expected to earn", () => {
  it("is what one of its scenario did, or the share of them that sell times the cart that it is about", () => {
    expect(expectedValue(earned, null)).toBe(250);
    expect(expectedValue(earned, 10_000)).toBe(400);
    expect(expectedValue(earned, 0)).toBe(0);
  });

  it("is nothing where nobody knows, or where more came back than was sold", () => {
    expect(expectedValue(undefined, 10_000)).toBe(0);
    expect(expectedValue({ ...earned, messages: 199 }, 10_000)).toBe(0);
    expect(expectedValue({ ...earned, revenue: -5_000 }, null)).toBe(0);
  });
});
