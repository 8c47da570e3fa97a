import type { Context } from "hono";
import { Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { onError } from "../platform/http";
import type { Services } from "../services";
import { Access, checkOrigin, safeNext } from "./access";
import { addActs } from "./act-routes";
import { addActions } from "./action-routes";
import { addBrand } from "./brand-routes";
import { addCampaigns } from "./campaign-routes";
import { addCatalogue } from "./catalogue-routes";
import { addClient } from "./client-routes";
import { addContents } from "./content-routes";
import { addDelivery } from "./delivery-routes";
import { addExports } from "./export-routes";
import { addImports } from "./import-routes";
import { addPages } from "./page-routes";
import { ICON } from "./pages/icons";
import { LoginPage } from "./pages/login";
import { MessagePage } from "./pages/message";
import { addPrivacy } from "./privacy-routes";
import { addRehearsals } from "./rehearsal-routes";
import type { ConsoleApp, ConsoleContext, ConsoleEnv } from "./request";
import { formOf, pageOf } from "./request";
import { addRfm } from "./rfm-routes";
import { addRfmSettings } from "./rfm-settings-routes";
import { addRfmTime } from "./rfm-time-routes";
import { addScenarios } from "./scenario-routes";
import { addSegmentForm } from "./segment-form-routes";
import { addSegments } from "./segment-routes";
import { addSending } from "./sending-routes";
import { addSources } from "./source-routes";
import { demoStanding } from "./standing";
import { CONSOLE_SHEET, CONSOLE_SHEET_ETAG } from "./style/sheet";
import { addTracking } from "./tracking-routes";
import { viewOf } from "./view";
import { addWhy } from "./why-routes";

/**
 * Pages run no script and take nothing from elsewhere: whatever a contact is called stays a text. The form in which
 * rules are written names the one script that it runs.
 */
const POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const HEADERS: Readonly<Record<string, string>> = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": POLICY,
  "Cross-Origin-Opener-Policy": "same-origin",
  "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
  // Not `no-referrer`: with it browsers state `Origin: null` for our own forms.
  "Referrer-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
};

/** The console's pages. */
export function consoleRoutes(servicesFor: (context: Context) => Services): Hono {
  const app: ConsoleApp = new Hono<ConsoleEnv>();
  let door: { services: Services; access: Access } | null = null;
  app.onError((error, context) => errorPage(error, context));
  app.use("/admin/*", async (context, next) => {
    const services = servicesFor(context);
    if (door?.services !== services) door = { services, access: new Access(services) };
    for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
    context.set("services", services);
    context.set("access", door.access);
    context.set("view", viewOf(context, services));
    if (context.req.method !== "GET" && context.req.method !== "HEAD") checkOrigin(context);
    await next();
  });
  addAssets(app);
  addDoor(app);
  app.use("/admin/*", onlyVisitors);
  app.post("/admin/logout", signOut);
  addClient(app);
  addPages(app);
  addActions(app);
  addPrivacy(app);
  addDelivery(app);
  addSources(app);
  addImports(app);
  addExports(app);
  addCatalogue(app);
  addContents(app);
  addBrand(app);
  addTracking(app);
  addRehearsals(app);
  addRfm(app);
  addRfmSettings(app);
  addRfmTime(app);
  addSegmentForm(app);
  addSegments(app);
  addSending(app);
  addWhy(app);
  addActs(app);
  addCampaigns(app);
  addScenarios(app);
  app.get("/admin/*", (context) => {
    const { view } = context.var;
    const text = view.say("The address leads nowhere.", "Cette adresse ne mène nulle part.");
    return pageOf(context, <MessagePage view={view} title={view.say("Nothing here", "Rien ici")} text={text} />, 404);
  });
  return app as unknown as Hono;
}

function addAssets(app: ConsoleApp): void {
  app.get("/admin/assets/console.css", (context) => {
    const headers = { ETag: CONSOLE_SHEET_ETAG, "Cache-Control": "no-cache" };
    if (context.req.header("If-None-Match") === CONSOLE_SHEET_ETAG) return context.body(null, 304, headers);
    return context.body(CONSOLE_SHEET, 200, { ...headers, "Content-Type": "text/css; charset=utf-8" });
  });
  app.get("/admin/assets/icon.svg", (context) =>
    context.body(ICON, 200, { "Content-Type": "image/svg+xml", "Cache-Control": "public, max-age=86400" }),
  );
}

function addDoor(app: ConsoleApp): void {
  app.get("/admin/login", async (context) => {
    const { access, view } = context.var;
    if (await access.visitor(context)) return context.redirect("/admin", 303);
    return pageOf(context, <LoginPage view={view} next={safeNext(view.query["next"])} problem={null} />);
  });
  app.post("/admin/login", async (context) => {
    const { access, view } = context.var;
    const form = await formOf(context);
    const next = safeNext(form.get("next"));
    const wait = access.wait(context);
    if (wait > 0) {
      context.header("Retry-After", String(wait));
      return pageOf(context, <LoginPage view={view} next={next} problem="limited" />, 429);
    }
    // A pasted key often brings a line break along.
    const key = (form.get("key") ?? "").trim();
    if (!(await access.signIn(context, key))) {
      return pageOf(context, <LoginPage view={view} next={next} problem="wrong" />, 401);
    }
    return context.redirect(next, 303);
  });
}

/** Everything behind here needs a session or the admin key; whoever has none meets the login. */
async function onlyVisitors(context: ConsoleContext, next: () => Promise<void>): Promise<Response | undefined> {
  const { access, services } = context.var;
  const visitor = await access.visitor(context);
  if (!visitor) {
    const { view } = context.var;
    return pageOf(context, <LoginPage view={view} next={safeNext(context.req.path)} problem={null} />, 401);
  }
  const { session, formToken } = visitor;
  context.set("visitor", visitor);
  const demo = services.isLocal ? await demoStanding(services) : {};
  context.set("view", viewOf(context, services, { formToken, hasSession: session !== null, ...demo }));
  await next();
  return undefined;
}

async function signOut(context: ConsoleContext): Promise<Response> {
  const { access, visitor } = context.var;
  await formOf(context);
  if (visitor?.session) await access.signOut(context, visitor.session);
  return context.redirect("/admin/login", 303);
}

/** A refusal as a page. Programs, which bring their key in the header, get the problem itself. */
async function errorPage(error: Error, context: ConsoleContext): Promise<Response> {
  const answer = onError(error, context);
  const { view } = context.var;
  if (!view || context.req.header("Authorization") !== undefined) return answer;
  const { detail, errors, status } = await answer.json<{
    detail: string;
    errors: { detail: string }[];
    status: ContentfulStatusCode;
  }>();
  const text = [detail, ...errors.map((one) => one.detail)].join(" ");
  const title = view.say("That could not be done", "Cela n’a pas pu être fait");
  return pageOf(context, <MessagePage view={view} title={title} text={text} />, status);
}
