import { saveAlertSettings } from "../admin/alert-routes";
import { replayRejected } from "../admin/rejected-routes";
import { KEPT_SINCE, sourcesOf } from "../admin/source-routes";
import { alertInput } from "../reports/alert-settings";
import { readKeptRefusals } from "../reports/rejection-store";
import type { Services } from "../services";
import { listAlerts, readTold } from "../services/alert-rows";
import { alertSecret, readAlertSettings, readBreaker } from "../services/alert-settings";
import { testAlert } from "../services/alerts";
import { readStandingOf } from "../services/standing";
import { Fault } from "../shared/fault";
import { pointersOf } from "../shared/pointer";
import { SourcesPage } from "./pages/sources";
import type { ConsoleApp, ConsoleContext } from "./request";
import { formOf, pageOf } from "./request";

const LISTED = 10;
/** Replayed at one press: each is a request of its own. */
const TOGETHER = 50;

/** Sources of events, and the alerts about them. */
export function addSources(app: ConsoleApp): void {
  app.get("/admin/sources", sources);
  app.post("/admin/sources/replay", replay);
  app.post("/admin/sources/alerts", save);
  app.post("/admin/sources/alerts/test", async (context) => {
    await formOf(context);
    const id = `test_${crypto.randomUUID()}`;
    await testAlert(context.var.services, id);
    return context.redirect(`/admin/sources?test=${id}#alerts`, 303);
  });
}

async function sources(context: ConsoleContext): Promise<Response> {
  const { view, services } = context.var;
  const { env, config } = services;
  const test = view.query["test"];
  const [found, standing, settings, alerts, breaker, told] = await Promise.all([
    sourcesOf(services),
    readStandingOf(services),
    readAlertSettings(env.DB),
    listAlerts(env.DB, LISTED),
    readBreaker(env.DB),
    test === undefined ? [] : readTold(env.DB, test),
  ]);
  const shown = {
    sources: found.sources,
    refused: found.kept,
    standing,
    alerts: { alerts, settings, secret: alertSecret(services, settings), isGivenUp: breaker.isOpen, test: told },
    doors: { url: config.PUBLIC_URL, writeKey: config.WRITE_KEYS[0] ?? "WRITE_KEY" },
  };
  return pageOf(context, <SourcesPage view={view} shown={shown} />);
}

/** Takes in again what was refused of a source for one kind of reason; what is still refused stays where it is. */
async function replay(context: ConsoleContext): Promise<Response> {
  const { services } = context.var;
  const form = await formOf(context);
  const [source, reason] = [form.get("source") ?? "", form.get("reason") ?? ""];
  const kept = await readKeptRefusals(services.env.DB, services.clock.now() - KEPT_SINCE, source);
  const ids = (kept.find(({ code }) => code === reason)?.ids ?? []).slice(0, TOGETHER);
  let taken = 0;
  for (const id of ids) if (await replayOne(services, id)) taken++;
  return context.redirect(`/admin/sources?taken=${taken}&kept=${ids.length - taken}`, 303);
}

async function replayOne(services: Services, id: number): Promise<boolean> {
  try {
    await replayRejected(services, id);
    return true;
  } catch (error) {
    if (error instanceof Fault && (error.code === "unprocessable" || error.code === "conflict")) return false;
    throw error;
  }
}

/** The form has no headers and no choice of fields: those that the API set stay. */
async function save(context: ConsoleContext): Promise<Response> {
  const { services } = context.var;
  const form = await formOf(context);
  const text = (name: string): string => (form.get(name) ?? "").trim();
  const before = await readAlertSettings(services.env.DB);
  const chosen = [...form]
    .filter(([name]) => name.startsWith("silence."))
    .map(([name, value]) => [name.slice("silence.".length), value] as const);
  const url = text("webhook");
  const parsed = alertInput.safeParse({
    language: text("language"),
    emails: text("emails")
      .split(/[,;\s]+/)
      .filter((address) => address !== ""),
    webhook: url === "" ? null : { headers: before.webhook?.headers, fields: before.webhook?.fields, url },
    silence: {
      gaps: Number(text("gaps")),
      sources: Object.fromEntries(
        [...Object.entries(before.silence.sources), ...chosen].filter(([, one]) => one !== "auto"),
      ),
    },
  });
  if (!parsed.success) throw new Fault("invalid-input", "The alerts could not be saved.", pointersOf(parsed.error));
  await saveAlertSettings(services, parsed.data);
  return context.redirect("/admin/sources?done=saved#alerts", 303);
}
