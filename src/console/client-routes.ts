import { RULE_BUILDER, RULE_BUILDER_ETAG } from "./client.generated";
import type { ConsoleApp } from "./request";

export const SCRIPT_PATH = "/admin/assets/rule-builder.js";

/** The console's one script, for the page on which rules are written. */
export function addClient(app: ConsoleApp): void {
  app.get(SCRIPT_PATH, (context) => {
    const headers = { ETag: RULE_BUILDER_ETAG, "Cache-Control": "no-cache" };
    if (context.req.header("If-None-Match") === RULE_BUILDER_ETAG) return context.body(null, 304, headers);
    return context.body(RULE_BUILDER, 200, { ...headers, "Content-Type": "text/javascript; charset=utf-8" });
  });
}
