/** What is said of a product itself, as a whole. */
export interface ProductWords {
  readonly title: string;
  readonly url: string | null;
  readonly image: string | null;
  readonly category: string | null;
  readonly brand: string | null;
  readonly daysSupply: number | null;
  readonly replenishable: boolean | null;
  readonly marginPct: number | null;
  readonly reviewDelayDays: number | null;
}

/** A price in minor units. */
export interface StatedPrice {
  readonly amount: number;
  /** What it is set against, crossed out. */
  readonly compareAt: number | null;
  readonly currency: string;
}

/** A variant as a feed, a file or a request states it. Money in minor units, times in epoch ms. */
export interface StatedProduct {
  readonly product: string;
  /** The product's own id where it has no variants. */
  readonly sku: string;
  /** Null where only price and stock of a variant are told. */
  readonly words: ProductWords | null;
  /** The product, whose words are told, can no longer be bought. */
  readonly gone?: true;
  readonly variantTitle: string | null;
  readonly price: StatedPrice | null;
  /** When the price begins. */
  readonly priceFrom: number;
  /**
   * Prices that begin after that, where the source says all that it knows of: what it announced before and does not
   * say any more is taken back.
   */
  readonly plan?: readonly (StatedPrice & { readonly from: number })[];
  readonly stock: number | null;
  /** The stock is only known to be there or not: a number that is known counts on. */
  readonly stockUncounted?: true;
  /** The feed that lists it, and what it says of it as a hash. */
  readonly listing?: { readonly feed: string; readonly hash: string };
  /** When it was said. */
  readonly at: number;
}
