/** What scenarios start on. */
export const CHANGE_KINDS = ["price_drop", "price_rise_announced", "back_in_stock", "low_stock"] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** A change of a variant. `before` and `after` are minor units, or pieces where `currency` is null; times epoch ms. */
export interface CatalogueChange {
  readonly id: number;
  readonly kind: ChangeKind;
  readonly product_id: string;
  readonly sku: string;
  readonly before: number;
  readonly after: number;
  readonly currency: string | null;
  /** When it comes, or came, into force. */
  readonly at: number;
  readonly seen_at: number;
}
