import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import type { Alert } from "../reports/alert";
import { ALERT_RULES } from "../reports/alert";
import type { AlertSettings } from "../reports/alert-settings";
import { alertInput } from "../reports/alert-settings";
import { alertSentence } from "../reports/alert-words";
import type { Services } from "../services";
import { listAlerts } from "../services/alert-rows";
import { alertSecret, readAlertSettings, readBreaker, writeAlertSettings } from "../services/alert-settings";
import { testAlert } from "../services/alerts";
import { Fault } from "../shared/fault";
import { checkOutboundUrl } from "../shared/outbound-url";
import type { ServicesFor } from "./api";
import { answer, body, newApi, REFUSALS, time, timeText, words } from "./api";
import { idempotencyHeader, newId } from "./idempotency";

const tags = ["Operation"];
const none = z.strictObject({});
const LISTED = 100;

const settingsInput = alertInput.openapi("AlertSettings", {
  description:
    "Whom to alert. `silence.gaps` is how many of its usual gaps make a source silent; `silence.sources` sets one source " +
    "to `auto`, `off` or a duration (`PT30M`).",
});

const settings = z
  .object({
    ...alertInput.shape,
    webhook_secret: z.string().nullable().openapi({
      description: "Standard Webhooks: what `webhook-signature` is made with. A new address has a new one.",
    }),
    webhook_state: z.enum(["none", "ok", "failing", "given_up"]),
  })
  .openapi("StoredAlertSettings");

const alert = z
  .object({
    id: z.string(),
    rule: z.enum(Object.keys(ALERT_RULES) as [keyof typeof ALERT_RULES]),
    subject: z.string(),
    opened_at: time,
    closed_at: time.nullable(),
    text: words,
  })
  .openapi("Alert");

const told = z.object({
  data: z.array(
    z.object({
      way: z.string(),
      target: z.string(),
      state: z.string().openapi({ description: "`sent`, `failed`, or `open` where it is tried again." }),
      reason: z.string().nullable(),
    }),
  ),
});

const routes = {
  get: createRoute({
    method: "get",
    path: "/api/settings/alerts",
    tags,
    summary: "Whom operators want alerted, and of what",
    request: { query: none },
    responses: { 200: answer("The settings.", settings), ...REFUSALS },
  }),
  put: createRoute({
    method: "put",
    path: "/api/settings/alerts",
    tags,
    summary: "Set whom to alert, and of what",
    request: { body: body(settingsInput) },
    responses: { 200: answer("The settings as they are now.", settings), ...REFUSALS },
  }),
  test: createRoute({
    method: "post",
    path: "/api/settings/alerts/test",
    tags,
    summary: "Send a test alert to every address",
    request: { headers: idempotencyHeader, body: { required: false, content: body(none).content } },
    responses: { 200: answer("How each address took it.", told), ...REFUSALS },
  }),
  list: createRoute({
    method: "get",
    path: "/api/alerts",
    tags,
    summary: "Alerts, open ones first, then the newest",
    request: { query: none },
    responses: { 200: answer("At most a hundred.", z.object({ data: z.array(alert) })), ...REFUSALS },
  }),
};

/** The settings as the API shows them. */
async function showSettings(services: Services, stored: AlertSettings): Promise<z.output<typeof settings>> {
  const { secretId: _, ...input } = stored;
  const { isOpen, failingSince } = await readBreaker(services.env.DB);
  const state = isOpen ? "given_up" : failingSince === null ? "ok" : "failing";
  return {
    ...input,
    webhook_secret: alertSecret(services, stored),
    webhook_state: stored.webhook === null ? "none" : state,
  };
}

/** Stores whom to alert. Throws invalid-input for an address that we may not call. */
export async function saveAlertSettings(
  services: Services,
  input: z.output<typeof alertInput>,
): Promise<AlertSettings> {
  const { webhook } = input;
  if (webhook !== null) {
    const checked = checkOutboundUrl(webhook.url, services.outbound);
    const errors = checked.ok ? [] : [{ pointer: "/webhook/url", detail: checked.reason }];
    if (errors.length > 0) throw new Fault("invalid-input", "The webhook's address may not be called.", errors);
  }
  const before = await readAlertSettings(services.env.DB);
  const isSame = webhook !== null && webhook.url === before.webhook?.url && before.secretId !== null;
  const secretId = webhook === null ? null : isSame ? before.secretId : crypto.randomUUID();
  const settings_ = { ...input, secretId };
  await writeAlertSettings(services.env.DB, settings_);
  return settings_;
}

function show({ id, rule, subject, facts, openedAt, closedAt }: Alert): z.output<typeof alert> {
  const of = { rule, subject, facts };
  const text = { en: alertSentence(of, "en"), fr: alertSentence(of, "fr") };
  return { id, rule, subject, opened_at: timeText(openedAt), closed_at: timeText(closedAt), text };
}

/** Alerts, and whom they reach. */
export function alertRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.get, async (c) => {
    const services = servicesFor(c);
    return c.json(await showSettings(services, await readAlertSettings(services.env.DB)), 200);
  });
  app.openapi(routes.put, async (c) => {
    const services = servicesFor(c);
    return c.json(await showSettings(services, await saveAlertSettings(services, c.req.valid("json"))), 200);
  });
  app.openapi(routes.test, async (c) => {
    return c.json({ data: await testAlert(servicesFor(c), newId(c, "test")) }, 200);
  });
  app.openapi(routes.list, async (c) => {
    const alerts = await listAlerts(servicesFor(c).env.DB, LISTED);
    return c.json({ data: alerts.map(show) }, 200);
  });
  return app;
}
