const FREE_SHIPPING_FROM = 8000;
const SHIPPING = 490;

/** Euro cents. Prices carry no tax: the shop is under the threshold of article 293 B. */
export interface Amounts {
  readonly subtotal: number;
  readonly shipping: number;
  readonly total: number;
}

export function amountsOf(lines: readonly { readonly price: number; readonly quantity: number }[]): Amounts {
  const subtotal = lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
  const shipping = subtotal === 0 || subtotal >= FREE_SHIPPING_FROM ? 0 : SHIPPING;
  return { subtotal, shipping, total: subtotal + shipping };
}
