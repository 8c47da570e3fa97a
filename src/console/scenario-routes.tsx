import { listRuns } from "../admin/run-store";
import {
  activateScenario,
  archiveScenario,
  lintScenario,
  pauseScenario,
  resumeScenario,
  scenarioOf,
} from "../admin/scenario-actions";
import type { Contest } from "../admin/versus-actions";
import { activateBeside, keepVersion, readLastVersus, readVersus } from "../admin/versus-actions";
import { waitsOf } from "../admin/why-actions";
import { readEarned } from "../reports/earned-store";
import type { Finding } from "../scenarios/lint";
import { NOT_COMPARABLE } from "../scenarios/versus";
import { listWinners } from "../scenarios/winner-store";
import type { Services } from "../services";
import { Fault } from "../shared/fault";
import { contactId, contactRow } from "../shared/ids";
import { PublishPage } from "./pages/publish";
import { ScenarioPage } from "./pages/scenario";
import { RUN_CHOICES, ScenarioRunsPage } from "./pages/scenario-runs";
import { cutPage } from "./paging";
import { periodOf } from "./period";
import type { PublishingChoice } from "./publishing";
import { choiceOf, readPublishing } from "./publishing";
import type { ConsoleApp, ConsoleContext } from "./request";
import { formOf, nothing, pageOf } from "./request";
import { readScenarioFigures } from "./scenario-store";
import { namedTerms } from "./segment-names";
import type { ScenarioRow } from "./store";
import { findScenario } from "./store";
import type { View } from "./view";
import { scenarioName } from "./words/scenarios";

const LAST_RUNS = 12;
const ON_PAGE = 50;
const KEEP: PublishingChoice = { runs: "keep", share: 50, unmatched: "stay", blocks: {} };
/** Fields for a hundred blocks. */
const MAX_CHOICE = 16_384;

/** A scenario's pages, and what is done with it, by the same calls as the admin API. */
export function addScenarios(app: ConsoleApp): void {
  app.get("/admin/scenarios/:id", (context) => scenario(context, null));
  app.get("/admin/scenarios/:id/runs", runs);
  app.get("/admin/scenarios/:id/publish", (context) => publishing(context, KEEP, null));
  app.post("/admin/scenarios/:id/publish", publish);
  app.post("/admin/scenarios/:id/activate", activate);
  app.post("/admin/scenarios/:id/pause", async (context) => {
    await formOf(context);
    await pauseScenario(context.var.services, idOf(context));
    return context.redirect(`${pathOf(context)}?done=paused`, 303);
  });
  app.post("/admin/scenarios/:id/resume", async (context) => {
    await formOf(context);
    try {
      await resumeScenario(context.var.services, idOf(context));
    } catch (error) {
      return scenario(context, await problemOf(context, error));
    }
    return context.redirect(`${pathOf(context)}?done=resumed`, 303);
  });
  app.post("/admin/scenarios/:id/keep", keep);
  app.post("/admin/scenarios/:id/archive", async (context) => {
    await formOf(context);
    await archiveScenario(context.var.services, idOf(context));
    return context.redirect(`${pathOf(context)}?done=archived`, 303);
  });
}

function idOf(context: ConsoleContext): string {
  return context.req.param("id") ?? "";
}

function pathOf(context: ConsoleContext): string {
  return `/admin/scenarios/${encodeURIComponent(idOf(context))}`;
}

interface Refusal {
  readonly text: string;
  readonly status: 409 | 412 | 422;
}

