import { lineTotal } from "../../shared/money";
import type { FileLine, NumberedLine } from "./order-group";
import { numbered } from "./order-group";
import type { LineNote } from "./store";

/** What a customer bought of one product in one order, and has not brought back. */
export interface Bought {
  readonly user: string;
  readonly order: string;
  /** Epoch ms. */
  readonly placedAt: number;
  readonly currency: string;
  readonly product: string;
  readonly sku: string;
  readonly left: number;
  /** Unit prices of the order's lines of it. */
  readonly prices: readonly number[];
}

/** A cancellation that is tied to what it cancels. */
export interface Tie {
  /** Of the refund: the same for the same line, for ever. */
  readonly id: string;
  readonly bought: Bought;
  readonly item: FileLine;
  readonly quantity: number;
  /** Minor units. */
  readonly amount: number;
}

/** What a line's refund is called. */
function refundId({ number, item }: NumberedLine): string {
  return `cancel:${item.order}:${number}`;
}

/**
 * Ties cancellations to what they cancel, in the order of their times: an order of the same customer that was placed before
 * and has enough of the same product left, one at the same price rather than another, and the latest of these. Each takes
 * from what the next may take, so repeating it with the first ones done (`known`) gives the same ones.
 */
export function tieCancellations(
  lines: readonly FileLine[],
  bought: readonly Bought[],
  known: ReadonlySet<string>,
): { ties: Tie[]; untied: LineNote[]; duplicates: number } {
  const open = inTime(lines).filter((line) => !known.has(refundId(line)));
  const stock = new Map<string, { bought: Bought; left: number }[]>();
  for (const one of bought) {
    const key = stockKey(one);
    stock.set(key, [...(stock.get(key) ?? []), { bought: one, left: one.left }]);
  }
  const ties: Tie[] = [];
  const untied: LineNote[] = [];
  for (const line of open) {
    const { item } = line;
    const quantity = Math.abs(item.quantity);
    const before = (stock.get(stockKey(item)) ?? []).filter(({ bought: { placedAt } }) => placedAt <= item.at);
    const [found] = before
      .filter(({ left }) => quantity > 0 && left >= quantity)
      .sort(preferred(Math.abs(item.unitPrice)));
    if (found) {
      found.left -= quantity;
      const amount = lineTotal(Math.abs(item.unitPrice), quantity, item.currency);
      ties.push({ id: refundId(line), bought: found.bought, item, quantity, amount });
    } else untied.push({ line: item.line, reason: whyNot(item, before.length > 0) });
  }
  return { ties, untied, duplicates: lines.length - open.length };
}

function whyNot({ sku, quantity }: FileLine, isBought: boolean): string {
  if (quantity === 0) return "takes nothing back";
  return isBought ? `takes back more of ${sku} than is left of any order` : `its customer did not buy ${sku} before`;
}

function stockKey({ user, sku, currency }: { user: string | null; sku: string; currency: string }): string {
  return JSON.stringify([user, sku, currency]);
}

function preferred(price: number) {
  const rank = ({ bought }: { bought: Bought }): number => (bought.prices.includes(price) ? 0 : 1);
  return (left: { bought: Bought }, right: { bought: Bought }): number =>
    rank(left) - rank(right) ||
    right.bought.placedAt - left.bought.placedAt ||
    (left.bought.order < right.bought.order ? -1 : 1);
}

/** Lines by time, and those of one moment by what they say, so that it does not matter where in the file they stand. */
function inTime(lines: readonly FileLine[]): NumberedLine[] {
  const orders = new Map<string, FileLine[]>();
  for (const line of lines) orders.set(line.order, [...(orders.get(line.order) ?? []), line]);
  return [...orders.values()]
    .flatMap((all) => numbered(all))
    .sort(
      ({ item: one, number: first }, { item: other, number: second }) =>
        one.at - other.at || compare(one.order, other.order) || first - second,
    );
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
