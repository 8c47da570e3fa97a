import { ADDED_LINES } from "../../commerce/imported-lines";
import type { Lined } from "../../commerce/order";
import { guestOf } from "../../commerce/order";
import type { LedgerEvent } from "../../events/event";
import { jsonBytes } from "../../shared/bytes";
import { derivedId } from "../../shared/ids";
import { decimalText, unitPriceText } from "../../shared/money";
import { slices } from "../../shared/slices";
import type { FileOrder, NumberedLine } from "./order-group";
import { sumOf } from "./order-group";

/** An order as the database has it before a file adds to it. */
export interface KnownOrder {
  /** Row of the contact that it came to. */
  readonly contact: number;
  /** That contact is a guest, who is nothing but this order. */
  readonly isGuests: boolean;
  readonly currency: string;
  /** Minor units. */
  readonly total: number;
  readonly placedAt: number;
  /** See `OrderSummary.lined`. */
  readonly lined: Lined | null;
  /** Numbers of its lines. */
  readonly lines: ReadonlySet<number>;
}

/** What a file adds to what is known of an order. */
export interface Addition {
  readonly order: FileOrder;
  readonly known: KnownOrder | null;
  readonly fresh: readonly NumberedLine[];
  /** Why none of its lines can be taken. */
  readonly refused?: string;
}

/** Compares an order of a file with what is known of it. */
export function additionTo(order: FileOrder, known: KnownOrder | null): Addition {
  if (known === null) return { order, known, fresh: order.lines };
  if (known.currency !== order.currency) {
    return { order, known, fresh: [], refused: `its order is known in ${known.currency}` };
  }
  // Its own event named its lines, and by its own numbers: these are the same ones, told once more.
  if (known.lined === "own" || (known.lined === null && known.lines.size > 0)) return { order, known, fresh: [] };
  return { order, known, fresh: order.lines.filter(({ number }) => !known.lines.has(number)) };
}

/** An event is at most so many lines, and so many bytes of them, that it may pass where events pass. */
const EVENT_LINES = 1_000;
const EVENT_BYTES = 400_000;

/**
 * The events that bring an order's new lines in. Each states what the order comes to with its lines and those before, so
 * that a crash between two leaves an order that is the sum of its lines.
 */
export function eventsOf({ order, known, fresh }: Addition): LedgerEvent[] {
  const events: LedgerEvent[] = [];
  // Whoever repeats this has some of them in place, and must come upon the same order for the others.
  const sorted = [...fresh].sort((left, right) => left.number - right.number);
  const placedAt = Math.min(order.placedAt, known?.placedAt ?? order.placedAt);
  let sum = known?.total ?? 0;
  for (const some of slices(sorted, sizeOf, EVENT_BYTES)) {
    sum += sumOf(some);
    const isFirst = known === null && events.length === 0;
    events.push({
      id: derivedId("imp", "lines", order.id, JSON.stringify(some.map(({ number }) => number))),
      type: "track",
      name: isFirst ? "Order Completed" : "Order Updated",
      at: placedAt,
      trust: "import",
      ...whose(order, known),
      properties: {
        order_id: order.id,
        currency: order.currency,
        total: decimalText(sum, order.currency),
        ...ADDED_LINES,
        products: some.map(productOf),
      },
    });
  }
  return events;
}

/** What a line takes of an event: its bytes, and one of its places at least. */
function sizeOf(line: NumberedLine): number {
  return Math.max(jsonBytes(productOf(line)) + 1, EVENT_BYTES / EVENT_LINES);
}

/** A known order is its contact's, whomever the file names or does not; but a guest's goes over to whom it names. */
function whose({ id, user }: FileOrder, known: KnownOrder | null): Pick<LedgerEvent, "contact" | "anon" | "user"> {
  if (known && (user === null || !known.isGuests)) return { contact: known.contact };
  return user === null ? { anon: guestOf(id) } : { user };
}

function productOf({ number, item }: NumberedLine): Record<string, unknown> {
  const { sku, name, category, brand, quantity, unitPrice } = item;
  const more = {
    ...(name !== null && { name }),
    ...(category !== null && { category }),
    ...(brand !== null && { brand }),
  };
  return { line: number, sku, ...more, quantity, price: unitPriceText(unitPrice) };
}
