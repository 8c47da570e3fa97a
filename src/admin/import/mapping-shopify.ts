import type { ReadyMapping } from "./mapping-schema";

/**
 * Shopify's own export files. Orders have their number (`Id`), as its webhooks write it; a product has its handle, as its
 * file has no number. A row that goes on with the order above names it and leaves most of its cells empty.
 */
export const SHOPIFY_MAPPINGS = {
  "shopify-orders": {
    title: { en: "Shopify: orders", fr: "Shopify : commandes" },
    definition: {
      kind: "orders",
      columns: {
        order_id: ["Id", "Name"],
        order_number: "Name",
        email: "Email",
        placed_at: "Created at",
        cancelled_at: "Cancelled at",
        status: "Financial Status",
        currency: "Currency",
        total: "Total",
        discount: "Discount Amount",
        tax: "Taxes",
        shipping: "Shipping",
        refunded: "Refunded Amount",
        coupon: "Discount Code",
        store: "Location",
        channel: "Source",
      },
      others: "leave_out",
      begins: "Total",
    },
  },
  "shopify-order-lines": {
    title: {
      en: "Shopify: lines of orders, out of the same file after its orders",
      fr: "Shopify : lignes de commandes, du même fichier après ses commandes",
    },
    definition: {
      kind: "order_lines",
      columns: {
        order_id: ["Id", "Name"],
        placed_at: "Created at",
        sku: ["Lineitem sku", "Lineitem name"],
        name: "Lineitem name",
        brand: "Vendor",
        quantity: "Lineitem quantity",
        unit_price: "Lineitem price",
        currency: "Currency",
      },
      others: "leave_out",
      fill: { by: "Name", columns: ["Id", "Created at", "Currency"] },
    },
  },
  "shopify-customers": {
    title: { en: "Shopify: customers", fr: "Shopify : clients" },
    definition: {
      kind: "contacts",
      columns: {
        external_id: "Customer ID",
        email: "Email",
        phone: ["Phone", "Default Address Phone"],
        first_name: "First Name",
        last_name: "Last Name",
        country: "Default Address Country Code",
        consent_email: "Accepts Email Marketing",
        consent_sms: "Accepts SMS Marketing",
        city: "Default Address City",
        tags: "Tags",
      },
      others: "leave_out",
    },
  },
  "shopify-products": {
    title: { en: "Shopify: products", fr: "Shopify : produits" },
    definition: {
      kind: "products",
      columns: {
        product_id: "Handle",
        sku: "Variant SKU",
        title: "Title",
        variant_title: "Option1 Value",
        image: ["Variant Image", "Image Src"],
        category: ["Type", "Product Category"],
        brand: "Vendor",
        price: "Variant Price",
        compare_at: "Variant Compare At Price",
        stock: "Variant Inventory Qty",
      },
      others: "leave_out",
      begins: "Variant Price",
    },
  },
} as const satisfies Record<string, ReadyMapping>;
