import type { CatalogueChange } from "../commerce/change";
import type { Commerce } from "../commerce/slice";
import { visits } from "../contacts/star/visits";
import { wishlistItems } from "../contacts/star/wishlist-items";
import type { RowBuffer } from "../events/projection";
import type { Audience } from "./block";
import type { KeptRow } from "./rehearsal-rows";
import { KeptRows } from "./rehearsal-rows";

/** A change that was noted, and since when its product can no longer be bought (epoch ms). */
export interface PastChange extends CatalogueChange {
  readonly goneAt: number | null;
}

/** The changes of the catalogue, and who cared for them. */
export interface PastShop {
  readonly changes: readonly PastChange[];
  readonly caring: Caring;
}

/** Whoever may care for a change, and since when they may have begun to; epoch ms. */
interface Look {
  readonly change: CatalogueChange;
  readonly at: number;
  readonly since: number;
}

/** Who cares for which product, as the past told it until now: what the statements of `catalogue-starts` ask the database. */
export class Caring {
  /** Everybody who ever had to do with a product: whom to ask. */
  private readonly known = new Map<string, Set<number>>();
  private readonly wishes = new KeptRows(wishlistItems, (contact, { cells }) => this.met(contact, cells["product_id"]));
  private readonly visits = new KeptRows(visits, (contact, row) => {
    for (const product of viewedIn(row)) this.met(contact, product);
  });

  /** Takes in the rows that an event puts. */
  take(rows: Pick<RowBuffer, "tables">): void {
    this.wishes.take(rows);
    this.visits.take(rows);
  }

  /** Looks at the cart of a contact who may have changed. */
  note(contact: number, { cart }: Commerce): void {
    for (const { product_id: product } of cart?.lines ?? []) this.met(contact, product);
  }

  /** Contacts who may care for a product. */
  mayCare(product: string): Iterable<number> {
    return this.known.get(product) ?? [];
  }

  /** Whether a contact's own rows, or their cart, say that they care. */
  cares(audience: Audience, contact: number, commerce: Commerce, look: Look): boolean {
    if (audience === "cart") return isInCart(commerce, look);
    const rows = audience === "wishlist" ? this.wishes.rowsOf(contact) : this.visits.rowsOf(contact);
    const holds = audience === "wishlist" ? isWished : wasViewed;
    for (const row of rows) if (holds(row, look)) return true;
    return false;
  }

  private met(contact: number, product: unknown): void {
    if (typeof product !== "string") return;
    this.known.set(product, (this.known.get(product) ?? new Set<number>()).add(contact));
  }
}

function isWished({ at: told, cells }: KeptRow, { change, at, since }: Look): boolean {
  const { product_id: product, variant_id: variant, removed_at: removed, added_at: added, expires_at: end } = cells;
  if (product !== change.product_id || (variant !== null && variant !== change.sku) || removed !== null) return false;
  if (Number(added ?? told) < since || Number(end ?? at) < at) return false;
  // Against the price of the day on which it was put there, where that is known.
  const { price_at_add: was, price_at_add_currency: currency } = cells;
  return change.kind !== "price_drop" || typeof was !== "number" || currency !== change.currency || change.after < was;
}

function isInCart({ cart }: Commerce, { change, at, since }: Look): boolean {
  if (!cart || cart.changedAt < since || cart.changedAt > at) return false;
  return cart.lines.some(({ product_id: product, sku }) => {
    return product === change.product_id && (change.sku === product || sku === null || sku === change.sku);
  });
}

function wasViewed(row: KeptRow, { change, at, since }: Look): boolean {
  const ended = row.cells["ended_at"];
  return typeof ended === "number" && ended >= since && ended <= at && viewedIn(row).includes(change.product_id);
}

/** Products of a visit: its views are [product, times, seconds] each, unless somebody has stated something else. */
function viewedIn({ cells }: KeptRow): string[] {
  const { views } = cells;
  const stated: unknown = typeof views === "string" ? JSON.parse(views) : null;
  return Array.isArray(stated) ? stated.flatMap((view: unknown) => (Array.isArray(view) ? [String(view[0])] : [])) : [];
}
