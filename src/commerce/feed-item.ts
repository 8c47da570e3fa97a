import { derivedId } from "../shared/ids";
import { decimalsOf, parseMajor } from "../shared/money";
import { parseWallTime } from "../shared/wall-time";
import type { StatedPrice, StatedProduct } from "./stated-product";

/** One item of a feed as it was read: what it says, whatever the time is. Money in minor units, times epoch ms. */
export interface FeedItem {
  readonly product: string;
  readonly sku: string;
  readonly title: string;
  readonly url: string | null;
  readonly image: string | null;
  readonly category: string | null;
  readonly brand: string | null;
  readonly price: StatedPrice | null;
  /** When the price begins; null where it is in force. */
  readonly begins: number | null;
  /** A lower price, for a time or for good. */
  readonly sale: { readonly amount: number; readonly from: number | null; readonly until: number | null } | null;
  /** Pieces; null where the feed does not say. */
  readonly stock: number | null;
  /** The stock is only known to be there. */
  readonly uncounted: boolean;
}

export type ReadItem = { readonly ok: true; readonly item: FeedItem } | { readonly ok: false; readonly reason: string };

/** What amounts and times are in where an item does not say. */
export interface FeedTerms {
  readonly currency: string;
  readonly timezone: string;
}

type Fields = Readonly<Record<string, string>>;

const LONGEST_ID = 255;
const LONGEST_TEXT = 500;
const LONGEST_URL = 2_000;
const MOST_PIECES = 1_000_000_000;

class Unfit extends Error {}

/** Reads one item by Google's product data specification. Reasons name a field and no value, so that they can be counted. */
export function readFeedItem(fields: Fields, terms: FeedTerms): ReadItem {
  try {
    return { ok: true, item: itemOf(fields, terms) };
  } catch (error) {
    if (error instanceof Unfit) return { ok: false, reason: error.message };
    throw error;
  }
}

function itemOf(fields: Fields, terms: FeedTerms): FeedItem {
  const sku = idOf(fields, "id");
  if (sku === null) throw new Unfit("id is missing");
  const title = fields["title"]?.slice(0, LONGEST_TEXT);
  if (title === undefined) throw new Unfit("title is missing");
  const price = priceOf(fields, "price", terms.currency);
  const compareAt = priceOf(fields, "compare_at", price?.currency ?? terms.currency);
  return {
    product: idOf(fields, "item_group_id") ?? sku,
    sku,
    title,
    url: addressOf(fields["link"]),
    image: addressOf(fields["image_link"]),
    category: (fields["product_type"] ?? fields["google_product_category"])?.slice(0, LONGEST_TEXT) ?? null,
    brand: fields["brand"]?.slice(0, LONGEST_TEXT) ?? null,
    price: price && {
      ...price,
      compareAt: compareAt?.currency === price.currency && compareAt.amount > price.amount ? compareAt.amount : null,
    },
    begins: timeOf("effective_from", fields["effective_from"], terms),
    sale: saleOf(fields, price, terms),
    ...stockOf(fields),
  };
}

function idOf(fields: Fields, name: string): string | null {
  const id = fields[name];
  if (id === undefined) return null;
  if (id.length > LONGEST_ID || /\p{Cc}/u.test(id)) throw new Unfit(`${name} is no id`);
  return id;
}

