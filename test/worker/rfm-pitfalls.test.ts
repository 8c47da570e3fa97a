import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { writeRates } from "../../src/commerce/exchange-store";
import { localClock } from "../../src/local/clock";
import { putSetting } from "../../src/platform/settings";
import { rfmInput } from "../../src/segments/rfm/definition";
import { readMargins } from "../../src/segments/rfm/margin-store";
import { readRuns } from "../../src/segments/rfm/rfm-store";
import { servicesOf } from "../../src/services";
import type { Env } from "../../src/services/env";
import { keepRfm, recompute } from "../../src/services/rfm";
import { rescore } from "../../src/services/rfm-rescore";
import { DAY, HOUR } from "../../src/shared/clock";
import type { Purchase, World } from "../support/rfm-world";
import { change, purchase, store, storedScores, verified } from "../support/rfm-world";

const bindings = env as unknown as Env;
const { DB } = bindings;
const ZONE = "Europe/Paris";
const services = servicesOf({ ...bindings, SHOP_TIMEZONE: ZONE, SHOP_CURRENCY: "EUR" });
const NOW = Date.parse("2026-07-15T12:00:00+02:00");
const ago = (days: number) => NOW - days * DAY;

const worldOf = (orders: readonly Purchase[], more: Partial<World> = {}): World => {
  const ids = new Set(orders.map(({ contact }) => contact));
  return { people: [...ids].map(verified), orders, rates: [], ...more };
};

async function open(world: World, input: object = {}) {
  await store(world, ZONE);
  await putSetting(DB, "rfm", JSON.stringify(rfmInput.parse(input))).run();
  localClock.move(NOW, 0);
  await recompute(services, null);
}

/** What is stored of a contact: the cell, the segment, and why they came to it. */
async function of(contact: number) {
  const sql = "SELECT r || '' || f || m AS cell, segment, cause, orders, monetary FROM rfm_scores WHERE contact = ?1";
  return DB.prepare(sql)
    .bind(contact)
    .first<{ cell: string; segment: string; cause: string; orders: number; monetary: number }>();
}

const planOf = async () => (await readRuns(DB)).live.done?.rulers.plan.name;

/** So many customers with one order each, of prices that differ, a day apart. */
const crowd = (size: number, first = 1_000): Purchase[] =>
  Array.from({ length: size }, (_, index) =>
    purchase(`c${first + index}`, first + index, ago(1 + (index % 300)), 1_000 + index),
  );

beforeEach(() => localClock.move(NOW, 0));

