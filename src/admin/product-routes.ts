import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import type { ProductRow } from "../commerce/catalogue-store";
import {
  findProduct,
  knownVariants,
  listProducts,
  pricesOf,
  stocksOf,
  variantsOf,
  writeCatalogue,
} from "../commerce/catalogue-store";
import type { Services } from "../services";
import type { FieldError } from "../shared/fault";
import { Fault } from "../shared/fault";
import type { ServicesFor } from "./api";
import { answer, body, newApi, REFUSALS } from "./api";
import { listOf, Pager, pageQuery } from "./page";
import type { ProductInput } from "./product-schema";
import { product, productFile, productsInput, showProduct, showProductFile } from "./product-schema";

const tags = ["Catalogue"];
const MOST_HISTORY = 60;

const routes = {
  put: createRoute({
    method: "put",
    path: "/api/products",
    tags,
    summary: "Write up to 500 products or variants",
    description:
      "All are written or none, in one batch. A repeat changes nothing. Prices and stock have a history: a row only " +
      "where they change. A price with an `effective_from` to come is announced.",
    request: { body: body(productsInput) },
    responses: { 200: answer("They are stored.", z.object({ accepted: z.number().int() })), ...REFUSALS },
  }),
  list: createRoute({
    method: "get",
    path: "/api/products",
    tags,
    summary: "Products with their variants, in the order of their ids",
    request: { query: z.strictObject(pageQuery) },
    responses: { 200: answer("A page of products.", listOf(product)), ...REFUSALS },
  }),
  get: createRoute({
    method: "get",
    path: "/api/products/{id}",
    tags,
    summary: "A product with the history of its prices and stock",
    request: { params: z.object({ id: z.string().min(1).max(255) }), query: z.strictObject({}) },
    responses: { 200: answer("The product.", productFile), ...REFUSALS },
  }),
};

/** Writes what a feed states. Throws invalid-input with the places that do not fit. */
async function putProducts(services: Services, products: readonly ProductInput[]): Promise<void> {
  const { DB } = services.env;
  const now = services.clock.now();
  const rows = products.map((input) => ({
    ...input,
    sku: input.sku ?? input.product_id,
    from: input.effective_from === undefined ? now : Date.parse(input.effective_from),
  }));
  const errors: FieldError[] = [];
  const taken = new Set<string>();
  for (const [index, { product_id, sku, from }] of rows.entries()) {
    const key = JSON.stringify([product_id, sku, from]);
    if (taken.has(key)) errors.push({ pointer: `/products/${index}`, detail: "is another line's variant and time" });
    taken.add(key);
  }
  const stated = new Set(
    rows.flatMap((row) => (row.title === undefined ? [] : [JSON.stringify([row.product_id, row.sku])])),
  );
  const bare = rows.filter(({ product_id, sku }) => !stated.has(JSON.stringify([product_id, sku])));
  const known = new Set(
    (
      await knownVariants(
        DB,
        bare.map(({ product_id, sku }) => [product_id, sku] as const),
      )
    ).map(({ product_id, sku }) => JSON.stringify([product_id, sku])),
  );
  for (const row of bare) {
    if (known.has(JSON.stringify([row.product_id, row.sku]))) continue;
    errors.push({
      pointer: `/products/${rows.indexOf(row)}/title`,
      detail: "is needed: this variant is not known yet",
    });
  }
  if (errors.length > 0)
    throw new Fault("invalid-input", "The products do not fit: see `errors`.", errors.slice(0, 50));
  const whole = rows.filter(({ title }) => title !== undefined);
  await writeCatalogue(DB, {
    products: whole.map((row) => productRow(row, now)),
    variants: whole.map(({ product_id, sku, variant_title = null }) => [product_id, sku, variant_title, now]),
    prices: rows.flatMap(({ product_id, sku, from, price, compare_at }) =>
      price ? [[product_id, sku, from, price.amount, compare_at?.amount ?? null, price.currency]] : [],
    ),
    stocks: rows.flatMap(({ product_id, sku, stock }) => (stock === undefined ? [] : [[product_id, sku, now, stock]])),
  });
}

function productRow(row: ProductInput, now: number): unknown[] {
  const { product_id, title, url = null, image = null, category = null, brand = null } = row;
  const { days_supply = null, replenishable, margin_pct = null, review_delay_days = null } = row;
  const flag = replenishable === undefined || replenishable === null ? null : Number(replenishable);
  return [product_id, title, url, image, category, brand, days_supply, flag, margin_pct, review_delay_days, now];
}

/** Products, their variants, prices and stock. They hang on nobody and need no ledger. */
export function productRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.put, async (c) => {
    const { products } = c.req.valid("json");
    await putProducts(servicesFor(c), products);
    return c.json({ accepted: products.length }, 200);
  });
  app.openapi(routes.list, async (c) => {
    const { env, config, clock } = servicesFor(c);
    const pager = new Pager<ProductRow>(config.LINK_SECRET, c.req.path, c.req.valid("query"), (row) => [
      row.product_id,
    ]);
    const rows = await listProducts(env.DB, String(pager.after?.[0] ?? ""), pager.limit + 1);
    const ids = rows.map(({ product_id }) => product_id);
    const variants = await variantsOf(env.DB, ids, clock.now());
    return c.json(
      pager.page(rows, (row) => showProduct(row, variants)),
      200,
    );
  });
  app.openapi(routes.get, async (c) => {
    const { env, clock } = servicesFor(c);
    const { id } = c.req.valid("param");
    const row = await findProduct(env.DB, id);
    if (!row) throw new Fault("not-found", "No product has this id.");
    const now = clock.now();
    const [variants, prices, stocks] = await Promise.all([
      variantsOf(env.DB, [id], now),
      pricesOf(env.DB, id, MOST_HISTORY),
      stocksOf(env.DB, id, MOST_HISTORY),
    ]);
    return c.json(showProductFile(row, variants, prices, stocks, now), 200);
  });
  return app;
}
