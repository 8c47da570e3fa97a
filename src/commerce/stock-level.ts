/** Pieces of an item at one of the shop's locations. Times are epoch ms. */
export interface StockLevel {
  readonly available: number;
  readonly at: number;
  /** What of it is in the shop's total already. */
  readonly counted: number;
}

/** What a shop said of an item over all its locations. */
export interface StockTotal {
  readonly pieces: number;
  readonly at: number;
}

/** Pieces of an item over all its locations as of a time. */
export interface ItemStock {
  readonly stock: number;
  readonly at: number;
}

/**
 * The stock of an item: what the shop stated of it as a whole, with what its locations told since. A location that was
 * heard of for the first time changes nothing, since nobody knows what of the whole was there before; but there is never
 * less than the locations say. Without a total it is their sum. Null where nothing was said.
 */
export function stockOver(total: StockTotal | null, levels: readonly StockLevel[]): ItemStock | null {
  const since = levels.filter(({ at }) => total === null || at > total.at);
  const told = since.reduce((sum, { available }) => sum + Math.max(available, 0), 0);
  const at = Math.max(...(total ? [total.at] : []), ...since.map((level) => level.at));
  if (total === null) return since.length > 0 ? { stock: told, at } : null;
  const moved = since.reduce((sum, { available, counted }) => sum + available - counted, 0);
  return { stock: Math.max(total.pieces + moved, told, 0), at };
}
