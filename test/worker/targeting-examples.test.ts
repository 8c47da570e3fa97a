import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { starTable } from "../../src/contacts/star";
import type { Terms } from "../../src/segments/compile";
import type { Rule } from "../../src/segments/rule";
import { readsOf, ruleInput, ruleSql, testRule } from "../../src/segments/rule";
import { loadRows } from "../../src/segments/target-store";
import { servicesOf } from "../../src/services";
import type { Env } from "../../src/services/env";
import { factsWithHeads } from "../../src/services/records";
import { fill } from "../support/targeting/world";

/**
 * What SQL and plain test derive from one expression they could get wrong in one way: here the answers are worked out by
 * hand, over four contacts who each have a row of nearly everything.
 */
const { DB } = servicesOf(env as unknown as Env).env;
const terms: Terms = { shop: { zone: "Europe/Paris", currency: "EUR" }, table: starTable };
/** Half past midnight in Paris. */
const NOW = Date.UTC(2026, 2, 28, 23, 30);
const [HOUR, DAY] = [3_600_000, 86_400_000];
const [ANN, BOB, CLEO, DAN] = [1, 2, 3, 4];

const contact = (id: number, attributes: object, star: unknown = null) => ({
  id,
  status: "verified",
  attributes: JSON.stringify(attributes),
  consents: "{}",
  created_at: 0,
  seen_at: 0,
  tracked: 0,
  ring: "",
  seq: 1,
  star: star === null ? null : JSON.stringify(star),
});
const send = (id: string, whose: number, state = "sent") => ({
  id,
  contact: whose,
  run: "run",
  block: "b",
  content_version: 1,
  address: "",
  data: "{}",
  open: 0,
  attempts: 1,
  next_at: 0,
  lease_until: 0,
  updated_at: 0,
  scenario: "welcome",
  channel: "email",
  class: "marketing",
  content: "hello",
  state,
  first_attempt_at: NOW - 2 * DAY,
  created_at: NOW - 9 * DAY,
});
const order = (order_id: string, whose: number, net: number) => ({
  order_id,
  contact: whose,
  status: "delivered",
  placed_at: NOW - DAY,
  currency: "EUR",
  total: net,
  refunded: 0,
  shipping: 0,
  discount: 0,
  channel: "web",
  is_gift: 0,
  tax: 0,
  shown: "[]",
  source: "secret",
  net,
});
const starred = { source: "secret", updated_at: 0 };
const review = (id: string, whose: number, rating: number, nps: number | null) => {
  return { ...starred, source_id: id, contact: whose, rating, nps, reviewed_at: NOW - DAY };
};
const lot = (id: string, whose: number, points_left: number, expires_at: number | null) => {
  return { id, contact: whose, points: 500, points_left, returned: 0, base: 0, earned_at: NOW - 30 * DAY, expires_at };
};
const movement = (id: string, whose: number, kind: string, points: number) => {
  return { id, contact: whose, kind, points, at: NOW - HOUR, missing: 0, recorded_at: 0, event_id: id };
};
const moved = (at: number, from_segment: string | null, to_segment: string | null) => {
  return { family: "rfm", contact: ANN, at, from_segment, to_segment, cause: "act" };
};

const VERSAILLES = { lat: 48.8049, lon: 2.1204 };
const LILLE = { lat: 50.6292, lon: 3.0573, preferred_store: "paris" };