/** Why something was not done, in the reader's language; throws on what is no refusal of publishing. */
async function problemOf(context: ConsoleContext, fault: unknown): Promise<Refusal> {
  const { view, services } = context.var;
  const { say } = view;
  if (!(fault instanceof Fault)) throw fault;
  if (fault.code === "precondition-failed") {
    const text = say(
      "Somebody has changed the draft meanwhile. This is the newest version: look at it, then publish it.",
      "Quelqu’un a modifié le brouillon entre-temps. Voici la dernière version : relisez-la, puis publiez-la.",
    );
    return { text, status: 412 };
  }
  if (fault.code === "unprocessable" && fault.errors?.some(({ detail }) => detail === NOT_COMPARABLE)) {
    const text = say(
      "A test needs two versions with the same start, class, control group, goal and stop conditions.",
      "Un test demande deux versions de même départ, classe, groupe témoin, objectif et conditions d’arrêt.",
    );
    return { text, status: 422 };
  }
  if (fault.code === "unprocessable") {
    const text = say(
      "It does not run yet: mend what is listed here.",
      "Il n’est pas encore actif : corrigez ce qui suit.",
    );
    return { text, status: 422 };
  }
  if (fault.code !== "conflict") throw fault;
  return { text: stateText(view, await findScenario(services.env.DB, idOf(context), null)), status: 409 };
}

/** What of a scenario's state keeps something from being done. */
function stateText({ say }: View, found: ScenarioRow | null): string {
  if (found?.state === "archived") {
    return say(
      "The scenario is archived: it has ended for good. Make a new one.",
      "Le scénario est archivé : il est terminé pour de bon. Créez-en un nouveau.",
    );
  }
  if (found && found.challengerVersion !== null) {
    return say(
      "Two versions of the scenario run side by side: keep one of them first.",
      "Deux versions du scénario se mesurent en ce moment : gardez-en d’abord une.",
    );
  }
  return say(
    "The scenario’s state has changed meanwhile, and that does not go with it any more.",
    "L’état du scénario a changé entre-temps et ne le permet plus.",
  );
}

/** The version that was on the page: one that somebody has changed since is not let run unseen. */
function baseOf(form: URLSearchParams): number | null {
  const base = Number(form.get("version"));
  return Number.isInteger(base) && base > 0 ? base : null;
}

async function activate(context: ConsoleContext): Promise<Response> {
  const base = baseOf(await formOf(context));
  try {
    await activateScenario(context.var.services, idOf(context), base);
  } catch (error) {
    return scenario(context, await problemOf(context, error));
  }
  return context.redirect(`${pathOf(context)}?done=activated`, 303);
}

async function keep(context: ConsoleContext): Promise<Response> {
  const form = await formOf(context);
  try {
    await keepVersion(context.var.services, idOf(context), Number(form.get("version")));
  } catch (error) {
    return scenario(context, await problemOf(context, error));
  }
  return context.redirect(`${pathOf(context)}?done=kept`, 303);
}

async function publish(context: ConsoleContext): Promise<Response> {
  const form = await formOf(context, MAX_CHOICE);
  const choice = choiceOf(form);
  if (form.has("look")) return publishing(context, choice, null);
  const { runs: become, share, ...takeOver } = choice;
  const { services } = context.var;
  const id = idOf(context);
  try {
    if (become === "beside") await activateBeside(services, id, baseOf(form), share / 100);
    else await activateScenario(services, id, baseOf(form), become === "migrate" ? takeOver : null);
  } catch (error) {
    return publishing(context, choice, await problemOf(context, error));
  }
  return context.redirect(`${pathOf(context)}?done=${DONE[become]}`, 303);
}

const DONE = { keep: "published", migrate: "taken", beside: "tested" } as const;

type Problem = Refusal | null;

async function publishing(context: ConsoleContext, choice: PublishingChoice, problem: Problem): Promise<Response> {
  const { view, services } = context.var;
  const found = await findScenario(services.env.DB, idOf(context), null);
  if (!found) return nothing(context, noScenario(view));
  const read = await readPublishing(services, found.id, choice);
  const { liveVersion, draftVersion, state } = read.scenario;
  const isNewer = liveVersion !== null && liveVersion !== draftVersion;
  const isPublishable = isNewer && read.scenario.challenger === null && state !== "archived";
  if (!isPublishable && problem === null) return context.redirect(pathOf(context), 303);
  const terms = await namedTerms(services, [read.scenario.definition, read.live]);
  const name = scenarioName(found, view.language);
  const page = <PublishPage view={{ ...view, terms }} name={name} publishing={read} problem={problem?.text ?? null} />;
  return pageOf(context, page, problem?.status);
}

