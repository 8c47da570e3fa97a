import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import type { EarnedFigures } from "../reports/earned";
import { totalOf } from "../reports/earned";
import { readEarned } from "../reports/earned-store";
import { changeSettings } from "../services/revision";
import { DAY } from "../shared/clock";
import { trackingInput } from "../tracking/settings";
import { putTracking, readTracking } from "../tracking/settings-store";
import type { ServicesFor } from "./api";
import { answer, body, money, newApi, REFUSALS, time, timeText } from "./api";
import { readPeriod } from "./period";
import { scenarioOf } from "./scenario-actions";

const count = z.number().int();
const figures = {
  sends: count.openapi({ description: "Messages that the gate permitted." }),
  sent: count.openapi({ description: "Those that a provider took." }),
  delivered: count.openapi({ description: "As far as the provider tells." }),
  opened: count.openapi({ description: "Opened by a person. Only of those who agreed to be measured." }),
  clicked: count.openapi({ description: "Clicked by a person. Only of those who agreed to be measured." }),
  machine_opened: count.openapi({ description: "Opened by a mail provider or scanner, and by no person." }),
  machine_clicked: count.openapi({ description: "Followed by a scanner, and by no person." }),
  orders: count.openapi({ description: "Sales that count to the messages, as they stand now." }),
  revenue: money.openapi({ description: "What was kept of them: without shipping and what came back." }),
  refunded: money.openapi({ description: "What came back of orders that were counted." }),
  unpriced: count.openapi({ description: "Of the orders, those in a currency that has no rate." }),
};
const totals = z.object(figures).openapi("EarnedFigures");
const line = z
  .object({ block: z.string(), channel: z.string(), content: z.string(), ...figures })
  .openapi("EarnedLine");

const report = z
  .object({
    scenario: z.string(),
    name: z.string(),
    from: time,
    to: time,
    windows: z.record(z.string(), z.string()).openapi({
      description: "How long after a click an order counts to the message, by channel.",
    }),
    totals,
    blocks: z.array(line),
  })
  .openapi("ScenarioReport");

const moment = z.iso.datetime({ offset: true });

const routes = {
  scenario: createRoute({
    method: "get",
    path: "/api/reports/scenarios/{id}",
    tags: ["Reports"],
    summary: "What a scenario's messages came to",
    description:
      "Messages made in the period (90 days up to now where none is named), and orders placed in it. An order counts to the " +
      "last message that the customer clicked within its channel's window, or whose coupon the order used; clicks of " +
      "machines count nowhere. Cancelled and refunded orders are taken back.",
    request: {
      params: z.object({ id: z.string().min(1).max(80) }),
      query: z.strictObject({ from: moment.optional(), to: moment.optional() }),
    },
    responses: { 200: answer("The figures.", report), ...REFUSALS },
  }),
  settings: createRoute({
    method: "get",
    path: "/api/settings/tracking",
    tags: ["Reports"],
    summary: "How links are made, and how long a click counts",
    request: { query: z.strictObject({}) },
    responses: { 200: answer("What is set, or what the product comes with.", trackingInput), ...REFUSALS },
  }),
  putSettings: createRoute({
    method: "put",
    path: "/api/settings/tracking",
    tags: ["Reports"],
    summary: "Set parameters for the shop's statistics, and windows of attribution",
    description:
      "Stated as a whole: what is left out is as the product comes with it. `utm` is put into links to the shop's own pages, in " +
      "messages that are decided from then on. A window holds for orders that are told of from then on.",
    request: { body: body(trackingInput) },
    responses: { 200: answer("What is set now.", trackingInput), ...REFUSALS },
  }),
};

function show(line: EarnedFigures, currency: string): z.output<typeof totals> {
  const { revenue, refunded } = line;
  return { ...line, revenue: { amount: revenue, currency }, refunded: { amount: refunded, currency } };
}

/** Figures of what messages earned, and what they are counted by. */
export function reportRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.scenario, async (c) => {
    const services = servicesFor(c);
    const { env, config, clock } = services;
    const stored = await scenarioOf(services, c.req.valid("param").id);
    const query = c.req.valid("query");
    const to = query.to ?? timeText(clock.now() + 1);
    const period = readPeriod(query.from ?? timeText(Date.parse(to) - 90 * DAY), to);
    const currency = config.SHOP_CURRENCY;
    const [lines, settings] = await Promise.all([
      readEarned(env.DB, stored.id, period, currency),
      readTracking(env.DB),
    ]);
    const blocks = lines.map((one) => ({ ...one, ...show(one, currency) }));
    const [from, until] = [timeText(period.from), timeText(period.to)];
    const about = { scenario: stored.id, name: stored.name, from, to: until, windows: settings.windows };
    return c.json({ ...about, totals: show(totalOf(lines), currency), blocks }, 200);
  });
  app.openapi(routes.settings, async (c) => c.json(await readTracking(servicesFor(c).env.DB), 200));
  app.openapi(routes.putSettings, async (c) => {
    const services = servicesFor(c);
    const settings = c.req.valid("json");
    // Messages are made by what the shards know: they are told.
    await changeSettings(services, [putTracking(services.env.DB, settings)]);
    return c.json(settings, 200);
  });
  return app;
}
