import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pointsOf } from "../../../src/commerce/loyalty";
import { programmeInput } from "../../../src/commerce/loyalty-programme";
import { checkPoints } from "../../../src/commerce/loyalty-projection";
import type { Earned } from "../../../src/commerce/loyalty-tiers";
import { addEarned, standingOf } from "../../../src/commerce/loyalty-tiers";
import { DAY } from "../../../src/shared/clock";
import { NOW, People } from "../contacts/people";

const SECRET = "a-secret-of-this-deployment";
const programme = programmeInput.parse({
  validity: "P30D",
  rules: [
    { key: "purchase", name: "Purchase", on: "order", points: 1 },
    {
      key: "review",
      name: "Review",
      on: "Product Reviewed",
      points: 50,
      limit: { per_day: 2, total: 3 },
      badge: { key: "critic", name: "Critic", count: 3 },
    },
  ],
  tiers: [
    { key: "silver", name: "Silver", points: 100, window: "P60D" },
    { key: "gold", name: "Gold", points: 500, window: "P60D" },
  ],
});

const shop = (terms = programme) => new People({ programme: () => terms, secret: SECRET });

let count = 0;
const event = (name: string, properties: object = {}, rest: object = {}) => {
  return { id: `l-${++count}`, user: "ann", name, at: NOW, properties: properties as Record<string, unknown>, ...rest };
};
const order = (id: string, total: number, rest: object = {}) =>
  event("Order Completed", { order_id: id, total, products: [{ product_id: "lamp", price: total }] }, rest);

const points = (people: People, at = NOW) => pointsOf(people.account("u:ann").lots, at);
/** Kind, points and what was missing of each movement that the last request made. */
const moved = (people: People) => people.rows("loyalty_movements").map((row) => [row[2], row[3], row[4]]);

describe("points", () => {
  it("come from orders by their net value and from what else the programme rewards", () => {
    const people = shop().take(order("o-1", 20.99)).take(event("Product Reviewed"));
    expect(points(people)).toBe(70);
    expect(moved(people)).toEqual([["earn", 50, 0]]);
  });

  it("come from nothing that a browser says, with a token or without (C01)", () => {
    for (const trust of ["write", "token"] as const) {
      const people = shop().take(order("o-1", 500, { trust }), event("Product Reviewed", {}, { trust }));
      people.take(event("Points Earned", { points: 1_000 }, { trust }));
      people.take(event("Points Adjusted", { points: 1_000 }, { trust }));
      const identity = trust === "write" ? "c:ann" : "u:ann";
      expect(people.account(identity).lots).toEqual([]);
      for (const table of ["loyalty_accounts", "loyalty_lots", "loyalty_movements", "coupon_redemptions"]) {
        expect(people.rows(table)).toEqual([]);
      }
    }
  });

  it.each(["constructor", "__proto__", "toString", "hasOwnProperty"])(
    "are not moved by an event named %s, nor is anything else",
    (name) => {
      const about = { points: 10, id: "x", order_id: "o-1", cart_id: "c", table: name, consent: "email" };
      const changedBy = (named: string, rest: object) => {
        const people = shop()
          .take(order("o-1", 20))
          .take(event(named, about, rest));
        return [[...people.tables()], points(people), people.commerce("u:ann"), people.profile("u:ann").consents];
      };
      for (const rest of [{}, { type: "internal", trust: "internal" }]) {
        expect(changedBy(name, rest)).toEqual(changedBy("Something Else", rest));
      }
    },
  );

  it("do not exist without a programme", () => {
    for (const people of [new People(), shop({ ...programme, enabled: false })]) {
      people.take(order("o-1", 50)).take(event("Points Earned", { points: 10 }));
      expect(people.account("u:ann").lots).toEqual([]);
      expect(people.rows("loyalty_accounts")).toEqual([]);
    }
  });

  it("leave no row where there are none", () => {
    const people = shop().take(event("Product Viewed"));
    expect(people.rows("loyalty_accounts")).toEqual([]);
  });

  it("are limited by day and in all, and a badge comes at its count", () => {
    const people = shop().take(event("Product Reviewed"), event("Product Reviewed"), event("Product Reviewed"));
    expect(points(people)).toBe(100);
    people.take(event("Product Reviewed", {}, { at: NOW + DAY }));
    expect(people.rows("badges")).toEqual([[people.contact("u:ann"), "critic", "Critic", NOW + DAY]]);
    people.take(event("Product Reviewed", {}, { at: NOW + 2 * DAY }));
    expect(points(people)).toBe(150);
  });

  it("are for one order once, whatever else is said of it", () => {
    const people = shop().take(order("o-1", 20)).take(order("o-1", 20));
    for (const status of ["shipped", "delivered"]) people.take(event("Order Updated", { order_id: "o-1", status }));
    expect(points(people)).toBe(20);
  });

  it("may wait until an order is delivered", () => {
    const [purchase] = programme.rules;
    const later = { ...programme, rules: purchase ? [{ ...purchase, when: "delivered" as const }] : [] };
    const people = shop(later).take(order("o-1", 20));
    expect(points(people)).toBe(0);
    people.take(event("Order Updated", { order_id: "o-1", status: "delivered" }));
    expect(points(people)).toBe(20);
  });

  it("of orders that were placed before the programme's start are none", () => {
    const people = shop({ ...programme, starts_at: new Date(NOW + 1).toISOString() }).take(order("o-1", 20));
    expect(points(people)).toBe(0);
  });

  it("that are no whole number are refused with their field", () => {
    expect(checkPoints("Points Earned", { points: 5 })).toBeNull();
    expect(checkPoints("Points Adjusted", { points: -5 })).toBeNull();
    expect(checkPoints("Viewed", {})).toBeNull();
    for (const bad of [0, -5, 1.5, "5", undefined, 1e9]) {
      expect(checkPoints("points earned", { points: bad })).toMatchObject({ pointer: "/properties/points" });
    }
  });
});

