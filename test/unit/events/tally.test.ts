import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SourceNote } from "../../../src/events/tally";
import { skewBucket, skewOf, Tally } from "../../../src/events/tally";
import { bySource } from "../../../src/reports/source-hours";
import { HOUR, MINUTE, SECOND } from "../../../src/shared/clock";

const START = Date.UTC(2026, 0, 5, 10);

const note = fc.record({
  source: fc.constantFrom("snippet", "shopify", "http"),
  at: fc.integer({ min: START, max: START + 3 * HOUR }),
  events: fc.nat(50),
  refused: fc.dictionary(fc.constantFrom("invalid-input", "too-large"), fc.nat(9)),
  skew: fc.option(fc.integer({ min: -HOUR, max: HOUR }), { nil: undefined }),
});

describe("what the ledger counts", () => {
  test("adds up to what came, however often it is written and however many lives counted it", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(note, fc.constantFrom("count", "write", "fail", "crash"))), (steps) => {
        /** The table: what a life writes replaces what it wrote before. */
        const table = new Map<string, string>();
        let life = 0;
        let tally = new Tally();
        let lost: SourceNote[] = [];
        const expected: SourceNote[] = [];
        for (const [one, then] of steps) {
          tally.note(one);
          lost.push(one);
          if (then === "count") continue;
          if (then === "crash") {
            life++;
            tally = new Tally();
            lost = [];
            continue;
          }
          const hours = tally.take(START);
          if (then === "fail") {
            tally.giveBack(hours);
            continue;
          }
          for (const hour of hours) table.set(`${life} ${hour.hour} ${hour.source}`, JSON.stringify(hour));
          expected.push(...lost);
          lost = [];
        }
        const found = bySource([...table.values()].map((text) => JSON.parse(text)));
        const sum = (of: readonly SourceNote[], source: string) => ({
          events: of.filter((one) => one.source === source).reduce((all, { events }) => all + events, 0),
          refused: of
            .filter((one) => one.source === source)
            .flatMap(({ refused = {} }) => Object.values(refused))
            .reduce((all, count) => all + count, 0),
        });
        for (const source of ["snippet", "shopify", "http"]) {
          const hours = [...(found.find((one) => one.source === source)?.hours.values() ?? [])];
          const counted = {
            events: hours.reduce((all, { events }) => all + events, 0),
            refused: hours.reduce((all, { refused }) => all + refused, 0),
          };
          expect(counted).toEqual(sum(expected, source));
          const slots = hours.flatMap(({ counts }) => counts.slots);
          expect(slots.reduce((all, [events]) => all + events, 0)).toBe(counted.events);
        }
      }),
    );
  });

  test("is not taken twice where nothing has changed", () => {
    const tally = new Tally();
    tally.note({ source: "snippet", at: START, events: 1 });
    expect(tally.take(START)).toHaveLength(1);
    expect(tally.take(START)).toEqual([]);
  });

  test("holds no more sources and reasons than it can, whatever it is told", () => {
    const tally = new Tally();
    for (let index = 0; index < 5_000; index++) {
      tally.note({ source: `s${index}`, at: START, events: 1, refused: { [`r${index}`]: 1 } });
      tally.note({ source: "s0", at: START, events: 0, refused: { [`r${index}`]: 1 } });
    }
    const hours = tally.take(START);
    expect(hours.length).toBeLessThanOrEqual(101);
    expect(hours.reduce((all, { events }) => all + events, 0)).toBe(5_000);
    for (const { counts } of hours) expect(Object.keys(counts.reasons).length).toBeLessThanOrEqual(31);
  });
});

describe("a clock's skew", () => {
  test.each([
    [0, 0],
    [900, 0],
    [-900, 0],
    [3 * SECOND, 5 * SECOND],
    [-3 * SECOND, -5 * SECOND],
  ])("of %i ms counts as about %i ms", (skew, about) => {
    expect(skewOf(skewBucket(skew))).toBe(about);
  });

  test("is told to within half of it, on its side of zero", () => {
    fc.assert(
      fc.property(fc.integer({ min: -30 * 24 * HOUR, max: 30 * 24 * HOUR }), (skew) => {
        const told = skewOf(skewBucket(skew));
        expect(Math.abs(told - skew)).toBeLessThanOrEqual(Math.max(SECOND, Math.abs(skew) * 0.75));
        expect(Math.sign(told) * Math.sign(skew)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test("beyond five minutes is a wrong clock", () => {
    const tally = new Tally();
    for (const skew of [0, 5 * MINUTE, 5 * MINUTE + 1, -HOUR])
      tally.note({ source: "http", at: START, events: 1, skew });
    expect(tally.take(START)[0]?.counts.wrong).toBe(2);
  });
});
