import { describe, expect, it } from "vitest";
import { advance } from "../../../src/scenarios/advance";
import { blockDefinition } from "../../../src/scenarios/blocks";
import { withDefaults } from "../../../src/scenarios/live";
import type { Run } from "../../../src/scenarios/state";
import { facts } from "./facts";
import { scenario } from "./scenario";

const at = (text: string): number => Date.parse(text);
const iso = (moment: number | null): string | null =>
  moment === null ? null : new Date(moment).toISOString().replace(":00.000Z", "Z");

function waiting(params: object = {}): ReturnType<typeof scenario> {
  return withDefaults(
    scenario({
      start: { type: "wait.window", params, next: { next: "end" } },
      end: { type: "exit" },
    }),
  );
}

function run(): Run {
  return {
    ...{ id: "run_1", scenario: "sc", version: 1, entryKey: "k", enteredAt: 0, cart: null, since: 0, block: "start" },
    ...{ visits: { start: 1 }, due: null, sends: {}, lastSendAt: null, signals: {} },
  };
}

/** When a contact who comes by then goes on; null where at once. */
function goesOn(from: string, params: object = {}, profile: Parameters<typeof facts>[0] = {}): string | null {
  const moved = advance(run(), { kind: "enter" }, at(from), facts(profile), waiting(params));
  return iso(moved.run.due);
}

describe("a window of days and hours", () => {
  const MAY_DAY = "2026-05-01T10:00Z";

  it("leaves out the public holidays of the contact's country", () => {
    expect(goesOn(MAY_DAY, {}, { profile: { country: "FR" } })).toBe("2026-05-02T06:00Z");
    expect(goesOn("2026-07-14T10:00Z", {}, { profile: { country: "BE" } })).toBeNull();
    expect(goesOn("2026-07-21T10:00Z", {}, { profile: { country: "be" } })).toBe("2026-07-22T06:00Z");
    expect(goesOn(MAY_DAY, { holidays: "include" }, { profile: { country: "FR" } })).toBeNull();
  });

  it("goes by the country of the number where none is stated, and else by the one that it names", () => {
    const unknown = { profile: { country: null, phone: null } };
    expect(goesOn(MAY_DAY, {}, { profile: { country: null, phone: "+33612345678" } })).toBe("2026-05-02T06:00Z");
    expect(goesOn("2026-07-21T10:00Z", {}, { profile: { country: null, phone: "+32470123456" } })).toBe(
      "2026-07-22T06:00Z",
    );
    expect(goesOn(MAY_DAY, {}, unknown)).toBeNull();
    expect(goesOn(MAY_DAY, { country: "FR" }, unknown)).toBe("2026-05-02T06:00Z");
    expect(goesOn(MAY_DAY, { country: "FR" }, { profile: { country: "US" } })).toBeNull();
  });

  it("knows the two days that only Alsace and Moselle have", () => {
    const params = { country: "FR-67" };
    expect(goesOn("2026-04-03T10:00Z", params, { profile: { country: "FR" } })).toBe("2026-04-04T06:00Z");
    expect(goesOn("2026-04-03T10:00Z", {}, { profile: { country: "FR" } })).toBeNull();
    expect(goesOn("2026-12-26T10:00Z", params, { profile: { country: "BE" } })).toBeNull();
  });

  it.each([
    ["a Sunday is put off to Monday", "2026-01-11T09:00Z", "2026-01-12T07:00Z"],
    ["Easter Sunday and its Monday to Tuesday", "2026-04-05T08:00Z", "2026-04-07T06:00Z"],
    ["Whit Sunday and its Monday to Tuesday", "2026-05-24T10:00Z", "2026-05-26T06:00Z"],
    ["half past eight in the evening to the next day", "2026-01-13T19:30Z", "2026-01-14T07:00Z"],
    ["the evening before summer time to Monday morning", "2026-03-28T19:30Z", "2026-03-30T06:00Z"],
    ["the evening before winter time to Monday morning", "2026-10-24T18:30Z", "2026-10-26T07:00Z"],
    ["a Saturday evening before a holiday to Tuesday", "2027-05-15T18:30Z", "2027-05-18T06:00Z"],
  ])("of a French shop that rings from Monday to Saturday, %s (9)", (_what, from, expected) => {
    const params = { days: ["mon", "tue", "wed", "thu", "fri", "sat"] };
    expect(goesOn(from, params, { profile: { country: "FR" } })).toBe(expected);
  });

  it("reads the shop's clocks where the contact's zone is none", () => {
    expect(goesOn("2026-01-05T05:00Z", {}, { profile: { timezone: "Moon/Tranquility" } })).toBe("2026-01-05T07:00Z");
    expect(goesOn("2026-01-05T05:00Z", {}, { profile: { timezone: "Asia/Tokyo" } })).toBeNull();
  });

  it("asks again when it opens, since the contact may live by another clock by then", () => {
    const definition = waiting();
    const paris = advance(run(), { kind: "enter" }, at("2026-01-05T22:00Z"), facts(), definition).run;
    expect(iso(paris.due)).toBe("2026-01-06T07:00Z");
    const moved = facts({ profile: { timezone: "America/New_York" } });
    const there = advance(paris, { kind: "due" }, at("2026-01-06T07:00Z"), moved, definition).run;
    expect([there.block, iso(there.due)]).toEqual(["start", "2026-01-06T13:00Z"]);
    const stayed = advance(paris, { kind: "due" }, at("2026-01-06T07:00Z"), facts(), definition);
    expect(stayed.exit).toMatchObject({ outcome: "completed" });
  });

  it("refuses a country that is none", () => {
    const { params } = blockDefinition("wait.window") ?? {};
    for (const country of ["France", "fr", "FRA", ""]) expect(params?.safeParse({ country }).success).toBe(false);
  });
});