describe("what an order earned", () => {
  it("goes when it is cancelled, and comes back with nothing", () => {
    const people = shop()
      .take(order("o-1", 20))
      .take(event("Order Cancelled", { order_id: "o-1" }));
    expect(points(people)).toBe(0);
    expect(moved(people)).toEqual([["return", -20, 0]]);
    people.take(event("Order Cancelled", { order_id: "o-1" }));
    expect(moved(people)).toEqual([]);
    people.take(event("Order Updated", { order_id: "o-1", status: "delivered" }));
    expect(points(people)).toBe(0);
  });

  it("goes pro rata with a refund", () => {
    const people = shop()
      .take(order("o-1", 20))
      .take(event("Order Refunded", { order_id: "o-1", total: 5 }));
    expect(points(people)).toBe(15);
    people.take(event("Order Refunded", { order_id: "o-1", total: 15 }));
    expect(points(people)).toBe(0);
  });

  it("is taken from other points where it was spent, and what is not there is noted as missing", () => {
    const people = shop()
      .take(order("o-1", 20))
      .take(event("Points Redeemed", { points: 20 }));
    people.take(event("Points Earned", { points: 5 })).take(event("Order Cancelled", { order_id: "o-1" }));
    expect(moved(people)).toEqual([["return", -5, 15]]);
    expect(points(people)).toBe(0);
  });
});

describe("a tier", () => {
  const heard = (people: People) =>
    people.heard("u:ann").flatMap((each) => (each["name"] === "loyalty.tier_changed" ? [each["properties"]] : []));

  it("is reached by the points earned in its window, and scenarios hear of it", () => {
    const people = shop().take(order("o-1", 100));
    expect(people.account("u:ann")).toMatchObject({ tier: "silver", tierUntil: NOW - (NOW % DAY) + 60 * DAY });
    expect(heard(people)).toEqual([{ from: null, to: "silver", direction: "up" }]);
    people.take(event("Points Redeemed", { points: 100 }));
    expect(people.account("u:ann").tier).toBe("silver");
    expect(heard(people)).toEqual([]);
    people.take(order("o-2", 400));
    expect(heard(people)).toEqual([{ from: "silver", to: "gold", direction: "up" }]);
  });

  it("is lost with the order that it came from, and when its window has passed", () => {
    const people = shop()
      .take(order("o-1", 500))
      .take(event("Order Cancelled", { order_id: "o-1" }));
    expect(heard(people)).toEqual([{ from: "gold", to: null, direction: "down" }]);
    expect(people.account("u:ann")).toMatchObject({ tier: null, tierSince: null, tierUntil: null });
    const late = shop({ ...programme, tiers: programme.tiers.map((tier) => ({ ...tier, window: "P1D" })) });
    late.take(order("o-1", 500, { at: NOW - 3 * DAY }));
    expect(late.account("u:ann").tier).toBeNull();
  });

  it("ends when a look at each day finds it lost, whatever was earned", () => {
    const tiers = [
      { key: "low", name: "Low", points: 10, window: "P1M" },
      { key: "high", name: "High", points: 40, window: "P20D" },
    ];
    const today = Math.floor(NOW / DAY);
    const days = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 30 })));
    fc.assert(
      fc.property(days, (earnings) => {
        const earned = earnings.reduce<Earned>((sum, [ago, some]) => addEarned(sum, NOW - ago * DAY, some), []);
        const now = standingOf(tiers, earned, NOW);
        let at = today;
        while (now.tier !== null && standingOf(tiers, earned, at * DAY).tier === now.tier) at++;
        if (now.tier === null) expect(now.until).toBeNull();
        else expect(now.until).toBe(Math.max(at, today + 1) * DAY);
      }),
    );
  });

  it("is nothing that somebody is put into by hand", () => {
    expect(
      shop()
        .take(event("Points Adjusted", { points: 500 }))
        .account("u:ann").tier,
    ).toBeNull();
  });
});

