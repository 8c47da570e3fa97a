import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import type { KeptRefusals } from "../reports/rejection-store";
import { readKeptRefusals } from "../reports/rejection-store";
import type { SourceFigures } from "../reports/source-figures";
import type { Services } from "../services";
import { readAlertSettings } from "../services/alert-settings";
import { askLedger, readAllSources } from "../services/sources";
import { readStandingOf } from "../services/standing";
import { DAY } from "../shared/clock";
import { Fault } from "../shared/fault";
import type { ServicesFor } from "./api";
import { answer, newApi, REFUSALS } from "./api";
import { showSource, source } from "./source-schema";

const tags = ["Operation"];
const none = z.strictObject({});
/** Refusals as old as they are kept, and no example of what has been mended long ago. */
export const KEPT_SINCE = 7 * DAY;

const health = z
  .object({
    status: z.enum(["ok", "lagging"]),
    ledger: z.object({
      reachable: z.boolean(),
      applied: z.number().int(),
      woken: z.number().int().openapi({ description: "Up to here contacts' shards have answered." }),
      newest: z.number().int(),
      lag_ms: z.number().int().openapi({ description: "Age of the oldest request that contacts have not heard of." }),
      side_rows: z.number().int().openapi({ description: "Requests accepted beside the ledger." }),
      side_age_ms: z.number().int(),
    }),
    queues: z
      .array(z.object({ channel: z.string(), waiting: z.number().int(), age_ms: z.number().int() }))
      .openapi({ description: "Channels with messages that are ten minutes past their time." }),
  })
  .openapi("Health");

const routes = {
  list: createRoute({
    method: "get",
    path: "/api/sources",
    tags,
    summary: "Every source of events, with its rate, its rejections by reason, and its clients' clocks",
    request: { query: none },
    responses: {
      200: answer("The sources, those heard of last first.", z.object({ data: z.array(source) })),
      ...REFUSALS,
    },
  }),
  get: createRoute({
    method: "get",
    path: "/api/sources/{source}",
    tags,
    summary: "One source of events",
    request: { params: z.object({ source: z.string().min(1).max(100) }), query: none },
    responses: { 200: answer("The source.", source), ...REFUSALS },
  }),
  health: createRoute({
    method: "get",
    path: "/api/health",
    tags,
    summary: "Whether everything that was accepted has been acted on",
    request: { query: none },
    responses: { 200: answer("Where ledger and queues stand.", health), ...REFUSALS },
  }),
};

/** Every source and what of it can be replayed, as it is at this moment. */
export async function sourcesOf(
  services: Services,
): Promise<{ readonly sources: readonly SourceFigures[]; readonly kept: readonly KeptRefusals[] }> {
  const { DB } = services.env;
  // What it has counted so far is written by its answer.
  await askLedger(services);
  const [settings, kept] = await Promise.all([
    readAlertSettings(DB),
    readKeptRefusals(DB, services.clock.now() - KEPT_SINCE, null),
  ]);
  return { sources: await readAllSources(services, settings), kept };
}

/** What operators see of sources and of the way behind them. */
export function sourceRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.list, async (c) => {
    const { sources, kept } = await sourcesOf(servicesFor(c));
    return c.json({ data: sources.map((one) => showSource(one, kept)) }, 200);
  });
  app.openapi(routes.get, async (c) => {
    const { sources, kept } = await sourcesOf(servicesFor(c));
    const found = sources.find((one) => one.source === c.req.valid("param").source);
    if (!found) throw new Fault("not-found", "Nothing has come from this source.");
    return c.json(showSource(found, kept), 200);
  });
  app.openapi(routes.health, async (c) => {
    const { ledger, queues } = await readStandingOf(servicesFor(c));
    const { lagMs, sideRows, sideAgeMs, ...rest } = ledger;
    const isOk = ledger.reachable && lagMs === 0 && sideRows === 0 && queues.length === 0;
    const late = queues.map(({ ageMs, ...queue }) => ({ ...queue, age_ms: ageMs }));
    return c.json(
      {
        status: isOk ? ("ok" as const) : ("lagging" as const),
        ledger: { ...rest, lag_ms: lagMs, side_rows: sideRows, side_age_ms: sideAgeMs },
        queues: late,
      },
      200,
    );
  });
  return app;
}
