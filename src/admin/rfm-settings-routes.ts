import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { factorOf } from "../commerce/exchange";
import type { RateRow } from "../commerce/exchange-store";
import { countUnpriced, dropRates, listRates, writeRates } from "../commerce/exchange-store";
import { putSetting } from "../platform/settings";
import { CELLS, cellText } from "../segments/rfm/cell";
import { dayNumber } from "../segments/rfm/days";
import { ownShapes, rfmInput } from "../segments/rfm/definition";
import type { SegmentShape } from "../segments/rfm/map";
import { checkMap, ownersOf } from "../segments/rfm/map";
import { calendarOf, RFM_SETTING, readDefinition } from "../services/rfm-terms";
import type { FieldError } from "../shared/fault";
import { Fault } from "../shared/fault";
import type { ServicesFor } from "./api";
import { answer, body, newApi, REFUSALS } from "./api";
import { listOf, Pager, pageQuery } from "./page";

const none = z.strictObject({});
const currency = z.string().regex(/^[A-Z]{3}$/, "is no currency such as USD");
const day = z.iso.date("is not a date such as 2026-11-22");
const rate = z.object({ currency, from: day, rate: z.string() }).openapi("ExchangeRate");

const ratesInput = z
  .strictObject({
    rates: z
      .array(
        z.strictObject({
          currency,
          from: day.openapi({ description: "The day of the shop's calendar that it holds from, until the next one." }),
          rate: z
            .string()
            .regex(/^\d{1,9}(\.\d{1,10})?$/, "is not a decimal such as 0.92")
            .refine((text) => Number(text) > 0, "is nothing")
            .nullable()
            .openapi({ description: "Units of the shop's currency for one of it; null takes the rate away." }),
        }),
      )
      .min(1)
      .max(5_000),
  })
  .openapi("ExchangeRates");

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

/** What is wrong with a map, cell by cell. */
function faultsOf(shapes: readonly SegmentShape[]): FieldError[] {
  const { uncovered, overlapping, unreachable } = checkMap(shapes);
  if (uncovered.length + overlapping.length === 0) return [];
  const pointer = "/map/segments";
  const owners = new Map(CELLS.map((cell) => [cellText(cell), ownersOf(shapes, cell)]));
  return [
    ...uncovered.map((cell) => ({ pointer, detail: `${cell} is in no segment` })),
    ...overlapping.map((cell) => ({ pointer, detail: `${cell} is in ${owners.get(cell)?.join(", ")}` })),
    ...unreachable.map((name) => ({ pointer, detail: `${name} is a segment that nobody can reach` })),
  ];
}

/** What RFM goes by. */
export function rfmSettingsRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.get, async (c) => c.json(await readDefinition(servicesFor(c).env.DB), 200));
  app.openapi(routes.put, async (c) => {
    const definition = c.req.valid("json");
    const faults = faultsOf(ownShapes(definition) ?? []);
    if (ownShapes(definition) && faults.length > 0) {
      throw new Fault("unprocessable", "The map does not give each cell to one segment: see `errors`.", faults);
    }
    await putSetting(servicesFor(c).env.DB, RFM_SETTING, JSON.stringify(definition)).run();
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
    const services = servicesFor(c);
    const { env, config } = services;
    const { rates } = c.req.valid("json");
    const errors = rates.flatMap((one, index) => {
      const pointer = `/rates/${index}/currency`;
      if (one.currency === config.SHOP_CURRENCY) return [{ pointer, detail: "is the shop's own" }];
      const first = rates.findIndex(({ currency: code, from }) => code === one.currency && from === one.from);
      return first < index ? [{ pointer, detail: "has another rate of this day" }] : [];
    });
    if (errors.length > 0) throw new Fault("invalid-input", "The rates do not fit: see `errors`.", errors);
    const { start } = calendarOf(services);
    const placed = rates.map((one) => ({ ...one, fromAt: start(dayNumber(one.from)) }));
    const gone = placed.filter(({ rate: text }) => text === null);
    const stated = placed.flatMap(({ currency: code, from, fromAt, rate: text }): RateRow[] =>
      text === null
        ? []
        : [
            {
              currency: code,
              fromAt,
              day: from,
              rate: text,
              factor: factorOf(Number(text), code, config.SHOP_CURRENCY),
            },
          ],
    );
    if (stated.length > 0) await writeRates(env.DB, stated);
    if (gone.length > 0) await dropRates(env.DB, gone);
    return c.json({ accepted: rates.length }, 200);
  });
  return app;
}
