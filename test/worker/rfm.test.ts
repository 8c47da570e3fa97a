import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Rate } from "../../src/commerce/exchange";
import { ORDER_STATUSES } from "../../src/commerce/order";
import { localClock } from "../../src/local/clock";
import { putSetting } from "../../src/platform/settings";
import { daysIn } from "../../src/segments/rfm/days";
import type { RfmDefinition } from "../../src/segments/rfm/definition";
import { METHODS, rfmInput } from "../../src/segments/rfm/definition";
import type { MatrixRow } from "../../src/segments/rfm/matrix";
import { readMatrix, readRuns } from "../../src/segments/rfm/rfm-store";
import { servicesOf } from "../../src/services";
import type { Env } from "../../src/services/env";
import { beginRun, goOn } from "../../src/services/rfm";
import { rescore } from "../../src/services/rfm-rescore";
import { readDefinition } from "../../src/services/rfm-terms";
import { DAY, HOUR } from "../../src/shared/clock";
import type { Person, Purchase, World } from "../support/rfm-world";
import { change, headOf, plainScores, purchase, store, storedScores } from "../support/rfm-world";

const bindings = env as unknown as Env;
const { DB } = bindings;
const ZONE = "Europe/Paris";
const services = servicesOf({ ...bindings, SHOP_TIMEZONE: ZONE, SHOP_CURRENCY: "EUR" });

/** Ends at 02:30 of the night in which Paris puts its clocks back. */
const NOW = Date.parse("2026-10-25T00:30:00Z");
const FOREVER = Number.MAX_SAFE_INTEGER;

async function full(at: number, kind: "live" | "past" = "live") {
  const state = (await readRuns(DB))[kind];
  return goOn(services, kind, await beginRun(services, state, at, await readDefinition(DB)), FOREVER);
}

const set = (definition: RfmDefinition) => putSetting(DB, "rfm", JSON.stringify(definition)).run();
const at = (time: number) => localClock.move(time, 0);

const definition = fc
  .record({
    method: fc.constantFrom(...METHODS),
    map: fc.constantFrom("default", "codes125", "rxf"),
    window_months: fc.constantFrom(1, 6, 24),
    merge_same_day: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    exclude_orders: fc.constantFrom(
      [],
      [],
      [],
      [{ field: "channel", in: ["pos"] }],
      [{ field: "coupon", in: ["STAFF", "B2B"] }],
    ),
    subscriptions: fc.constantFrom(null, null, null, { weight: 0.5, orders: [{ field: "store", in: ["box"] }] }),
    small_bases: fc.constantFrom(false, false, true),
  })
  .map((input) => rfmInput.parse(input));

/** Moments of the last three years, many of them in the hours around midnight and around a change of the clocks. */
const moment = fc.oneof(
  fc.integer({ min: NOW - 1100 * DAY, max: NOW }),
  fc.constant(NOW + HOUR),
  fc
    .integer({ min: 0, max: 800 })
    .chain((day) =>
      fc
        .constantFrom(-1, 0, HOUR - 1, HOUR, 2 * HOUR, 22 * HOUR, 23 * HOUR)
        .map((ms) => NOW - (NOW % DAY) - day * DAY + ms),
    ),
  fc.constantFrom(
    ...["2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z", "2025-10-26T00:30:00Z", "2025-10-26T01:30:00Z"].map((text) =>
      Date.parse(text),
    ),
  ),
);

const people = (size: number) =>
  fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.nat()), { minLength: size, maxLength: size }).map((kinds) =>
    kinds.map(([kind, choice], index): Person => {
      // A tenth is nobody in particular; another tenth was merged into somebody with a smaller number.
      const into = index > 0 && kind === 1 ? (choice % index) + 1 : null;
      return {
        id: index + 1,
        status: into !== null ? "merged" : kind === 0 ? "anonymous" : "verified",
        mergedInto: into,
      };
    }),
  );

const order = (size: number) =>
  fc.record({
    contact: fc.integer({ min: 1, max: size }),
    placedAt: moment,
    net: fc.oneof(fc.integer({ min: -500, max: 60_000 }), fc.constant(1_990), fc.constant(0)),
    status: fc.oneof(fc.constant("delivered" as const), fc.constantFrom(...ORDER_STATUSES)),
    currency: fc.oneof(
      { weight: 5, arbitrary: fc.constant("EUR") },
      { weight: 1, arbitrary: fc.constantFrom("USD", "JPY", "KWD") },
    ),
    channel: fc.constantFrom("web", "web", "pos"),
    store: fc.constantFrom(null, null, "box", "s1"),
    coupon: fc.constantFrom(null, null, "STAFF", "HI"),
  });

const rate = fc.record({
  currency: fc.constantFrom("USD", "JPY"),
  from: moment.map((time) => daysIn(ZONE).start(daysIn(ZONE).of(time))),
  rate: fc.constantFrom(0.92, 1.0873, 0.0061, 3),
});

const rates = fc
  .oneof({ weight: 2, arbitrary: fc.constant<Rate[]>([]) }, { weight: 1, arbitrary: fc.array(rate, { maxLength: 5 }) })
  .map((some) => [...new Map(some.map((one) => [`${one.currency}${one.from}`, one])).values()]);

