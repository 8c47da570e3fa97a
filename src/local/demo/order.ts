import type { Language } from "../../shared/language";
import { amountsOf } from "./amounts";
import { CURRENCY, productOf, propertiesOf } from "./products";

export interface CartLine {
  readonly sku: string;
  readonly quantity: number;
}

export interface Customer {
  readonly userId: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  /** The browser's id, so that the cart it filled is known to be this order's. */
  readonly anonymousId?: string | undefined;
}

export interface PlacedOrder {
  readonly orderId: string;
  readonly cartId: string;
  readonly lines: readonly CartLine[];
  readonly customer: Customer;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Skus that the shop does not sell. Prices never come from the browser. */
export function unknownSkus(lines: readonly CartLine[]): string[] {
  return lines.filter(({ sku }) => !productOf(sku)).map(({ sku }) => sku);
}

/** The same product on two lines is one line. */
export function mergeLines(lines: readonly CartLine[]): CartLine[] {
  const quantities = new Map<string, number>();
  for (const { sku, quantity } of lines) quantities.set(sku, (quantities.get(sku) ?? 0) + quantity);
  return Array.from(quantities, ([sku, quantity]) => ({ sku, quantity }));
}

/**
 * What the shop's server tells about an order: who the customer is, and `Order Completed` as Segment's spec
 * has it (amounts in euros). The ids follow from the order, so a second delivery has no second effect.
 */
export function orderEvents(
  order: PlacedOrder,
  shop: { readonly origin: string; readonly name: string; readonly language: Language },
): object[] {
  const { orderId, cartId, customer } = order;
  const products = order.lines.flatMap(({ sku, quantity }) => {
    const product = productOf(sku);
    return product ? [{ product, quantity }] : [];
  });
  const amounts = amountsOf(products.map(({ product, quantity }) => ({ price: product.price, quantity })));
  const common = {
    userId: customer.userId,
    ...(customer.anonymousId ? { anonymousId: customer.anonymousId } : {}),
    timestamp: new Date(order.at).toISOString(),
    context: { library: { name: "maison-lumen-server", version: "1.0.0" } },
  };
  const { email, firstName, lastName } = customer;
  return [
    {
      type: "identify",
      messageId: `${orderId}-customer`,
      ...common,
      traits: { email, first_name: firstName, last_name: lastName, language: shop.language },
    },
    {
      type: "track",
      event: "Order Completed",
      messageId: `${orderId}-order`,
      ...common,
      properties: {
        order_id: orderId,
        cart_id: cartId,
        affiliation: shop.name,
        total: amounts.total / 100,
        subtotal: amounts.subtotal / 100,
        revenue: amounts.subtotal / 100,
        shipping: amounts.shipping / 100,
        tax: 0,
        discount: 0,
        currency: CURRENCY,
        products: products.map(({ product, quantity }) => ({ ...propertiesOf(product, shop), quantity })),
      },
    },
  ];
}
