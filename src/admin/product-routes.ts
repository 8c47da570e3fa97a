import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import type { ProductRow } from "../commerce/catalogue-store";
import { findProduct, listProducts, pricesOf, stocksOf, variantsOf } from "../commerce/catalogue-store";
import { repeatedProducts, unknownProducts, writeProducts } from "../commerce/product-store";
import type { Services } from "../services";
import { Fault } from "../shared/fault";
import type { ServicesFor } from "./api";
import { answer, body, newApi, REFUSALS } from "./api";
import { listOf, Pager, pageQuery } from "./page";
import type { ProductInput } from "./product-schema";
import { product, productFile, productsInput, showProduct, showProductFile, statedProduct } from "./product-schema";

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

/** Writes what a request states, all or nothing. Throws invalid-input with the places that do not fit. */
async function putProducts(services: Services, inputs: readonly ProductInput[]): Promise<void> {
  const { DB } = services.env;
  const now = services.clock.now();
  const products = inputs.map((input) => statedProduct(input, now));
  const faults = [...repeatedProducts(products), ...(await unknownProducts(DB, products))];
  if (faults.length > 0) {
    const errors = faults.slice(0, 50).map(({ index, field, detail }) => {
      return { pointer: `/products/${index}${field && `/${field}`}`, detail };
    });
    throw new Fault("invalid-input", "The products do not fit: see `errors`.", errors);
  }
  await writeProducts(DB, products);
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