const world = (size: number) =>
  fc.record({
    people: people(size),
    orders: fc
      .array(order(size), { maxLength: size * 3 })
      .map((some) =>
        some.map((one, index): Purchase => ({ ...purchase(`o${index}`, 0, 0, 0), ...one, changedAt: one.placedAt })),
      ),
    rates,
  });

const sized = fc.constantFrom(1, 3, 20, 60).chain(world);
const runs = { numRuns: 60 };

describe("the scores of everybody", () => {
  test("are what the plain rules give, by every method, with ties, merges, currencies and changes of the clocks", async () => {
    const met = new Set<string>();
    await fc.assert(
      fc.asyncProperty(sized, definition, async (shop, terms) => {
        await store(shop, ZONE);
        await set(terms);
        at(NOW);
        await full(NOW);
        const plain = plainScores(shop, terms, ZONE, NOW);
        expect(await storedScores()).toEqual(plain);
        expect(await writtenMatrix()).toEqual(await matrixInTable());
        note(met, shop, terms, plain);
      }),
      runs,
    );
    expect([...met].sort()).toEqual(
      [
        "foreign order",
        "future order",
        "merged",
        "nobody",
        "out of window",
        "rates",
        "same day",
        "ties",
        ...METHODS,
      ].sort(),
    );
  });
});

const byCell = (one: MatrixRow, other: MatrixRow): number =>
  one.cell - other.cell || one.segment.localeCompare(other.segment);

/** What a run wrote down of the matrix, and what the database adds up of the scores. Orders may be fractions. */
async function writtenMatrix(): Promise<MatrixRow[]> {
  const sql = "SELECT segment, cell, contacts, round(orders, 6) AS orders, revenue FROM rfm_history WHERE contacts > 0";
  return (await DB.prepare(sql).all<MatrixRow>()).results.sort(byCell);
}

async function matrixInTable(): Promise<MatrixRow[]> {
  const rows = await readMatrix(DB, "rfm_scores");
  return rows.map((row) => ({ ...row, orders: Math.round(row.orders * 1e6) / 1e6 })).sort(byCell);
}

/** What a property test met: one that never met a case proves nothing of it. */
function note(
  met: Set<string>,
  shop: World,
  { method }: RfmDefinition,
  plain: readonly { monetary: number; orders: number }[],
): void {
  const { of } = daysIn(ZONE);
  const seen: Readonly<Record<string, boolean>> = {
    [method]: true,
    merged: shop.orders.some((one) => headOf(shop, one.contact) !== one.contact),
    nobody: plain.length === 0,
    rates: shop.rates.length > 0,
    ties: new Set(plain.map(({ monetary }) => monetary)).size < plain.length,
    "foreign order": shop.orders.some(({ currency }) => currency !== "EUR"),
    "future order": shop.orders.some(({ placedAt }) => placedAt > NOW),
    "out of window": plain.some(({ orders }) => orders === 0),
    "same day":
      new Set(shop.orders.map(({ contact, placedAt }) => `${contact} ${of(placedAt)}`)).size < shop.orders.length,
  };
  for (const [name, is] of Object.entries(seen)) if (is) met.add(name);
}

describe("contacts that are scored by themselves", () => {
  test("come to what everybody would by the same bounds, on the same day and on later ones", async () => {
    let aged = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(3, 20, 60).chain((size) => fc.tuple(world(size), fc.array(order(size), { maxLength: 8 }))),
        definition,
        fc.constantFrom(0, HOUR, DAY, 3 * DAY, 40 * DAY),
        fc.nat(),
        async ([drawn, more], terms, later, choice) => {
          // An order that is still to come counts from the next night on.
          const shop = { ...drawn, orders: drawn.orders.filter(({ placedAt }) => placedAt <= NOW) };
          await store(shop, ZONE);
          await set(terms);
          at(NOW);
          const run = await full(NOW);
          const time = NOW + later;
          at(time);
          const then = changed(shop, more, choice);
          await change(then);
          const touched = [
            ...then.orders.filter((one, index) => one !== shop.orders[index]).map(({ contact }) => contact),
            ...(shop.orders[0] ? [shop.orders[0].contact] : []),
          ];
          await rescore(services, [...new Set(touched.flatMap((id) => [id, headOf(then, id)]))]);
          if (!run.rulers) throw new Error("no bounds");
          const bounds = run.rulers;
          expect(await storedScores()).toEqual(plainScores(then, terms, ZONE, time, bounds));
          if (later >= DAY) aged++;
        },
      ),
      runs,
    );
    expect(aged).toBeGreaterThan(5);
  });
});

/** The world after some orders came, and one of those before was refunded. None lies in the future by then. */
function changed(shop: World, more: readonly Omit<Purchase, "id" | "changedAt" | "from">[], choice: number): World {
  const orders = shop.orders.map(
    (one, index): Purchase => (index === 0 ? { ...one, net: one.net - (choice % 900), changedAt: NOW } : one),
  );
  const added = more.map(
    (one, index): Purchase => ({
      ...purchase(`n${index}`, 0, 0, 0),
      ...one,
      placedAt: Math.min(one.placedAt, NOW),
      changedAt: NOW,
    }),
  );
  return { ...shop, orders: [...orders, ...added] };
}
