import { describe, expect, it } from "vitest";
import { contacts } from "../../../src/admin/import/contacts";
import type { ImportKind, LineContext } from "../../../src/admin/import/kind";
import type { Mapping } from "../../../src/admin/import/mapping";
import { isFurther, rowFiller, rowMapping } from "../../../src/admin/import/mapping";
import { mappingInput } from "../../../src/admin/import/mapping-schema";
import { orders } from "../../../src/admin/import/orders";
import { products } from "../../../src/admin/import/products";
import { READY_MAPPINGS, readyMapping } from "../../../src/admin/import/ready-mappings";

const context: LineContext = { id: "imp_1", receivedAt: Date.parse("2026-01-05"), attested: null, currency: "EUR" };

/** The records of a CSV file without quotes, as the import reads them: what is empty is not there. */
function records(text: string): Record<string, string>[] {
  const [header = "", ...lines] = text.trim().split("\n");
  const names = header.split(",");
  return lines.map((line) => {
    const cells = line.split(",").map((cell, index) => [names[index] ?? "", cell] as const);
    return Object.fromEntries(cells.filter(([, cell]) => cell !== ""));
  });
}

function mapping(name: string): Mapping {
  const found = readyMapping(name);
  if (!found) throw new Error(name);
  return found.definition;
}

/** What a file becomes by a ready-made mapping: the rows that are not left out. */
function rows(name: string, kind: Pick<ImportKind, "columns" | "times" | "numbers">, text: string) {
  const by = mapping(name);
  const map = rowMapping(by, kind);
  const fill = rowFiller(by);
  return records(text)
    .map(fill)
    .filter((row) => !isFurther(by, row))
    .map(map);
}

function read(name: string, kind: ImportKind, text: string): unknown[] {
  return rows(name, kind, text).map((row) => {
    const line = kind.read(row, context);
    return line.ok ? line.item : line.reason;
  });
}

const SHOPIFY_ORDERS = `
Name,Email,Financial Status,Paid at,Fulfillment Status,Accepts Marketing,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name,Cancelled at,Refunded Amount,Vendor,Location,Id,Source
#1002,ann@example.com,partially_refunded,2025-10-07 09:50:26 +0200,fulfilled,yes,GBP,48.00,4.90,8.00,52.90,WELCOME,5.00,2025-10-07 09:50:20 +0200,2,Lamp,19.00,LAMP-S,Ann B,,10.00,Leaf,,5511223344556677889,web
#1002,ann@example.com,,,,,,,,,,,,2025-10-07 09:50:20 +0200,1,Bulb,10.00,,,,,Leaf,,,
#1003,,voided,,,no,EUR,5.00,0.00,0.00,5.00,,0.00,2025-10-08 10:00:00 +0200,1,Bulb,5.00,BULB,,2025-10-08 11:00:00 +0200,0.00,Leaf,,5511223344556677890,pos`;

describe("Shopify's export of orders", () => {
  it("gives an order of its first row, by the number that its webhooks use", () => {
    expect(read("shopify-orders", orders, SHOPIFY_ORDERS)).toMatchObject([
      {
        at: Date.parse("2025-10-07T07:50:20Z"),
        email: "ann@example.com",
        properties: {
          order_id: "5511223344556677889",
          order_number: "#1002",
          status: "partially_refunded",
          currency: "GBP",
          total: "52.90",
          discount: "5.00",
          tax: "8.00",
          shipping: "4.90",
          refunded: "10.00",
          coupon: "WELCOME",
          channel: "web",
        },
      },
      { anon: "guest:5511223344556677890", properties: { status: "cancelled", channel: "pos" } },
    ]);
  });

  it("keeps nothing of addresses and names that it was not asked for", () => {
    expect(JSON.stringify(read("shopify-orders", orders, SHOPIFY_ORDERS))).not.toContain("Ann B");
  });

  it("gives a line of each row, the order's cells of the row above where they are empty", () => {
    const kind = { columns: ["order_id", "currency"] };
    expect(rows("shopify-order-lines", kind, SHOPIFY_ORDERS)).toEqual([
      {
        order_id: "5511223344556677889",
        placed_at: "2025-10-07 09:50:20 +0200",
        sku: "LAMP-S",
        name: "Lamp",
        brand: "Leaf",
        quantity: "2",
        unit_price: "19.00",
        currency: "GBP",
      },
      expect.objectContaining({ order_id: "5511223344556677889", sku: "Bulb", quantity: "1", currency: "GBP" }),
      expect.objectContaining({ order_id: "5511223344556677890", sku: "BULB", currency: "EUR" }),
    ]);
  });
});

