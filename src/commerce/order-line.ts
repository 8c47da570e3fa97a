import type { Properties } from "../events/event";
import { lineTotal, parseMajor, parseUnitPrice } from "../shared/money";
import type { Line } from "./cart";
import { readLine } from "./cart";

/** One line of an order. `price` is the unit price rounded to minor units, as a message shows it. */
export interface OrderLine extends Line {
  /** In ten-thousandths of the currency's major unit. */
  readonly unitPrice: number;
  /** Minor units, half up. */
  readonly total: number;
  /** Minor units, taken off this line. */
  readonly discount: number;
  readonly isGift: boolean;
  /** Its number within the order, where it is not its place among the lines. */
  readonly number?: number | undefined;
}

/** The lines of `properties.products`, or null where the event has no such list. */
export function readOrderLines(properties: Properties, currency: string): OrderLine[] | null {
  const products = properties["products"];
  if (!Array.isArray(products)) return null;
  return products.slice(0, 200).flatMap((product: unknown): OrderLine[] => {
    if (typeof product !== "object" || product === null) return [];
    const source = product as Properties;
    const line = readLine(source, currency);
    if (!line) return [];
    const unitPrice = parseUnitPrice(source["price"], currency) ?? 0;
    const total = lineTotal(unitPrice, line.quantity, currency);
    const discount = parseMajor(source["discount"], currency) ?? 0;
    return [{ ...line, unitPrice, total, discount, isGift: source["is_gift"] === true || source["gift"] === true }];
  });
}

/** A line without what only its row needs. */
export function shownLine({
  unitPrice: _unit,
  total: _total,
  discount: _off,
  isGift: _gift,
  number: _number,
  ...line
}: OrderLine): Line {
  return line;
}
