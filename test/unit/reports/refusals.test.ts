import { describe, expect, test } from "vitest";
import { Tally } from "../../../src/events/tally";
import { redactEvent } from "../../../src/reports/redact-event";
import { refusalJump } from "../../../src/reports/refusal-jump";
import { bySource } from "../../../src/reports/source-hours";
import { DAY, HOUR, MINUTE } from "../../../src/shared/clock";

const NOW = Date.UTC(2026, 0, 20, 12, 30);

/** A source with so much taken and refused at certain times before now. */
function source(...notes: readonly [ago: number, events: number, refused: number][]) {
  const tally = new Tally();
  for (const [ago, events, refused] of notes)
    tally.note({ source: "shop", at: NOW - ago, events, refused: { "invalid-input": refused } });
  const [of] = bySource(tally.take(0));
  if (!of) throw new Error("nothing was heard");
  return of;
}

describe("refusals have jumped", () => {
  const week = [1, 2, 3, 4, 5, 6].map((days): [number, number, number] => [days * DAY, 1_000, 20]);

  test("where their share is above 5 % and three times the usual", () => {
    const jump = refusalJump(source(...week, [10 * MINUTE, 200, 40]), NOW);
    expect(jump).toMatchObject({ refused: 40, isJump: true });
    expect(jump.share).toBeCloseTo(40 / 240);
    expect(jump.usual).toBeCloseTo(20 / 1_020);
  });

  test.each([
    ["they are fewer than 20", [[10 * MINUTE, 20, 19]]],
    ["their share is small", [[10 * MINUTE, 1_000, 50]]],
    ["they are of another hour", [[2 * HOUR, 200, 100]]],
  ] as [string, [number, number, number][]][])("not where %s", (_, last) => {
    expect(refusalJump(source(...week, ...last), NOW).isJump).toBe(false);
  });

  test("not where they are as usual, however many", () => {
    const always = week.map(([ago]): [number, number, number] => [ago, 700, 300]);
    expect(refusalJump(source(...always, [10 * MINUTE, 70, 30]), NOW).isJump).toBe(false);
  });

  test("where nothing at all was taken", () => {
    expect(refusalJump(source(...week, [10 * MINUTE, 0, 20]), NOW).isJump).toBe(true);
  });
});

describe("an example", () => {
  test("keeps its form and figures, and nothing that describes a person", () => {
    const shown = redactEvent(
      JSON.stringify({
        type: "track",
        event: "Order Completed",
        userId: "ann@example.com",
        traits: { firstName: "Ann", age: 41, address: { city: "Lyon", lines: ["3 rue Haute"] } },
        properties: { total: "12,5O", note: "call +33 6 12 34 56 78", customer: { name: "Ann Onym" } },
        context: { library: { name: "relance.js" }, ip: "203.0.113.7" },
      }),
    );
    for (const secret of ["ann@example.com", "Ann", "Lyon", "rue Haute", "+33", "203.0.113.7"])
      expect(shown).not.toContain(secret);
    for (const plain of ["Order Completed", "12,5O", "firstName", "41", "relance.js"]) expect(shown).toContain(plain);
  });

  test("that is no JSON loses its addresses all the same", () => {
    expect(redactEvent('{"type": "track", ann@example.com')).not.toContain("ann@example.com");
    expect(redactEvent("[".repeat(9_000)).length).toBeLessThan(5_000);
  });
});
