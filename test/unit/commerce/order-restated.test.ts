import { describe, expect, it } from "vitest";
import { orders } from "../../../src/admin/import/orders";
import type { LedgerEvent } from "../../../src/events/event";
import { identify, NOW, People } from "../contacts/people";

const DAY = 86_400_000;
let lines = 0;

/** A line of a file of orders, as the ledger gets it. */
function line(cells: object, rest: Partial<LedgerEvent> = {}): Partial<LedgerEvent> {
  const value = { order_id: "o-1", external_id: "ann", placed_at: "2025-06-01T00:00:00Z", total: "100.00", ...cells };
  const read = orders.read(value, { id: `line-${++lines}`, receivedAt: NOW, attested: null, currency: "EUR" });
  if (!read.ok) throw new Error(read.reason);
  return { ...(read.item as LedgerEvent), ...rest };
}

const order = (people: People) => people.commerce("u:ann").orders[0];
const metrics = (people: People) => people.rows("contact_metrics")[0]?.slice(1, 3);
const live = (name: string, properties: object, at: number): Partial<LedgerEvent> => ({
  user: "ann",
  name,
  properties: { order_id: "o-1", ...properties },
  at,
});

describe("an order out of a file", () => {
  it("has its own time, its state, and what came back of it", () => {
    const people = new People().take(line({ status: "delivered", refunded: "30.00" }));
    expect(order(people)).toMatchObject({
      placedAt: Date.parse("2025-06-01T00:00:00Z"),
      total: 10_000,
      refunded: 3_000,
      status: "partially_refunded",
    });
    expect(metrics(people)).toEqual([1, 7_000]);
  });

  it("that comes again with other cells is changed by them, and its refund counts once", () => {
    const people = new People().take(line({ status: "confirmed", refunded: "30.00" }));
    people.take(line({ status: "delivered", total: "90.00", refunded: "45.00" }));
    expect(order(people)).toMatchObject({ total: 9_000, refunded: 4_500, status: "partially_refunded" });
    people.take(line({ status: "delivered", total: "90.00", refunded: "0" }));
    expect(order(people)).toMatchObject({ refunded: 0, refunds: [], status: "delivered" });
    people.take(line({ status: "cancelled", total: "90.00" }));
    expect(metrics(people)).toEqual([0, 0]);
  });

  it("as it was writes nothing of it again", () => {
    const people = new People().take(line({}));
    expect(people.rows("order_changes")).toEqual([]);
  });

  it("undoes nothing that the shop has said since, unless the file says that it is newer", () => {
    const people = new People().take(line({ status: "confirmed" }));
    people.take(live("Order Delivered", {}, NOW - 2 * DAY));
    people.take(line({ status: "pending", total: "1.00" }));
    expect(order(people)).toMatchObject({ status: "delivered", total: 10_000 });
    people.take(line({ status: "cancelled", updated_at: new Date(NOW - DAY).toISOString() }));
    expect(order(people)?.status).toBe("cancelled");
  });

  it("holds the refunds that were made by then: told one by one they count no second time", () => {
    const people = new People().take(line({ refunded: "30.00" }));
    people.take(live("Order Refunded", { refund_id: "r-1", total: "20.00" }, NOW - DAY));
    expect(order(people)?.refunded).toBe(3_000);
    people.take(live("Order Refunded", { refund_id: "r-2", total: "10.00" }, NOW - DAY));
    expect(order(people)).toMatchObject({ refunded: 3_000, refunds: [{ id: "r-1" }, { id: "r-2" }] });
    people.take(live("Order Refunded", { refund_id: "r-3", total: "5.00" }, NOW + DAY));
    expect(order(people)?.refunded).toBe(3_500);
  });

  it("counts refunds that are known by themselves towards what came back in all", () => {
    const people = new People().take(line({}));
    people.take(live("Order Refunded", { refund_id: "r-1", total: "20.00" }, Date.parse("2025-06-01T00:00:00Z")));
    people.take(line({ refunded: "20.00", status: "confirmed" }));
    expect(order(people)).toMatchObject({ refunded: 2_000, refunds: [{ id: "r-1", amount: 2_000 }] });
  });

  it("stays its owner's, whoever a later file says it is of", () => {
    const people = new People().take(line({}));
    people.take(line({ external_id: "bob", total: "80.00" }));
    expect(order(people)?.total).toBe(8_000);
    expect(people.commerce("u:bob").orders).toEqual([]);
  });

  it("of nobody is a guest's", () => {
    const people = new People().take(line({ external_id: "" }));
    expect(people.commerce("a:guest:o-1").orders).toHaveLength(1);
  });

  it.each([
    ["a line that names the customer", () => line({ total: "100.00" })],
    ["a line that names an address", () => line({ external_id: "", email: "ann@shop.test" })],
    ["the shop's server, whatever it says of the order", () => live("Order Shipped", {}, NOW)],
    ["a line that tells nothing new", () => line({ placed_at: "2020-01-01" })],
  ])("of nobody goes over to whom %s names", (_who, naming) => {
    const people = new People().take(identify("ann", { email: "ann@shop.test" }));
    people.take(line({ external_id: "" }));
    people.take(naming());
    expect(order(people)).toMatchObject({ id: "o-1", total: 10_000 });
    expect(metrics(people)).toEqual([1, 10_000]);
    expect(people.profile("u:ann").anonymousId).toBeNull();
    expect(people.commerce("a:guest:o-1").orders).toEqual([]);
    // It stays hers, whoever is named later.
    people.take(line({ external_id: "bob", total: "90.00" }));
    expect([order(people)?.id, people.commerce("u:bob").orders]).toEqual(["o-1", []]);
  });

  it("of nobody that is made of lines goes over with them, and is stated anew", () => {
    const imported = { anon: "guest:o-1", trust: "import", at: NOW - DAY } as const;
    const products = [{ line: 2 ** 33, sku: "a", price: "10", quantity: 2 }];
    const made = { order_id: "o-1", currency: "EUR", total: "20.00", lines: "added", products };
    const people = new People().take({ ...imported, name: "Order Completed", properties: made });
    people.take(line({ email: "ann@shop.test", updated_at: new Date(NOW).toISOString() }));
    expect(order(people)).toMatchObject({ total: 10_000, lined: "added" });
    expect(people.profile("u:ann").email).toBe("ann@shop.test");
  });

  it("of nobody stays so where a browser names somebody", () => {
    const people = new People().take(line({ external_id: "" }));
    people.take({ ...live("Order Completed", {}, NOW), trust: "token" });
    expect(people.commerce("a:guest:o-1").orders).toHaveLength(1);
    expect(people.commerce("u:ann").orders).toEqual([]);
  });
});
