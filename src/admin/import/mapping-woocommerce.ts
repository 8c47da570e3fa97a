import type { ReadyMapping } from "./mapping-schema";

/**
 * WooCommerce's own export of products, and its extension's of orders and customers (Customer / Order / Coupon Export).
 * Its times are those of the shop's clock.
 */
export const WOOCOMMERCE_MAPPINGS = {
  "woocommerce-orders": {
    title: { en: "WooCommerce: orders", fr: "WooCommerce : commandes" },
    definition: {
      kind: "orders",
      columns: {
        order_id: "order_id",
        order_number: ["order_number_formatted", "order_number"],
        external_id: ["customer_id", "customer_user"],
        email: ["billing_email", "customer_email"],
        placed_at: ["date", "order_date"],
        status: "status",
        currency: "order_currency",
        total: "order_total",
        discount: "discount_total",
        tax: "tax_total",
        shipping: "shipping_total",
        refunded: "refunded_total",
      },
      // Who buys without an account has this number.
      values: { external_id: { "0": "" } },
      others: "leave_out",
    },
  },
  "woocommerce-customers": {
    title: { en: "WooCommerce: customers", fr: "WooCommerce : clients" },
    definition: {
      kind: "contacts",
      columns: {
        external_id: ["customer_id", "user_id", "ID"],
        email: ["email", "user_email", "billing_email"],
        phone: ["billing_phone", "phone"],
        first_name: ["first_name", "billing_first_name"],
        last_name: ["last_name", "billing_last_name"],
        country: ["billing_country", "country"],
        created_at: ["date_registered", "user_registered"],
        city: ["billing_city", "city"],
      },
      values: { external_id: { "0": "" } },
      others: "leave_out",
    },
  },
  "woocommerce-products": {
    title: { en: "WooCommerce: products", fr: "WooCommerce : produits" },
    definition: {
      kind: "products",
      columns: {
        product_id: "ID",
        sku: ["SKU", "ID"],
        title: "Name",
        image: "Images",
        category: "Categories",
        brand: "Brands",
        price: ["Sale price", "Regular price"],
        compare_at: "Regular price",
        stock: "Stock",
      },
      others: "leave_out",
    },
  },
} as const satisfies Record<string, ReadyMapping>;
