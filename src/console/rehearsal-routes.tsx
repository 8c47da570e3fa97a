import { listEntries, listRehearsals } from "../scenarios/rehearsal-store";
import { dayNumber, dayText } from "../segments/rfm/days";
import { assumptionsFor } from "../services/rehearsals/assumptions";
import { beginRehearsal, cancelRehearsal, rehearsalOf } from "../services/rehearsals/begin";
import { calendarOf } from "../services/rfm-terms";
import { DAY } from "../shared/clock";
import { Fault } from "../shared/fault";
import { RehearsalPage } from "./pages/rehearsal";
import { RehearsePage } from "./pages/rehearse";
import { cutPage } from "./paging";
import type { ConsoleApp, ConsoleContext } from "./request";
import { formOf, nothing, pageOf } from "./request";
import { readScenarioFigures } from "./scenario-store";
import { findScenario, listScenarios } from "./store";
import { scenarioName, scenarioNames } from "./words/scenarios";

const LATEST = 20;
const ON_PAGE = 50;
/** Days back that are offered first. */
const USUAL = 30;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Rehearsals: to ask for one, to watch it, and what it came to. */
export function addRehearsals(app: ConsoleApp): void {
  app.get("/admin/scenarios/:id/rehearse", ask);
  app.post("/admin/scenarios/:id/rehearse", begin);
  app.get("/admin/rehearsals/:id", show);
  app.post("/admin/rehearsals/:id/cancel", cancel);
}

async function ask(context: ConsoleContext): Promise<Response> {
  const { view, services } = context.var;
  const { DB } = services.env;
  const id = context.req.param("id") ?? "";
  const found = await findScenario(DB, id, null);
  if (!found) return nothing(context, view.say("No scenario has this id.", "Aucun scénario n’a cet identifiant."));
  const [{ versions }, rows] = await Promise.all([
    readScenarioFigures(DB, id, view.now, 0),
    listRehearsals(DB, id, LATEST),
  ]);
  const today = calendarOf(services).of(view.now);
  const data = {
    scenario: { id, name: scenarioName(found, view.language), draft: found.draftVersion, live: found.liveVersion },
    versions: versions.map(({ version }) => version),
    rows,
    from: dayText(today - USUAL),
    to: dayText(today),
  };
  return pageOf(context, <RehearsePage view={view} data={data} />);
}

async function begin(context: ConsoleContext): Promise<Response> {
  const { view, services } = context.var;
  const scenario = context.req.param("id") ?? "";
  const form = await formOf(context);
  const day = (name: string): number => {
    const text = form.get(name) ?? "";
    if (!DATE.test(text) || Number.isNaN(Date.parse(text))) {
      throw new Fault("invalid-input", view.say("Choose two days.", "Choisissez deux jours."));
    }
    return dayNumber(text);
  };
  const number = (name: string): number | undefined => {
    const text = form.get(name) ?? "";
    return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  };
  const { start } = calendarOf(services);
  const [from, to] = [start(day("from")), Math.min(start(day("to") + 1) - 1, view.now)];
  if (from > to) {
    throw new Fault(
      "invalid-input",
      view.say("The period ends before it begins.", "La période finit avant de commencer."),
    );
  }
  const [version, compare] = [number("version"), number("compare")];
  const opened = Math.min(number("opened") ?? 0, 100) / 100;
  const assume = opened > 0 ? { assume: { opened, clicked: 0 } } : {};
  const id = `reh_${crypto.randomUUID().replaceAll("-", "")}`;
  const asked = { scenario, from, to, version, compare: compare === version ? undefined : compare, ...assume };
  await beginRehearsal(services, id, asked);
  return context.redirect(`/admin/rehearsals/${id}`, 303);
}

async function show(context: ConsoleContext): Promise<Response> {
  const { view, services } = context.var;
  const { DB } = services.env;
  const row = await rehearsalOf(services, context.req.param("id") ?? "");
  const { outcome, withheld, after } = view.query;
  const [at = "0", run = ""] = (after ?? "").split("~");
  const filter = { side: 0, outcome: outcome || undefined, withheld: withheld || undefined };
  const [entries, scenarios, found] = await Promise.all([
    row.status === "done" ? listEntries(DB, row.id, filter, [Number(at) || 0, run], ON_PAGE + 1) : [],
    listScenarios(DB),
    findScenario(DB, row.scenario, row.plan.version),
  ]);
  const place = (last: { enteredAt: number; run: string }) => ({ after: `${last.enteredAt}~${last.run}` });
  const { shown, next } = cutPage(entries, ON_PAGE, place);
  const data = {
    row,
    name: found ? scenarioName(found, view.language) : row.scenario,
    names: scenarioNames(scenarios, view.language),
    entries: shown,
    next,
    currency: services.config.SHOP_CURRENCY,
    assumptions: await assumptionsFor(services, row),
    days: daysOf(row.plan.from, row.plan.to),
  };
  return pageOf(context, <RehearsalPage view={view} data={data} />);
}

/** The days (UTC) of a period, at most a year of them. */
function daysOf(from: number, to: number): string[] {
  const first = Math.floor(from / DAY);
  const count = Math.min(Math.floor(to / DAY) - first + 1, 366);
  return Array.from({ length: count }, (_, index) => new Date((first + index) * DAY).toISOString().slice(0, 10));
}

async function cancel(context: ConsoleContext): Promise<Response> {
  const id = context.req.param("id") ?? "";
  await formOf(context);
  await cancelRehearsal(context.var.services, id);
  return context.redirect(`/admin/rehearsals/${encodeURIComponent(id)}`, 303);
}
