import { describe, expect, test } from "vitest";
import { liftOf } from "../../../../src/reports/campaign";
import { campaignInput, rampOf } from "../../../../src/sends/campaigns/definition";
import {
  brakeOf,
  bucketsOf,
  dueAgain,
  dueOf,
  hasGrown,
  looksDue,
  partOf,
  stageDelay,
  startOf,
} from "../../../../src/sends/campaigns/plan";
import { sellingWords } from "../../../../src/sends/selling-words";
import { DAY, HOUR, MINUTE } from "../../../../src/shared/clock";

const at = (text: string): number => Date.parse(text);
const asked = (more: object = {}) =>
  campaignInput.parse({ rule: { all: [] }, content: "news", channel: "email", ...more });

describe("when a campaign starts", () => {
  const confirmed = at("2026-06-01T08:00:00Z");

  test.each([
    [undefined, "2026-06-01T08:10:00Z"],
    [{ mode: "at", at: "2026-06-01T08:05:00Z" }, "2026-06-01T08:10:00Z"],
    [{ mode: "at", at: "2026-06-02T09:00:00+02:00" }, "2026-06-02T07:00:00Z"],
    // Fourteen hours ahead of UTC it is nine first.
    [{ mode: "local", date: "2026-06-03", time: "09:00" }, "2026-06-02T19:00:00Z"],
    [{ mode: "peak" }, "2026-06-01T08:10:00Z"],
  ])("%j: not before %s", (schedule, expected) => {
    expect(new Date(startOf(asked({ schedule }).schedule, confirmed)).toISOString()).toBe(
      new Date(at(expected)).toISOString(),
    );
  });
});

describe("when a message leaves", () => {
  const local = asked({ schedule: { mode: "local", date: "2026-03-29", time: "02:30" } });

  test("at the same hour of the next day where it is over, across a change of the clocks", () => {
    const paris = asked({ schedule: { mode: "local", date: "2026-03-28", time: "09:00" } });
    const start = at("2026-03-28T12:00:00Z");
    // Nine in winter is eight in UTC, and seven in summer.
    expect(dueOf(paris, start, "Europe/Paris")).toBe(at("2026-03-29T07:00:00Z"));
    expect(dueOf(paris, at("2026-03-28T08:00:00Z"), "Europe/Paris")).toBe(at("2026-03-28T08:00:00Z"));
    expect(dueOf(paris, start, "America/New_York")).toBe(at("2026-03-28T13:00:00Z"));
  });

  test("an hour that the clocks leave out is read as if they had not", () => {
    expect(dueOf(local, at("2026-03-28T00:00:00Z"), "Europe/Paris")).toBe(at("2026-03-29T01:30:00Z"));
  });

  test("at the usual hour where nobody's own is known, within a day", () => {
    const peak = asked({ schedule: { mode: "peak", usual: "18:30" } });
    const start = at("2026-06-01T10:00:00Z");
    expect(dueOf(peak, start, "Europe/Paris")).toBe(at("2026-06-01T16:30:00Z"));
    expect(dueOf(peak, at("2026-06-01T18:00:00Z"), "Europe/Paris")).toBe(at("2026-06-02T16:30:00Z"));
    expect(dueOf(peak, at("2026-06-01T17:00:00Z"), "Europe/Paris")).toBe(at("2026-06-01T17:00:00Z"));
  });

  test("a notice keeps to the day", () => {
    expect(dueOf(asked({ class: "service" }), at("2026-06-01T21:00:00Z"), "Europe/Paris")).toBe(
      at("2026-06-02T06:00:00Z"),
    );
  });

  test("after a pause: at once, or at the contact's hour of another day, and the ramp keeps its steps", () => {
    const now = at("2026-06-03T15:00:00Z");
    const ramp = rampOf(asked({ ramp: { steps: [0.01, 0.1], every: "PT1H" } }), 5_000);
    const page = (stage: number) => ({ plannedAt: at("2026-06-01T09:00:00Z") + stage * HOUR, stage });
    expect(dueAgain(asked(), ramp, page(1), 1, now)).toBe(now);
    expect(dueAgain(asked(), ramp, page(2), 1, now)).toBe(now + HOUR);
    expect(dueAgain(local, null, page(0), 0, now)).toBe(at("2026-06-04T09:00:00Z"));
    expect(dueAgain(local, null, { plannedAt: now + 1, stage: 0 }, 0, now)).toBe(now + 1);
  });
});

