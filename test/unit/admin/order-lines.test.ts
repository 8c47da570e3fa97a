import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { KnownOrder } from "../../../src/admin/import/order-events";
import { additionTo, eventsOf } from "../../../src/admin/import/order-events";
import type { FileLine } from "../../../src/admin/import/order-group";
import { BucketLines, groupOrders, packLine, unpackLine } from "../../../src/admin/import/order-group";
import { orderLines } from "../../../src/admin/import/order-lines";
import type { Bought } from "../../../src/admin/import/refund";
import { tieCancellations } from "../../../src/admin/import/refund";

const NOW = Date.parse("2012-01-01T00:00:00Z");
const context = { id: "", receivedAt: NOW, attested: null, currency: "GBP" };

function line(change: Partial<FileLine> = {}): FileLine {
  return {
    line: 2,
    order: "O1",
    user: "u1",
    at: 1_000,
    currency: "GBP",
    sku: "S1",
    name: "A cup",
    category: null,
    brand: null,
    quantity: 2,
    unitPrice: 25_500,
    ...change,
  };
}

describe("a line of an order", () => {
  const value = { order_id: "O1", placed_at: "2011-01-02T10:00:00Z", sku: "S1", quantity: "6", unit_price: "2.5555" };

  it("is read with up to four decimals, and with the currency of its mapping", () => {
    expect(orderLines.read(value, context)).toMatchObject({
      ok: true,
      item: { order: "O1", user: null, quantity: 6, unitPrice: 25_555, currency: "GBP", name: null },
    });
  });

  it("is kept where it is no sale", () => {
    const written = { ...value, quantity: "-10", unit_price: "-11062.06" };
    expect(orderLines.read(written, context)).toMatchObject({ item: { quantity: -10, unitPrice: -110_620_600 } });
    expect(orderLines.read({ ...value, unit_price: 0 }, context)).toMatchObject({ item: { unitPrice: 0 } });
  });

  it.each([
    ["order_id", undefined],
    ["sku", " "],
    ["placed_at", "soon"],
    ["placed_at", "2030-01-01"],
    ["quantity", "1.5"],
    ["quantity", "many"],
    ["unit_price", "-"],
    ["unit_price", "1e5"],
    ["currency", "pounds"],
  ])("is refused with %s %j", (column, cell) => {
    expect(orderLines.read({ ...value, [column]: cell }, context).ok).toBe(false);
  });

  it("goes through a bucket as it is", () => {
    expect(unpackLine(packLine(7, line()))).toEqual(line({ line: 7 }));
  });
});

