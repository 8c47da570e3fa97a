import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_SENDING, rulesOf, sendingFaults, sendingInput } from "../../../src/decisions/sending";
import { opensAt, placeOf } from "../../../src/decisions/window";
import { DAY, HOUR, MINUTE } from "../../../src/shared/clock";
import { zonesOfCountry } from "../../../src/shared/country-zones";
import { isHoliday } from "../../../src/shared/holidays";
import { isTimezone, localDate, wallTime } from "../../../src/shared/wall-time";

const RULES = rulesOf(DEFAULT_SENDING).windows;
const FRENCH = { country: null, phone: "+33612345678", timezone: null };
const marketing = { channel: "sms", class: "marketing" };
const at = (text: string): number => Date.parse(text);

function opens(now: string, who = FRENCH as Parameters<typeof opensAt>[1], message = marketing): string | null {
  const found = opensAt(RULES, who, message, "UTC", at(now));
  return found === null ? null : new Date(found).toISOString();
}

describe("the hours in France (Appendix B 9)", () => {
  it("put a Sunday off to Monday at eight", () => {
    expect(opens("2026-11-22T10:00:00+01:00")).toBe("2026-11-23T07:00:00.000Z");
  });

  it("put Easter Monday off to Tuesday", () => {
    expect(opens("2026-04-06T10:00:00+02:00")).toBe("2026-04-07T06:00:00.000Z");
  });

  it("put an evening off to the next day, and close at eight sharp", () => {
    expect(opens("2026-11-23T20:30:00+01:00")).toBe("2026-11-24T07:00:00.000Z");
    expect(opens("2026-11-23T20:00:00+01:00")).toBe("2026-11-24T07:00:00.000Z");
    expect(opens("2026-11-23T19:59:59.999+01:00")).toBe("2026-11-23T18:59:59.999Z");
  });

  it("are those of the clocks on the days when these change", () => {
    expect(opens("2026-03-28T20:30:00+01:00")).toBe("2026-03-30T06:00:00.000Z");
    expect(opens("2026-10-24T20:30:00+02:00")).toBe("2026-10-26T07:00:00.000Z");
  });

  it("are for what rings, and for no service message", () => {
    const night = "2026-11-23T23:00:00+01:00";
    expect(opens(night, FRENCH, { channel: "email", class: "marketing" })).toBe(new Date(night).toISOString());
    expect(opens(night, FRENCH, { channel: "sms", class: "transactional" })).toBe(new Date(night).toISOString());
  });

  it("hold for service messages where the shop says so, without Sundays and holidays", () => {
    const transactional = {
      days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const,
      from: "07:00",
      to: "22:00",
    };
    const rules = RULES && { ...RULES, transactional: { ...transactional, days: [...transactional.days] } };
    const service = { channel: "sms", class: "transactional" };
    expect(opensAt(rules, FRENCH, service, "UTC", at("2026-11-22T10:00:00Z"))).toBe(at("2026-11-22T10:00:00Z"));
    expect(opensAt(rules, FRENCH, service, "UTC", at("2026-11-22T23:00:00Z"))).toBe(at("2026-11-23T06:00:00Z"));
  });

  it("end at ten whatever a shop would like", () => {
    const { windows } = DEFAULT_SENDING;
    const late = { ...DEFAULT_SENDING, windows: { ...windows, countries: { FR: { ...windows.rest, to: "22:30" } } } };
    expect(sendingFaults(late)).toMatchObject([{ pointer: "/windows/countries/FR" }]);
    expect(sendingFaults({ ...late, windows: { ...late.windows, on: false } })).toEqual([]);
    const inRest = { ...late, windows: { ...windows, countries: {}, rest: { ...windows.rest, from: "07:00" } } };
    expect(sendingFaults(inRest)).toMatchObject([{ pointer: "/windows/rest" }]);
  });
});

