import { describe, expect, test } from "vitest";
import type { Behaviour, BehaviourFacts } from "../../../../src/segments/behaviour/behaviour";
import { behaviourOf } from "../../../../src/segments/behaviour/behaviour";
import { calendarAt, partOf } from "../../../../src/segments/behaviour/calendar";
import { scoreOf, unitsOf } from "../../../../src/segments/behaviour/engagement";
import { BEHAVIOUR_FAMILIES, levelOf } from "../../../../src/segments/behaviour/families";
import { percentilePlace, reaches } from "../../../../src/segments/behaviour/ruler";
import { daysIn } from "../../../../src/segments/rfm/days";

const days = daysIn("Europe/Paris");
const at = (text: string): number => Date.parse(text);
const NOW = at("2026-06-15T12:00:00+02:00");
const today = days.of(NOW);

const NOTHING: BehaviourFacts = {
  refuses: false,
  visits: [],
  mailActs: [],
  wishes: [],
  reviews: [],
  shares: [],
  mails: [],
  orders: [],
};

const visit = (when: number, channel = "web") => ({ at: when, channel, views: [] });
/** Noon of the day so many days ago. */
const ago = (count: number): number => days.start(today - count) + 12 * 3_600_000;
const kept = (facts: Partial<BehaviourFacts>, now = NOW) =>
  behaviourOf({ ...NOTHING, ...facts }, calendarAt(now, days));
const score = (facts: Partial<BehaviourFacts>, now = NOW): number => {
  const row = kept(facts, now);
  return row ? scoreOf(row.units, row.since_day, days.of(now)) : 0;
};

const EMPTY = { units: 0, since_day: null, acted_day: null, mail_day: null, mailed: 0, visit_day: null };
const COUNTS = { visits_30: 0, visits_90: 0, weekend_90: 0, orders: 0, spend: 0, promoted: 0 };
const row = (part: Partial<Behaviour>): Behaviour => ({
  ...EMPTY,
  ...COUNTS,
  day_part: null,
  channel: null,
  category: null,
  ...part,
});

const mark = { units: 0, period: 0 };
function level(family: string, part: Partial<Behaviour>, ruler = mark): string | null {
  const found = BEHAVIOUR_FAMILIES.find(({ key }) => key === family);
  return found ? levelOf(found, row(part), { today, now: NOW, ruler: { mark: ruler, before: ruler, at: 0 } }) : null;
}

