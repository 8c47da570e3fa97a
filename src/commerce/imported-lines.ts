import type { LedgerEvent, Properties } from "../events/event";
import type { ApplyContext } from "../events/projection";
import { lineTotal, minorPrice, parseSignedUnitPrice } from "../shared/money";
import type { Line } from "./cart";
import { plainString } from "./cart";
import type { OrderSummary } from "./order";
import { orderIdentity, readOrder, SHOWN_LINES } from "./order";
import { changeOwn, takeOrder } from "./order-changes";
import type { OrderLine } from "./order-line";
import { shownLine } from "./order-line";
import type { Changed } from "./order-rows";
import { refundedOf } from "./refund";
import type { Commerce } from "./slice";
import { commerceOf } from "./slice";

/** Numbers of imported lines begin here; those that an order's own event states count from 0. */
export const FIRST_NUMBER = 2 ** 33;

/** What an event says of its products where they are lines of a file, to be added to those that are known. */
export const ADDED_LINES = { lines: "added" } as const;

/** True for an event of an import that brings lines of an order, each by its own number. */
export function addsLines({ type, trust, properties }: LedgerEvent): boolean {
  return type === "track" && trust === "import" && properties?.["lines"] === ADDED_LINES.lines;
}

/** What a line comes to, minor units: nothing where its quantity or price is 0 or less, as that is no sale. */
export function soldFor(unitPrice: number, quantity: number, currency: string): number {
  return unitPrice > 0 && quantity > 0 ? lineTotal(unitPrice, quantity, currency) : 0;
}

/**
 * Takes lines of a file in. An order that nobody knows is made of them. One that was made of lines before gets these as
 * well: the event states what the order comes to with them, and when the earliest was placed. One whose totals were
 * stated keeps them; one whose own event named its lines keeps those.
 */
export function takeLines(slice: Commerce, properties: Properties, context: ApplyContext, shopCurrency: string): void {
  const { event } = context;
  const id = plainString(properties["order_id"]);
  if (id === null) return;
  const owner = slice.orders.some((order) => order.id === id) ? context : context.ownerOf(orderIdentity(id));
  const { products: _lines, ...stated } = properties;
  const order = readOrder(stated, "confirmed", event.at, id, shopCurrency);
  const lines = readImportedLines(properties, order.currency);
  if (owner) {
    const add = (known: OrderSummary): Changed | null => withLines(known, lines, order.total, order.placedAt);
    changeOwn(commerceOf(owner.record), id, owner, shopCurrency, add);
  } else {
    takeOrder(slice, { ...order, lines, shown: shownOf([], lines), lined: "made" }, context, shopCurrency);
  }
}

function withLines(known: OrderSummary, added: readonly OrderLine[], sum: number, placedAt: number): Changed | null {
  // Its own event named its lines.
  if (known.lined === "own" || (known.lined === undefined && known.shown.length > 0)) return null;
  const shown = shownOf(known.shown, added);
  if (known.lined !== "made") return [{ ...known, shown, lined: "added" }, { added }];
  // Lines only ever come, so what is said again of fewer of them says nothing new.
  const total = Math.max(known.total, sum);
  const earliest = Math.min(known.placedAt, placedAt);
  const refunded = refundedOf(known.refunds, total);
  return [{ ...known, total, refunded, placedAt: earliest, shown }, { added }];
}

/** The lines that are worth most, whatever the order in which they came. */
function shownOf(known: readonly Line[], added: readonly OrderLine[]): readonly Line[] {
  const sold = added.filter(({ total }) => total > 0).map(shownLine);
  const worth = ({ price, quantity }: Line): number => price * quantity;
  const text = (line: Line): string => JSON.stringify([line.product_id, line.name, line.price, line.quantity]);
  const ranked = [...known, ...sold].map((line) => ({ line, worth: worth(line), text: text(line) }));
  ranked.sort((left, right) => right.worth - left.worth || (left.text < right.text ? -1 : 1));
  return ranked.slice(0, SHOWN_LINES).map(({ line }) => line);
}

/** The lines of a file as the import writes them into the event: all of them, what is no sale too. */
function readImportedLines(properties: Properties, currency: string): OrderLine[] {
  const products: readonly unknown[] = Array.isArray(properties["products"]) ? properties["products"] : [];
  return products.flatMap((product): OrderLine[] => {
    if (typeof product !== "object" || product === null) return [];
    const { line, sku: stated, name, category, brand, quantity, price } = product as Properties;
    const sku = plainString(stated);
    const unitPrice = parseSignedUnitPrice(price, currency);
    if (sku === null || unitPrice === null || !Number.isSafeInteger(line) || !Number.isSafeInteger(quantity)) return [];
    const count = quantity as number;
    return [
      {
        product_id: sku,
        sku,
        name: plainString(name) ?? sku,
        category: plainString(category),
        brand: plainString(brand),
        quantity: count,
        price: minorPrice(unitPrice, currency),
        url: null,
        image: null,
        unitPrice,
        total: soldFor(unitPrice, count, currency),
        discount: 0,
        isGift: false,
        number: line as number,
      },
    ];
  });
}
