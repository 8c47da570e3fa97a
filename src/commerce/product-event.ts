import type { LedgerEvent, Properties } from "../events/event";
import { isFromServer } from "../events/event";
import type { ApplyContext, Projection, RowBuffer } from "../events/projection";
import { parseTime } from "../events/time";
import type { FieldError } from "../shared/fault";
import { parseMajor } from "../shared/money";
import { plainString } from "./cart";
import { currencyOf } from "./order";

/**
 * The event by which the shop's server states a variant: `product_id`, `sku`, `name`, `variant`, `url`, `image_url`,
 * `category`, `brand`, `price`, `compare_at_price`, `currency`, `effective_from`, `stock`. What it leaves out stays as it
 * is; without `name` only price and stock of a known variant are told.
 */
const PRODUCT_UPDATED = "product updated";

const MOST_PIECES = 1_000_000_000;

function isProductUpdate(event: LedgerEvent): boolean {
  return event.type === "track" && event.name.toLowerCase() === PRODUCT_UPDATED;
}

/** Why such an event is not taken; null when all is well, and for every other event. */
export function checkProductUpdate(event: LedgerEvent): (FieldError & { readonly code?: "server-only-event" }) | null {
  if (!isProductUpdate(event)) return null;
  if (!isFromServer(event)) {
    return { pointer: "/event", detail: "is taken from the shop's server only", code: "server-only-event" };
  }
  const properties = event.properties ?? {};
  const currency = currencyOf(properties, "EUR");
  const fault = (name: string, detail: string): FieldError => ({ pointer: `/properties/${name}`, detail });
  if (plainString(properties["product_id"]) === null) return fault("product_id", "is missing");
  for (const name of ["price", "compare_at_price"]) {
    if (isSaid(properties[name]) && parseMajor(properties[name], currency) === null)
      return fault(name, "is not an amount: a decimal number in major units, 0 or more");
  }
  if (isSaid(properties["stock"]) && piecesOf(properties) === null) return fault("stock", "is not a whole number");
  const from = properties["effective_from"];
  return isSaid(from) && parseTime(from) === null ? fault("effective_from", "is not an ISO 8601 time") : null;
}

function isSaid(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function piecesOf(properties: Properties): number | null {
  const stock = Number(properties["stock"]);
  return isSaid(properties["stock"]) && Number.isInteger(stock) && Math.abs(stock) <= MOST_PIECES ? stock : null;
}

/** The catalogue out of events: it hangs on no contact, so that nothing of it is kept in memory. */
export function catalogueProjection(shopCurrency: string): Projection<null> {
  return {
    empty: () => null,
    copy: () => null,
    absorb: () => undefined,
    apply(_slice, context) {
      const { event } = context;
      if (isProductUpdate(event) && isFromServer(event)) putVariant(context, event.properties ?? {}, shopCurrency);
    },
  };
}

function putVariant({ event, rows }: ApplyContext, properties: Properties, shopCurrency: string): void {
  const product = plainString(properties["product_id"]);
  if (product === null) return;
  const sku = plainString(properties["sku"]) ?? product;
  const { at } = event;
  const put = (table: string, row: readonly unknown[], time = ""): void =>
    putLatest(rows, table, `${JSON.stringify([product, sku])}${time}`, [...row, at]);
  const title = plainString(properties["name"]);
  if (title !== null) {
    const shown = ["url", "image_url"].map((name) => addressOf(properties[name]));
    const words = ["category", "brand"].map((name) => plainString(properties[name]));
    put("catalogue.products", [product, title, ...shown, ...words, null]);
    put("catalogue.variants", [product, sku, plainString(properties["variant"])]);
  }
  const currency = currencyOf(properties, shopCurrency);
  const price = isSaid(properties["price"]) ? parseMajor(properties["price"], currency) : null;
  if (price !== null) {
    const from = parseTime(properties["effective_from"]) ?? at;
    const compareAt = parseMajor(properties["compare_at_price"], currency);
    const isToCome = from > at;
    // What is announced stands beside what is in force.
    const time = isToCome ? `@${from}` : "";
    put(isToCome ? "catalogue.rises" : "catalogue.drops", [product, sku, from, price, currency, at, null], time);
    put("catalogue.prices", [product, sku, from, price, compareAt, currency, isToCome ? "event" : null], time);
  }
  const stock = piecesOf(properties);
  if (stock !== null) {
    put("catalogue.shelves", [product, sku, at, stock, 0]);
    put("catalogue.stocks", [product, sku, at, stock, 0]);
  }
}

/** Of what one group says of a variant the latest counts: every row ends with when it was said. */
function putLatest(rows: RowBuffer, table: string, key: string, row: readonly unknown[]): void {
  const known = rows.at(table, key)?.at(-1);
  if (typeof known !== "number" || known <= Number(row.at(-1))) rows.put(table, key, row);
}

function addressOf(value: unknown): string | null {
  const text = plainString(value);
  return text !== null && /^https?:\/\//i.test(text) && URL.canParse(text) ? text : null;
}
