import { finishTask, retryAct } from "../admin/act-actions";
import type { ActPlace } from "../admin/act-store";
import { ACT_CHOICES, listActs, listTasks, TASK_CHOICES } from "../admin/act-store";
import { listAudienceMembers, listAudiences } from "../admin/audience-store";
import { PERFORMERS } from "../services/acts/catalog";
import { contactId, contactRow } from "../shared/ids";
import { ActsPage } from "./pages/acts";
import { AudiencePage, AudiencesPage } from "./pages/audiences";
import { TasksPage } from "./pages/tasks";
import { cutPage } from "./paging";
import type { ConsoleApp, ConsoleContext } from "./request";
import { act, nothing, pageOf } from "./request";
import { listScenarios } from "./store";
import { askableNames, scenarioNames } from "./words/scenarios";

const ON_PAGE = 50;

/** What scenarios do beside messages: actions, tasks for people and audiences. */
export function addActs(app: ConsoleApp): void {
  app.get("/admin/acts", acts);
  app.get("/admin/acts/tasks", tasks);
  app.get("/admin/acts/audiences", audiences);
  app.get("/admin/acts/audiences/:audience", audience);
  act(app, "/admin/acts/tasks/:id/done", "/admin/acts/tasks", ({ var: { services }, req }) =>
    finishTask(services, req.param("id") ?? ""),
  );
  act(app, "/admin/acts/:id/retry", "/admin/acts", ({ var: { services }, req }) =>
    retryAct(services, req.param("id") ?? ""),
  );
}

/** Where a list goes on; the first page for anything that is no place. */
function placeOf(text: string | undefined): ActPlace | null {
  const [at = "", contact = "", ...id] = (text ?? "").split("~");
  const row = contactRow(contact);
  return /^\d{1,15}$/.test(at) && row !== null ? { at: Number(at), contact: row, id: id.join("~") } : null;
}

function afterOf({ at, contact, id }: ActPlace): { after: string } {
  return { after: `${at}~${contactId(contact)}~${id}` };
}

async function acts(context: ConsoleContext): Promise<Response> {
  const { view, services } = context.var;
  const { DB } = services.env;
  const choice = ACT_CHOICES.find((key) => key === view.query["state"]) ?? "open";
  const filter = { choice, kind: view.query["kind"] || null, scenario: view.query["scenario"] || null };
  const [scenarios, rows] = await Promise.all([
    listScenarios(DB),
    listActs(DB, filter, placeOf(view.query["after"]), ON_PAGE + 1),
  ]);
  const { shown, next } = cutPage(rows, ON_PAGE, afterOf);
  const names = askableNames(scenarioNames(scenarios, view.language));
  const kinds = Object.keys(PERFORMERS);
  const page = <ActsPage view={view} rows={shown} next={next} names={names} choice={choice} kinds={kinds} />;
  return pageOf(context, page);
}

async function tasks(context: ConsoleContext): Promise<Response> {
  const { view, services } = context.var;
  const { DB } = services.env;
  const choice = TASK_CHOICES.find((key) => key === view.query["state"]) ?? "open";
  const [scenarios, rows] = await Promise.all([
    listScenarios(DB),
    listTasks(DB, choice, placeOf(view.query["after"]), ON_PAGE + 1),
  ]);
  const { shown, next } = cutPage(rows, ON_PAGE, afterOf);
  const names = scenarioNames(scenarios, view.language);
  return pageOf(context, <TasksPage view={view} rows={shown} next={next} names={names} choice={choice} />);
}

async function audiences(context: ConsoleContext): Promise<Response> {
  const { view, services } = context.var;
  return pageOf(context, <AudiencesPage view={view} sizes={await listAudiences(services.env.DB)} />);
}

async function audience(context: ConsoleContext): Promise<Response> {
  const { view, services } = context.var;
  const { DB } = services.env;
  const name = context.req.param("audience") ?? "";
  const after = contactRow(view.query["after"] ?? "") ?? 0;
  const [sizes, rows] = await Promise.all([listAudiences(DB), listAudienceMembers(DB, name, after, ON_PAGE + 1)]);
  const size = sizes.find((one) => one.audience === name);
  if (!size) return nothing(context, view.say("Nobody is in this audience.", "Personne n’est dans cette audience."));
  const { shown, next } = cutPage(rows, ON_PAGE, ({ contact }) => ({ after: contactId(contact) }));
  const { members } = size;
  return pageOf(context, <AudiencePage view={view} audience={name} members={members} rows={shown} next={next} />);
}