/** One point, as the plainest of ledgers keeps it: in a row of single points, each spent or not. */
interface Point {
  readonly from: string;
  readonly earnedAt: number;
  readonly endsAt: number;
  spent: boolean;
}

class PlainLedger {
  private points: Point[] = [];
  private readonly known = new Set<string>();
  private readonly orders = new Map<string, { base: number; total: number; refunded: number; gone: number }>();
  /** Refunds that came before their order. */
  private readonly early = new Map<string, number>();

  take(step: Step): void {
    if (this.known.has(step.id)) return;
    this.known.add(step.id);
    const name = `earn.l-${step.id}`;
    if (step.does === "earn") this.add(name, step.points, step.at);
    if (step.does === "spend") this.remove(this.live(step.at), step.points);
    if (step.does === "order" && !this.orders.has(step.order)) {
      const refunded = Math.min(step.points, this.early.get(step.order) ?? 0);
      const base = step.points - refunded;
      this.orders.set(step.order, { base, total: step.points, refunded, gone: 0 });
      this.add(`order.${step.order}.purchase`, base, step.at);
    }
    if (step.does === "refund") this.refund(step.order, step.points, step.at);
  }

  at(time: number): number {
    return this.live(time).length;
  }

  private add(from: string, count: number, at: number): void {
    for (let each = 0; each < count; each++)
      this.points.push({ from, earnedAt: at, endsAt: at + 30 * DAY, spent: false });
  }

  private refund(id: string, money: number, at: number): void {
    const order = this.orders.get(id);
    if (!order) {
      this.early.set(id, (this.early.get(id) ?? 0) + money);
      return;
    }
    order.refunded = Math.min(order.total, order.refunded + money);
    const owed = order.base - (order.total - order.refunded) - order.gone;
    order.gone += owed;
    const own = this.points.filter((point) => !point.spent && point.from === `order.${id}.purchase`);
    const left = this.remove(own, owed);
    this.remove(this.live(at), left);
  }

  private live(at: number): Point[] {
    const open = this.points.filter((point) => !point.spent && point.endsAt > at);
    return open.sort((one, other) => one.earnedAt - other.earnedAt || (one.from < other.from ? -1 : 1));
  }

  /** Marks the first of these as spent, and says how many there were too few. */
  private remove(from: Point[], count: number): number {
    for (const point of from.slice(0, count)) point.spent = true;
    return Math.max(0, count - from.length);
  }
}

interface Step {
  readonly id: string;
  readonly does: "earn" | "spend" | "order" | "refund";
  readonly points: number;
  readonly order: string;
  readonly at: number;
}

const EVENTS: Readonly<Record<Step["does"], (step: Step) => [name: string, properties: object]>> = {
  earn: ({ points: some }) => ["Points Earned", { points: some }],
  spend: ({ points: some }) => ["Points Redeemed", { points: some }],
  order: ({ points: some, order: id }) => ["Order Completed", { order_id: id, total: some }],
  refund: ({ points: some, order: id }) => ["Order Refunded", { order_id: id, total: some }],
};

describe("an account", () => {
  it("is its lots, as a ledger of single points has them, in any order and with repeats", () => {
    const step = fc.record({
      id: fc.integer({ min: 0, max: 30 }).map(String),
      does: fc.constantFrom<Step["does"]>("earn", "spend", "order", "refund"),
      points: fc.integer({ min: 1, max: 40 }),
      order: fc.constantFrom("o-1", "o-2", "o-3"),
      at: fc.integer({ min: 0, max: 60 }).map((day) => NOW + day * DAY),
    });
    // A repeat says what the first one said: the steps are drawn once for each id.
    const story = fc.array(step, { minLength: 1, maxLength: 40 }).map((steps) => {
      const first = new Map(steps.map((each) => [each.id, each] as const).reverse());
      return steps.map((each) => first.get(each.id) ?? each);
    });
    const only = { ...programme, rules: programme.rules.slice(0, 1), tiers: [] };
    fc.assert(
      fc.property(story, fc.integer({ min: 0, max: 100 }), (steps, day) => {
        const people = shop(only);
        const plain = new PlainLedger();
        const movements = new Map<unknown, number>();
        for (const each of steps) {
          const [name, properties] = EVENTS[each.does](each);
          people.take({ ...event(name, properties), id: `l-${each.id}`, at: each.at });
          plain.take(each);
          for (const row of people.rows("loyalty_movements")) {
            expect(movements.has(row[1])).toBe(false);
            movements.set(row[1], Number(row[3]));
          }
        }
        expect(points(people, NOW + day * DAY)).toBe(plain.at(NOW + day * DAY));
        const { lots } = people.account("u:ann");
        expect(lots.every(({ left, points: whole }) => left >= 0 && left <= whole)).toBe(true);
        const sum = [...movements.values()].reduce((total, each) => total + each, 0);
        expect(lots.reduce((total, { left }) => total + left, 0)).toBe(sum);
      }),
      { numRuns: 300 },
    );
  });
});
