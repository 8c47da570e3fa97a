import type { Context } from "hono";
import { Hono } from "hono";
import { requireAdmin } from "../platform/auth";
import type { Services } from "../services";

/** The API for marketers and operators. */
export function adminRoutes(servicesFor: (context: Context) => Services): Hono {
  const app = new Hono();
  app.use("/api/*", async (context, next) => requireAdmin(() => servicesFor(context).keyring)(context, next));
  app.get("/api/ping", (context) => context.json({ ok: true }));
  return app;
}
