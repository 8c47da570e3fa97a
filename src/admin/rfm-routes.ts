import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { dayNumber } from "../segments/rfm/days";
import { METHODS } from "../segments/rfm/definition";
import { matrixByDay } from "../segments/rfm/history";
import { segmentKey } from "../segments/rfm/map";
import type { ScoreRow } from "../segments/rfm/read-store";
import { listScores, readHistory } from "../segments/rfm/read-store";
import { TABLE_OF } from "../segments/rfm/rfm-store";
import type { Services } from "../services";
import { recompute } from "../services/rfm";
import type { ShownRun } from "../services/rfm-answers";
import { marginsOf, readSummary, shownRun } from "../services/rfm-answers";
import { calendarOf } from "../services/rfm-terms";
import { contactId } from "../shared/ids";
import type { ServicesFor } from "./api";
import { answer, body, newApi, REFUSALS, statedTime, timeText } from "./api";
import { idempotencyHeader } from "./idempotency";
import { listOf, Pager, pageQuery } from "./page";
import { scoredContact, showCells, showMargin, showScores, showSegments, summary } from "./rfm-schema";

const tags = ["RFM"];
const run = z
  .enum(["live", "past"])
  .optional()
  .openapi({ description: "The live scores or those of the last analysis; left out, whichever was asked for last." });
const flag = z.enum(["true", "false"]).optional();
const date = z.iso.date("is not a date such as 2026-11-22");

const routes = {
  recompute: createRoute({
    method: "post",
    path: "/api/rfm/recompute",
    tags,
    summary: "Compute scores anew, now or as of another moment",
    description:
      "Without `as_of` these are the live scores, which a new night brings anyway. With it the answer is an analysis of that " +
      "moment over the orders as they are known today; it is shown by the other routes until another is asked for or the " +
      "next night, and leaves the live scores, and whatever follows from them, alone. A large base goes on after the " +
      "answer, which then says `running`.",
    request: {
      headers: idempotencyHeader,
      body: body(
        z
          .strictObject({
            as_of: statedTime.optional(),
            method: z.enum(METHODS).optional().openapi({ description: "For this analysis alone; wants `as_of`." }),
          })
          .refine(({ as_of: asOf, method }) => asOf !== undefined || method === undefined, {
            path: ["method"],
            error: "goes with `as_of`; the method of the live scores is a setting",
          }),
      ),
    },
    responses: { 200: answer("What came of it.", summary), ...REFUSALS },
  }),
  get: createRoute({
    method: "get",
    path: "/api/rfm",
    tags,
    summary: "The matrix: segments and cells with their contacts, orders and revenue",
    request: {
      query: z.strictObject({
        run,
        margin: flag.openapi({ description: "Adds margins up, which reads every order's lines." }),
      }),
    },
    responses: { 200: answer("The matrix.", summary), ...REFUSALS },
  }),
  contacts: createRoute({
    method: "get",
    path: "/api/rfm/contacts",
    tags,
    summary: "Scored contacts",
    request: {
      query: z.strictObject({
        ...pageQuery,
        run,
        segment: z.string().min(1).max(80).optional().openapi({ description: "By its name or key." }),
        cell: z
          .string()
          .regex(/^[1-5]{3}$/, "is no cell such as 555")
          .optional(),
        external_id: z.string().min(1).max(255).optional(),
      }),
    },
    responses: { 200: answer("A page of contacts.", listOf(scoredContact)), ...REFUSALS },
  }),
  history: createRoute({
    method: "get",
    path: "/api/rfm/history",
    tags,
    summary: "The matrix over time, by days of the shop's calendar on which it changed",
    request: { query: z.strictObject({ from: date, to: date, segment: z.string().min(1).max(80).optional() }) },
    responses: {
      200: answer(
        "The days, oldest first.",
        z.object({ data: z.array(summary.pick({ segments: true, cells: true }).extend({ day: z.string() })) }),
      ),
      ...REFUSALS,
    },
  }),
};

