import { listProducts, variantsOf } from "../../commerce/catalogue-store";
import { decimal } from "./amount";
import type { ExportList } from "./list";
import { pageOf } from "./list";

/** Products in the columns of their import, a line for each variant, with the price and stock in force now. */
export const products: ExportList = {
  title: { en: "Products", fr: "Produits" },
  columns:
    "product_id sku title variant_title url image category brand price compare_at currency stock days_supply replenishable margin_pct".split(
      " ",
    ),
  extra: [],
  filters: [],
  async page(db, after, { now }, limit) {
    const found = await listProducts(db, String(after?.[0] ?? ""), limit);
    const ids = found.map(({ product_id }) => product_id);
    const variants = Map.groupBy(await variantsOf(db, ids, now), ({ product_id }) => product_id);
    return pageOf(
      found,
      limit,
      ({ product_id }) => [product_id],
      (product) => {
        const { replenishable, ...rest } = product;
        const shared = { ...rest, replenishable: replenishable === null ? null : replenishable === 1 };
        const lines = variants.get(product.product_id) ?? [];
        if (lines.length === 0) return [shared];
        return lines.map(({ sku, title, price, compare_at: before, currency, stock }) => ({
          ...shared,
          sku,
          variant_title: title,
          price: decimal(price, currency ?? ""),
          compare_at: decimal(before, currency ?? ""),
          currency,
          stock,
        }));
      },
    );
  },
};
