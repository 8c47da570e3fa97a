import { FIRST_NUMBER, soldFor } from "../../commerce/imported-lines";
import { textNumber } from "../../shared/ids";
import type { OrderItem } from "./order-item";
import type { LineNote } from "./store";

/** A line of an order with the line of the file that it stands on. */
export interface FileLine extends OrderItem {
  readonly line: number;
}

type Packed = readonly [
  line: number,
  order: string,
  user: string | null,
  at: number,
  currency: string,
  sku: string,
  name: string | null,
  category: string | null,
  brand: string | null,
  quantity: number,
  unitPrice: number,
];

/** A line as JSON, to be read back by `unpackLine`. */
export function packLine(line: number, item: OrderItem): string {
  const { order, user, at, currency, sku, name, category, brand, quantity, unitPrice } = item;
  const packed: Packed = [line, order, user, at, currency, sku, name, category, brand, quantity, unitPrice];
  return JSON.stringify(packed);
}

export function unpackLine(text: string): FileLine {
  const packed = JSON.parse(text) as Packed;
  const [line, order, user, at, currency, sku, name, category, brand, quantity, unitPrice] = packed;
  return { line, order, user, at, currency, sku, name, category, brand, quantity, unitPrice };
}

/** A line by its number within its order. */
export interface NumberedLine {
  readonly number: number;
  readonly item: FileLine;
}

/** What a file says of one order. */
export interface FileOrder {
  readonly id: string;
  /** Whoever most of its lines name; null for a guest. */
  readonly user: string | null;
  readonly currency: string;
  /** When the earliest of its lines was placed, epoch ms. */
  readonly placedAt: number;
  readonly lines: readonly NumberedLine[];
}

/** More lines than any basket has, and fewer than fill a step's memory. */
const MOST_LINES = 20_000;

/** Lines of a bucket while they are loaded: of one order or customer, as `of` says, no more than fit. */
export class BucketLines {
  readonly lines: FileLine[] = [];
  /** Those beyond. */
  readonly rejected: LineNote[] = [];
  private readonly counts = new Map<string, number>();
  private readonly reason: string;

  constructor(
    private readonly of: "order" | "customer",
    private readonly most = MOST_LINES,
  ) {
    this.reason = `is one of more than ${most} lines of its ${of}`;
  }

  take(line: FileLine): void {
    const key = this.of === "order" ? line.order : (line.user ?? "");
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    if (count <= this.most) this.lines.push(line);
    else this.rejected.push({ line: line.line, reason: this.reason });
  }
}

/** Gathers lines to orders. Which lines there are decides everything, not the order in which they stand. */
export function groupOrders(lines: readonly FileLine[]): { orders: FileOrder[]; rejected: LineNote[] } {
  const byOrder = new Map<string, FileLine[]>();
  for (const line of lines) {
    const known = byOrder.get(line.order);
    if (known) known.push(line);
    else byOrder.set(line.order, [line]);
  }
  const rejected: LineNote[] = [];
  const orders = [...byOrder].map(([id, all]): FileOrder => {
    const currency = mostNamed(all.map((line) => line.currency)) ?? "";
    const same = all.filter((line) => line.currency === currency);
    for (const line of all) {
      if (line.currency !== currency)
        rejected.push({ line: line.line, reason: "is in another currency than its order" });
    }
    const user = mostNamed(all.flatMap((line) => line.user ?? []));
    const placedAt = same.reduce((earliest, { at }) => Math.min(earliest, at), Number.POSITIVE_INFINITY);
    return { id, user, currency, placedAt, lines: numbered(same) };
  });
  return { orders, rejected };
}

/**
 * Numbers lines by what they say and, where several of one order say the same, by which of these they are. So the same
 * lines have the same numbers in whatever order they stand, and in whatever file they come again.
 */
export function numbered(lines: readonly FileLine[]): NumberedLine[] {
  const times = new Map<number, number>();
  return lines.map((item) => {
    const { user, at, sku, name, category, brand, quantity, unitPrice } = item;
    const says = JSON.stringify([user, at, sku, name, category, brand, quantity, unitPrice]);
    const content = textNumber(says);
    const time = (times.get(content) ?? 0) + 1;
    times.set(content, time);
    return { number: FIRST_NUMBER + (time === 1 ? content : textNumber(`${time}|${says}`)), item };
  });
}

function mostNamed(names: readonly string[]): string | null {
  const [first] = names;
  if (first === undefined || names.every((name) => name === first)) return first ?? null;
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const [most] = [...counts].sort(([one, often], [other, oftener]) => oftener - often || (one < other ? -1 : 1));
  return most?.[0] ?? null;
}

/** What lines come to, minor units. */
export function sumOf(lines: readonly NumberedLine[]): number {
  return lines.reduce((sum, { item }) => sum + soldFor(item.unitPrice, item.quantity, item.currency), 0);
}
