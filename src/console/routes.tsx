import { Hono } from "hono";
import type { Context } from "hono";
import type { Services } from "../services";

/** The console's pages. */
export function consoleRoutes(_servicesFor: (context: Context) => Services): Hono {
  return new Hono();
}
