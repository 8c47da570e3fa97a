// What tests and proofs of imports share: sending a file, waiting for it, and what a database holds of orders then.
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

/** The columns of the UCI Online Retail file, as a mapping; what cancels is left to `as`. */
export const RETAIL_MAPPING = {
  columns: {
    order_id: "InvoiceNo",
    sku: "StockCode",
    name: "Description",
    quantity: "Quantity",
    placed_at: "InvoiceDate",
    unit_price: "UnitPrice",
    external_id: "CustomerID",
  },
  timezone: "Europe/London",
  currency: "GBP",
};

/**
 * Waits until an import has ended and its files are gone.
 *
 * @typedef {{status: string, rows: number, accepted: number, duplicates: number}} ImportState
 *
 * @template {ImportState} State
 * @param {(path: string) => Promise<State>} get reads a path of the admin API as JSON
 * @param {string} id
 * @param {{timeout?: number, tell?: (state: State) => void, far?: (state: State) => boolean}} [options] `far` says that
 *   it has come far enough
 */
export async function importEnded(get, id, { timeout = 120_000, tell = () => undefined, far = () => false } = {}) {
  const until = Date.now() + timeout;
  for (;;) {
    const state = await get(`/api/imports/${id}`);
    tell(state);
    if (state.status !== "running" || far(state)) return state;
    if (Date.now() > until) throw new Error(`import ${id} has not ended: ${JSON.stringify(state).slice(0, 500)}`);
    await sleep(100);
  }
}

const DIGESTED = [
  "SELECT o.order_id, c.external_id, c.anonymous_id, o.status, o.placed_at, o.currency, o.total, o.refunded, o.gross, o.net, " +
    "o.shown, o.lined, o.refunds FROM orders o JOIN contacts c ON c.id = o.contact ORDER BY o.order_id LIMIT ?1 OFFSET ?2",
  "SELECT order_id, line, product_id, name, quantity, price, unit_price, total, returned_qty FROM order_lines " +
    "ORDER BY order_id, line LIMIT ?1 OFFSET ?2",
  "SELECT c.external_id, c.anonymous_id, m.orders, m.net_total, m.first_order_at, m.last_order_at FROM contact_metrics m " +
    "JOIN contacts c ON c.id = m.contact ORDER BY c.external_id, c.anonymous_id LIMIT ?1 OFFSET ?2",
];
const PAGE = 10_000;

/** A digest of all orders, their lines and the figures of contacts, by what the shop calls them. */
export async function digestOf(db) {
  const hash = createHash("sha256");
  let rows = 0;
  for (const sql of DIGESTED) {
    for (let from = 0; ; from += PAGE) {
      const page = await db.prepare(sql).bind(PAGE, from).raw();
      for (const row of page) hash.update(`${JSON.stringify(sorted(row))}\n`);
      rows += page.length;
      if (page.length < PAGE) break;
    }
  }
  return { digest: hash.digest("hex").slice(0, 16), rows };
}

/** Refunds of one order by their ids: they are a set, whatever order they came in. */
function sorted(row) {
  return row.map((cell) => {
    if (typeof cell !== "string" || !cell.startsWith('[{"id":')) return cell;
    return JSON.stringify(JSON.parse(cell).sort((left, right) => (left.id < right.id ? -1 : 1)));
  });
}
