import { describe, expect, it } from "vitest";
import type { Shelf } from "../../../src/commerce/shelf";
import { checkGraph } from "../../../src/scenarios/graph";
import { rulesAsked, withDefaults } from "../../../src/scenarios/live";
import { answerLook, productsOf } from "../../../src/scenarios/look-up";
import type { Stimulus } from "../../../src/scenarios/stimulus";
import { AT } from "../../../src/segments/collection";
import type { Facts } from "../../../src/segments/facts";
import { DAY, HOUR } from "../../../src/shared/clock";
import { Days } from "./days";
import { cart, facts, NOW } from "./facts";
import { scenario } from "./scenario";

const shelf = (change: Partial<Shelf> = {}): Shelf => {
  return { product: "lamp", sku: "lamp", price: 4_990, currency: "EUR", stock: 3, isGone: false, ...change };
};

type Shop = (product: string, at: number) => readonly Shelf[];

/** A contact who comes in with a lamp of 49.90 and meets the block at once; looks are answered by the shop. */
class Shopper {
  private readonly days: Days;
  private heard = 0;

  constructor(type: string, params: object, known: Facts = facts()) {
    const ways = type.startsWith("if.") ? ["yes", "no", "unknown"] : ["in_stock", "timeout"];
    const next = Object.fromEntries(ways.map((way) => [way, `out_${way}`]));
    const outs = Object.fromEntries(ways.map((way) => [`out_${way}`, { type: "exit", params: { reason: way } }]));
    const start = { type: "start.event", params: { event: "Begun" }, next: { next: "ask" } };
    const definition = withDefaults(scenario({ start, ask: { type, params, next }, ...outs }));
    this.days = new Days({ definitions: { s: definition }, facts: known });
    const properties = { product_id: "lamp", price: 49.9, currency: "EUR" };
    this.days.hear(NOW, { type: "event", at: NOW, id: "e-1", name: "Begun", properties });
  }

  /** Products that were looked at so far, look by look. */
  get looks(): string[][] {
    return this.days.effects.flatMap((effect) => (effect.kind === "acted" ? [productsOf(effect.act.details)] : []));
  }

  get ids(): string[] {
    return this.days.effects.flatMap((effect) => (effect.kind === "acted" ? [effect.id] : []));
  }

  get left(): string | undefined {
    return this.days.effects.flatMap((effect) => (effect.kind === "exited" ? [effect.reason] : []))[0];
  }

  /** Answers every look that is open, and lets time go on to `at`. */
  until(at: number, shop: Shop): this {
    for (;;) {
      const open = this.days.effects.filter((effect) => effect.kind === "acted")[this.heard];
      if (open?.kind === "acted") {
        this.heard++;
        const result = answerLook(open.act.details, (product) => shop(product, open.at));
        this.days.hear(open.at, { type: "acted", at: open.at, act: open.id, result } satisfies Stimulus);
        continue;
      }
      const due = this.days.state.runs[0]?.due ?? Number.POSITIVE_INFINITY;
      if (due > at) return this;
      this.days.hear(due);
      if (this.left !== undefined) return this;
    }
  }
}

const at = (shop: readonly Shelf[]) => (type: string, params: object, known?: Facts) =>
  new Shopper(type, params, known).until(NOW, () => shop).left;

describe("a look at the stock", () => {
  it("is of the moment at which the run comes, and counts pieces", () => {
    const three = at([shelf({ stock: 3 })]);
    expect(three("if.stock", { at_least: 3 })).toBe("yes");
    expect(three("if.stock", { at_least: 4 })).toBe("no");
    expect(at([shelf({ stock: 0 })])("if.stock", {})).toBe("no");
  });

  it("adds the variants up, unless one of them is meant", () => {
    const two = at([shelf({ sku: "s", stock: 1 }), shelf({ sku: "m", stock: 2 })]);
    expect(two("if.stock", { at_least: 3 })).toBe("yes");
    const one = facts({ commerce: { cart: cartOf({ product_id: "lamp", sku: "s" }) } });
    expect(two("if.stock", { of: "cart", at_least: 2 }, one)).toBe("no");
  });

  it("claims nothing where nobody knows, and sells nothing that is gone", () => {
    expect(at([])("if.stock", {})).toBe("unknown");
    expect(at([shelf({ stock: null })])("if.stock", {})).toBe("unknown");
    expect(at([shelf({ isGone: true })])("if.stock", {})).toBe("no");
  });

  it("asks for one of the cart, or for all", () => {
    const known = facts({ commerce: { cart: cartOf({ product_id: "lamp" }, { product_id: "chair" }) } });
    const shopper = (which: string) =>
      new Shopper("if.stock", { of: "cart", which }, known).until(NOW, (product) =>
        product === "lamp" ? [shelf()] : [shelf({ stock: 0 })],
      );
    expect(shopper("any").left).toBe("yes");
    expect(shopper("all").left).toBe("no");
    expect(shopper("any").looks).toEqual([["lamp", "chair"]]);
    expect(at([shelf()])("if.stock", { of: "cart" })).toBe("no");
  });

  it("looks at what is on the wishlist by then, and says what it needs for that", () => {
    const item = (product: string, more: object = {}) => ({
      product,
      variant: null,
      price: 4_990,
      [AT]: NOW - DAY,
      ...more,
    });
    const rows = {
      wishlist_items: [
        item("lamp"),
        item("chair", { removed: 1 }),
        item("desk", { expired: NOW - 1 }),
        item("sofa", { [AT]: NOW + DAY }),
      ],
    };
    const shopper = new Shopper("if.stock", { of: "wishlist" }, { ...facts(), rows });
    expect(shopper.looks).toEqual([["lamp"]]);
    const ask = { type: "if.stock", params: { of: "wishlist" } };
    expect(JSON.stringify(rulesAsked(withDefaults(scenario({ start: ask }))))).toContain("wishlist.count");
  });

  it("goes on without an answer after a day", () => {
    expect(waited("if.stock")).toBe("unknown");
  });
});