async function scenario(context: ConsoleContext, problem: Problem): Promise<Response> {
  const { view, services } = context.var;
  const { DB } = services.env;
  const id = idOf(context);
  const wanted = /^\d{1,9}$/.test(view.query["version"] ?? "") ? Number(view.query["version"]) : null;
  const found = await findScenario(DB, id, wanted);
  if (!found) return nothing(context, noScenario(view));
  const version = wanted ?? found.liveVersion ?? found.draftVersion;
  const period = periodOf(view.query["period"], view.now, view.zone);
  const [figures, findings, terms, won, earned, versus] = await Promise.all([
    readScenarioFigures(DB, id, period.since, LAST_RUNS),
    findingsOf(context, id),
    namedTerms(services, found),
    listWinners(DB, id),
    readEarned(DB, id, { from: period.since, to: view.now + 1 }, services.config.SHOP_CURRENCY),
    versusOf(services, found),
  ]);
  const winners = won.filter((winner) => winner.version === version);
  const waits = await waitsOf(services, figures.lastRuns);
  const shown = { scenario: found, version, versus, figures, findings, period, winners, waits, earned };
  const data = { ...shown, problem: problem?.text ?? null };
  return pageOf(context, <ScenarioPage view={{ ...view, terms }} data={data} />, problem?.status);
}

/** The test that runs, or the last one that did. */
async function versusOf(services: Services, { id, challengerVersion }: ScenarioRow): Promise<Contest | null> {
  if (challengerVersion === null) return readLastVersus(services, id);
  return readVersus(services, await scenarioOf(services, id));
}

function noScenario({ say }: View): string {
  return say("No scenario has this id.", "Aucun scénario n’a cet identifiant.");
}

/** What lint says of the draft; nothing of an archived one, and nothing of a draft that cannot even be read. */
async function findingsOf(context: ConsoleContext, id: string): Promise<readonly Finding[]> {
  const { services } = context.var;
  try {
    const stored = await scenarioOf(services, id);
    return stored.state === "archived" ? [] : await lintScenario(services, stored);
  } catch (error) {
    if (error instanceof Fault || error instanceof SyntaxError) return [];
    throw error;
  }
}

async function runs(context: ConsoleContext): Promise<Response> {
  const { view, services } = context.var;
  const { DB } = services.env;
  const found = await findScenario(DB, idOf(context), null);
  if (!found) return nothing(context, noScenario(view));
  const choice = RUN_CHOICES.find((key) => key === view.query["state"]) ?? null;
  const rows = await listRuns(DB, found.id, { outcome: choice, after: placeOf(view.query["after"]) }, ON_PAGE + 1);
  const { shown, next } = cutPage(rows, ON_PAGE, ({ enteredAt, contact, id }) => ({
    after: `${enteredAt}~${contactId(contact)}~${id}`,
  }));
  const own = shown.map((row) => ({ ...row, scenario: found.id }));
  const [waits, terms] = await Promise.all([waitsOf(services, own), namedTerms(services, found)]);
  const page = { scenario: found, rows: own, waits, choice, next };
  return pageOf(context, <ScenarioRunsPage view={{ ...view, terms }} page={page} />);
}

/** Where a list goes on; the first page for anything that is no place. */
function placeOf(text: string | undefined): { enteredAt: number; contact: number; id: string } | null {
  const [at = "", contact = "", id = ""] = (text ?? "").split("~");
  const row = contactRow(contact);
  return /^\d{1,15}$/.test(at) && row !== null ? { enteredAt: Number(at), contact: row, id } : null;
}