describe("Shopify's other files", () => {
  it("give customers, whose consent has no proof of its own", () => {
    const file = `
Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address City,Default Address Country Code,Phone,Accepts SMS Marketing,Total Spent,Tags
'6940095564345,Ann,Berg,ann@example.com,yes,Lyon,FR,'+33612345678,no,120.00,vip`;
    const [item] = read("shopify-customers", contacts, file);
    expect(item).toMatchObject({
      user: "6940095564345",
      traits: {
        email: "ann@example.com",
        first_name: "Ann",
        phone: "+33612345678",
        country: "FR",
        city: "Lyon",
        tags: "vip",
        consent: { sms: false },
      },
    });
    const attested = { ...context, attested: { source: "shopify", at: 5 } };
    const [row = {}] = rows("shopify-customers", contacts, file);
    expect(contacts.read(row, attested)).toMatchObject({ item: { traits: { consent: { email: true, sms: false } } } });
  });

  it("give products with their variants, and leave out rows that only bring a picture", () => {
    const file = `
Handle,Title,Body (HTML),Vendor,Type,Tags,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Price,Variant Compare At Price,Image Src,Variant Image
lamp,Lamp,<p>x</p>,Leaf,Lamps,,Size,S,LAMP-S,3,49.90,59.90,https://cdn.test/1.jpg,
lamp,,,,,,,L,LAMP-L,0,69.90,,https://cdn.test/2.jpg,https://cdn.test/l.jpg
lamp,,,,,,,,,,,,https://cdn.test/3.jpg,`;
    expect(read("shopify-products", products, file)).toMatchObject([
      {
        product: "lamp",
        sku: "LAMP-S",
        words: { title: "Lamp", image: "https://cdn.test/1.jpg", category: "Lamps", brand: "Leaf" },
        variantTitle: "S",
        price: { amount: 4_990, compareAt: 5_990 },
        stock: 3,
      },
      { product: "lamp", sku: "LAMP-L", words: null, variantTitle: "L", price: { amount: 6_990 }, stock: 0 },
    ]);
  });
});

describe("WooCommerce's files", () => {
  it("give orders, those of guests among them, in the time of the shop", () => {
    const file = `
order_id,order_number,date,status,shipping_total,tax_total,discount_total,order_total,refunded_total,order_currency,customer_id,billing_email,line_items
501,501,2025-07-01 10:00:00,completed,4.90,8.00,0.00,52.90,0.00,EUR,17,ann@example.com,id:1
502,502,2025-07-02 10:00:00,on-hold,0,0,0,5.00,,EUR,0,bo@example.com,id:2`;
    const by = { ...mapping("woocommerce-orders"), timezone: "Europe/Paris" };
    const map = rowMapping(by, orders);
    const items = records(file).map((row) => orders.read(map(row), context));
    expect(items).toMatchObject([
      {
        item: {
          at: Date.parse("2025-07-01T08:00:00Z"),
          user: "17",
          properties: { order_id: "501", status: "shipped" },
        },
      },
      { item: { email: "bo@example.com", properties: { status: "pending" } } },
    ]);
    expect(JSON.stringify(items[1])).not.toContain('"user"');
  });

  it("give customers and products, at the price that holds", () => {
    const people = `
customer_id,first_name,last_name,email,date_registered,billing_country,billing_phone
17,Ann,Berg,ann@example.com,2020-01-02 10:00:00,FR,0612345678`;
    expect(read("woocommerce-customers", contacts, people)).toMatchObject([
      { user: "17", at: Date.parse("2020-01-02T10:00:00Z"), traits: { phone: "+33612345678", last_name: "Berg" } },
    ]);
    const goods = `
ID,Type,SKU,Name,Published,In stock?,Stock,Sale price,Regular price,Categories,Images,Brands
7,simple,LAMP,Lamp,1,1,3,39.90,49.90,Home > Lamps,https://shop.test/a.jpg,Leaf
8,simple,,Bulb,1,1,,,5.00,Home,,`;
    expect(read("woocommerce-products", products, goods)).toMatchObject([
      { product: "7", sku: "LAMP", price: { amount: 3_990, compareAt: 4_990 }, stock: 3, words: { brand: "Leaf" } },
      { product: "8", sku: "8", price: { amount: 500, compareAt: null }, stock: null },
    ]);
  });
});

it.each(Object.entries(READY_MAPPINGS))(
  "%s is a mapping as a shop could store it, with words in both languages",
  (_name, ready) => {
    expect(mappingInput.parse(ready.definition)).toEqual(ready.definition);
    expect(ready.title.en).not.toBe("");
    expect(ready.title.fr).not.toBe(ready.title.en);
  },
);
