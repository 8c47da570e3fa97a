import type { Context, Hono } from "hono";
import { requireAdmin } from "../platform/auth";
import type { Services } from "../services";
import { actRoutes } from "./act-routes";
import { alertRoutes } from "./alert-routes";
import { jsonBody, newApi } from "./api";
import { audienceRoutes } from "./audience-routes";
import { backPopulationRoutes } from "./back-population-routes";
import { brandRoutes } from "./brand-routes";
import { campaignRoutes } from "./campaign-routes";
import { changeRoutes } from "./change-routes";
import { consentRoutes } from "./consent-routes";
import { contactRoutes } from "./contact-routes";
import { contentRoutes } from "./content-routes";
import { decisionRoutes } from "./decision-routes";
import { docsRoutes } from "./docs-routes";
import { documentOf } from "./document";
import { endpointRoutes } from "./endpoint-routes";
import { exportRoutes } from "./export-routes";
import { feedRoutes } from "./feed-routes";
import { idempotent } from "./idempotency";
import { importRoutes } from "./import-routes";
import { loyaltyRoutes } from "./loyalty-routes";
import { mappingRoutes } from "./mapping-routes";
import { mergeRoutes } from "./merge-routes";
import { offerRoutes } from "./offer-routes";
import { privacyRoutes } from "./privacy-routes";
import { productRoutes } from "./product-routes";
import { referralRoutes } from "./referral-routes";
import { rehearsalsRoutes } from "./rehearsals-routes";
import { rejectedRoutes } from "./rejected-routes";
import { reportRoutes } from "./report-routes";
import { rfmRoutes } from "./rfm-routes";
import { rfmSettingsRoutes } from "./rfm-settings-routes";
import { rowRoutes } from "./row-routes";
import { runRoutes } from "./run-routes";
import { scenarioEntryRoutes } from "./scenario-entry-routes";
import { scenarioRoutes } from "./scenario-routes";
import { segmentRoutes } from "./segment-routes";
import { sendRoutes } from "./send-routes";
import { sendingRoutes } from "./sending-routes";
import { sourceRoutes } from "./source-routes";
import { splitRoutes } from "./split-routes";
import { storeRoutes } from "./store-routes";
import { suppressionRoutes } from "./suppression-routes";
import { switchRoutes } from "./switch-routes";
import { tableRoutes } from "./table-routes";
import { targetingRoutes } from "./targeting-routes";
import { taskRoutes } from "./task-routes";
import { templateRoutes } from "./template-routes";
import { versusRoutes } from "./versus-routes";
import { whyRoutes } from "./why-routes";

/** The parts of the API, but for templates, which need no shop. */
const ROUTES = [
  scenarioRoutes,
  scenarioEntryRoutes,
  splitRoutes,
  endpointRoutes,
  backPopulationRoutes,
  runRoutes,
  rehearsalsRoutes,
  versusRoutes,
  actRoutes,
  taskRoutes,
  audienceRoutes,
  campaignRoutes,
  mergeRoutes,
  contactRoutes,
  privacyRoutes,
  decisionRoutes,
  segmentRoutes,
  sendRoutes,
  consentRoutes,
  contentRoutes,
  brandRoutes,
  importRoutes,
  exportRoutes,
  mappingRoutes,
  rejectedRoutes,
  sourceRoutes,
  alertRoutes,
  sendingRoutes,
  suppressionRoutes,
  switchRoutes,
  tableRoutes,
  rowRoutes,
  loyaltyRoutes,
  offerRoutes,
  referralRoutes,
  productRoutes,
  feedRoutes,
  changeRoutes,
  storeRoutes,
  rfmRoutes,
  rfmSettingsRoutes,
  targetingRoutes,
  reportRoutes,
  whyRoutes,
] as const;

/** The API for marketers and operators, and its description. */
export function adminRoutes(servicesFor: (context: Context) => Services): Hono {
  const app = newApi();
  app.use("/api/*", async (context, next) => requireAdmin(() => servicesFor(context).keyring)(context, next));
  app.use("/api/*", jsonBody);
  app.use("/api/*", idempotent(servicesFor));
  app.route("/", templateRoutes());
  for (const routes of ROUTES) app.route("/", routes(servicesFor));
  app.route(
    "/",
    docsRoutes(() => documentOf(app)),
  );
  return app as unknown as Hono;
}
