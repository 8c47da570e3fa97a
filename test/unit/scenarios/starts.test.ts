import { describe, expect, it } from "vitest";
import { programmeInput } from "../../../src/commerce/loyalty-programme";
import { starTable } from "../../../src/contacts/star";
import type { LedgerEvent } from "../../../src/events/event";
import { heardBy, interestOf } from "../../../src/scenarios/interest";
import { lint } from "../../../src/scenarios/lint";
import { withDefaults } from "../../../src/scenarios/live";
import { asStimulus } from "../../../src/scenarios/stimulus";
import { DAY } from "../../../src/shared/clock";
import { identify, People } from "../contacts/people";
import { Days } from "./days";
import { facts, NOW, playbook } from "./facts";
import { scenario } from "./scenario";

const programme = programmeInput.parse({
  rules: [{ key: "buy", name: "Buying", on: "order", points: 1 }],
  tiers: [
    { key: "silver", name: "Silver", points: 100, window: "P12M" },
    { key: "gold", name: "Gold", points: 200, window: "P12M" },
  ],
});

/** Entries into a scenario with this start, of somebody whom these requests tell of, one by one. */
function entries(type: string, params: object, ...requests: Partial<LedgerEvent>[]): string[] {
  const definition = withDefaults(
    scenario({
      start: { type, params, next: { next: "wait" } },
      wait: { type: "wait.for", params: { duration: "P9D" } },
    }),
  );
  const book = playbook({ s: definition });
  const people = new People({ programme: () => programme, secret: "s" });
  const days = new Days({ definitions: { s: definition }, facts: facts() });
  people.take(identify("ann", { email: "ann@shop.test" }));
  for (const request of requests) {
    people.take(request);
    const heard = heardBy(interestOf(book), { tracked: false, consents: {} }, people.heard("u:ann")).map(asStimulus);
    days.hear(Math.max(NOW, ...heard.map(({ at }) => at)), ...heard);
  }
  return days.effects.flatMap((effect) => (effect.kind === "entered" ? [effect.run.entryKey] : []));
}

const says = (consent: object, at: number, rest: Partial<LedgerEvent> = {}) =>
  identify("ann", { consent }, { at, ...rest });
const row = (table: string, id: string, values: object, at = NOW): Partial<LedgerEvent> => ({
  name: "Row Upserted",
  user: "ann",
  at,
  properties: { table, id, ...values },
});

describe("a start on a subscription", () => {
  const email = { consents: ["email", "sms"] };

  it("lets in whoever gives a consent, once for each time that it is given", () => {
    expect(entries("start.subscription", email, says({ email: true }, NOW), says({ email: true }, NOW + 1))).toEqual([
      "granted:2026-01-05T10:00:00.000Z",
    ]);
    const again = [says({ email: true }, NOW), says({ email: false }, NOW + 1_000), says({ email: true }, NOW + DAY)];
    expect(entries("start.subscription", email, ...again)).toHaveLength(2);
  });

  it("takes two consents of one word for one entry", () => {
    expect(entries("start.subscription", email, says({ email: true, sms: true }, NOW))).toHaveLength(1);
  });

  it("takes no claim for a consent, and no other consent for the one that is meant", () => {
    expect(entries("start.subscription", email, says({ email: true }, NOW, { trust: "write" }))).toEqual([]);
    expect(entries("start.subscription", email, says({ push: true }, NOW))).toEqual([]);
  });

  it("lets in whoever takes a consent back, where that is asked for", () => {
    const gone = [says({ email: true }, NOW), says({ email: false }, NOW + 1_000)];
    expect(entries("start.subscription", { ...email, on: "withdrawn" }, ...gone)).toHaveLength(1);
    // Who never gave one has none to take back.
    expect(entries("start.subscription", { ...email, on: "withdrawn" }, says({ email: false }, NOW))).toEqual([]);
  });

  it("hears of topics, and not of those that merely stay", () => {
    const chosen = (properties: object): Partial<LedgerEvent> => ({
      type: "internal",
      name: "preferences.changed",
      trust: "internal",
      user: "ann",
      properties: properties as Record<string, unknown>,
    });
    const joins = (...all: Partial<LedgerEvent>[]) => entries("start.subscription", { topics: ["sales"] }, ...all);
    expect(joins(chosen({ topics: ["sales"] }), chosen({ topics_joined: ["news"] }))).toHaveLength(1);
    expect(joins(chosen({ topics: ["sales"], topics_left: ["news"] }))).toEqual([]);
    const leaves = entries(
      "start.subscription",
      { topics: ["news"], on: "withdrawn" },
      chosen({ topics: [], topics_left: ["news"] }),
    );
    expect(leaves).toHaveLength(1);
  });
});