describe("who is when", () => {
  const contacts = Array.from({ length: 20_000 }, (_, index) => index + 1);

  test("a large audience begins with 1 % unless somebody says otherwise (H11)", () => {
    expect(rampOf(asked(), 999)).toBeNull();
    expect(rampOf(asked({ ramp: false }), 1_000_000)).toBeNull();
    const ramp = rampOf(asked(), 20_000);
    const stages = contacts.map((contact) => partOf("cmp_a", asked(), ramp, contact).stage);
    const share = (stage: number) => stages.filter((one) => one === stage).length / contacts.length;
    expect(share(0)).toBeCloseTo(0.01, 2);
    expect(share(1)).toBeCloseTo(0.09, 2);
    expect(stageDelay(ramp, 2)).toBe(20 * MINUTE);
  });

  test("a test takes its share, evenly, and the same contact has the same part for ever", () => {
    const tried = asked({ test: { contents: ["other", "third"], share: 0.3 } });
    const arms = contacts.map((contact) => partOf("cmp_a", tried, null, contact).arm);
    const share = (arm: string | null) => arms.filter((one) => one === arm).length / contacts.length;
    for (const arm of ["a", "b", "c"]) expect(share(arm)).toBeCloseTo(0.1, 2);
    expect(share(null)).toBeCloseTo(0.7, 2);
    expect(contacts.slice(0, 50).map((contact) => partOf("cmp_a", tried, null, contact).arm)).toEqual(
      arms.slice(0, 50),
    );
    expect(contacts.slice(0, 50).map((contact) => partOf("cmp_b", tried, null, contact).arm)).not.toEqual(
      arms.slice(0, 50),
    );
  });

  test("pages hold everybody once, and no more than they may", () => {
    const some = contacts.slice(0, 1_203).map((contact) => ({
      contact,
      part: { arm: contact % 3 === 0 ? "b" : "a", stage: 0 },
      plannedAt: (contact % 2) * HOUR,
    }));
    const pages = bucketsOf(some, 100);
    expect(pages.every((page) => page.contacts.length <= 100)).toBe(true);
    expect(pages.flatMap((page) => page.contacts).toSorted((one, other) => one - other)).toEqual(
      contacts.slice(0, 1_203),
    );
    for (const { arm, plannedAt, contacts: own } of pages) {
      expect(
        own.every((contact) => (contact % 3 === 0 ? "b" : "a") === arm && (contact % 2) * HOUR === plannedAt),
      ).toBe(true);
    }
  });
});

test.each([
  [{ sent: 100, bounced: 3, complained: 0 }, null],
  [{ sent: 100, bounced: 4, complained: 1 }, null],
  [{ sent: 100, bounced: 5, complained: 0 }, "brake_bounces"],
  [{ sent: 500, bounced: 0, complained: 2 }, "brake_complaints"],
  [{ sent: 10_000, bounced: 300, complained: 30 }, null],
  [{ sent: 10_000, bounced: 301, complained: 30 }, "brake_bounces"],
])("of %j it says %s", (echo, expected) => {
  const ramp = rampOf(asked(), 5_000);
  expect(ramp && brakeOf(ramp, echo)).toBe(expected);
});

test("an audience that grew by a tenth was not what somebody typed", () => {
  expect([hasGrown(1_000, 1_110), hasGrown(1_000, 1_111), hasGrown(3, 13), hasGrown(3, 14)]).toEqual([
    false,
    true,
    false,
    true,
  ]);
});

test("a test is looked at by a quarter, half and the whole of its time", () => {
  expect([0, 0.9, 1, 1.9, 2, 3.9, 4, 90].map((hours) => looksDue(DAY, 4 * HOUR, DAY + hours * HOUR))).toEqual([
    null,
    null,
    { look: 0, isLast: false },
    { look: 0, isLast: false },
    { look: 1, isLast: false },
    { look: 1, isLast: false },
    { look: 2, isLast: true },
    { look: 2, isLast: true },
  ]);
});

test("what sells has no place in a notice, and style sheets sell nothing (G14)", () => {
  const words = (html: string) => sellingWords({ en: { subject: "Hours", html }, fr: { subject: "Horaires", html } });
  expect(words("<style>td { width: 50% }</style><p>Closed on Friday, 100% wool is washed at 30°.</p>")).toBeNull();
  for (const html of [
    "<p>Use code promo X</p>",
    "<p>-20 % today</p>",
    "<p>20% off</p>",
    "<b>Soldes</b>",
    "A discount",
  ]) {
    expect(words(html), html).not.toBeNull();
  }
});

test("the lift has Newcombe's interval", () => {
  expect(liftOf({ contacts: 10, ordered: 1 }, { contacts: 0, ordered: 0 })).toBeNull();
  // The first example of the paper's table II: 56/70 against 48/80 is 0.0524 to 0.3339.
  const lift = liftOf({ contacts: 70, ordered: 56 }, { contacts: 80, ordered: 48 });
  expect(lift?.points).toBeCloseTo(0.2, 4);
  expect(lift?.low).toBeCloseTo(0.0524, 4);
  expect(lift?.high).toBeCloseTo(0.3339, 4);
  expect(lift?.isEnough).toBe(false);
});

test.each([
  ["neither a segment nor a rule", { rule: undefined }, "/segment"],
  ["both", { segment: "vip" }, "/segment"],
  ["one content twice", { test: { contents: ["news"] } }, "/test"],
  ["a control group for a notice", { class: "service", holdout: 0.1 }, "/holdout"],
  ["a ramp that does not grow", { ramp: { steps: [0.5, 0.2] } }, "/ramp/steps"],
  ["a test of a week", { test: { contents: ["b"], limit: "P7D" } }, "/test/limit"],
  ["a field that is none", { contents: [] }, ""],
])("%s is refused", (_, more, pointer) => {
  const { success, error } = campaignInput.safeParse({ rule: { all: [] }, content: "news", channel: "email", ...more });
  expect(success).toBe(false);
  expect(error?.issues.map(({ path }) => path.map((part) => `/${String(part)}`).join(""))).toContain(pointer);
});
