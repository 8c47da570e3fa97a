/** What a feed says of one item, by the names of Google's product data; texts as they came, trimmed. */
export type FeedRecord =
  | { readonly line: number; readonly fields: Readonly<Record<string, string>> }
  | { readonly line: number; readonly fault: string };

/** Takes a feed's text piece by piece and gives the items that are whole. Either throws UnreadableFeed. */
export interface FeedReader {
  readonly push: (text: string) => FeedRecord[];
  readonly end: () => FeedRecord[];
}

/** A feed that cannot be read to its end. Nothing of it is written. The message completes "the feed …". */
export class UnreadableFeed extends Error {}

/** What is read of an item. A feed in CSV may call it otherwise (`columns`). */
const FIELDS = [
  "id",
  "item_group_id",
  "title",
  "link",
  "image_link",
  "price",
  "sale_price",
  "sale_price_effective_date",
  "availability",
  "quantity",
  "brand",
  "product_type",
  "google_product_category",
  "compare_at",
  "effective_from",
] as const;
export type FeedField = (typeof FIELDS)[number];
export const FEED_FIELD_NAMES: readonly FeedField[] = FIELDS;
export const FEED_FIELDS: ReadonlySet<string> = new Set(FIELDS);

/** The name of a field as it stands in a feed: "Image link" and `image_link` are one. */
export function fieldName(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, "_");
}
