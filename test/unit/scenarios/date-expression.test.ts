import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type * as z from "zod";
import type { Occasion } from "../../../src/scenarios/date-expression";
import {
  dateExpression,
  datesAsk,
  nextOccasion,
  occasionsWithin,
  zoneFor,
} from "../../../src/scenarios/date-expression";
import { dateInWords } from "../../../src/scenarios/date-words";
import type { Terms } from "../../../src/segments/compile";
import { readsOf, ruleInput } from "../../../src/segments/rule";
import { DAY, HOUR } from "../../../src/shared/clock";
import { localDate } from "../../../src/shared/wall-time";
import { facts } from "./facts";

const NO_TERMS: Terms = { shop: { zone: "UTC", currency: "EUR" }, table: () => undefined };

type Asked = z.input<typeof dateExpression>;
type Profile = NonNullable<NonNullable<Parameters<typeof facts>[0]>["profile"]>;

const at = (text: string): number => Date.parse(text);
const iso = (moment: number): string => new Date(moment).toISOString().replace(":00.000Z", "Z");
const shown = (occasion: Occasion | null): string | null => occasion && `${occasion.key} ${iso(occasion.at)}`;

/** When a date next falls for somebody in Paris, by its key and moment. */
function next(asked: Asked, from: string, profile: Profile = {}, about?: Record<string, string | number>) {
  return shown(nextOccasion(dateExpression.parse(asked), facts({ profile }), at(from), about));
}

const BIRTHDAY = { field: "birth_date" } as const;

describe("a birthday", () => {
  const born = { birthDate: "1990-05-04" };

  it("is each year at nine by the contact's clocks", () => {
    expect(next(BIRTHDAY, "2026-01-01T00:00Z", born)).toBe("2026 2026-05-04T07:00Z");
    expect(next(BIRTHDAY, "2026-05-04T07:00Z", born)).toBe("2026 2026-05-04T07:00Z");
    expect(next(BIRTHDAY, "2026-05-04T07:01Z", born)).toBe("2027 2027-05-04T07:00Z");
    expect(next(BIRTHDAY, "2026-01-01T00:00Z", { ...born, timezone: "Asia/Tokyo" })).toBe("2026 2026-05-04T00:00Z");
  });

  it("is by the shop's clocks where these are asked for, or where the contact's zone is none", () => {
    const there = { ...born, timezone: "Asia/Tokyo" };
    expect(next({ ...BIRTHDAY, tz: "shop" }, "2026-01-01T00:00Z", there)).toBe("2026 2026-05-04T07:00Z");
    expect(next(BIRTHDAY, "2026-01-01T00:00Z", { ...born, timezone: "Nowhere" })).toBe("2026 2026-05-04T07:00Z");
  });

  it("keeps its time of day on the days on which clocks change", () => {
    expect(next(BIRTHDAY, "2026-01-01T00:00Z", { birthDate: "1990-03-29" })).toBe("2026 2026-03-29T07:00Z");
    expect(next(BIRTHDAY, "2026-01-01T00:00Z", { birthDate: "1990-10-25" })).toBe("2026 2026-10-25T08:00Z");
    const early = { ...BIRTHDAY, at: "02:30" };
    expect(next(early, "2026-01-01T00:00Z", { birthDate: "1990-03-29" })).toBe("2026 2026-03-29T01:30Z");
    expect(next(early, "2026-01-01T00:00Z", { birthDate: "1990-10-25" })).toBe("2026 2026-10-25T00:30Z");
  });

  it("of a 29 February is on the 28th in other years, or on 1 March where that is asked for (Appendix B 10)", () => {
    const leap = { birthDate: "1992-02-29" };
    expect(next(BIRTHDAY, "2027-01-01T00:00Z", leap)).toBe("2027 2027-02-28T08:00Z");
    expect(next({ ...BIRTHDAY, feb29: "mar1" }, "2027-01-01T00:00Z", leap)).toBe("2027 2027-03-01T08:00Z");
    for (const feb29 of ["feb28", "mar1"] as const) {
      expect(next({ ...BIRTHDAY, feb29 }, "2028-01-01T00:00Z", leap)).toBe("2028 2028-02-29T08:00Z");
    }
    expect(next({ ...BIRTHDAY, offset_days: 1 }, "2027-01-01T00:00Z", leap)).toBe("2027 2027-03-01T08:00Z");
  });

  it("may be spoken of days before or after, over the end of a year as well", () => {
    const early = { birthDate: "1990-01-02" };
    expect(next({ ...BIRTHDAY, offset_days: -7 }, "2026-12-20T00:00Z", early)).toBe("2027 2026-12-26T08:00Z");
    const late = { birthDate: "1990-12-30" };
    expect(next({ ...BIRTHDAY, offset_days: 7 }, "2027-01-01T00:00Z", late)).toBe("2026 2027-01-06T08:00Z");
    expect(next({ ...BIRTHDAY, offset_days: -400 }, "2026-01-01T00:00Z", late)).toBe("2027 2026-11-25T08:00Z");
  });

  it("is none where no birth date is known", () => expect(next(BIRTHDAY, "2026-01-01T00:00Z")).toBeNull());
});