function addressOf(text: string | undefined): string | null {
  if (text === undefined || text.length > LONGEST_URL || !/^https?:\/\//i.test(text)) return null;
  return URL.canParse(text) ? text : null;
}

const SYMBOLS: Readonly<Record<string, string>> = { "€": "EUR", "£": "GBP" };

/** A point before three digits, as half of Europe writes thousands. A wrong guess would be a price a thousand times too low. */
const UNCLEAR = /^[1-9]\d{0,2}\.\d{3}$/;

/** "12.99 EUR", and what shops write instead: "EUR 12,99", "1,299.00 USD", "12.99". */
function priceOf(
  fields: Fields,
  name: string,
  currency: string,
): { readonly amount: number; readonly currency: string } | null {
  const text = fields[name];
  if (text === undefined) return null;
  const match = /^([A-Za-z]{3}|[€£])?([\d.,]+)([A-Za-z]{3}|[€£])?$/.exec(text.replaceAll(/[\s\u00a0\u202f']/g, ""));
  const unit = match?.[1] ?? match?.[3] ?? currency;
  const stated = SYMBOLS[unit] ?? unit.toUpperCase();
  const number = match?.[2] ?? "";
  if (UNCLEAR.test(number) && decimalsOf(stated) < 3)
    throw new Unfit(`${name} may be in thousands or have three decimals: write 1299.00 or 1.30`);
  const amount = match ? parseMajor(plainNumber(number), stated) : null;
  if (amount === null) throw new Unfit(`${name} is not an amount as in 12.99 EUR`);
  return { amount, currency: stated };
}

/** A number with its decimals behind a point, whatever sign parts its thousands. */
function plainNumber(text: string): string {
  const last = Math.max(text.lastIndexOf("."), text.lastIndexOf(","));
  if (last < 0) return text;
  const sign = text[last] ?? "";
  const parts = text.split(sign);
  const both = text.includes(".") && text.includes(",");
  // A sign that is there more than once, or a comma before three digits, parts thousands.
  const thousands = !both && (parts.length > 2 || (sign === "," && text.length - last === 4));
  if (thousands) return parts.join("");
  return `${text.slice(0, last).replaceAll(/[.,]/g, "")}.${text.slice(last + 1)}`;
}

function saleOf(
  fields: Fields,
  price: { amount: number; currency: string } | null,
  terms: FeedTerms,
): FeedItem["sale"] {
  const sale = price && priceOf(fields, "sale_price", price.currency);
  if (!sale) return null;
  if (sale.currency !== price.currency) throw new Unfit("sale_price is of another currency than price");
  if (sale.amount >= price.amount) return null;
  const name = "sale_price_effective_date";
  const stated = fields[name];
  if (stated === undefined) return { amount: sale.amount, from: null, until: null };
  const [start, end, more] = stated.split("/");
  if (end === undefined || more !== undefined) throw new Unfit(`${name} is not two times with a slash between`);
  const from = timeOf(name, start, terms);
  const until = timeOf(name, end, terms);
  if (from !== null && until !== null && until <= from) throw new Unfit(`${name} ends before it begins`);
  return { amount: sale.amount, from, until };
}

/** An ISO 8601 time; without a zone it is the shop's own. Google writes its zones without a colon. */
function timeOf(name: string, text: string | undefined, { timezone }: FeedTerms): number | null {
  const stated = text?.trim() ?? "";
  if (stated === "") return null;
  const zoned = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:?\d{2})$/.exec(stated);
  const zone = zoned?.[2]?.replace(/^([+-]\d{2})(\d{2})$/, "$1:$2") ?? "";
  const at = zoned ? Date.parse(`${zoned[1]}${zone}`) : parseWallTime(stated, timezone);
  if (at === null || Number.isNaN(at)) throw new Unfit(`${name} is not a time as in 2026-02-28T10:00+0100`);
  return at;
}

const STANDS: Readonly<Record<string, "in" | "out" | "unsaid">> = {
  in_stock: "in",
  available: "in",
  limited_availability: "in",
  out_of_stock: "out",
  sold_out: "out",
  discontinued: "out",
  preorder: "unsaid",
  pre_order: "unsaid",
  backorder: "unsaid",
  available_for_order: "unsaid",
};

function stockOf(fields: Fields): Pick<FeedItem, "stock" | "uncounted"> {
  const quantity = fields["quantity"];
  const said = fields["availability"]?.toLowerCase().replaceAll(/[\s_-]+/g, "_");
  const stand = said === undefined ? "unsaid" : Object.hasOwn(STANDS, said) ? STANDS[said] : undefined;
  if (stand === undefined) throw new Unfit("availability is none of in_stock, out_of_stock, preorder, backorder");
  if (stand === "out") return { stock: 0, uncounted: false };
  if (quantity === undefined) return { stock: stand === "in" ? 1 : null, uncounted: stand === "in" };
  if (!/^-?\d{1,10}(\.0+)?$/.test(quantity) || Math.abs(Number(quantity)) > MOST_PIECES) {
    throw new Unfit("quantity is not a whole number");
  }
  return { stock: Number(quantity), uncounted: false };
}

/** A hash of what an item says: an item that says the same is not written again. */
export function itemHash(item: FeedItem): string {
  return derivedId("fi", JSON.stringify(item));
}

/**
 * An item as a statement about the catalogue at a time. A sale becomes a price with its end, or one that is announced.
 * @param leads whether this variant speaks for its product: of several one does, or each would undo the other
 */
export function statementOf(
  item: FeedItem,
  listing: NonNullable<StatedProduct["listing"]>,
  leads: boolean,
  at: number,
): StatedProduct {
  const { product, sku, title, url, image, category, brand, stock, uncounted } = item;
  const unknown = { daysSupply: null, replenishable: null, marginPct: null, reviewDelayDays: null };
  return {
    product,
    sku,
    words: leads ? { title, url, image, category, brand, ...unknown } : null,
    variantTitle: product === sku ? null : title,
    ...pricesAt(item, at),
    priceFrom: at,
    stock,
    ...(uncounted ? { stockUncounted: true as const } : {}),
    listing,
    at,
  };
}

function pricesAt(
  { price, begins, sale }: FeedItem,
  at: number,
): { price: StatedPrice | null; plan: (StatedPrice & { from: number })[] } {
  if (!price) return { price: null, plan: [] };
  if (begins !== null && begins > at) return { price: null, plan: [{ ...price, from: begins }] };
  const reduced = sale && { amount: sale.amount, compareAt: price.amount, currency: price.currency };
  if (!sale || !reduced || (sale.until !== null && sale.until <= at)) return { price, plan: [] };
  const end = sale.until === null ? [] : [{ ...price, from: sale.until }];
  if (sale.from === null || sale.from <= at) return { price: reduced, plan: end };
  return { price, plan: [{ ...reduced, from: sale.from }, ...end] };
}
