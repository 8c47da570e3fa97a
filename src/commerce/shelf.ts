/** A variant as it lay in the shop at a moment. Money in minor units. */
export interface Shelf {
  readonly product: string;
  readonly sku: string;
  /** Null where nobody ever told. */
  readonly price: number | null;
  readonly currency: string | null;
  readonly stock: number | null;
  /** It can no longer be bought, whatever is in stock. */
  readonly isGone: boolean;
}

/** A product, or one variant of it, that is looked at; `was` is the price that it is held against. */
export interface ShelfItem {
  readonly product: string;
  readonly sku: string | null;
  readonly was: { readonly amount: number; readonly currency: string } | null;
}

/** How a price stands to the one of then. */
export const PRICE_MOVES = ["below", "not_above", "above", "not_below"] as const;
export type PriceMove = (typeof PRICE_MOVES)[number];

/** What is asked of each item. */
export type ShelfQuestion =
  | { readonly kind: "stock"; readonly atLeast: number }
  | { readonly kind: "price"; readonly is: PriceMove; readonly leastPercent: number };

/** Whether one of the items will do, or all have to. */
export type Which = "any" | "all";

export type ShelfAnswer = "yes" | "no" | "unknown";

/** What a shop's shelves say. Without an item nothing is there; where nothing is known, nothing is claimed. */
export function askShelves(
  items: readonly ShelfItem[],
  question: ShelfQuestion,
  which: Which,
  shelvesOf: (product: string) => readonly Shelf[],
): ShelfAnswer {
  if (items.length === 0) return "no";
  const answers = items.map((item) => answerOf(question, item, variantsMeant(item, shelvesOf(item.product))));
  const decisive = which === "any" ? "yes" : "no";
  if (answers.includes(decisive)) return decisive;
  if (answers.includes("unknown")) return "unknown";
  return which === "any" ? "no" : "yes";
}

/** The variant that an item names; all of the product where it names none that there is. */
function variantsMeant({ sku }: ShelfItem, shelves: readonly Shelf[]): readonly Shelf[] {
  const named = shelves.filter((shelf) => shelf.sku === sku);
  return named.length > 0 ? named : shelves;
}

function answerOf(question: ShelfQuestion, item: ShelfItem, shelves: readonly Shelf[]): ShelfAnswer {
  if (shelves.length === 0) return "unknown";
  return question.kind === "stock" ? stockAnswer(question, shelves) : priceAnswer(question, item, shelves);
}

function stockAnswer({ atLeast }: Extract<ShelfQuestion, { kind: "stock" }>, shelves: readonly Shelf[]): ShelfAnswer {
  const offered = shelves.filter(({ isGone }) => !isGone);
  const pieces = offered.reduce((sum, { stock }) => sum + Math.max(0, stock ?? 0), 0);
  if (pieces >= atLeast) return "yes";
  return offered.some(({ stock }) => stock === null) ? "unknown" : "no";
}

/** The lowest price counts, as it is the one that a shop shows. */
function priceAnswer(
  { is, leastPercent }: Extract<ShelfQuestion, { kind: "price" }>,
  { was }: ShelfItem,
  shelves: readonly Shelf[],
): ShelfAnswer {
  const prices = shelves.flatMap(({ price, currency }) => (currency === was?.currency ? (price ?? []) : []));
  if (was === null || prices.length === 0) return "unknown";
  const now = Math.min(...prices);
  return MOVES[is](now, was.amount, leastPercent) ? "yes" : "no";
}

const MOVES: Readonly<Record<PriceMove, (now: number, then: number, percent: number) => boolean>> = {
  below: (now, then, percent) => now < then && (then - now) * 100 >= then * percent,
  not_above: (now, then) => now <= then,
  above: (now, then, percent) => now > then && (now - then) * 100 >= then * percent,
  not_below: (now, then) => now >= then,
};
