import type { Context } from "hono";
import { Hono } from "hono";
import { checkOrigin, safeNext } from "../console/access";
import type { ConsoleContext } from "../console/request";
import { formOf } from "../console/request";
import { demoStanding } from "../console/standing";
import { listScenarios } from "../console/store";
import { type View, viewOf } from "../console/view";
import { type ScenarioNames, scenarioNames } from "../console/words/scenarios";
import type { Services } from "../services";
import { readInbox, readInboxMessage } from "./inbox-store";
import { INBOX_SHEET } from "./inbox-style";
import { GonePage, InboxPage, MessagePage, SANDBOX } from "./inbox-views";

const HEADERS: Readonly<Record<string, string>> = {
  "Cache-Control": "no-store",
  "Content-Security-Policy":
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "Referrer-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
};
const LETTER_HEADERS: Readonly<Record<string, string>> = {
  ...HEADERS,
  "Content-Security-Policy":
    "default-src 'none'; img-src * data:; style-src 'unsafe-inline'; font-src *; form-action 'none'; base-uri 'none'; " +
    `frame-ancestors 'self'; sandbox ${SANDBOX}`,
};
const REFRESH_SECONDS = 5;

type ServicesFor = (context: Context) => Services;

/**
 * The inbox as pages, and the forms that move the clock. `advance` moves our time on by an ISO 8601 duration; it
 * throws a Fault for any other text.
 */
export function inboxPages(
  servicesFor: ServicesFor,
  advance: (services: Services, duration: string) => Promise<void>,
): Hono {
  const app = new Hono();
  app.get("/dev/inbox", (context) => inbox(context, servicesFor(context)));
  app.get("/dev/inbox/style.css", (context) =>
    context.body(INBOX_SHEET, 200, { "Content-Type": "text/css; charset=utf-8", "Cache-Control": "no-cache" }),
  );
  app.post("/dev/inbox/clock", async (context) => {
    checkOrigin(context);
    const form = new URLSearchParams(await context.req.text());
    await advance(servicesFor(context), form.get("advance") ?? "");
    return context.redirect("/dev/inbox", 303);
  });
  // Stands behind the console's door: its middleware has asked who sends the form, and from where.
  app.post("/admin/clock", async (context) => {
    const form = await formOf(context as unknown as ConsoleContext);
    await advance(servicesFor(context), form.get("advance") ?? "");
    return context.redirect(safeNext(form.get("back")), 303);
  });
  app.get("/dev/inbox/:id/html", (context) => letter(context, servicesFor(context)));
  app.get("/dev/inbox/:id", (context) => message(context, servicesFor(context)));
  return app;
}

async function inbox(context: Context, services: Services): Promise<Response> {
  const view = viewOf(context, services, await demoStanding(services));
  const { channel = "", to = "", auto } = view.query;
  const messages = await readInbox(services.env.DB, channel || null, to.trim() || null, 200);
  const names = await namesFor(view, services);
  // Whoever is typing a filter must not lose it to a reload.
  const refreshes = channel === "" && to === "" && auto !== "off";
  return context.html(
    <InboxPage view={view} messages={messages} names={names} refresh={refreshes ? REFRESH_SECONDS : null} />,
    200,
    HEADERS,
  );
}

async function message(context: Context, services: Services): Promise<Response> {
  const view = viewOf(context, services, await demoStanding(services));
  const found = await readInboxMessage(services.env.DB, context.req.param("id") ?? "");
  if (!found) return context.html(<GonePage view={view} />, 404, HEADERS);
  return context.html(<MessagePage view={view} message={found} names={await namesFor(view, services)} />, 200, HEADERS);
}

/** The letter by itself, with every link leading out of its frame. */
async function letter(context: Context, services: Services): Promise<Response> {
  const found = await readInboxMessage(services.env.DB, context.req.param("id") ?? "");
  if (!found) return context.text("", 404, HEADERS);
  const base = '<base target="_top">';
  const html = /<head[^>]*>/i.test(found.html) ? found.html.replace(/<head[^>]*>/i, `$&${base}`) : base + found.html;
  return context.html(html, 200, LETTER_HEADERS);
}

async function namesFor(view: View, { env }: Services): Promise<ScenarioNames> {
  return scenarioNames(await listScenarios(env.DB), view.language);
}
