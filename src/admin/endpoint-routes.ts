import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { endpointSecret, readEndpoint } from "../services/acts/endpoints";
import { Fault } from "../shared/fault";
import { checkOutboundUrl } from "../shared/outbound-url";
import type { ServicesFor } from "./api";
import { answer, newApi, REFUSALS, time, timeText } from "./api";

const endpoint = z
  .object({
    url: z.string(),
    secret: z.string().openapi({
      description: "Standard Webhooks: what `webhook-signature` is made with. Each origin has its own.",
    }),
    state: z.enum(["ok", "failing", "given_up"]),
    failing_since: time.nullable(),
  })
  .openapi("WebhookEndpoint");

const get = createRoute({
  method: "get",
  path: "/api/webhook-endpoints",
  tags: ["Scenarios"],
  summary: "An address that scenarios call: its signing secret, and how it stands",
  request: {
    query: z.strictObject({ url: z.string().max(2_000).openapi({ example: "https://hooks.shop.example/a" }) }),
  },
  responses: { 200: answer("The address.", endpoint), ...REFUSALS },
});

/** What whoever receives a scenario's webhooks needs to know. */
export function endpointRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(get, async (c) => {
    const services = servicesFor(c);
    const { url } = c.req.valid("query");
    const checked = checkOutboundUrl(url, services.outbound);
    if (!checked.ok) {
      throw new Fault("invalid-input", "The address may not be called.", [{ pointer: "/url", detail: checked.reason }]);
    }
    const failing = await readEndpoint(services.env.DB, url);
    const state = failing === null ? "ok" : failing.is_open === 1 ? "given_up" : "failing";
    const since = failing && timeText(failing.failing_since);
    return c.json({ url, secret: endpointSecret(services, url), state, failing_since: since } as const, 200);
  });
  return app;
}