beforeAll(async () => {
  // Bob still looks around: a candle two minutes after he came, three times.
  const open = [[NOW - HOUR, "app", 2, "/", ["candle", 3, 120]], []];
  await fill(DB, {
    contacts: [contact(ANN, VERSAILLES), contact(BOB, LILLE, open), contact(CLEO, { lat: "x" }), contact(DAN, {})],
    sends: [send("a", ANN), send("b", BOB), send("c", CLEO), send("d", DAN, "suppressed")],
    message_acts: [
      { contact: ANN, send: "a", kind: "opened", at: NOW - DAY },
      { contact: BOB, send: "b", kind: "clicked", at: NOW - DAY },
      { contact: CLEO, send: "c", kind: "delivered", at: NOW - DAY },
    ],
    // A quarter of an hour into a visit of two hours ago.
    visits: [
      {
        ...starred,
        source_id: "v",
        contact: ANN,
        channel: "web",
        started_at: NOW - 2 * HOUR,
        pages: 4,
        landing: "/lamps",
        views: JSON.stringify([["lamp", 1, 900]]),
      },
    ],
    loyalty_lots: [
      lot("1", ANN, 50, null),
      lot("2", ANN, 60, NOW + 30 * DAY),
      lot("3", ANN, 500, NOW - 1),
      lot("4", BOB, 100, NOW + 3 * DAY),
    ],
    loyalty_accounts: [
      { contact: ANN, tier: "gold", tier_since: NOW - DAY, earned: "[]", counts: "{}", seen: "" },
      { contact: BOB, tier: null, tier_since: null, earned: "[]", counts: "{}", seen: "" },
    ],
    loyalty_movements: [movement("1", ANN, "earn", 50), movement("2", ANN, "burn", -10), movement("3", BOB, "earn", 9)],
    referrals: [
      { code: "ann", advocate: ANN, friend: 0, state: "shared", at: NOW - DAY, flags: "[]" },
      { code: "ann", advocate: ANN, friend: BOB, state: "ordered", at: NOW - DAY, flags: "[]" },
      { code: "cleo", advocate: CLEO, friend: 0, state: "clicked", at: NOW - DAY, flags: "[]" },
    ],
    reviews: [review("1", ANN, 4, 9), review("2", ANN, 5, null), review("3", BOB, 3, 10)],
    stores: [{ store_id: "paris", name: "Paris", lat: 48.8566, lon: 2.3522, updated_at: 0 }],
    orders: [order("1", ANN, 1_000), order("2", ANN, 2_000), order("3", BOB, 1_500)],
    order_lines: [],
    // A champion from midnight of 10 March in Paris until the noon of the 20th.
    segment_transitions: [
      moved(Date.UTC(2026, 2, 9, 23), null, "champions"),
      moved(Date.UTC(2026, 2, 20, 12), "champions", "at_risk"),
    ],
    segment_members: [{ family: "rfm", contact: ANN, segment: "at_risk", since: Date.UTC(2026, 2, 20, 12) }],
  });
});

/** For whom a rule holds, by the database and by the plain test. */
async function whom(rule: object): Promise<{ sql: number[]; test: number[] }> {
  const asked = ruleInput.parse(rule) as Rule;
  const { text, values } = ruleSql(asked, NOW, terms);
  const { results } = await DB.prepare(`SELECT c.id FROM contacts c WHERE ${text} ORDER BY c.id`)
    .bind(...values)
    .all<{ id: number }>();
  const all = [ANN, BOB, CLEO, DAN];
  const facts = await factsWithHeads(DB, all, () => undefined, terms.shop);
  const rows = await loadRows(DB, all, readsOf(asked, terms), NOW, terms);
  const holding = facts.filter((about) => testRule(asked, { ...about, rows: rows.get(about.head) ?? {} }, NOW));
  return { sql: results.map(({ id }) => id), test: holding.map(({ head }) => head) };
}

const some = (type: string, more: object = {}) => ({ type, op: "gte", value: 1, ...more });
const where = (field: string, op: string, value?: unknown) => ({
  where: [{ field, op, ...(value === undefined ? {} : { value }) }],
});
const at = (when: string) => ({ type: "segment", family: "rfm", segment: "champions", at: when });
const paris = { store: "paris" };

/** The place of a row within a sample without a seed, by its definition. */
const placeOf = (row: number): number => Number((BigInt(row) * 48_271n) ** 5n % 2_147_483_647n);
const byPlace = [ANN, BOB, CLEO, DAN].toSorted((left, right) => placeOf(left) - placeOf(right));
const within = (percent: number) =>
  [ANN, BOB, CLEO, DAN].filter((row) => placeOf(row) < Math.floor((2_147_483_647 * percent) / 100));

