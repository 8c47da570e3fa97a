import { describe, expect, it } from "vitest";
import { withDefaults } from "../../../src/scenarios/live";
import { Days } from "./days";
import { facts } from "./facts";
import { scenario } from "./scenario";

/** When a contact who comes by then goes on, by their clock's zone. */
function goesOn(from: string, params: object = {}, timezone: string | null = null): string {
  const definition = withDefaults(
    scenario({
      start: { type: "start.event", params: { event: "Begun" }, next: { next: "wait" } },
      wait: { type: "wait.activity_peak", params: { channel: "email", ...params }, next: { next: "end" } },
      end: { type: "exit" },
    }),
  );
  const at = Date.parse(from);
  const days = new Days({ definitions: { s: definition }, facts: facts({ profile: { timezone } }) });
  days.hear(at, { type: "event", at, id: "e", name: "Begun" });
  const { due } = days.state.runs[0] ?? { due: at };
  days.hear(due ?? at);
  expect(days.state.runs).toEqual([]);
  return new Date(due ?? at).toISOString().slice(0, 16);
}

describe("a wait for the most active hour", () => {
  it("ends at the usual hour of the contact's own clock, also where the clocks change", () => {
    expect(goesOn("2026-01-05T07:00Z")).toBe("2026-01-05T09:00");
    expect(goesOn("2026-01-05T11:00Z")).toBe("2026-01-06T09:00");
    expect(goesOn("2026-01-05T07:00Z", {}, "America/New_York")).toBe("2026-01-05T15:00");
    expect(goesOn("2026-03-28T12:00Z")).toBe("2026-03-29T08:00");
    expect(goesOn("2026-01-05T07:00Z", { usual: "23:30" })).toBe("2026-01-05T22:30");
  });

  it("goes on within the hour, and where none comes within the span", () => {
    expect(goesOn("2026-01-05T09:59Z")).toBe("2026-01-05T09:59");
    expect(goesOn("2026-01-05T11:00Z", { within: "PT6H" })).toBe("2026-01-05T11:00");
    expect(goesOn("2026-01-05T07:00Z", { within: "PT6H" })).toBe("2026-01-05T09:00");
  });
});