describe("the zone", () => {
  it("is the person's own, else that of the number's country, else the shop's", () => {
    const own = { ...FRENCH, timezone: "Asia/Tokyo" };
    expect(placeOf(own, "sms", "UTC")).toEqual({ country: "FR", zones: ["Asia/Tokyo"] });
    expect(placeOf(FRENCH, "sms", "UTC").zones).toEqual(["Europe/Paris"]);
    expect(placeOf({ ...own, timezone: "Mars/Base" }, "sms", "UTC").zones).toEqual(["Europe/Paris"]);
    expect(placeOf({ country: null, phone: null, timezone: null }, "push", "Europe/Brussels")).toEqual({
      country: null,
      zones: ["Europe/Brussels"],
    });
  });

  it("goes by the number for a text message, and by where the person lives for others", () => {
    const moved = { ...FRENCH, country: "BE" };
    expect(placeOf(moved, "sms", "UTC").country).toBe("FR");
    expect(placeOf(moved, "push", "UTC").country).toBe("BE");
  });

  it("is all of them in a country that has several: the window is what they have in common", () => {
    const american = { country: null, phone: "+12015550123", timezone: null };
    // Eight in Honolulu is eighteen hours UTC in November, and twenty in New York one hour.
    const opened = opensAt(RULES, american, marketing, "UTC", at("2026-11-23T12:00:00Z"));
    expect(opened).toBe(at("2026-11-23T18:00:00Z"));
    expect(opensAt(RULES, american, marketing, "UTC", at("2026-11-24T01:30:00Z"))).toBe(at("2026-11-24T18:00:00Z"));
    expect(opens("2026-11-24T01:30:00Z", { ...american, timezone: "America/Los_Angeles" })).toBe(
      "2026-11-24T01:30:00.000Z",
    );
  });

  it("never comes where several have nothing in common, and no shop waits for it for ever", () => {
    const rules = RULES && { ...RULES, rest: { ...RULES.rest, from: "08:00", to: "09:00" } };
    expect(
      opensAt(rules, { country: "US", phone: null, timezone: null }, { ...marketing, channel: "push" }, "UTC", 0),
    ).toBeNull();
  });

  it("is known for every country, by names that the runtime knows", () => {
    for (const country of ["FR", "US", "RU", "BR", "AU", "NZ", "RE"]) {
      const zones = zonesOfCountry(country);
      expect(zones.length).toBeGreaterThan(0);
      for (const zone of zones) expect(isTimezone(zone)).toBe(true);
    }
    expect(zonesOfCountry("XX")).toEqual([]);
  });
});

it("whenever and wherever, what leaves leaves within the hours, and nothing waits that could have left", () => {
  const numbers = ["+33612345678", "+4915112345678", "+12015550123", "+61412345678", "+5511912345678"];
  const moment = fc.integer({ min: at("2026-01-01T00:00:00Z"), max: at("2028-12-31T00:00:00Z") });
  fc.assert(
    fc.property(moment, fc.constantFrom(...numbers), (now, phone) => {
      const who = { country: null, phone, timezone: null };
      const found = opensAt(RULES, who, marketing, "UTC", now) ?? Number.NaN;
      const { country, zones } = placeOf(who, "sms", "UTC");
      const hours = RULES?.countries[country ?? ""] ?? RULES?.rest;
      const isOpen = (time: number): boolean =>
        zones.every((zone) => {
          const shown = new Date(wallTime(time, zone)).toISOString();
          const day = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"][
            new Date(`${shown.slice(0, 10)}T00:00:00Z`).getUTCDay()
          ];
          const isClosed = hours?.holidays === "skip" && isHoliday(localDate(time, zone), country ?? "");
          const time_ = shown.slice(11, 16);
          return !isClosed && hours?.days.includes(day as "mon") && time_ >= hours.from && time_ < hours.to;
        });
      expect(isOpen(found)).toBe(true);
      for (let time = now; time < found && time < now + 4 * DAY; time += 15 * MINUTE) expect(isOpen(time)).toBe(false);
      expect(found - now).toBeLessThan(5 * DAY + HOUR);
    }),
    { numRuns: 200 },
  );
});

it("the settings that the product comes with are settings that it takes", () => {
  expect(sendingInput.parse(DEFAULT_SENDING)).toEqual(DEFAULT_SENDING);
  expect(sendingFaults(DEFAULT_SENDING)).toEqual([]);
});