const EXAMPLES: [string, object, number[]][] = [
  ["messages that left", some("messages.count"), [ANN, BOB, CLEO]],
  ["messages that were held back", some("messages.count", where("state", "is", "suppressed")), [DAN]],
  [
    "messages of the last two days, as of when they left",
    some("messages.count", { within: "PT49H" }),
    [ANN, BOB, CLEO],
  ],
  ["messages of the last day", some("messages.count", { within: "P1D" }), []],
  ["messages that a person opened", some("messages.count", where("opened", "known")), [ANN]],
  ["messages that a person clicked", some("messages.count", where("clicked", "known")), [BOB]],
  ["messages that arrived", some("messages.count", where("delivered", "known")), [CLEO]],
  [
    "a product of a visit, as of when it was looked at",
    some("views.count", { ...where("product", "is", "lamp"), within: "PT106M" }),
    [ANN],
  ],
  ["none of them before", some("views.count", { ...where("product", "is", "lamp"), before: "PT106M" }), []],
  ["a product of the visit that goes on", some("views.count", { ...where("times", "eq", 3), within: "PT59M" }), [BOB]],
  ["that one was looked at 58 minutes ago", some("views.count", { ...where("times", "eq", 3), within: "PT58M" }), []],
  ["visits, with the one that goes on", some("visits.count", { within: "P1D" }), [ANN, BOB]],
  ["visits by app", some("visits.count", where("channel", "is", "app")), [BOB]],
  ["visits of four pages", some("visits.count", where("pages", "eq", 4)), [ANN]],
  ["points that have not run out", { type: "loyalty.points", op: "eq", value: 110 }, [ANN]],
  [
    "points that run out within a week",
    { type: "loyalty.points", op: "gte", value: 100, ...where("expires", "in_next", "P7D") },
    [BOB],
  ],
  ["points on average of a lot", { type: "loyalty.points", measure: "average", op: "eq", value: 55 }, [ANN]],
  ["a tier", { type: "loyalty.tier", ...where("tier", "is", "gold") }, [ANN]],
  ["an account without a tier", { type: "loyalty.tier", ...where("tier", "unknown") }, [BOB]],
  ["movements of points that were spent", some("loyalty.movements", where("points", "lt", 0)), [ANN]],
  ["points earned", some("loyalty.movements", where("kind", "is", "earn")), [ANN, BOB]],
  ["friends, of which a link is none", some("referrals.count"), [ANN]],
  ["whoever was brought", some("referred.count"), [BOB]],
  ["reviews", { type: "reviews.count", op: "eq", value: 2 }, [ANN]],
  ["reviews by promoters", some("reviews.count", where("nps", "gte", 10)), [BOB]],
  [
    "ratings of four and a half on average",
    { type: "reviews.rating", measure: "average", op: "eq", value: 4.5 },
    [ANN],
  ],
  ["ratings of at most three", { type: "reviews.rating", measure: "largest", op: "lte", value: 3 }, [BOB]],
  ["orders of 15.00 on average", { type: "orders.value", measure: "average", op: "eq", value: 1_500 }, [ANN, BOB]],
  ["orders above that on average", { type: "orders.value", measure: "average", op: "gt", value: 1_499 }, [ANN, BOB]],
  ["orders of 30.00 in all", { type: "orders.value", op: "gte", value: 3_000 }, [ANN]],
  ["whoever spent nothing", { type: "orders.value", op: "eq", value: 0 }, [CLEO, DAN]],
  ["17.9 km from Paris", { type: "distance", to: paris, within_km: 18 }, [ANN]],
  ["not 17", { type: "distance", to: paris, within_km: 17 }, []],
  ["203.5 km from Paris", { type: "distance", to: paris, within_km: 204 }, [ANN, BOB]],
  ["not 203", { type: "distance", to: "nearest", within_km: 203 }, [ANN]],
  ["a store of their own", { type: "distance", to: "preferred", within_km: 204 }, [BOB]],
  ["a segment of the evening before", at("2026-03-09"), []],
  ["a segment at its very first moment", at("2026-03-10T00:00:00+01:00"), [ANN]],
  ["a segment at the end of its first day", at("2026-03-10"), [ANN]],
  ["a segment on its last whole day", at("2026-03-19"), [ANN]],
  ["a segment just before its end", at("2026-03-20T12:59:59+01:00"), [ANN]],
  ["a segment at its end", at("2026-03-20T13:00:00+01:00"), []],
  ["a segment at the end of the day on which it ended", at("2026-03-20"), []],
  ["a segment now", { type: "segment", family: "rfm", segment: "at_risk" }, [ANN]],
  ["half of everybody", { type: "sample.percent", percent: 50 }, within(50)],
  ["three of everybody", { type: "sample.count", count: 3 }, byPlace.slice(0, 3).toSorted()],
];

describe("a rule finds by SQL and by test, worked out by hand,", () => {
  test.each(EXAMPLES)("%s", async (_title, rule, expected) => {
    expect(await whom(rule)).toEqual({ sql: expected, test: expected });
  });

  test("samples that are neither nobody nor everybody", () => {
    expect(within(50).length).toBeGreaterThan(0);
    expect(within(50).length).toBeLessThan(4);
  });
});