describe("lines of orders", () => {
  const cup = fc.record({
    order: fc.constantFrom("O1", "O2"),
    user: fc.constantFrom("u1", "u2", null),
    sku: fc.constantFrom("S1", "S2"),
    at: fc.constantFrom(1_000, 2_000),
    quantity: fc.constantFrom(-1, 1, 2),
    currency: fc.constantFrom("GBP", "EUR"),
  });

  it("make the same orders in whatever order they stand", () => {
    const seen = (lines: readonly FileLine[]) =>
      groupOrders(lines)
        .orders.map(({ lines: all, ...order }) => ({ ...order, numbers: all.map(({ number }) => number).sort() }))
        .sort((left, right) => (left.id < right.id ? -1 : 1));
    fc.assert(
      fc.property(fc.array(cup), fc.infiniteStream(fc.nat()), (cups, dice) => {
        const lines = cups.map((change, index) => line({ ...change, line: index }));
        const shuffled = lines
          .map((one) => ({ one, rank: dice.next().value as number }))
          .sort((left, right) => left.rank - right.rank)
          .map(({ one }) => one);
        expect(seen(shuffled)).toEqual(seen(lines));
      }),
    );
  });

  it("that are equal are as many lines, once", () => {
    const [order] = groupOrders([line(), line({ line: 3 }), line({ line: 4, sku: "S2" })]).orders;
    const numbers = order?.lines.map(({ number }) => number) ?? [];
    expect(new Set(numbers).size).toBe(3);
    if (!order) throw new Error("no order");
    const known: KnownOrder = {
      contact: 1,
      isGuests: false,
      currency: "GBP",
      total: 1_530,
      placedAt: 1_000,
      lined: "made",
      lines: new Set(numbers),
    };
    expect(additionTo(order, known).fresh).toEqual([]);
    const some = { ...known, total: 510, lines: new Set(numbers.slice(0, 1)) };
    const [event] = eventsOf(additionTo(order, some));
    expect(event).toMatchObject({ contact: 1, name: "Order Updated", properties: { total: "15.30", order_id: "O1" } });
    expect(event?.properties?.["products"]).toHaveLength(2);
  });

  it("are not added to those that an order's own event named, nor in another currency", () => {
    const [order] = groupOrders([line()]).orders;
    if (!order) throw new Error("no order");
    const known = {
      contact: 1,
      isGuests: false,
      currency: "GBP",
      total: 1,
      placedAt: 1,
      lined: null,
      lines: new Set([0]),
    };
    expect(additionTo(order, known)).toMatchObject({ fresh: [] });
    expect(additionTo(order, { ...known, lines: new Set<number>() }).fresh).toHaveLength(1);
    // Nor to those that it named instead of imported ones, whose numbers are gone.
    expect(additionTo(order, { ...known, lined: "own" })).toMatchObject({ fresh: [] });
    expect(additionTo(order, { ...known, currency: "EUR" }).refused).toContain("EUR");
  });

  it("of a large order come in several events, each with what the order comes to by then", () => {
    const lines = Array.from({ length: 2_500 }, (_, index) => line({ line: index, sku: `S${index}`, quantity: 1 }));
    const [order] = groupOrders(lines).orders;
    if (!order) throw new Error("no order");
    const events = eventsOf(additionTo(order, null));
    expect(events.map(({ name, properties }) => [name, properties?.["total"]])).toEqual([
      ["Order Completed", "2550.00"],
      ["Order Updated", "5100.00"],
      ["Order Updated", "6375.00"],
    ]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(3);
  });

  it("are refused in another currency than most of their order", () => {
    const { orders, rejected } = groupOrders([
      line(),
      line({ line: 3, currency: "EUR" }),
      line({ line: 4, sku: "S2" }),
    ]);
    expect(orders[0]?.lines).toHaveLength(2);
    expect(rejected).toEqual([{ line: 3, reason: "is in another currency than its order" }]);
  });

  it("without a customer are a guest's", () => {
    const [order] = groupOrders([line({ user: null })]).orders;
    expect(order && eventsOf(additionTo(order, null))[0]).toMatchObject({ anon: "guest:O1", at: 1_000 });
  });
});

describe("the events of an order", () => {
  const events = (count: number, name: string) => {
    const lines = Array.from({ length: count }, (_, index) => line({ sku: `S${index}`, name, category: name }));
    return groupOrders(lines).orders.flatMap((order) => eventsOf(additionTo(order, null)));
  };
  const lengths = (of: ReturnType<typeof events>) =>
    of.map(({ properties }) => (properties as { products: unknown[] }).products.length);

  it("are a thousand lines long, and shorter where these say much, in bytes", () => {
    expect(lengths(events(2_001, "A cup"))).toEqual([1_000, 1_000, 1]);
    const long = events(1_000, "あ".repeat(500));
    expect(lengths(long).reduce((sum, count) => sum + count, 0)).toBe(1_000);
    for (const event of long) expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThan(410_000);
    expect(long.map(({ name }) => name).indexOf("Order Completed")).toBe(0);
    expect(long.slice(1).every(({ name }) => name === "Order Updated")).toBe(true);
  });
});

describe("the lines of a bucket", () => {
  it("are no more of one order, or of one customer, than fit in memory, and the others are refused", () => {
    const lines = [line(), line({ line: 3 }), line({ line: 4 }), line({ line: 5, order: "O2" })];
    const gathered = (of: "order" | "customer") => {
      const bucket = new BucketLines(of, 2);
      for (const one of lines) bucket.take(one);
      return [bucket.lines.map((one) => one.line), bucket.rejected];
    };
    const refused = (of: string, ...of_: number[]) =>
      of_.map((number) => ({ line: number, reason: `is one of more than 2 lines of its ${of}` }));
    expect(gathered("order")).toEqual([[2, 3, 5], refused("order", 4)]);
    expect(gathered("customer")).toEqual([[2, 3], refused("customer", 4, 5)]);
  });
});

describe("cancellations", () => {
  const bought = (change: Partial<Bought> = {}): Bought => ({
    user: "u1",
    order: "O1",
    placedAt: 1_000,
    currency: "GBP",
    product: "S1",
    sku: "S1",
    left: 5,
    prices: [25_500],
    ...change,
  });
  const back = (change: Partial<FileLine> = {}) => line({ order: "C1", at: 5_000, quantity: -2, ...change });
  const tied = (lines: readonly FileLine[], stock: readonly Bought[], known: ReadonlySet<string> = new Set()) => {
    const { ties, ...rest } = tieCancellations(lines, stock, known);
    return { orders: ties.map((tie) => tie.bought.order), ids: ties.map(({ id }) => id), ...rest };
  };

  it("are tied to the latest order before them that has enough left, at the same price rather than another", () => {
    const later = bought({ order: "O2", placedAt: 2_000 });
    expect(tied([back()], [bought(), later]).orders).toEqual(["O2"]);
    expect(tied([back()], [bought(), { ...later, prices: [1] }]).orders).toEqual(["O1"]);
    expect(tied([back()], [bought(), { ...later, left: 1 }]).orders).toEqual(["O1"]);
    expect(tied([back()], [bought(), { ...later, placedAt: 5_001 }]).orders).toEqual(["O1"]);
    expect(tieCancellations([back()], [bought()], new Set()).ties[0]).toMatchObject({ quantity: 2, amount: 510 });
  });

  it("are listed where nobody can say what they cancel", () => {
    expect(tied([back({ line: 9, quantity: -6 })], [bought()]).untied).toEqual([
      { line: 9, reason: "takes back more of S1 than is left of any order" },
    ]);
    for (const stock of [
      bought({ user: "u2" }),
      bought({ sku: "S2" }),
      bought({ placedAt: 6_000 }),
      bought({ currency: "EUR" }),
    ]) {
      expect(tied([back()], [stock]).untied).toHaveLength(1);
    }
  });

  it("come to the same when they are repeated, whichever of them were done before", () => {
    const lines = [back(), back({ line: 3 }), back({ line: 4, at: 6_000, order: "C2", quantity: -1 })];
    const stock = [bought(), bought({ order: "O2", placedAt: 900 })];
    const whole = tieCancellations(lines, stock, new Set());
    expect(whole.ties).toHaveLength(3);
    for (let done = 0; done <= 3; done++) {
      const first = whole.ties.slice(0, done);
      const left = stock.map((one) => ({
        ...one,
        left:
          one.left - first.filter((tie) => tie.bought.order === one.order).reduce((sum, tie) => sum + tie.quantity, 0),
      }));
      const rest = tied([...lines].reverse(), left, new Set(first.map(({ id }) => id)));
      expect(rest.ids).toEqual(whole.ties.slice(done).map(({ id }) => id));
      expect(rest.orders).toEqual(whole.ties.slice(done).map((tie) => tie.bought.order));
      expect(rest.duplicates).toBe(done);
    }
  });
});
