import { describe, expect, it } from "vitest";
import { advance } from "../../../src/scenarios/advance";
import { withDefaults } from "../../../src/scenarios/live";
import type { Run } from "../../../src/scenarios/state";
import { facts } from "./facts";
import { scenario } from "./scenario";

const at = (text: string): number => Date.parse(text);
const iso = (moment: number | null): string | null =>
  moment === null ? null : new Date(moment).toISOString().replace(":00.000Z", "Z");

const run = (change: Partial<Run> = {}): Run => ({
  ...{ id: "run_1", scenario: "sc", version: 1, entryKey: "k", enteredAt: 0, cart: null, since: 0, block: "start" },
  ...{ visits: { start: 1 }, due: null, sends: {}, lastSendAt: null, signals: {}, ...change },
});

const waiting = (params: object) =>
  withDefaults(
    scenario({
      start: { type: "wait.until", params, next: { reached: "reached", none: "none" } },
      reached: { type: "exit", params: { reason: "reached" } },
      none: { type: "exit", params: { reason: "none" } },
    }),
  );

/** Until when a run waits that comes or is due by then, or the way that it goes. */
function step(
  kind: "enter" | "due",
  when: string,
  params: object,
  about: Parameters<typeof facts>[0] = {},
  from = run(),
) {
  const moved = advance(from, { kind }, at(when), facts(about), waiting(params));
  return moved.exit?.reason ?? iso(moved.run.due);
}

const FIXED = { field: "fixed", on: "2026-12-24", at: "18:00" };
const ENDS = { field: "attribute", name: "ends", offset_days: -3 };
const ending = (ends: string, rest: object = {}) => ({ profile: { attributes: { ends }, ...rest } });

describe("a wait until a date", () => {
  it("goes on at the time of day that was asked for, in the contact's zone", () => {
    expect(step("enter", "2026-12-01T10:00Z", FIXED)).toBe("2026-12-24T17:00Z");
    expect(step("enter", "2026-12-01T10:00Z", FIXED, { profile: { timezone: "Asia/Tokyo" } })).toBe(
      "2026-12-24T09:00Z",
    );
    expect(step("due", "2026-12-24T17:00Z", FIXED)).toBe("reached");
  });

  it("does not wait for a date that is there, has passed, or is not known", () => {
    expect(step("enter", "2026-12-24T17:00Z", FIXED)).toBe("reached");
    expect(step("enter", "2026-12-24T17:01Z", FIXED)).toBe("none");
    expect(step("enter", "2026-12-01T10:00Z", ENDS)).toBe("none");
    expect(step("enter", "2026-12-01T10:00Z", { field: "birth_date" })).toBe("none");
  });

  it("counts from the last day of the coupon that the run was given", () => {
    const given = (until: string) => run({ about: { coupon: "AB12", coupon_until: until } });
    const before = { field: "coupon_end", offset_days: -2, at: "10:00" };
    // It can be used up to midnight in Paris.
    expect(step("enter", "2026-02-01T10:00Z", before, {}, given("2026-02-10T23:00:00.000Z"))).toBe("2026-02-08T09:00Z");
    expect(step("enter", "2026-02-01T10:00Z", before)).toBe("none");
  });

  it("counts from a property of the event that began the run", () => {
    const params = { field: "event", property: "delivery", offset_days: 2, at: "10:00" };
    const begun = run({ about: { delivery: "2026-02-03" } });
    expect(step("enter", "2026-02-01T10:00Z", params, {}, begun)).toBe("2026-02-05T09:00Z");
    expect(step("enter", "2026-02-01T10:00Z", params)).toBe("none");
  });

  it("waits for the next time of a date that comes round", () => {
    const born = { profile: { birthDate: "1992-02-29" } };
    expect(step("enter", "2026-03-01T10:00Z", { field: "birth_date" }, born)).toBe("2027-02-28T08:00Z");
    expect(step("enter", "2026-03-01T10:00Z", { field: "birth_date", feb29: "mar1" }, born)).toBe("2027-03-01T08:00Z");
    expect(step("due", "2027-02-28T08:00Z", { field: "birth_date" }, born)).toBe("reached");
  });

  it("waits on where the date was put off meanwhile, and gives up where it was taken away or has passed", () => {
    const DUE = "2026-03-07T08:00Z";
    expect(step("enter", "2026-02-01T10:00Z", ENDS, ending("2026-03-10"))).toBe(DUE);
    expect(step("due", DUE, ENDS, ending("2026-03-10"))).toBe("reached");
    expect(step("due", DUE, ENDS, ending("2026-04-10"))).toBe("2026-04-07T07:00Z");
    expect(step("due", DUE, ENDS, ending("2026-02-20"))).toBe("none");
    expect(step("due", DUE, ENDS)).toBe("none");
  });

  it("follows a contact who moves: on where it is earlier, there where it is later", () => {
    const DUE = "2026-03-07T08:00Z";
    expect(step("due", DUE, ENDS, ending("2026-03-10", { timezone: "America/New_York" }))).toBe("2026-03-07T14:00Z");
    expect(step("due", DUE, ENDS, ending("2026-03-10", { timezone: "Pacific/Kiritimati" }))).toBe("reached");
    const west = { profile: { birthDate: "1990-05-04", timezone: "Pacific/Niue" } };
    expect(step("due", "2026-05-04T07:00Z", { field: "birth_date" }, west)).toBe("2026-05-04T20:00Z");
  });
});
