import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import * as z from "zod";
import type { Services } from "../services";
import type { LiveFamily } from "../services/segments/families";
import { readSnapshot } from "../services/segments/families";
import { keepSegments } from "../services/segments/keep";
import { DAY } from "../shared/clock";
import { localDate } from "../shared/wall-time";
import type { ServicesFor } from "./api";
import { answer, body, newApi, REFUSALS } from "./api";
import { rowOf } from "./contact-path";
import { idempotencyHeader } from "./idempotency";
import { listOf, Pager, pageQuery } from "./page";
import { changeSegment, createSegment, familyOf, patched, removeSegment } from "./segment-actions";
import {
  byKey,
  flow,
  historyDay,
  member,
  segment,
  segmentChange,
  segmentInput,
  segmentPatch,
  showFlow,
  showMember,
  showSegment,
  showTransition,
  span,
  transition,
} from "./segment-schema";
import type { DayRow, MemberRow, TransitionPlace, TransitionRow } from "./segment-store";
import { countMembers, listDays, listMembers, listTransitions, sumFlows, transitionsOf } from "./segment-store";

const tags = ["Segments"];
const none = z.strictObject({});
const oneSegment = z.string().max(80).optional().openapi({ description: "One segment of an exclusive family." });
/** Days that are shown where none are asked for. */
const SHOWN = 90;

const routes = {
  create: createRoute({
    method: "post",
    path: "/api/segments",
    tags,
    summary: "Make a segment, or an exclusive family of segments, and compute it",
    description:
      "Members are kept current as contacts change and each night for what time changes. Who rises moves at once; who " +
      "falls when two nights agree, or at once out of the segment by an act of their own. A first computation triggers nothing.",
    request: { body: body(segmentInput), headers: idempotencyHeader },
    responses: { 201: answer("The segment.", segment), ...REFUSALS },
  }),
  list: createRoute({
    method: "get",
    path: "/api/segments",
    tags,
    summary: "All segments with their sizes",
    request: { query: z.strictObject(pageQuery) },
    responses: { 200: answer("A page of segments.", listOf(segment)), ...REFUSALS },
  }),
  get: createRoute({
    method: "get",
    path: "/api/segments/{key}",
    tags,
    summary: "A segment with its size",
    request: { params: byKey, query: none },
    responses: { 200: answer("The segment.", segment), ...REFUSALS },
  }),
  put: createRoute({
    method: "put",
    path: "/api/segments/{key}",
    tags,
    summary: "Define a segment anew",
    description: "It is computed over everybody again, with the cause `rule`, of which nothing is told.",
    request: { params: byKey, body: body(segmentChange) },
    responses: { 200: answer("The segment.", segment), ...REFUSALS },
  }),
  patch: createRoute({
    method: "patch",
    path: "/api/segments/{key}",
    tags,
    summary: "Change a segment's name or rules",
    request: { params: byKey, body: body(segmentPatch) },
    responses: { 200: answer("The segment.", segment), ...REFUSALS },
  }),
  remove: createRoute({
    method: "delete",
    path: "/api/segments/{key}",
    tags,
    summary: "Delete a segment that nothing uses",
    request: { params: byKey },
    responses: { 204: { description: "It is gone, with its history." }, ...REFUSALS },
  }),
  members: createRoute({
    method: "get",
    path: "/api/segments/{key}/members",
    tags,
    summary: "Who is in a segment",
    request: { params: byKey, query: z.strictObject({ ...pageQuery, segment: oneSegment }) },
    responses: { 200: answer("A page of members.", listOf(member)), ...REFUSALS },
  }),
  transitions: createRoute({
    method: "get",
    path: "/api/segments/{key}/transitions",
    tags,
    summary: "Who moved, from where to where, when and why; newest first, first computations behind them",
    request: {
      params: byKey,
      query: z.strictObject({
        ...pageQuery,
        contact: z.string().max(80).optional().openapi({ description: "The newest of one contact." }),
      }),
    },
    responses: { 200: answer("A page of moves.", listOf(transition)), ...REFUSALS },
  }),
  history: createRoute({
    method: "get",
    path: "/api/segments/{key}/history",
    tags,
    summary: "Sizes and moves by day of the shop's time zone, newest first",
    request: { params: byKey, query: z.strictObject({ ...pageQuery, ...span }) },
    responses: { 200: answer("A page of days.", listOf(historyDay)), ...REFUSALS },
  }),
  flow: createRoute({
    method: "get",
    path: "/api/reports/rfm-flow",
    tags,
    summary: "How many moved between the segments of a family, and into and out of one of them",
    request: {
      query: z.strictObject({
        family: z.string().max(80).default("rfm"),
        segment: z.string().max(80).optional(),
        ...span,
      }),
    },
    responses: { 200: answer("The flow.", flow), ...REFUSALS },
  }),
};

async function shown(services: Services, key: string): Promise<z.output<typeof segment>> {
  const family = await familyOf(services, key);
  const counts = await countMembers(services.env.DB, [key]);
  return showSegment(family, counts.get(key) ?? new Map());
}

/** Work that goes on behind the answer; what is lost of it the sweep does. */
function behindOf(context: Context): (work: Promise<unknown>) => void {
  return (work) => context.executionCtx.waitUntil(work.catch(() => undefined));
}