describe("another date", () => {
  it("that is a property of the contact falls once, under its own day", () => {
    const ends = (stated: unknown, from = "2026-01-01T00:00Z", rest: object = {}) =>
      next({ field: "attribute", name: "ends", ...rest } as Asked, from, { attributes: { ends: stated } });
    expect(ends("2026-03-10")).toBe("2026-03-10 2026-03-10T08:00Z");
    expect(ends("2026-03-10", "2026-01-01T00:00Z", { offset_days: -3, at: "18:30" })).toBe(
      "2026-03-10 2026-03-07T17:30Z",
    );
    expect(ends("2026-03-10", "2026-03-10T09:00Z")).toBeNull();
    // A moment is a day of the contact's; what names no zone is read as it stands.
    expect(ends("2026-03-10T23:30:00Z")).toBe("2026-03-11 2026-03-11T08:00Z");
    expect(ends("2026-03-10T23:30:00")).toBe("2026-03-10 2026-03-10T08:00Z");
    for (const none of ["2026-02-30", "soon", "", 20_260_310, null, ["2026-03-10"], "2026-03-10 at noon", true]) {
      expect(ends(none), JSON.stringify(none)).toBeNull();
    }
  });

  it("comes round each year where that is asked for, from its own year on", () => {
    const wedding = (from: string) =>
      next({ field: "attribute", name: "wedding", yearly: true }, from, { attributes: { wedding: "2027-06-01" } });
    expect(wedding("2020-01-01T00:00Z")).toBe("2027 2027-06-01T07:00Z");
    expect(wedding("2026-12-01T00:00Z")).toBe("2027 2027-06-01T07:00Z");
    expect(wedding("2030-07-01T00:00Z")).toBe("2031 2031-06-01T07:00Z");
  });

  it("can be that of an order or of the registration, which come round a year later first", () => {
    const order = (placed: string, status = "placed") => ({
      status,
      placedAt: at(placed),
      currency: "EUR",
      total: 1,
      shipping: 0,
      refunded: 0,
    });
    const bought = facts({
      profile: { createdAt: at("2025-01-31T23:30Z") },
      commerce: {
        orders: [
          order("2025-12-01T10:00Z"),
          order("2025-03-30T23:00Z"),
          order("2024-01-01T10:00Z", "cancelled"),
        ] as never,
      },
    });
    const found = (asked: Asked, from: string) => shown(nextOccasion(dateExpression.parse(asked), bought, at(from)));
    expect(found({ field: "first_order", yearly: true }, "2025-03-30T00:00Z")).toBe("2026 2026-03-31T07:00Z");
    expect(found({ field: "first_order", offset_days: 30 }, "2025-01-01T00:00Z")).toBe("2025-03-31 2025-04-30T07:00Z");
    expect(found({ field: "last_order", offset_days: 60 }, "2025-12-02T00:00Z")).toBe("2025-12-01 2026-01-30T08:00Z");
    expect(found({ field: "created", yearly: true }, "2025-12-02T00:00Z")).toBe("2026 2026-02-01T08:00Z");
    expect(next({ field: "first_order" }, "2020-01-01T00:00Z")).toBeNull();
  });

  it("can be that of points that run out, of which there may be several", () => {
    const lot = (points: number, expires: string | null) => ({ points, expires: expires && at(expires) });
    const rows = [lot(5, "2026-03-31T22:00Z"), lot(9, "2026-02-01T10:00Z"), lot(0, "2026-01-20T10:00Z"), lot(3, null)];
    const found = (from: string) => {
      const expression = dateExpression.parse({ field: "points_expire", offset_days: -7 });
      return shown(nextOccasion(expression, { ...facts(), rows: { loyalty_lots: rows } }, at(from)));
    };
    expect(found("2026-01-01T00:00Z")).toBe("2026-02-01 2026-01-25T08:00Z");
    expect(found("2026-01-26T00:00Z")).toBe("2026-04-01 2026-03-25T08:00Z");
    expect(found("2026-03-26T00:00Z")).toBeNull();
    // Their lots are read where a wait or a rehearsal needs them.
    for (const rule of datesAsk({ field: "points_expire" })) {
      expect(readsOf(ruleInput.parse(rule), NO_TERMS).map(({ key }) => key)).toEqual(["loyalty_lots"]);
    }
    expect(datesAsk({ field: "points_expire" })).toHaveLength(1);
  });

  it("can be chosen, or told by the event that began the run", () => {
    expect(next({ field: "fixed", on: "2026-12-24", at: "12:00" }, "2026-01-01T00:00Z")).toBe(
      "2026-12-24 2026-12-24T11:00Z",
    );
    const told = (about?: Record<string, string | number>) =>
      next({ field: "event", property: "delivery", offset_days: 2 }, "2026-01-01T00:00Z", {}, about);
    expect(told({ delivery: "2026-02-03" })).toBe("2026-02-03 2026-02-05T08:00Z");
    for (const about of [undefined, {}, { delivery: 5 }, { delivery: "tomorrow" }]) expect(told(about)).toBeNull();
  });
});

