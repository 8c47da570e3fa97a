import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { listFeeds, listRuns } from "../commerce/feed-store";
import type { Services } from "../services";
import type { ServicesFor } from "./api";
import { answer, body, newApi, REFUSALS } from "./api";
import { changeFeed, createFeed, feedOf, fetchFeed, removeFeed } from "./feed-actions";
import { feed, feedChange, feedFile, feedInput, feedKey, showFeed, showRun } from "./feed-schema";
import { idempotencyHeader } from "./idempotency";

const tags = ["Catalogue"];
const LAST_RUNS = 10;
const byKey = z.object({ key: feedKey });

const routes = {
  create: createRoute({
    method: "post",
    path: "/api/feeds",
    tags,
    summary: "Set up a product feed: Google Merchant XML, or CSV",
    description:
      "It is fetched at once and then as often as `every` says. Only items that say something new are written; what a " +
      "feed lists no more is marked and stays.",
    request: { body: body(feedInput), headers: idempotencyHeader },
    responses: { 201: answer("The feed.", feed), ...REFUSALS },
  }),
  list: createRoute({
    method: "get",
    path: "/api/feeds",
    tags,
    summary: "Product feeds with their last run",
    request: { query: z.strictObject({}) },
    responses: { 200: answer("The feeds.", z.object({ data: z.array(feed), next_cursor: z.null() })), ...REFUSALS },
  }),
  get: createRoute({
    method: "get",
    path: "/api/feeds/{key}",
    tags,
    summary: "A feed with what came of its last runs",
    request: { params: byKey, query: z.strictObject({}) },
    responses: { 200: answer("The feed.", feedFile), ...REFUSALS },
  }),
  put: createRoute({
    method: "put",
    path: "/api/feeds/{key}",
    tags,
    summary: "Set a feed up anew",
    request: { params: byKey, body: body(feedChange) },
    responses: { 200: answer("The feed.", feed), ...REFUSALS },
  }),
  remove: createRoute({
    method: "delete",
    path: "/api/feeds/{key}",
    tags,
    summary: "Fetch it no more; its products stay",
    request: { params: byKey },
    responses: { 204: { description: "It is gone." }, ...REFUSALS },
  }),
  fetch: createRoute({
    method: "post",
    path: "/api/feeds/{key}/fetch",
    tags,
    summary: "Fetch a feed now",
    description: "A large feed is written on in the steps that follow every five minutes.",
    request: { params: byKey, headers: idempotencyHeader },
    responses: { 202: answer("The feed with its run.", feed), ...REFUSALS },
  }),
};

async function shown(services: Services, key: string): Promise<z.output<typeof feedFile>> {
  const [found, runs] = await Promise.all([feedOf(services, key), listRuns(services.env.DB, key, LAST_RUNS)]);
  return { ...showFeed(found, runs[0]), runs: runs.map(showRun) };
}

/** Product feeds. */
export function feedRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.create, async (c) => {
    const input = c.req.valid("json");
    await createFeed(servicesFor(c), input);
    const { runs: _runs, ...one } = await shown(servicesFor(c), input.key);
    return c.json(one, 201, { Location: `/api/feeds/${input.key}` });
  });
  app.openapi(routes.list, async (c) => {
    const { DB } = servicesFor(c).env;
    const feeds = await listFeeds(DB);
    const last = await Promise.all(feeds.map(({ key }) => listRuns(DB, key, 1)));
    return c.json({ data: feeds.map((one, index) => showFeed(one, last[index]?.[0])), next_cursor: null }, 200);
  });
  app.openapi(routes.get, async (c) => c.json(await shown(servicesFor(c), c.req.valid("param").key), 200));
  app.openapi(routes.put, async (c) => {
    const { key } = c.req.valid("param");
    await changeFeed(servicesFor(c), key, c.req.valid("json"));
    const { runs: _runs, ...one } = await shown(servicesFor(c), key);
    return c.json(one, 200);
  });
  app.openapi(routes.remove, async (c) => {
    await removeFeed(servicesFor(c), c.req.valid("param").key);
    return c.body(null, 204);
  });
  app.openapi(routes.fetch, async (c) => {
    const { key } = c.req.valid("param");
    await fetchFeed(servicesFor(c), key);
    const { runs: _runs, ...one } = await shown(servicesFor(c), key);
    return c.json(one, 202);
  });
  return app;
}
