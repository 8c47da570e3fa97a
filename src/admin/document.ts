import type { OpenAPIHono } from "@hono/zod-openapi";
import { VERSION } from "../platform/version";
import { graphSchemas } from "./graph-schema";
import { registerPublicPaths } from "./public-paths";
import { registerRehearsal } from "./rehearsal-schema";

/** The document of the whole HTTP surface, as OpenAPI 3.1. */
export type ApiDocument = ReturnType<OpenAPIHono["getOpenAPI31Document"]>;

const DESCRIPTION =
  "JSON throughout. Errors are `application/problem+json` on every status. Lists are `{data, next_cursor}` with " +
  "`?limit=` and `?cursor=`. Times are ISO 8601 in UTC, money is in minor units. A POST that creates takes an " +
  "`Idempotency-Key`. Unknown fields are refused with their place.";

/** The chapters, in order. */
const TAGS = [
  "Events in",
  "Scenarios",
  "Contacts",
  "Segments",
  "Loyalty",
  "Coupons",
  "Privacy",
  "Messages",
  "Contents",
  "Imports",
  "Events",
  "Operation",
  "Links out",
  "Shop front",
  ...(__LOCAL__ ? ["On this machine only"] : []),
];

/** Completes an app's registry with what its routes do not say, and makes the document of it. Call once. */
export function documentOf(app: OpenAPIHono): ApiDocument {
  const registry = app.openAPIRegistry;
  registerRehearsal(app);
  registerPublicPaths(app);
  for (const [name, schema] of Object.entries(graphSchemas())) registry.registerComponent("schemas", name, schema);
  const keys = { adminKey: "An admin key.", ingestBearer: "A write key or a secret key." };
  for (const [name, description] of Object.entries(keys)) {
    registry.registerComponent("securitySchemes", name, { type: "http", scheme: "bearer", description });
  }
  const basic = { type: "http", scheme: "basic", description: "The key as user name, no password." } as const;
  registry.registerComponent("securitySchemes", "ingestBasic", basic);
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: { title: "Relance", version: VERSION, description: DESCRIPTION, license: { name: "MIT" } },
    security: [{ adminKey: [] }],
    tags: TAGS.map((name) => ({ name })),
  });
}