describe("a start on rows of a table", () => {
  const bad = { table: "reviews", where: [{ property: "rating", as: "number", op: "lte", value: 2 }] };
  const review = (id: string, rating: number, at = NOW) => row("reviews", id, { rating }, at);

  it("lets in for each row once, or each time that it is told of", () => {
    const told = [review("r1", 1), review("r1", 2, NOW + 1_000), review("r2", 1, NOW + 2_000)];
    expect(entries("start.interaction", bad, ...told)).toEqual(["reviews:r1", "reviews:r2"]);
    expect(entries("start.interaction", { ...bad, on: "changed" }, ...told)).toHaveLength(3);
  });

  it("asks what the columns say, and hears of no other table", () => {
    expect(entries("start.interaction", bad, review("r1", 5))).toEqual([]);
    expect(entries("start.interaction", { table: "crm_events" }, review("r1", 1))).toEqual([]);
  });

  it("is told by lint where nothing would ever begin it", () => {
    const terms = { shop: { zone: "Europe/Paris", currency: "EUR" }, table: starTable };
    const codes = (table: string) =>
      lint(withDefaults(scenario({ start: { type: "start.interaction", params: { table } } })), {
        contents: [],
        channels: [],
        terms,
      }).map(({ code }) => code);
    expect(codes("reviews")).not.toContain("table_unknown");
    expect(codes("moons")).toContain("table_unknown");
    expect(codes("visits")).toContain("table_unknown");
  });
});

describe("a start on loyalty", () => {
  const points = (id: string, count: number, at = NOW): Partial<LedgerEvent> => ({
    name: count > 0 ? "Points Earned" : "Points Redeemed",
    user: "ann",
    at,
    properties: { points: Math.abs(count), id },
  });
  const loyal = (params: object, ...all: Partial<LedgerEvent>[]) => entries("start.loyalty", params, ...all).length;

  it("lets in whoever rises to a tier", () => {
    const rise = [points("a", 120), points("b", 10), points("c", 100)];
    expect(loyal({ on: "tier_reached" }, ...rise)).toBe(2);
    expect(loyal({ on: "tier_reached", tier: "gold" }, ...rise)).toBe(1);
    expect(loyal({ on: "tier_lost" }, ...rise)).toBe(0);
  });

  it("lets in whoever comes near a tier, once a year", () => {
    const near = { on: "near_tier", tier: "gold", within_percent: 10 };
    expect(loyal(near, points("a", 179))).toBe(0);
    expect(loyal(near, points("a", 180), points("b", -50), points("c", 5))).toBe(1);
    // There it is near no more.
    expect(loyal(near, points("a", 200))).toBe(0);
  });

  it("hears of points by their number", () => {
    const all = [points("a", 40), points("b", 70), points("c", -30)];
    expect(loyal({ on: "points_earned", at_least: 50 }, ...all)).toBe(1);
    expect(loyal({ on: "points_spent", at_least: 30 }, ...all)).toBe(1);
    expect(loyal({ on: "points_reached", at_least: 100 }, ...all, points("d", 10))).toBe(1);
  });
});

describe("a start that somebody asks for", () => {
  it("begins with nothing else, and keeps what it was told", () => {
    for (const type of ["start.api", "start.called"]) {
      const definition = withDefaults(
        scenario({ start: { type, next: { next: "wait" } }, wait: { type: "wait.for", params: { duration: "P1D" } } }),
      );
      const days = new Days({ definitions: { s: definition } });
      days.hear(NOW, { type: "event", at: NOW, id: "e-1", name: "Signed Up", properties: {} });
      expect(days.told).toEqual([]);
      const enter = { type: "enter", at: NOW, scenario: "s", key: "api:7", about: { ticket: "7" } } as const;
      days.hear(NOW, enter, enter);
      expect(days.told).toEqual(["entered"]);
      expect(days.state.runs).toMatchObject([{ entryKey: "api:7", about: { ticket: "7" } }]);
    }
  });

  it("is no rival of another that is asked for", () => {
    const asked = (name: string) => ({ ...scenario({ start: { type: "start.api" } }), name });
    const others = [{ id: "b", definition: asked("B") }];
    const found = lint(asked("A"), { contents: [], channels: [], self: "a", others });
    expect(found.map(({ code }) => code)).not.toContain("same_trigger");
  });
});
