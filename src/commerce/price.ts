import { DAY } from "../shared/clock";

/** A price from a time on, until the next one. Minor units; times epoch ms. */
export interface Price {
  readonly effectiveFrom: number;
  readonly price: number;
  /** What it is set against, crossed out. */
  readonly compareAt: number | null;
  readonly currency: string;
}

const REFERENCE = 30 * DAY;

/** The price in force at a time; null where there is none yet. The history may be in any order. */
export function priceAt<Known extends { readonly effectiveFrom: number }>(
  history: readonly Known[],
  at: number,
): Known | null {
  return history.reduce<Known | null>((latest, one) => {
    if (one.effectiveFrom > at) return latest;
    return latest === null || one.effectiveFrom > latest.effectiveFrom ? one : latest;
  }, null);
}

/**
 * The lowest price in force at any time in the thirty days before a moment, which a reduction that begins then must
 * name (Directive 98/6/EC, article 6a). Prices of another currency do not count. Null where there was none.
 */
export function lowestBefore(history: readonly Price[], moment: number, currency: string): number | null {
  const from = moment - REFERENCE;
  const atStart = priceAt(history, from);
  const within = history.filter(({ effectiveFrom }) => effectiveFrom > from && effectiveFrom < moment);
  const prices = [...(atStart ? [atStart] : []), ...within].filter((one) => one.currency === currency);
  return prices.length > 0 ? Math.min(...prices.map(({ price }) => price)) : null;
}