function daysOf(
  services: Services,
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
): { from: string; to: string } {
  const now = services.clock.now();
  const zone = services.config.SHOP_TIMEZONE;
  return { from: from ?? localDate(now - SHOWN * DAY, zone), to: to ?? localDate(now, zone) };
}

/** Segments: what they are, who is in them, and who moved. */
export function segmentRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  changeRoutes(app, servicesFor);
  memberRoutes(app, servicesFor);
  app.openapi(routes.list, async (c) => {
    const services = servicesFor(c);
    const families = (await readSnapshot(services)).families.toSorted((one, other) => (one.key < other.key ? -1 : 1));
    const place = ({ key }: LiveFamily): string[] => [key];
    const pager = new Pager<LiveFamily>(services.config.LINK_SECRET, c.req.path, c.req.valid("query"), place);
    const after = String(pager.after?.[0] ?? "");
    const page = families.filter(({ key }) => key > after).slice(0, pager.limit + 1);
    const counts = await countMembers(
      services.env.DB,
      page.map(({ key }) => key),
    );
    const show = (family: LiveFamily) => showSegment(family, counts.get(family.key) ?? new Map());
    return c.json(pager.page(page, show), 200);
  });
  app.openapi(routes.get, async (c) => c.json(await shown(servicesFor(c), c.req.valid("param").key), 200));
  app.openapi(routes.history, async (c) => {
    const services = servicesFor(c);
    const { from, to, ...query } = c.req.valid("query");
    const { key } = await familyOf(services, c.req.valid("param").key);
    const days = daysOf(services, { from, to });
    const list = `${c.req.path}?${JSON.stringify([from, to])}`;
    const pager = new Pager<DayRow>(services.config.LINK_SECRET, list, query, (row) => [row.day, row.segment]);
    const below = pager.after ? ([String(pager.after[0]), String(pager.after[1])] as const) : null;
    const rows = await listDays(services.env.DB, key, days, below, pager.limit + 1);
    return c.json(
      pager.page(rows, (row) => ({ ...row })),
      200,
    );
  });
  app.openapi(routes.flow, async (c) => {
    const services = servicesFor(c);
    const { family, segment: wanted = null, ...query } = c.req.valid("query");
    const { key } = await familyOf(services, family);
    const days = daysOf(services, query);
    return c.json(showFlow(key, wanted, days, await sumFlows(services.env.DB, key, wanted, days)), 200);
  });
  return app;
}

function changeRoutes(app: OpenAPIHono, servicesFor: ServicesFor): void {
  app.openapi(routes.create, async (c) => {
    const services = servicesFor(c);
    const input = c.req.valid("json");
    await createSegment(services, input, behindOf(c));
    return c.json(await shown(services, input.key), 201, { Location: `/api/segments/${input.key}` });
  });
  app.openapi(routes.put, async (c) => {
    const services = servicesFor(c);
    const { key } = c.req.valid("param");
    const { name, ...definition } = c.req.valid("json");
    await changeSegment(services, key, { name, definition }, behindOf(c));
    return c.json(await shown(services, key), 200);
  });
  app.openapi(routes.patch, async (c) => {
    const services = servicesFor(c);
    const { key } = c.req.valid("param");
    const patch = c.req.valid("json");
    await changeSegment(services, key, (known) => patched(known, patch), behindOf(c));
    return c.json(await shown(services, key), 200);
  });
  app.openapi(routes.remove, async (c) => {
    const services = servicesFor(c);
    await removeSegment(services, c.req.valid("param").key);
    behindOf(c)(keepSegments(services));
    return c.body(null, 204);
  });
}

function memberRoutes(app: OpenAPIHono, servicesFor: ServicesFor): void {
  app.openapi(routes.members, async (c) => {
    const services = servicesFor(c);
    const { segment: wanted = null, ...query } = c.req.valid("query");
    const { key } = await familyOf(services, c.req.valid("param").key);
    const list = `${c.req.path}?${JSON.stringify(wanted)}`;
    const pager = new Pager<MemberRow>(services.config.LINK_SECRET, list, query, ({ contact }) => [contact]);
    const after = Number(pager.after?.[0] ?? 0);
    const rows = await listMembers(services.env.DB, key, wanted, after, pager.limit + 1);
    return c.json(pager.page(rows, showMember), 200);
  });
  app.openapi(routes.transitions, async (c) => {
    const services = servicesFor(c);
    const { contact, ...query } = c.req.valid("query");
    const { key } = await familyOf(services, c.req.valid("param").key);
    const place = ({ cause, at, contact: row }: TransitionRow): number[] => [cause === "first" ? 1 : 0, at, row];
    const pager = new Pager<TransitionRow>(services.config.LINK_SECRET, c.req.path, query, place);
    const { DB } = services.env;
    if (contact !== undefined) {
      const rows = await transitionsOf(DB, key, await rowOf(services, contact), pager.limit);
      return c.json({ data: rows.map(showTransition), next_cursor: null }, 200);
    }
    const [isFirst, at, row] = (pager.after ?? []).map(Number);
    const from: TransitionPlace | null =
      pager.after === null ? null : { isFirst: isFirst === 1, at: at ?? 0, contact: row ?? 0 };
    return c.json(pager.page(await listTransitions(DB, key, from, pager.limit + 1), showTransition), 200);
  });
}