describe("whatever the zone, the day and the offset", () => {
  const zone = fc.constantFrom(...Intl.supportedValuesOf("timeZone"));
  const day = fc.integer({ min: at("1930-01-01"), max: at("2010-12-31") }).map((moment) => iso(moment).slice(0, 10));
  const from = fc.integer({ min: at("2024-01-01"), max: at("2036-01-01") });
  const offset = fc.integer({ min: -500, max: 500 });

  it("a birthday falls once a year, on its day by the contact's calendar, and no other lies before it", () => {
    fc.assert(
      fc.property(zone, day, from, offset, (timezone, birthDate, moment, offset_days) => {
        const asked = dateExpression.parse({ ...BIRTHDAY, offset_days, at: "12:00" });
        const someone = facts({ profile: { birthDate, timezone } });
        const first = nextOccasion(asked, someone, moment);
        if (!first) throw new Error("no birthday");
        const noon = localDate(first.at - offset_days * DAY, timezone);
        const expected = birthDate.slice(5) === "02-29" ? ["02-28", "02-29"] : [birthDate.slice(5)];
        expect(expected).toContain(noon.slice(5));
        expect(noon.slice(0, 4)).toBe(first.key);
        expect(first.at).toBeGreaterThanOrEqual(moment);
        expect(first.at - moment).toBeLessThanOrEqual(367 * DAY);
        const second = nextOccasion(asked, someone, first.at + 1);
        expect(Number(second?.key)).toBe(Number(first.key) + 1);
        // Whoever looks at a day at a time finds the same.
        const span = { after: first.at - HOUR, until: first.at + HOUR };
        expect(occasionsWithin(asked, [birthDate], zoneFor(asked, someone), span)).toEqual([first]);
        expect(occasionsWithin(asked, [birthDate], timezone, { after: first.at, until: first.at + DAY })).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

describe("in words", () => {
  it.each<[Asked, string, string]>([
    [BIRTHDAY, "on the day of the birthday, at 09:00", "le jour de l’anniversaire, à 09:00"],
    [
      { field: "attribute", name: "ends", offset_days: -1, tz: "shop" },
      "1 day before the contact’s date “ends”, at 09:00 (the shop’s time)",
      "1 jour avant la date « ends » du contact, à 09:00 (heure de la boutique)",
    ],
    [
      { field: "first_order", yearly: true, offset_days: 3, feb29: "mar1" },
      "3 days after each anniversary of the first order, at 09:00, on 1 March for a 29 February",
      "3 jours après chaque anniversaire de la première commande, à 09:00, le 1er mars pour un 29 février",
    ],
    [{ field: "fixed", on: "2026-12-24" }, "on 24 December 2026, at 09:00", "le 24 décembre 2026, à 09:00"],
  ])("%j", (asked, en, fr) => {
    const expression = dateExpression.parse(asked);
    expect([dateInWords(expression, "en"), dateInWords(expression, "fr")]).toEqual([en, fr]);
  });

  it("refuses what is no date, time or field", () => {
    for (const wrong of [
      { field: "fixed", on: "2026-02-30" },
      { field: "fixed" },
      { field: "attribute" },
      { field: "attribute", name: 'a"b' },
      { field: "event" },
      { field: "moon" },
      { ...BIRTHDAY, at: "24:00" },
      { ...BIRTHDAY, offset_days: 0.5 },
      { ...BIRTHDAY, yearly: false },
    ]) {
      expect(dateExpression.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
    }
  });
});
