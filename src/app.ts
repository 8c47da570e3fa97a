import type { Context } from "hono";
import { Hono } from "hono";
import { rehearsalRoutes } from "./admin/rehearsal-routes";
import { adminRoutes } from "./admin/routes";
import { consoleRoutes } from "./console/routes";
import { ingestRoutes } from "./events/routes";
import { webhookRoutes } from "./events/webhook-routes";
import { localClock } from "./local/clock";
import { mountLocal } from "./local/mount";
import { notFound, onError } from "./platform/http";
import { VERSION } from "./platform/version";
import type { Services } from "./services";
import { servicesOf } from "./services";
import { optinDeps, preferenceDeps, subscribeDeps } from "./services/consent-pages";
import type { Env } from "./services/env";
import { ingestDeps, referralDeps } from "./services/ingest";
import { trackingDeps } from "./services/message-links";
import { providerDeps } from "./services/provider-webhooks";
import { textDeps } from "./services/text-messages";
import { webhookDeps } from "./services/webhooks";
import { storefrontRoutes } from "./storefront/routes";
import { feedbackRoutes } from "./tracking/feedback-routes";
import { messagePageRoutes } from "./tracking/message-page-routes";
import { optinRoutes } from "./tracking/optin-routes";
import { preferenceRoutes } from "./tracking/preference-routes";
import { providerRoutes } from "./tracking/provider-routes";
import { referralLinkRoutes } from "./tracking/referral-routes";
import { trackingRoutes } from "./tracking/routes";
import { subscribeRoutes } from "./tracking/subscribe-routes";
import { textRoutes } from "./tracking/text-routes";

/** Makes something of the services once, and again only for another environment. */
function once<Made>(make: (services: Services) => Made): (context: Context) => Made {
  let last: { services: Services; made: Made } | null = null;
  return (context) => {
    const services = servicesFor(context);
    if (last?.services !== services) last = { services, made: make(services) };
    return last.made;
  };
}

function servicesFor(context: Context): Services {
  return servicesOf(context.env as Env);
}

/** The whole HTTP surface: what is mounted where, and how errors leave. */
export function createApp(): Hono {
  const app = new Hono();
  app.onError(onError);
  app.notFound(notFound);
  if (__LOCAL__) {
    app.use(async (context, next) => {
      if (!localClock.isLoaded) await servicesFor(context).ready();
      await next();
    });
  }
  app.get("/health", (context) => context.json({ status: "ok", version: VERSION }));
  app.route("/", ingestRoutes(once(ingestDeps)));
  app.route("/", webhookRoutes(once(webhookDeps)));
  app.route("/", providerRoutes(once(providerDeps)));
  app.route("/", textRoutes(once(textDeps)));
  app.route("/", trackingRoutes(once(trackingDeps)));
  app.route("/", messagePageRoutes(once(trackingDeps)));
  app.route("/", feedbackRoutes(once(trackingDeps)));
  app.route("/", referralLinkRoutes(once(referralDeps)));
  app.route("/", subscribeRoutes(once(subscribeDeps)));
  app.route("/", optinRoutes(once(optinDeps)));
  app.route("/", preferenceRoutes(once(preferenceDeps)));
  app.route("/", storefrontRoutes());
  app.route("/", rehearsalRoutes(servicesFor));
  app.route("/", adminRoutes(servicesFor));
  app.route("/", consoleRoutes(servicesFor));
  if (__LOCAL__) mountLocal(app, servicesFor);
  return app;
}
