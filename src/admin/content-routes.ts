import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { contentInput } from "../sends/input";
import type { Services } from "../services";
import { changeSettings } from "../services/revision";
import { Fault } from "../shared/fault";
import type { ServicesFor } from "./api";
import { answer, body, newApi, REFUSALS, time, timeText } from "./api";
import type { ListedContent } from "./content-store";
import { contentInsertion, listContents } from "./content-store";
import { idempotencyHeader } from "./idempotency";

const tags = ["Contents"];

const content = z
  .object({
    key: z.string(),
    channel: z.string(),
    class: z.string(),
    needs: z.array(z.string()).openapi({ description: "What a message must have at hand to be made." }),
    version: z.number().int(),
    origin: z.enum(["starter", "own"]).openapi({ description: "Brought by the product, or written by the shop." }),
    created_at: time.nullable(),
  })
  .openapi("Content");

const routes = {
  list: createRoute({
    method: "get",
    path: "/api/contents",
    tags,
    summary: "Every content, as it is sent now",
    request: { query: z.strictObject({}) },
    responses: {
      200: answer("All contents, by key.", z.object({ data: z.array(content), next_cursor: z.null() })),
      ...REFUSALS,
    },
  }),
  create: createRoute({
    method: "post",
    path: "/api/contents",
    tags,
    summary: "Store a new version of a content, in both languages",
    description: "It is what every message that is decided from now on is made of. Templates are Liquid.",
    request: { body: body(contentInput), headers: idempotencyHeader },
    responses: { 201: answer("The content with its version.", content), ...REFUSALS },
  }),
};

function show({ createdAt, needs, ...row }: ListedContent): z.output<typeof content> {
  return { ...row, needs: [...needs], created_at: timeText(createdAt) };
}

/** Stores a content as the next version of its key. Throws unprocessable where the key is another channel's. */
async function storeContent(services: Services, input: z.output<typeof contentInput>): Promise<ListedContent> {
  const { DB } = services.env;
  const known = (await listContents(DB)).find(({ key }) => key === input.key);
  if (known && known.channel !== input.channel) {
    const errors = [{ pointer: "/channel", detail: `is ${known.channel} for this key` }];
    throw new Fault("unprocessable", "Scenarios send this key by another channel. Take another key.", errors);
  }
  const now = services.clock.now();
  const [stored] = await changeSettings(services, [contentInsertion(DB, input, now)]);
  const version = (stored?.results[0] as { version: number } | undefined)?.version ?? 0;
  const { key, channel, class: kind, needs } = input;
  return { key, channel, class: kind, needs, version, origin: "own", createdAt: now };
}

/** What messages are made of. */
export function contentRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.list, async (c) => {
    return c.json({ data: (await listContents(servicesFor(c).env.DB)).map(show), next_cursor: null }, 200);
  });
  app.openapi(routes.create, async (c) => c.json(show(await storeContent(servicesFor(c), c.req.valid("json"))), 201));
  return app;
}
