import { listRejected } from "../admin/rejected-store";
import { listSends } from "../admin/send-store";
import { readOpenAlerts } from "../services/alert-rows";
import { contactId, contactRow } from "../shared/ids";
import { findContact, readContactFile } from "./contact-store";
import { bucketCounts } from "./fates";
import { ContactPage } from "./pages/contact";
import { DecisionsPage, MessagesPage, RejectedPage, SEND_CHOICES } from "./pages/lists";
import { OverviewPage } from "./pages/overview";
import { cutPage } from "./paging";
import { periodOf } from "./period";
import type { ConsoleApp, ConsoleContext } from "./request";
import { nothing, pageOf } from "./request";
import { contactScores } from "./rfm-routes";
import { namedTerms } from "./segment-names";
import type { After } from "./store";
import { listDecisions, listScenarios, listStuckSends, readFigures, readStanding } from "./store";
import { scenarioNames } from "./words/scenarios";

const ON_OVERVIEW = 8;
const ON_PAGE = 50;

/** The pages that can be looked at. */
export function addPages(app: ConsoleApp): void {
  app.get("/admin", overview);
  app.get("/admin/decisions", decisions);
  app.get("/admin/messages", messages);
  app.get("/admin/rejected", rejected);
  app.get("/admin/contacts", contactSearch);
  app.get("/admin/contacts/:id", contact);
}

async function overview(context: ConsoleContext): Promise<Response> {
  const { view, services } = context.var;
  const { DB } = services.env;
  const period = periodOf(view.query["period"], view.now, view.zone);
  const everything = { outcome: null, scenario: null, after: null };
  const [standing, scenarios, figures, last, sends, rejections, openAlerts] = await Promise.all([
    readStanding(DB),
    listScenarios(DB),
    readFigures(DB, period.since),
    listDecisions(DB, everything, ON_OVERVIEW),
    listStuckSends(DB, ON_OVERVIEW),
    listRejected(DB, null, ON_OVERVIEW / 2),
    readOpenAlerts(DB),
  ]);
  const { fates, runs } = figures;
  const bars = bucketCounts(figures.slots, period);
  const terms = await namedTerms(services, scenarios);
  const { ready } = services.briefing;
  const found = {
    period,
    standing,
    ready,
    scenarios,
    fates,
    runs,
    bars,
    decisions: last,
    sends,
    rejected: rejections,
    openAlerts,
  };
  return pageOf(context, <OverviewPage view={{ ...view, terms }} overview={found} />);
}

async function decisions(context: ConsoleContext): Promise<Response> {
  const { view, services } = context.var;
  const { outcome = null, scenario: of = null, after } = view.query;
  const [scenarios, rows] = await Promise.all([
    listScenarios(services.env.DB),
    listDecisions(services.env.DB, { outcome, scenario: of, after: placeOf(after) }, ON_PAGE + 1),
  ]);
  const { shown, next } = cutPage(rows, ON_PAGE, ({ at, contact: by, id }) => ({
    after: `${at}~${contactId(by)}~${id}`,
  }));
  return pageOf(
    context,
    <DecisionsPage view={view} names={scenarioNames(scenarios, view.language)} rows={shown} next={next} />,
  );
}

/** Where a list goes on; the first page for anything that is no place. */
function placeOf(text: string | undefined): After | null {
  const [at = "", contact = "", id = ""] = (text ?? "").split("~");
  const row = contactRow(contact);
  return /^\d{1,15}$/.test(at) && row !== null ? { at: Number(at), contact: row, id } : null;
}

async function messages(context: ConsoleContext): Promise<Response> {
  const { view, services } = context.var;
  const { DB } = services.env;
  const choice = SEND_CHOICES.find((key) => key === view.query["state"]) ?? "attention";
  const [scenarios, rows] = await Promise.all([
    listScenarios(DB),
    choice === "attention" ? listStuckSends(DB, ON_PAGE) : listSends(DB, choice, null, ON_PAGE),
  ]);
  return pageOf(
    context,
    <MessagesPage view={view} names={scenarioNames(scenarios, view.language)} rows={rows} choice={choice} />,
  );
}

async function rejected(context: ConsoleContext): Promise<Response> {
  const { view, services } = context.var;
  const below = /^\d{1,15}$/.test(view.query["below"] ?? "") ? Number(view.query["below"]) : null;
  const rows = await listRejected(services.env.DB, below, ON_PAGE + 1);
  const { shown, next } = cutPage(rows, ON_PAGE, ({ id }) => ({ below: String(id) }));
  return pageOf(context, <RejectedPage view={view} rows={shown} next={next} />);
}

async function contactSearch(context: ConsoleContext): Promise<Response> {
  const { view, services } = context.var;
  const found = await findContact(services.env.DB, view.query["q"] ?? "");
  if (found !== null) return context.redirect(`/admin/contacts/${contactId(found)}`, 303);
  const text = view.say(
    "Look for a whole email address, a customer number, a browser’s id or an id of ours.",
    "Cherchez une adresse e-mail entière, un numéro client, l’identifiant d’un navigateur ou l’un des nôtres.",
  );
  return nothing(context, text);
}

async function contact(context: ConsoleContext): Promise<Response> {
  const { view, services } = context.var;
  const row = contactRow(context.req.param("id") ?? "");
  const [file, scenarios] = await Promise.all([
    row === null ? null : readContactFile(services.env.DB, row),
    listScenarios(services.env.DB),
  ]);
  if (!file) return nothing(context, view.say("No contact has this id.", "Aucun contact n’a cet identifiant."));
  const shown = { file, names: scenarioNames(scenarios, view.language), currency: services.config.SHOP_CURRENCY };
  const scores = await contactScores(services, file.scores);
  return pageOf(context, <ContactPage view={view} {...shown} scores={scores} />);
}
