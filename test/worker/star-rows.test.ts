import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import type { LedgerEvent } from "../../src/events/event";
import { give, ledgerOver, NOW, track } from "../support/chaos-ledger";

const { DB } = env as unknown as { DB: D1Database };

/** Rows that D1 bills, index entries among them, counted as they are written. */
function counted() {
  let rows = 0;
  const batch = async <Row>(statements: D1PreparedStatement[]): Promise<D1Result<Row>[]> => {
    const results = await DB.batch<Row>(statements);
    rows += results.reduce((sum, { meta }) => sum + meta.rows_written, 0);
    return results;
  };
  const db = { prepare: (sql: string) => DB.prepare(sql), batch } as unknown as D1Database;
  return {
    db,
    take() {
      const taken = rows;
      rows = 0;
      return taken;
    },
  };
}

/** What every request with one event writes: the cursor, the journal and the contact. */
const BASE = 3;
const event = (id: string, name: string, properties: object = {}, rest: Partial<LedgerEvent> = {}): LedgerEvent => ({
  ...track(id, "paid", name, properties as Record<string, unknown>),
  ...rest,
});

test("an event writes no more rows than it must", async () => {
  const { db, take } = counted();
  const ledger = ledgerOver(db);
  await give(ledger, event("m-0", "Viewed"));
  take();
  const at = (minutes: number): Partial<LedgerEvent> => ({ at: NOW + minutes * 60_000 });
  const product = { product_id: "p", price: 3 };
  const products = [product, { product_id: "q", price: 4 }];
  const refund = { order_id: "o", refund_id: "r", total: 3, products: [product] };
  const member = { member_id: "m", kind: "pet" };
  const page: Partial<LedgerEvent> = { type: "page" };
  const steps: [what: string, rows: number, event: LedgerEvent][] = [
    // A visit and what is looked at in it stand with the contact; the row comes when the next visit begins.
    ["a page", 0, event("m-1", "", { path: "/" }, page)],
    ["a product", 0, event("m-2", "Product Viewed", product)],
    ["the next visit", 1, event("m-3", "", { path: "/" }, { ...page, ...at(60) })],
    ["a wish with its product's index", 2, event("m-4", "Product Added to Wishlist", product, at(61))],
    // An index on what is set is written again, also where its value stays.
    ["a wish less", 2, event("m-5", "Product Removed from Wishlist", product, at(62))],
    ["a review", 1, event("m-6", "Product Reviewed", { review_id: "r", rating: 5 })],
    ["an app event", 1, event("m-7", "Application Opened")],
    ["a push campaign", 1, event("m-8", "Push Campaign Sent", { campaign_id: "c" })],
    ["a visit in a store", 1, event("m-9", "Store Visited", { store_id: "s" })],
    // An id of the shop's own needs an index to be found by its contact: once, when the row is made.
    ["a subscription", 2, event("m-10", "Subscription Started", { subscription_id: "s", sku: "k" })],
    ["its renewal", 1, event("m-11", "Subscription Renewed", { subscription_id: "s", interval_days: 30 })],
    ["a ticket", 2, event("m-12", "Ticket Opened", { ticket_id: "t" })],
    ["its end", 1, event("m-13", "Ticket Closed", { ticket_id: "t" })],
    ["a pet", 2, event("m-14", "Household Member Added", member)],
    ["the pet as it is, later", 1, event("m-15", "Household Member Updated", member, at(63))],
    ["the same again", 0, event("m-20", "Household Member Updated", member, at(63))],
    // With its index, two lines with theirs, by which rules find what somebody bought, and the figures.
    ["an order", 7, event("m-16", "Order Completed", { order_id: "o", total: 7, products })],
    // The index that rules count orders by holds status and value: it is written again where they change.
    ["its shipping", 2, event("m-17", "Order Shipped", { order_id: "o" })],
    ["its refund, of one line", 4, event("m-18", "Order Refunded", refund)],
    ["the same refund", 0, event("m-19", "Order Refunded", refund)],
  ];
  const written: [string, number][] = [];
  for (const [what, , told] of steps) {
    await give(ledger, told);
    written.push([what, take() - BASE]);
  }
  expect(written).toEqual(steps.map(([what, rows]) => [what, rows]));
});