describe("mission §6.7", () => {
  test("1: those who ordered as often, or spent as much, have the same score", async () => {
    const once = crowd(540).map((one) => ({ ...one, net: 1_990 }));
    const twice = crowd(460, 2_000).flatMap((one) => [
      { ...one, net: 1_990 },
      { ...one, id: `${one.id}-2`, net: 1_990 },
    ]);
    for (const method of ["default", "A", "C", "D"] as const) {
      await open(worldOf([...once, ...twice]), { method, small_bases: false });
      const sql =
        "SELECT count(DISTINCT f) AS f, count(DISTINCT m) AS m FROM rfm_scores GROUP BY orders ORDER BY orders";
      expect((await DB.prepare(sql).all()).results).toEqual([
        { f: 1, m: 1 },
        { f: 1, m: 1 },
      ]);
      expect((await of(1_000))?.cell).toMatch(/^.1.$/);
    }
  });

  test("2: the best customer is 555 and a champion, the worst is 111 and lost (Appendix B 14)", async () => {
    const best = Array.from({ length: 8 }, (_, index) => purchase(`b${index}`, 1, ago(2 + index * 20), 20_000));
    const middle = [
      purchase("m0", 2, ago(70), 6_000),
      purchase("m1", 2, ago(90), 6_000),
      purchase("m2", 2, ago(99), 6_000),
    ];
    const trio = [...best, ...middle, purchase("w0", 3, ago(400), 500)];
    for (const [others, method] of [
      [[], "default"],
      [crowd(600), "default"],
      [crowd(600), "C"],
    ] as const) {
      await open(worldOf([...trio, ...others]), { method });
      expect([await of(1), await of(3)]).toMatchObject([{ cell: "555", segment: "champions" }, { segment: "lost" }]);
      expect((await of(3))?.cell.slice(0, 2)).toBe("11");
    }
  });

  test("3: a refund lowers figures and segment as soon as it is known (Appendix B 16)", async () => {
    const orders = [purchase("o1", 1, ago(5), 40_000), purchase("o2", 1, ago(9), 20_000)];
    await open(worldOf(orders));
    expect(await of(1)).toMatchObject({ monetary: 60_000, segment: "champions" });
    const [first, second] = orders as [Purchase, Purchase];
    await change(worldOf([{ ...first, status: "refunded", net: 0, changedAt: NOW }, second]));
    await rescore(services, [1]);
    expect(await of(1)).toMatchObject({ monetary: 20_000, orders: 1, segment: "new", cause: "act" });
    // Of the only order nothing is left: the contact is scored no more.
    await change(
      worldOf([first, second].map((one) => ({ ...one, status: "refunded" as const, net: 0, changedAt: NOW }))),
    );
    await rescore(services, [1]);
    expect(await of(1)).toBeNull();
  });

  test("4: what was cancelled and ordered again counts once", async () => {
    await open(
      worldOf([purchase("o1", 1, ago(5), 4_000, { status: "cancelled" }), purchase("o2", 1, ago(5) + HOUR, 4_000)]),
    );
    expect(await of(1)).toMatchObject({ orders: 1, monetary: 4_000 });
  });

  test("5: an exchange, booked as a refund and an order, counts once", async () => {
    const back = purchase("o1", 1, ago(9), 0, { status: "refunded" });
    await open(
      worldOf([
        back,
        purchase("o2", 1, ago(5), 4_000),
        purchase("o3", 2, ago(5), 1_000, { status: "partially_refunded" }),
      ]),
    );
    expect([await of(1), await of(2)]).toMatchObject([
      { orders: 1, monetary: 4_000 },
      { orders: 1, monetary: 1_000 },
    ]);
  });

  test("6: who paid nothing, or less, is no customer", async () => {
    await open(worldOf([purchase("o1", 1, ago(5), 0), purchase("o2", 2, ago(5), -500), purchase("o3", 3, ago(5), 1)]));
    expect((await storedScores()).map(({ contact }) => contact)).toEqual([3]);
  });

  test("7: money is converted at the rate of the order's day, and never added up as it is", async () => {
    const rates = [
      { currency: "USD", from: ago(100), rate: 0.9 },
      { currency: "USD", from: ago(10), rate: 0.8 },
      { currency: "JPY", from: ago(100), rate: 0.006 },
    ];
    const orders = [
      purchase("o1", 1, ago(50), 1_000, { currency: "USD" }),
      purchase("o2", 1, ago(5), 1_000, { currency: "USD" }),
      purchase("o3", 1, ago(5), 1_000, { currency: "JPY" }),
      purchase("o4", 1, ago(200), 1_000, { currency: "USD" }),
      purchase("o5", 1, ago(5), 1_000, { currency: "CHF" }),
    ];
    await open(worldOf(orders, { rates }));
    // 9.00 and 8.00 of dollars, 6.00 of yen; before the first rate, and without one, an order is no money.
    expect(await of(1)).toMatchObject({ orders: 5, monetary: 900 + 800 + 600 });
  });

  test("8: days are those of the shop, on the last night of the year too", async () => {
    const orders = [
      purchase("o1", 1, Date.parse("2025-12-31T23:30:00+01:00"), 1_000),
      purchase("o2", 2, Date.parse("2026-01-01T00:30:00+01:00"), 1_000),
    ];
    await open(worldOf(orders), { thresholds: { r: [0, 1, 2, 3] } });
    await recompute(services, Date.parse("2026-01-01T00:45:00+01:00"));
    const { results } = await DB.prepare("SELECT r FROM rfm_past ORDER BY contact").all();
    // A day ago, though two hours; and today, though the day before in UTC.
    expect(results).toEqual([{ r: 4 }, { r: 5 }]);
  });

  test("9: recency is of the last order ever, orders and money are of the window", async () => {
    const orders = [
      purchase("o1", 1, ago(900), 5_000),
      purchase("o2", 1, ago(10), 1_000),
      purchase("o3", 2, ago(900), 90_000),
    ];
    await open(worldOf(orders));
    expect([await of(1), await of(2)]).toMatchObject([
      { orders: 1, monetary: 1_000, segment: "new" },
      { orders: 0, monetary: 0, cell: "111", segment: "lost" },
    ]);
  });

  test("10: below 50 customers there are thresholds, below 500 thirds", async () => {
    for (const [size, plan] of [
      [49, "B"],
      [50, "D"],
      [499, "D"],
      [500, "default"],
    ] as const) {
      await open(worldOf(crowd(size)));
      expect(await planOf()).toBe(plan);
    }
    await open(worldOf(crowd(49)), { method: "A", small_bases: false });
    expect(await planOf()).toBe("A");
  });

  test("11: who stays as they are while others move is told apart from who acts and who ages", async () => {
    const base = crowd(600).map((one) => ({ ...one, placedAt: ago(30 + (one.contact % 100)) }));
    const still = [purchase("s1", 1, ago(40), 50_000), purchase("s2", 1, ago(41), 50_000)];
    const ages = [purchase("a1", 2, ago(31), 2_000), purchase("a2", 2, ago(300), 2_000)];
    const acts = [purchase("b1", 3, ago(120), 2_000)];
    await open(worldOf([...base, ...still, ...ages, ...acts]));
    const before = await Promise.all([1, 2, 3].map(of));
    // Half of the others buy today, much: the bounds of money and recency move. One of ours buys, too.
    const later = NOW + HOUR;
    const spree = base.slice(0, 400).map((one) => purchase(`n${one.id}`, one.contact, later, 90_000));
    await change(worldOf([...base, ...still, ...ages, ...acts, ...spree, purchase("b2", 3, later, 3_000)]));
    localClock.move(later, 0);
    await recompute(services, null);
    const [shifted, , acted] = await Promise.all([1, 2, 3].map(of));
    expect(shifted?.segment).not.toBe(before[0]?.segment);
    expect([shifted?.cause, acted?.cause]).toEqual(["population_shift", "act"]);
    // A hundred days on nobody has bought anything: the same ranks, and nobody is anywhere else.
    const rest = await storedScores();
    localClock.move(later + 100 * DAY, 0);
    await keepRfm(services);
    expect(await storedScores()).toEqual(rest);
    // By fixed days of recency they grow old, which is their own doing.
    await open(worldOf([...base, ...still]), { method: "B" });
    localClock.move(NOW + 60 * DAY, 0);
    await keepRfm(services);
    expect(await of(1)).toMatchObject({ cause: "decay" });
  });

  test("12: orders of staff, resellers and marketplaces can be left out", async () => {
    const orders = [
      purchase("o1", 1, ago(5), 1_000, { channel: "pos" }),
      purchase("o2", 1, ago(9), 2_000),
      purchase("o3", 2, ago(5), 1_000, { coupon: "STAFF" }),
      purchase("o4", 3, ago(5), 1_000, { store: "marketplace" }),
    ];
    const exclude = [
      { field: "channel", in: ["pos"] },
      { field: "coupon", in: ["STAFF"] },
      { field: "store", in: ["marketplace", "b2b"] },
    ];
    await open(worldOf(orders), { exclude_orders: exclude });
    expect(await storedScores()).toMatchObject([{ contact: 1, orders: 1, monetary: 2_000, lastOrderAt: ago(9) }]);
  });

  test("7: rates that are stated day by day are nobody's doing, and silence nobody's own growing older", async () => {
    const today = (later: number) => NOW + later * DAY;
    await open(worldOf([purchase("o1", 1, ago(29), 4_000)]));
    const before = (await of(1))?.segment;
    for (let day = 1; day <= 3; day++) {
      // The night, and in the morning the rate of the day that has begun.
      localClock.move(today(day) - 11 * HOUR, 0);
      await keepRfm(services);
      localClock.move(today(day), 0);
      const fromAt = today(day) - 12 * HOUR;
      const rate = { currency: "USD", fromAt, day: new Date(fromAt + DAY / 2).toISOString().slice(0, 10) };
      await writeRates(DB, [{ ...rate, rate: "0.9", factor: 0.9 }]);
      await keepRfm(services);
    }
    expect(await of(1)).toMatchObject({ cause: "decay" });
    expect((await of(1))?.segment).not.toBe(before);
    // A rate of long ago that is put right is another matter.
    await writeRates(DB, [{ currency: "USD", fromAt: ago(200), day: "2025-12-27", rate: "0.8", factor: 0.8 }]);
    const { live } = await readRuns(DB);
    await keepRfm(services);
    expect((await readRuns(DB)).live.done?.rules).not.toBe(live.done?.rules);
  });

  test("14: the window holds more than a season, so that who buys each Christmas is no stranger in July", async () => {
    const christmas = [2024, 2025].map((year) => purchase(`x${year}`, 1, Date.parse(`${year}-12-20T12:00:00Z`), 5_000));
    await open(worldOf(christmas));
    expect(await of(1)).toMatchObject({ orders: 2 });
  });

  test("15: a margin stands beside the money: a large discount earns nothing", async () => {
    await open(worldOf([purchase("o1", 1, ago(5), 4_000), purchase("o2", 1, ago(6), 10_000)]));
    const lines = [
      ["o1", 1, 1, "p", 10_000, 2, 0],
      ["o2", 1, 1, "p", 10_000, 2, 0],
    ];
    const put = (sql: string) => DB.prepare(sql).bind(JSON.stringify(lines));
    await DB.batch([
      DB.prepare(
        "INSERT OR REPLACE INTO products (product_id, title, margin_pct, updated_at) VALUES ('p', 'P', 50, 0)",
      ),
      put(
        "INSERT INTO order_lines (order_id, line, contact, product_id, name, price, quantity, returned_qty, total) SELECT value ->> 0, " +
          "value ->> 1, value ->> 2, value ->> 3, 'P', 5000, value ->> 5, value ->> 6, value ->> 4 FROM json_each(?1)",
      ),
    ]);
    const span = { from: ago(700), to: NOW, base: "EUR", definition: rfmInput.parse({}) };
    // Goods of 100 cost 50: sold at 40 they lose 10, at 100 they earn 50.
    expect(await readMargins(DB, [1], span)).toEqual(new Map([[1, { margin: -1_000 + 5_000, orders: 2 }]]));
    const exclude = rfmInput.parse({ exclude_orders: [{ field: "coupon", in: ["STAFF"] }] });
    await DB.prepare("UPDATE orders SET coupon = 'STAFF' WHERE order_id = 'o1'").run();
    expect(await readMargins(DB, [1], { ...span, definition: exclude })).toEqual(
      new Map([[1, { margin: 5_000, orders: 1 }]]),
    );
    // In another currency the margin is worth what the order's money is.
    await DB.prepare("UPDATE orders SET currency = 'USD' WHERE order_id = 'o2'").run();
    const later = new Map([[1, { margin: -1_000, orders: 1 }]]);
    expect(await readMargins(DB, [1], span)).toEqual(later);
    await writeRates(DB, [{ currency: "USD", fromAt: ago(100), day: "2026-04-06", rate: "0.5", factor: 0.5 }]);
    expect(await readMargins(DB, [1], span)).toEqual(new Map([[1, { margin: -1_000 + 2_500, orders: 2 }]]));
    await DB.batch([DB.prepare("DELETE FROM order_lines"), DB.prepare("DELETE FROM products")]);
  });

  test("16: deliveries of a subscription can count less", async () => {
    const orders = [1, 2, 3, 4].map((week) => purchase(`o${week}`, 1, ago(week * 7), 1_000, { store: "box" }));
    const subscriptions = { weight: 0.5, orders: [{ field: "store", in: ["box"] }] };
    await open(worldOf([...orders, purchase("o9", 1, ago(2), 1_000)]), { subscriptions });
    expect(await of(1)).toMatchObject({ orders: 3, monetary: 5_000, cell: "532" });
  });

  test("17: ten is more than nine", async () => {
    const times = (contact: number, count: number) =>
      Array.from({ length: count }, (_, index) =>
        purchase(`t${contact}-${index}`, contact, ago(3), count === 9 ? 9_999 : 10_000),
      );
    await open(worldOf([...times(1, 9), ...times(2, 10)]), {
      thresholds: { f: [2, 5, 9, 10], m: [1, 9, 99_999, 100_000] },
    });
    expect([await of(1), await of(2)]).toMatchObject([{ cell: "543" }, { cell: "555" }]);
  });

  test("18: in the first run everybody comes from nowhere, and so does a shop's past that is loaded later", async () => {
    await open(worldOf(crowd(60)));
    const causes = () => DB.prepare("SELECT DISTINCT cause FROM rfm_scores").all();
    expect((await causes()).results).toEqual([{ cause: "first" }]);
    const loaded = purchase("i1", 1_050, ago(200), 99_000, { from: "import" });
    await change(worldOf([...crowd(60), loaded]));
    await rescore(services, [1_050]);
    expect(await of(1_050)).toMatchObject({ orders: 2, cause: "import" });
    // Loaded once more nothing changes, and nobody moves.
    await rescore(services, [1_050]);
    await recompute(services, null);
    expect(await of(1_050)).toMatchObject({ cause: "import" });
  });
});
