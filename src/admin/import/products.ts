import type { StatedProduct } from "../../commerce/product-store";
import { unknownProducts, writeProducts } from "../../commerce/product-store";
import { productInput, statedProduct } from "../product-schema";
import { Cells } from "./cells";
import { fitted } from "./fitted";
import { rowKind } from "./kind";

const PRICES = ["price", "compare_at"] as const;
const NUMBERS = [...PRICES, "stock", "days_supply", "margin_pct"];
const TEXTS = ["product_id", "sku", "title", "variant_title", "url", "image", "category", "brand"];
const COLUMNS = [...TEXTS, ...NUMBERS, "currency", "replenishable", "effective_from"];

/**
 * A variant a line, as PUT /api/products takes it: with a title the product is stated anew as a whole, without one only
 * price and stock are told. Of two lines about one thing the later counts.
 */
export const products = rowKind<StatedProduct>({
  title: { en: "Products", fr: "Produits" },
  columns: COLUMNS,
  formats: ["csv", "ndjson"],
  times: ["effective_from"],
  numbers: NUMBERS,
  read(value, context) {
    const cells = new Cells(value);
    const from = cells.time("effective_from");
    const stated = {
      product_id: cells.required("product_id"),
      sku: cells.text("sku", 255) ?? undefined,
      title: cells.text("title") ?? undefined,
      variant_title: cells.text("variant_title"),
      url: cells.url("url"),
      image: cells.url("image"),
      category: cells.text("category"),
      brand: cells.text("brand"),
      ...pricesOf(cells, context.currency),
      effective_from: from === null ? undefined : new Date(from).toISOString(),
      stock: cells.whole("stock", -1_000_000, 1_000_000_000) ?? undefined,
      days_supply: cells.whole("days_supply", 1, 3_650),
      replenishable: cells.yes("replenishable"),
      margin_pct: cells.number("margin_pct", -1_000, 100),
    };
    return fitted(cells, productInput, stated, (input) => statedProduct(input, context.receivedAt), COLUMNS);
  },
  async write({ env }, items) {
    const faults = await unknownProducts(
      env.DB,
      items.map(({ item }) => item),
    );
    const unfit = new Map(faults.map(({ index, field, detail }) => [index, `${field} ${detail}`.trim()]));
    const rejected = items.flatMap(({ line }, index) => {
      const reason = unfit.get(index);
      return reason === undefined ? [] : [{ line, reason }];
    });
    const fit = items.filter((_, index) => !unfit.has(index));
    await writeProducts(
      env.DB,
      fit.map(({ item }) => item),
      "import",
    );
    return { accepted: fit.length, duplicates: 0, rejected };
  },
});

/** A price that is compared with itself compares with nothing: shops leave the old price standing. */
function pricesOf(cells: Cells, fallback: string): Record<string, unknown> {
  const currency = cells.currency("currency", fallback);
  const [price, compareAt] = PRICES.map((name) => {
    const amount = cells.money(name, currency);
    return amount === null ? undefined : { amount, currency };
  });
  return { price, compare_at: compareAt?.amount === price?.amount ? undefined : compareAt };
}