describe("the score of engagement (SC-03)", () => {
  test("adds one a visit day, two a click, three a wish or a store visit, four a review, six a shared link", () => {
    expect(score({ visits: [visit(ago(0)), visit(ago(0) + 60_000), visit(ago(0), "store")] })).toBe(1 + 3);
    const click = { kind: "clicked", channel: "sms", at: ago(0) };
    expect(score({ mailActs: [click, { ...click, kind: "opened" }] })).toBe(2);
    expect(score({ wishes: [ago(0), null], reviews: [ago(0)], shares: [ago(0)] })).toBe(3 + 4 + 6);
  });

  test("halves with every thirty days, and forgets at ninety", () => {
    expect([0, 30, 60].map((age) => score({ reviews: [ago(age)] }))).toEqual([4, 2, 1]);
    expect(score({ reviews: [ago(15)] })).toBeCloseTo(4 / Math.SQRT2, 5);
    expect(score({ reviews: [ago(89)] })).toBeCloseTo(4 * 2 ** (-89 / 30), 5);
    expect(score({ reviews: [ago(90)] })).toBe(0);
    expect(kept({ reviews: [ago(90)] })).toMatchObject({ units: 0, since_day: null, acted_day: today - 90 });
  });

  test("is the same number whenever it was added up", () => {
    for (const later of [1, 17, 30, 31, 59]) {
      const then = kept({ reviews: [ago(29), ago(3)] });
      const now = NOW + later * 86_400_000;
      const value = then ? scoreOf(then.units, then.since_day, today + later) : 0;
      expect(value).toBe(score({ reviews: [ago(29), ago(3)] }, now));
    }
  });

  test("counts by days of the shop, also of 23 and 25 hours", () => {
    const [spring, autumn] = [at("2026-03-29T21:00:00Z"), at("2026-10-25T22:30:00Z")];
    const visits = (...times: string[]) => times.map((time) => visit(at(time)));
    // 29 March ends at 22:00 UTC; 25 October begins at 22:00 UTC of the day before and lasts 25 hours.
    expect(score({ visits: visits("2026-03-28T23:30:00Z", "2026-03-29T20:59:00Z") }, spring)).toBe(1);
    expect(kept({ visits: visits("2026-03-28T22:30:00Z", "2026-03-28T23:30:00Z") }, spring)?.visits_30).toBe(2);
    expect(score({ visits: visits("2026-10-24T22:30:00Z", "2026-10-25T22:15:00Z") }, autumn)).toBe(1);
    expect(partOf(at("2026-10-25T17:59:00+01:00"), calendarAt(autumn, days))).toBe("afternoon");
    expect(partOf(at("2026-10-25T18:00:00+01:00"), calendarAt(autumn, days))).toBe("evening");
  });

  test("is blind to what is still to come, to machines, and to what a person refused", () => {
    expect(kept({ reviews: [NOW + 1], wishes: [NOW + 1] })).toBeNull();
    expect(kept({ mailActs: [{ kind: "delivered", channel: "email", at: ago(1) }] })).toBeNull();
    expect(kept({ refuses: true, visits: [visit(ago(0))] })).toBeNull();
  });
});

describe("levels", () => {
  const scored = (value: number): Partial<Behaviour> => ({
    units: Math.round(value * unitsOf(today, Math.floor(today / 30))),
    since_day: today,
    acted_day: today,
  });

  test("of engagement: twelve and the most engaged tenth, three, anything, once", () => {
    const tenth = { units: 20 * unitsOf(today, 0), period: 0 };
    expect([12, 11.99, 3, 2.99, 0.1].map((value) => level("engagement", scored(value)))).toEqual([
      "very_engaged",
      "engaged",
      "engaged",
      "little_engaged",
      "little_engaged",
    ]);
    expect([20, 19.99].map((value) => level("engagement", scored(value), tenth))).toEqual(["very_engaged", "engaged"]);
    expect([level("engagement", { acted_day: today - 90 }), level("engagement", { mailed: 1 })]).toEqual([
      "not_engaged",
      null,
    ]);
  });

  test("of activity by email: 30, 90 and 180 days since a person acted", () => {
    const since = [0, 30, 31, 90, 91, 180, 181].map((age) => level("email_activity", { mail_day: today - age }));
    expect(since).toEqual(["active", "active", "slowing", "slowing", "inactive", "inactive", "dormant"]);
    expect([level("email_activity", { mailed: 1 }), level("email_activity", { acted_day: today })]).toEqual([
      "never",
      null,
    ]);
  });

  test("of activity by email: who was first sent mail less than thirty days ago had no time to answer", () => {
    expect(kept({ mails: [days.start(today - 29)] })).toBeNull();
    expect(kept({ mails: [days.start(today - 29) - 1] })).toMatchObject({ mailed: 1, acted_day: null });
  });

  test("of browsing: eight and three days in thirty, one in ninety, ever", () => {
    const visited = { visit_day: today, visits_90: 9 };
    expect([8, 7, 3, 2].map((count) => level("browsing", { ...visited, visits_30: count }))).toEqual([
      "frequent",
      "regular",
      "regular",
      "occasional",
    ]);
    expect([level("browsing", { visit_day: today - 90 }), level("browsing", {})]).toEqual(["lapsed", null]);
    const edge = kept({ visits: [visit(days.start(today - 29)), visit(days.start(today - 29) - 1)] });
    expect(edge).toMatchObject({ visits_30: 1, visits_90: 2 });
    const old = kept({ visits: [visit(days.start(today - 89)), visit(days.start(today - 89) - 1)] });
    expect(old).toMatchObject({ visits_90: 1, visit_day: today - 89 });
  });

  test("of appetite for promotions: below 25 %, above 60 %, and from three orders on", () => {
    const share = (promoted: number, orders = 3) => level("promotion_appetite", { orders, spend: 100, promoted });
    expect([24, 25, 60, 61].map((promoted) => share(promoted))).toEqual(["low", "medium", "medium", "high"]);
    expect([share(100, 2), share(0)]).toEqual([null, "low"]);
  });
});

