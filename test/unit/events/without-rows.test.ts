import { expect, test } from "vitest";
import { Book, BookCache } from "../../../src/events/book";
import type { LedgerEvent } from "../../../src/events/event";
import type { FoldParts } from "../../../src/events/fold";
import { fold } from "../../../src/events/fold";
import type { Happening } from "../../../src/events/projection";
import { NO_TERMS, projections } from "../../../src/services/records";
import { castResolver } from "../../../src/services/rehearsals/cast";

const line = { product_id: "p1", name: "Lamp", price: 20, quantity: 2 };
const order = { order_id: "o1", total: 40, products: [line] };
const CONSENT = { email: "ann@x.test", consent: { email: true } };

/** Carts, orders, a guest whose order becomes somebody's, two people who turn out to be one, and a word that is taken back. */
const HISTORY: readonly Partial<LedgerEvent>[] = [
  { name: "Product Added", anon: "b1", trust: "write", properties: line },
  { type: "identify", name: "identify", user: "ann", anon: "b1", traits: CONSENT },
  { name: "Product Viewed", user: "ann", properties: line },
  { name: "Order Completed", user: "ann", properties: order },
  { name: "Order Refunded", user: "ann", properties: { order_id: "o1", refund_id: "r1", total: 10 } },
  { name: "Order Completed", anon: "guest:o2", properties: { ...order, order_id: "o2" } },
  { name: "Order Updated", user: "ann", properties: { ...order, order_id: "o2", status: "shipped" } },
  { name: "Product Added", user: "old", properties: { ...line, product_id: "p2" } },
  { type: "alias", name: "alias", user: "ann", anon: "old" },
  { name: "Product Reviewed", user: "ann", properties: { review_id: "r1", product_id: "p1", rating: 2 } },
  { type: "identify", name: "identify", user: "ann", traits: { consent: { email: false } } },
];

/** What contacts come to, and what they hear of; `isWritten` as the ledger folds, else as a rehearsal does. */
function come(isWritten: boolean) {
  const cache = new BookCache();
  const heard: (readonly [number, readonly Happening[]])[] = [];
  let rows = 0;
  let last = 0;
  const parts: FoldParts = {
    resolver: castResolver,
    projections: projections("EUR", NO_TERMS),
    finish: () => undefined,
    linked: () => undefined,
    merges: { merged: () => false, unmerged: () => false },
    relevant(record, happenings) {
      heard.push([record.id, structuredClone(happenings)]);
      return [];
    },
    ...(isWritten ? {} : { writes: false }),
  };
  for (const [seq, more] of HISTORY.entries()) {
    const event: LedgerEvent = { id: `e${seq}`, type: "track", name: "", at: seq * 1_000, trust: "secret", ...more };
    const book = new Book(cache, parts.projections, isWritten);
    const folded = fold([{ seq, receivedAt: event.at, events: [event] }], book, parts, () => ++last);
    for (const table of folded.rows.tables.values()) rows += table.size;
    book.commit();
  }
  const people = [...cache.records.values()].map(({ slices, ...own }) => {
    const { changed: _profile, ...profile } = slices["contacts"] as Record<string, unknown>;
    const { changed: _star, ...star } = slices["star"] as Record<string, unknown>;
    return { ...own, slices: { ...slices, contacts: profile, star } };
  });
  return { people, heard, rows };
}

test("where nothing is written and nobody is copied, contacts come to the same and hear the same", () => {
  const [kept, passing] = [come(true), come(false)];
  expect(kept.rows).toBeGreaterThan(20);
  expect(passing.rows).toBe(0);
  expect(passing.heard).toEqual(kept.heard);
  expect(passing.people).toEqual(kept.people);
  expect(kept.people.length).toBeGreaterThan(2);
});
