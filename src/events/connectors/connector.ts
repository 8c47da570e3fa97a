import type { LedgerEvent } from "../event";
import type { Body } from "./body";

/** What is known of a delivery beside its body. Times are epoch ms. */
export interface Occasion {
  /** The connector's key in the catalog: ids of events begin from it, so that two shops' numbers never meet. */
  readonly source: string;
  readonly topic: string;
  /** When the shop says that it happened; receipt where it does not say. Never later than receipt. */
  readonly sentAt: number;
  readonly receivedAt: number;
  /** The shop's own currency (ISO 4217), for bodies that name none. */
  readonly currency: string;
  /** Address of the storefront, without a slash at its end. */
  readonly shopUrl: string;
}

/** A price from a time on (epoch ms). Amounts are decimal texts in major units. */
export interface PriceStatement {
  readonly from: number;
  readonly price: string;
  /** What it is set against, crossed out. */
  readonly compareAt: string | null;
}

export interface VariantStatement {
  readonly sku: string;
  readonly title: string | null;
  /** The name under which the shop's stock keeping speaks of it, where that is another. */
  readonly item: string | null;
  readonly prices: readonly PriceStatement[];
  /** Pieces; `some` where it is there and nobody counts; null where nothing is said. */
  readonly stock: number | "some" | null;
}

/** What a shop says of a product at a time (epoch ms). Currency: the shop's. */
export interface ProductStatement {
  readonly id: string;
  readonly at: number;
  /** Null where only variants are told of. */
  readonly about: {
    readonly title: string;
    readonly url: string | null;
    readonly image: string | null;
    readonly category: string | null;
    readonly brand: string | null;
  } | null;
  readonly variants: readonly VariantStatement[];
  /** It can no longer be bought, whatever is in stock of it. */
  readonly gone: boolean;
}

/** Pieces of an item at one of the shop's locations. */
export interface StockStatement {
  readonly item: string;
  readonly location: string;
  readonly available: number;
  readonly at: number;
}

/**
 * What a shop passes on of a person's rights. `access`: tell them what is stored. `erasure`: forget them; not carried
 * out before somebody says so where it is not `confirmed`. `shop`: the whole shop is to be forgotten, which is noted only.
 */
export interface PrivacyWish {
  readonly kind: "access" | "erasure" | "shop";
  /** The shop's own name for it: the same wish again is the same. */
  readonly id: string;
  readonly user: string | null;
  readonly email: string | null;
  readonly orders: readonly string[];
  readonly confirmed: boolean;
}

/** What a delivery comes to. An empty one is well received and changes nothing. */
export interface Outcome {
  readonly events?: readonly LedgerEvent[];
  readonly products?: readonly ProductStatement[];
  readonly stock?: StockStatement;
  readonly wish?: PrivacyWish;
}

/** Reads the body of one topic. Pure. Throws a Fault `unprocessable` that names the field which is missing. */
export type Topic = (body: Body, occasion: Occasion) => Outcome;

/** A shop system whose webhooks are understood. Header names in any case. */
export interface Connector {
  readonly name: string;
  /** Where the operator finds it, in one sentence. */
  readonly description: string;
  /** HMAC-SHA256 over the raw body, under the secret that shop and we share. */
  readonly signature: { readonly header: string; readonly encoding: "base64" | "hex" };
  readonly headers: {
    readonly topic: string;
    /** Each names the delivery: a repeat carries one of them again. */
    readonly delivery: readonly string[];
    readonly time?: string;
    /** Says which shop it comes from. */
    readonly shop: string;
  };
  /** True for the unsigned call by which the shop tries the address out when the webhook is made. */
  readonly isPing?: (body: string) => boolean;
  readonly topics: Readonly<Record<string, Topic>>;
}
