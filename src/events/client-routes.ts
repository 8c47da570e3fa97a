import type { Context } from "hono";
import { Hono } from "hono";

/** What every answer to a browser says, a refusal too. */
export const CORS = {
  // No cookies are ever read here, so any page may send events; credentials are not allowed.
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Methods": "POST, GET, OPTIONS",
  // Without it a browser's client cannot see how long it is asked to wait.
  "Access-Control-Expose-Headers": "retry-after",
};

const HEADERS = "authorization, content-type, anonymousid, sentat, x-retry-count";

/** What browsers and their clients ask before they send: preflights, Segment's settings, RudderStack's source. */
export function clientRoutes(): Hono {
  const app = new Hono();
  for (const path of ["/v1/*", "/beacon/*", "/sourceConfig/*"]) app.options(path, preflight);
  app.get("/v1/projects/:writeKey/settings", (context) =>
    answer(segmentSettings(context.req.param("writeKey"), new URL(context.req.url))),
  );
  app.get("/sourceConfig/", (context) => answer(sourceConfig(context.req.query("writeKey") ?? "")));
  return app;
}

/** An answer that any page may read. */
export function answer(body: object): Response {
  return new Response(JSON.stringify(body), { headers: { "Content-Type": "application/json", ...CORS } });
}

/**
 * The headers that are asked for are allowed: clients add some of their own, RudderStack's only when it sends something
 * again, and none of them means anything here.
 */
function preflight(context: Context): Response {
  const asked = (context.req.header("Access-Control-Request-Headers") ?? "").toLowerCase().split(",");
  const names = asked.map((name) => name.trim()).filter((name) => /^[a-z0-9-]{1,64}$/.test(name));
  const allowed = names.length > 0 ? names.slice(0, 32).join(", ") : HEADERS;
  const headers = { ...CORS, "Access-Control-Allow-Headers": allowed, "Access-Control-Max-Age": "86400" };
  return new Response(null, { status: 204, headers: { ...headers, Vary: "Access-Control-Request-Headers" } });
}

/** Where a page names no host, events come here and not to Segment. */
function segmentSettings(apiKey: string, { host, protocol }: URL): object {
  const segment = { apiKey, apiHost: `${host}/v1`, protocol: protocol.replace(":", "") };
  return { integrations: { "Segment.io": segment }, plan: {}, edgeFunction: {} };
}

function sourceConfig(writeKey: string): object {
  const source = {
    id: "relance",
    name: "relance",
    writeKey,
    enabled: true,
    config: {},
    connections: [],
    destinations: [],
  };
  return { source, consentManagementMetadata: { providers: [] } };
}
