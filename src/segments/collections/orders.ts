import { inBaseSql } from "../../commerce/exchange";
import type { OrderSummary } from "../../commerce/order";
import { netOf, ORDER_STATUSES } from "../../commerce/order";
import type { Collection } from "../collection";
import { AT } from "../collection";
import type { Compilation } from "../compile";
import type { Row } from "../facts";
import { ORDER_CHANNELS, ORDER_WORDS } from "../state-words";

/**
 * What a customer bought and kept (mission §6.1): neither cancelled nor wholly refunded, with something paid. Most orders
 * are delivered, and the first one that fits ends the comparing.
 */
const VALID_STATUSES = ["delivered", "confirmed", "shipped", "in_transit", "partially_refunded"] as const;

function rowOf(order: OrderSummary): Row {
  return { [AT]: order.placedAt, status: order.status, net: netOf(order), currency: order.currency };
}

/** Orders with their lines. Cancelled ones count where a rule asks for a status. */
const inShops = (amount: string) => (c: Compilation) =>
  inBaseSql(c.bind(c.shop.currency), { amount, currency: "o.currency", at: "o.placed_at" });

export const orders: Collection = {
  key: "orders",
  words: { one: { en: "order", fr: "commande" }, many: { en: "orders", fr: "commandes" } },
  from: "orders o",
  contact: "o.contact",
  at: "o.placed_at",
  fields: {
    status: {
      type: "text",
      sql: "o.status",
      words: { en: "status", fr: "statut" },
      options: ORDER_STATUSES,
      choices: ORDER_WORDS,
    },
    net: {
      type: "money",
      sql: "o.net",
      words: { en: "amount in its own currency", fr: "montant dans sa propre devise" },
    },
    value: {
      type: "money",
      sql: inShops("o.net"),
      words: { en: "amount in the shop’s currency", fr: "montant dans la devise de la boutique" },
    },
    currency: { type: "text", sql: "o.currency", words: { en: "currency", fr: "devise" }, feminine: true },
    coupon: { type: "text", sql: "o.coupon", words: { en: "coupon", fr: "code promo" } },
    store: { type: "text", sql: "o.store", words: { en: "store", fr: "magasin" }, source: "store" },
    channel: {
      type: "text",
      sql: "o.channel",
      words: { en: "channel", fr: "canal" },
      options: ["web", "pos"],
      choices: ORDER_CHANNELS,
    },
    discount: { type: "money", sql: inShops("o.discount"), words: { en: "discount", fr: "remise" }, feminine: true },
    gift: {
      type: "boolean",
      sql: "o.is_gift",
      words: { en: "gift", fr: "cadeau" },
      said: { en: "as a gift", fr: "en cadeau" },
      unsaid: { en: "not as a gift", fr: "pas en cadeau" },
    },
    delivered: {
      type: "time",
      sql: "o.delivered_at",
      words: { en: "delivered", fr: "livrée" },
      said: { en: "delivered", fr: "livrée" },
      many: "livrées",
    },
  },
  usual: {
    unless: "status",
    filters: () => [
      { field: "net", op: "gt", value: 0 },
      { field: "status", op: "in", value: VALID_STATUSES },
    ],
  },
  lines: {
    words: { en: "a line", fr: "une ligne" },
    from: "order_lines l",
    contact: "l.contact",
    key: "l.order_id",
    row: "o.order_id",
    fields: {
      product: { type: "text", sql: "l.product_id", words: { en: "product", fr: "produit" }, source: "product" },
      sku: { type: "text", sql: "l.sku", words: { en: "variant", fr: "variante" }, feminine: true },
      name: { type: "text", sql: "l.name", words: { en: "name", fr: "nom" } },
      category: {
        type: "text",
        sql: "l.category",
        words: { en: "category", fr: "catégorie" },
        feminine: true,
        source: "category",
      },
      brand: { type: "text", sql: "l.brand", words: { en: "brand", fr: "marque" }, feminine: true, source: "brand" },
      quantity: { type: "integer", sql: "l.quantity", words: { en: "quantity", fr: "quantité" }, feminine: true },
      price: { type: "money", sql: inShops("l.price"), words: { en: "price", fr: "prix" } },
      total: { type: "money", sql: inShops("l.total"), words: { en: "line total", fr: "total de ligne" } },
      returned: {
        type: "integer",
        sql: "l.returned_qty",
        words: { en: "returned quantity", fr: "quantité retournée" },
        feminine: true,
      },
      gift: {
        type: "boolean",
        sql: "l.is_gift",
        words: { en: "gift", fr: "cadeau" },
        said: { en: "as a gift", fr: "en cadeau" },
        unsaid: { en: "not as a gift", fr: "pas en cadeau" },
      },
    },
  },
  known: { fields: ["status", "net", "currency"], rows: ({ commerce }) => commerce.orders.map(rowOf) },
};