/** The way of a run whose look nobody answers. */
function waited(type: string): string | undefined {
  const next = { yes: "out", no: "out", unknown: "lost" };
  const start = { type: "start.event", params: { event: "Begun" }, next: { next: "ask" } };
  const ends = { out: { type: "exit" }, lost: { type: "exit", params: { reason: "unknown" } } };
  const definition = withDefaults(scenario({ start, ask: { type, next }, ...ends }));
  const days = new Days({ definitions: { s: definition } });
  days
    .hear(NOW, { type: "event", at: NOW, id: "e", name: "Begun", properties: { product_id: "lamp" } })
    .hear(NOW + DAY);
  return days.effects.flatMap((effect) => (effect.kind === "exited" ? [effect.reason] : []))[0];
}

function cartOf(...lines: { product_id: string; sku?: string }[]) {
  const [line] = cart().lines;
  return { ...cart(), lines: lines.map((one) => ({ ...line, ...one })) } as ReturnType<typeof cart>;
}

describe("a look at the price", () => {
  it("drops a fall in price that was taken back", () => {
    const still = (price: number) => at([shelf({ price })])("if.price", { is: "not_above" });
    expect([4_990, 3_990, 5_990].map(still)).toEqual(["yes", "yes", "no"]);
  });

  it("asks for a change of at least some percent", () => {
    const fallen = (price: number) => at([shelf({ price })])("if.price", { is: "below", min_percent: 10 });
    expect([4_989, 4_492, 4_491].map(fallen)).toEqual(["no", "no", "yes"]);
    expect(at([shelf({ price: 5_489 })])("if.price", { is: "above", min_percent: 10 })).toBe("yes");
  });

  it("compares no amounts of two currencies, and shows the lowest of the variants", () => {
    expect(at([shelf({ currency: "USD" })])("if.price", { is: "not_above" })).toBe("unknown");
    expect(at([shelf({ sku: "s", price: 9_900 }), shelf({ sku: "m", price: 100 })])("if.price", { is: "below" })).toBe(
      "yes",
    );
  });
});

describe("a wait for stock", () => {
  const params = { max: "P30D", every: "PT6H" };

  it("ends with the first look that finds enough, each look being another one", () => {
    const shopper = new Shopper("wait.stock", { ...params, at_least: 3 });
    shopper.until(NOW + 2 * DAY, (_product, when) => [shelf({ stock: when < NOW + 13 * HOUR ? 2 : 3 })]);
    expect(shopper.left).toBe("in_stock");
    expect(shopper.looks).toHaveLength(4);
    expect(new Set(shopper.ids).size).toBe(4);
  });

  it("gives up when its time is over, and not before", () => {
    const shopper = new Shopper("wait.stock", { max: "P2D", every: "PT9H" });
    shopper.until(NOW + 2 * DAY - 1, () => []);
    expect(shopper.left).toBeUndefined();
    expect(shopper.until(NOW + 2 * DAY, () => []).left).toBe("timeout");
  });

  it("makes up for all looks that were missed with one, and goes on as before", () => {
    const definition = withDefaults(
      scenario({
        start: { type: "start.event", params: { event: "Begun" }, next: { next: "ask" } },
        ask: { type: "wait.stock", params, next: { in_stock: "out", timeout: "out" } },
        out: { type: "exit" },
      }),
    );
    const days = new Days({ definitions: { s: definition } });
    const looks = () => days.effects.filter(({ kind }) => kind === "acted").length;
    days.hear(NOW, { type: "event", at: NOW, id: "e", name: "Begun", properties: { product_id: "lamp" } });
    expect(looks()).toBe(1);
    // Whatever held it up: a pause, or nobody who woke it.
    expect(days.hear(NOW + 10 * DAY + HOUR).state.runs[0]?.due).toBe(NOW + 10 * DAY + 6 * HOUR);
    expect(looks()).toBe(2);
    days.hear(NOW + 10 * DAY + 6 * HOUR);
    expect(looks()).toBe(3);
    // Behind its end nobody waits for an answer.
    days.hear(NOW + 40 * DAY);
    expect(looks()).toBe(3);
    expect(days.told.at(-1)).toMatch(/^exited/);
  });

  it("is not asked more often than every hour", () => {
    const faults = (every: string) =>
      checkGraph(withDefaults(scenario({ start: { type: "wait.stock", params: { max: "P1D", every } } }))).map(
        ({ pointer }) => pointer,
      );
    expect(faults("PT59M")).toContain("/blocks/start/params/every");
    expect(faults("PT1H")).not.toContain("/blocks/start/params/every");
  });
});
