import type { Context } from "hono";
import { Hono } from "hono";
import { languageOf, PAGE, PICTURES, PRIVATE, pageOf } from "./common-routes";
import { later } from "./later-routes";
import type { LinkedMessage, TrackingDeps } from "./linked";
import { LandingPage } from "./pages/landing";
import { TextPage } from "./pages/text";
import { UnknownLinkPage } from "./pages/unsubscribe";

type Deps = (context: Context) => TrackingDeps;

/** A mail brings its own styles, and nothing of it may run, send or frame anything. */
const MAIL = {
  ...PRIVATE,
  "Content-Security-Policy":
    "default-src 'none'; img-src https: http: data:; style-src 'unsafe-inline'; font-src https:; base-uri 'none'; " +
    "form-action 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "X-Robots-Tag": "noindex",
};

/** The message as a page, and a page of what it is about. Both are read by whoever has the link, and note nothing. */
export function messagePageRoutes(deps: Deps): Hono {
  const app = new Hono();
  app.onError(later((context) => deps(context).shop));
  app.get("/w/:token", (context) => web(context, deps(context)));
  app.get("/l/:token", (context) => landing(context, deps(context)));
  return app;
}

/** The message of a token; null where there is none, it has run out, or the token is for something else. */
async function find(context: Context, deps: TrackingDeps, purpose: "web" | "landing"): Promise<LinkedMessage | null> {
  const subject = deps.read(purpose, context.req.param("token") ?? "");
  const message = subject && (await deps.message(subject));
  return message && deps.now() <= Math.min(message.until, subject.until ?? message.until) ? message : null;
}

async function web(context: Context, deps: TrackingDeps): Promise<Response> {
  const found = await find(context, deps, "web");
  const rendered = await found?.page();
  if (!rendered) return context.html(<UnknownLinkPage {...pageOf(context, deps.shop)} />, 404, PAGE);
  if (rendered.html !== "") return context.html(rendered.html, 200, MAIL);
  return context.html(<TextPage {...pageOf(context, deps.shop)} {...rendered} />, 200, PAGE);
}

async function landing(context: Context, deps: TrackingDeps): Promise<Response> {
  const found = await find(context, deps, "landing");
  if (!found) return context.html(<UnknownLinkPage {...pageOf(context, deps.shop)} />, 404, PAGE);
  const scope = found.scope();
  // The message's own language, unless the reader chooses.
  const language = context.req.query("lang") === undefined ? scope.language : languageOf(context);
  const page = { language, shop: deps.shop };
  return context.html(<LandingPage {...page} scope={scope} tag={found.tag} />, 200, PICTURES);
}
