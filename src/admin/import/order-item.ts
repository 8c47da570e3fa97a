/** One line of an order, as a file states it. */
export interface OrderItem {
  readonly order: string;
  /** The shop's id of the customer; null for a guest. */
  readonly user: string | null;
  /** Epoch ms. */
  readonly at: number;
  readonly currency: string;
  readonly sku: string;
  readonly name: string | null;
  readonly category: string | null;
  readonly brand: string | null;
  /** May be 0 or less: then the line is kept and no sale. */
  readonly quantity: number;
  /** In ten-thousandths of the currency's major unit; may be 0 or less as well. */
  readonly unitPrice: number;
}