describe("appetite for promotions", () => {
  const order = {
    placedAt: ago(9),
    status: "delivered",
    net: 90,
    worth: 90,
    gross: 100,
    discount: 10,
    lineDiscounts: 0,
  } as const;
  const plain = { ...order, discount: 9 };

  test("counts what was paid with a tenth off, on the order or on its lines", () => {
    expect(kept({ orders: [order, plain, { ...plain, lineDiscounts: 10 }] })).toMatchObject({
      orders: 3,
      spend: 270,
      promoted: 180,
    });
  });

  test("looks at valid orders of twelve months alone, and at none of two", () => {
    const year = days.start(days.of(at("2025-06-15T12:00:00+02:00")));
    const some = [order, order, { ...order, placedAt: year }];
    expect(kept({ orders: some })?.orders).toBe(3);
    expect(kept({ orders: [order, order, { ...order, placedAt: year - 1 }] })).toMatchObject({ orders: 0, spend: 0 });
    expect(kept({ orders: [order, order, { ...order, status: "cancelled" }] })).toMatchObject({ orders: 0 });
    expect(kept({ orders: [...some, { ...order, worth: null }] })?.orders).toBe(3);
    expect(kept({ refuses: true, orders: some })).toMatchObject({ orders: 0, acted_day: today - 9 });
  });
});

describe("the mark of the most engaged tenth", () => {
  test("is the 90th percentile by nearest rank", () => {
    expect([0, 1, 2, 10, 11, 100].map(percentilePlace)).toEqual([0, 0, 1, 8, 9, 89]);
  });

  test("decays as scores do: who reaches it does so on any day", () => {
    const since = today - 40;
    const period = Math.floor(since / 30);
    expect(reaches(100, since, { units: 100, period })).toBe(true);
    expect(reaches(99, since, { units: 100, period })).toBe(false);
    expect(reaches(99, since, { units: 199, period: period - 1 })).toBe(false);
    expect(reaches(100, since, { units: 199, period: period - 1 })).toBe(true);
    expect(reaches(0, null, { units: 0, period: 0 })).toBe(false);
  });
});

describe("habits", () => {
  const seen = (category: string | null, times: number) => [{ category, times }];

  test("are what more than half of at least three visits show; a favourite was looked at twice", () => {
    const evening = (count: number) => visit(ago(count) + 7 * 3_600_000, "app");
    expect(kept({ visits: [evening(1), evening(2)] })).toMatchObject({ day_part: null, channel: null });
    expect(kept({ visits: [evening(1), evening(2), visit(ago(3))] })).toMatchObject({
      day_part: "evening",
      channel: "app",
    });
    const even = [evening(1), evening(2), visit(ago(3)), visit(ago(4))];
    expect(kept({ visits: even })).toMatchObject({ day_part: null, channel: null });
    const looked = [
      { ...visit(ago(1)), views: [...seen("b", 1), ...seen("a", 1), ...seen(null, 9)] },
      { ...visit(ago(2)), views: [...seen("b", 1), ...seen("a", 1)] },
    ];
    expect(kept({ visits: looked })?.category).toBe("a");
    expect(kept({ visits: looked.slice(1) })?.category).toBeNull();
  });
});
