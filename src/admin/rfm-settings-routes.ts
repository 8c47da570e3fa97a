import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import type { RateRow } from "../commerce/exchange-store";
import { countUnpriced, listRates } from "../commerce/exchange-store";
import { rfmInput } from "../segments/rfm/definition";
import { readDefinition } from "../services/rfm-terms";
import type { ServicesFor } from "./api";
import { answer, body, newApi, REFUSALS } from "./api";
import { listOf, Pager, pageQuery } from "./page";
import { saveDefinition, stateRates } from "./rfm-actions";

const none = z.strictObject({});
const currency = z.string().regex(/^[A-Z]{3}$/, "is no currency such as USD");
const day = z.iso.date("is not a date such as 2026-11-22");
const rate = z.object({ currency, from: day, rate: z.string() }).openapi("ExchangeRate");

/** One rate of a request. */
export const statedRate = z.strictObject({
  currency,
  from: day.openapi({ description: "The day of the shop's calendar that it holds from, until the next one." }),
  rate: z
    .string()
    .regex(/^\d{1,9}(\.\d{1,10})?$/, "is not a decimal such as 0.92")
    .refine((text) => Number(text) > 0, "is nothing")
    .nullable()
    .openapi({ description: "Units of the shop's currency for one of it; null takes the rate away." }),
});

const ratesInput = z.strictObject({ rates: z.array(statedRate).min(1).max(5_000) }).openapi("ExchangeRates");

const routes = {
  get: createRoute({
    method: "get",
    path: "/api/settings/rfm",
    tags: ["RFM"],
    summary: "How RFM is computed",
    request: { query: none },
    responses: { 200: answer("What is set, or what the product comes with.", rfmInput), ...REFUSALS },
  }),
  put: createRoute({
    method: "put",
    path: "/api/settings/rfm",
    tags: ["RFM"],
    summary: "Set methods, map, window, and which orders count",
    description:
      "Stated as a whole: what is left out is as the product comes with it. A map of one's own names each of the 125 cells " +
      "once; one that leaves some out or gives some away twice is refused with the cells, and with the segments that nobody " +
      "could be in. The next run, within minutes, goes by it; nobody is told that they changed segment by that.",
    request: { body: body(rfmInput) },
    responses: { 200: answer("What is set now.", rfmInput), ...REFUSALS },
  }),
  rates: createRoute({
    method: "get",
    path: "/api/settings/currencies",
    tags: ["RFM"],
    summary: "Exchange rates, by currency and day, and orders that have none",
    request: { query: z.strictObject(pageQuery) },
    responses: {
      200: answer(
        "A page of rates.",
        listOf(rate).extend({
          base: z.string(),
          unpriced: z.array(z.object({ currency: z.string(), orders: z.number().int() })),
        }),
      ),
      ...REFUSALS,
    },
  }),
  putRates: createRoute({
    method: "put",
    path: "/api/settings/currencies",
    tags: ["RFM"],
    summary: "State exchange rates: what other currencies are worth in the shop's own from a day on",
    description:
      "An order counts at the rate of its own day. One whose currency has no rate by then is an order and no money; how many " +
      "there are is told. A repeat changes nothing; rates that are not named stay.",
    request: { body: body(ratesInput) },
    responses: { 200: answer("They are stored.", z.object({ accepted: z.number().int() })), ...REFUSALS },
  }),
};

/** What RFM goes by. */
export function rfmSettingsRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.get, async (c) => c.json(await readDefinition(servicesFor(c).env.DB), 200));
  app.openapi(routes.put, async (c) => {
    const definition = c.req.valid("json");
    await saveDefinition(servicesFor(c), definition);
    return c.json(definition, 200);
  });
  app.openapi(routes.rates, async (c) => {
    const { env, config } = servicesFor(c);
    const place = ({ currency: code, fromAt }: RateRow) => [code, fromAt];
    const pager = new Pager<RateRow>(config.LINK_SECRET, c.req.path, c.req.valid("query"), place);
    const [code, fromAt] = pager.after ?? ["", 0];
    const rows = await listRates(env.DB, [String(code), Number(fromAt)], pager.limit + 1);
    const page = pager.page(rows, ({ currency: of, day: from, rate: text }) => ({ currency: of, from, rate: text }));
    const unpriced = await countUnpriced(env.DB, config.SHOP_CURRENCY);
    return c.json({ base: config.SHOP_CURRENCY, ...page, unpriced }, 200);
  });
  app.openapi(routes.putRates, async (c) => {
    const { rates } = c.req.valid("json");
    await stateRates(servicesFor(c), rates);
    return c.json({ accepted: rates.length }, 200);
  });
  return app;
}
