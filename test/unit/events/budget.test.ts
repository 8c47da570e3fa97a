import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Budget } from "../../../src/events/budget";
import { HOUR, SECOND } from "../../../src/shared/clock";

const NOW = Date.UTC(2026, 0, 5, 10);

describe("a budget", () => {
  it("lets a burst through, then what its rate allows", () => {
    const budget = new Budget(300, 50);
    expect(budget.take("hot", 300, NOW)).toBe(0);
    expect(budget.take("hot", 1, NOW)).toBe(1);
    expect(budget.take("hot", 100, NOW)).toBe(2);
    expect(budget.take("hot", 50, NOW + SECOND)).toBe(0);
    expect(budget.take("hot", 1, NOW + SECOND)).toBe(1);
  });

  it("says how long to wait, and that is long enough", () => {
    const count = fc.integer({ min: 1, max: 1_000 });
    fc.assert(
      fc.property(count, (wanted) => {
        const budget = new Budget(300, 50);
        budget.take("hot", 300, NOW);
        const wait = budget.take("hot", wanted, NOW);
        expect(wait).toBeGreaterThan(0);
        expect(budget.take("hot", wanted, NOW + wait * SECOND)).toBe(0);
      }),
    );
  });

  it("takes nothing for what it refuses", () => {
    const budget = new Budget(100, 10);
    budget.take("hot", 100, NOW);
    for (let times = 0; times < 1_000; times++) budget.take("hot", 50, NOW);
    expect(budget.take("hot", 50, NOW + 5 * SECOND)).toBe(0);
  });

  it("keeps keys apart", () => {
    const budget = new Budget(10, 1);
    budget.take("hot", 10, NOW);
    expect(budget.take("hot", 1, NOW)).toBeGreaterThan(0);
    expect(budget.take("calm", 10, NOW)).toBe(0);
  });

  it("fills up to its burst and no further", () => {
    const budget = new Budget(10, 1);
    budget.take("a", 10, NOW);
    expect(budget.take("a", 10, NOW + HOUR)).toBe(0);
    expect(budget.take("a", 1, NOW + HOUR)).toBe(1);
  });

  it("lets a request that is larger than the burst through when it is full, and only then", () => {
    const budget = new Budget(10, 1);
    expect(budget.take("a", 1_000, NOW)).toBe(0);
    expect(budget.take("a", 1_000, NOW + SECOND)).toBe(9);
  });

  it("does not run dry when the clock goes back", () => {
    const budget = new Budget(10, 1);
    budget.take("a", 5, NOW);
    expect(budget.take("a", 5, NOW - HOUR)).toBe(0);
  });

  it("forgets the oldest keys beyond its limit, so that invented names cannot fill the memory", () => {
    const budget = new Budget(10, 1, 100);
    budget.take("first", 10, NOW);
    for (let number = 0; number < 100; number++) budget.take(`invented-${number}`, 1, NOW);
    expect(budget.take("first", 10, NOW)).toBe(0);
    expect(budget.take("invented-99", 10, NOW)).toBeGreaterThan(0);
  });
});