const NONE = { as_of: null, run: "live", status: "none", method: "default", methods: null, customers: 0 } as const;

async function summaryOf(
  services: Services,
  shown: ShownRun | null,
  withMargin: boolean,
): Promise<z.output<typeof summary>> {
  if (shown === null) return { ...NONE, segments: [], cells: [], unpriced: [] };
  const { names, kind, run: done, isRunning } = shown;
  const currency = services.config.SHOP_CURRENCY;
  const { matrix, unpriced, margins } = await readSummary(services, shown, withMargin);
  const { plan } = done.rulers;
  return {
    as_of: timeText(done.asOf),
    run: kind,
    status: isRunning ? "running" : "done",
    method: plan.name,
    methods: plan.axes,
    customers: matrix.reduce((sum, { contacts }) => sum + contacts, 0),
    segments: showSegments(matrix, names, currency).map((one) => {
      return { ...one, margin: showMargin(margins?.get(one.key), currency) };
    }),
    cells: showCells(matrix, names, currency),
    unpriced,
  };
}

async function pageOf(services: Services, rows: readonly ScoreRow[], shown: ShownRun) {
  const { config } = services;
  const { of } = calendarOf(services);
  const margins = await marginsOf(
    services,
    shown,
    rows.map(({ contact }) => contact),
  );
  return (row: ScoreRow): z.output<typeof scoredContact> => ({
    id: contactId(row.contact),
    external_id: row.externalId,
    ...showScores(row, of(shown.asOf) - of(row.lastOrderAt), config.SHOP_CURRENCY),
    margin: showMargin(margins?.get(row.contact), config.SHOP_CURRENCY),
  });
}

/** Recency, frequency, monetary value. */
export function rfmRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.recompute, async (c) => {
    const services = servicesFor(c);
    const { as_of: asOf, method } = c.req.valid("json");
    await recompute(services, asOf === undefined ? null : Date.parse(asOf), method);
    return c.json(await summaryOf(services, await shownRun(services), false), 200);
  });
  app.openapi(routes.get, async (c) => {
    const services = servicesFor(c);
    const { run: wanted, margin } = c.req.valid("query");
    return c.json(await summaryOf(services, await shownRun(services, wanted), margin === "true"), 200);
  });
  app.openapi(routes.contacts, async (c) => {
    const services = servicesFor(c);
    const { run: wanted, segment, cell, external_id: externalId, ...query } = c.req.valid("query");
    const shown = await shownRun(services, wanted);
    if (shown === null) return c.json({ data: [], next_cursor: null }, 200);
    const search = { segment, cell, externalId };
    const list = `${c.req.path}?${JSON.stringify([shown.kind, search])}`;
    const pager = new Pager<ScoreRow>(services.config.LINK_SECRET, list, query, ({ contact }) => [contact]);
    const after = Number(pager.after?.[0] ?? 0);
    const rows = await listScores(services.env.DB, TABLE_OF[shown.kind], search, after, pager.limit + 1);
    return c.json(pager.page(rows, await pageOf(services, rows.slice(0, pager.limit), shown)), 200);
  });
  app.openapi(routes.history, async (c) => {
    const services = servicesFor(c);
    const { from, to, segment } = c.req.valid("query");
    const names = (await shownRun(services, "live"))?.names ?? new Map<string, string>();
    const currency = services.config.SHOP_CURRENCY;
    const rows = await readHistory(services.env.DB, from, to, segment === undefined ? undefined : segmentKey(segment));
    const days = dayNumber(from) <= dayNumber(to) ? matrixByDay(rows, from) : [];
    const data = days.map(({ day, cells }) => ({
      day,
      segments: showSegments([...cells], names, currency).map((one) => ({ ...one, margin: null })),
      cells: showCells([...cells], names, currency),
    }));
    return c.json({ data }, 200);
  });
  return app;
}
