import { Hono } from "hono";
import { SNIPPET, SNIPPET_ETAG } from "./snippet.generated";

/** What a shop's pages load from here. Public: no key, no cookie, any origin. */
export function storefrontRoutes(): Hono {
  const app = new Hono();

  app.get("/r.js", (c) => {
    const headers = {
      "Access-Control-Allow-Origin": "*",
      "Cache-Control": "public, max-age=3600",
      "Cross-Origin-Resource-Policy": "cross-origin",
      "X-Content-Type-Options": "nosniff",
      ETag: SNIPPET_ETAG,
    };
    // A cache on the way that compresses marks the tag as weak; the text is the same.
    const known = (c.req.header("If-None-Match") ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
    if (known.includes(SNIPPET_ETAG)) return c.body(null, 304, headers);
    return c.body(SNIPPET, 200, { ...headers, "Content-Type": "text/javascript; charset=utf-8" });
  });

  return app;
}
