import type { Context, Hono } from "hono";
import type { Services } from "../services";
import { demoShop } from "./demo-server";
import { localRoutes } from "./routes";

/** Mounts everything that exists only on a developer's machine. */
export function mountLocal(app: Hono, servicesFor: (context: Context) => Services): void {
  app.route("/", localRoutes(servicesFor));
  const shops = new WeakMap<Services, Hono>();
  const shop = (context: Context): Hono => {
    const services = servicesFor(context);
    const known = shops.get(services) ?? demoShop(services);
    shops.set(services, known);
    return known;
  };
  app.all("/demo", (context) => shop(context).fetch(context.req.raw));
  app.all("/demo/*", (context) => shop(context).fetch(context.req.raw));
}
