import { reasonWords } from "../../reports/reasons";
import type { Finding } from "../../scenarios/lint";
import type { Period } from "../period";
import type { ScenarioFigures } from "../scenario-store";
import type { ScenarioRow } from "../store";
import { here, numberText, type View } from "../view";
import { SCENARIO_STATES } from "../words/labels";
import { scenarioAbout, scenarioName } from "../words/scenarios";
import { Counts, PeriodTabs } from "./figures";
import { FormToken } from "./form";
import { Page } from "./layout";
import { Card, CodePill, Empty } from "./parts";
import { PathPicture } from "./path";
import { RulesCard } from "./rules";
import { RunFeed } from "./runs";

/** Everything on a scenario's page. */
export interface ScenarioView {
  readonly scenario: ScenarioRow;
  /** The version that is drawn. */
  readonly version: number;
  readonly figures: ScenarioFigures;
  readonly findings: readonly Finding[];
  readonly period: Period;
}

const DONE = {
  activated: {
    en: "The scenario runs. Whoever meets its start from now on goes its way.",
    fr: "Le scénario est actif. Quiconque remplit la condition de départ le suivra désormais.",
  },
  paused: {
    en: "The scenario is paused: nobody enters, and whoever is in it waits where they are.",
    fr: "Le scénario est en pause : personne n’entre, et les contacts en cours attendent là où ils sont.",
  },
} as const;

/** A scenario as a picture, with what happened at each of its blocks. */
export function ScenarioPage({ view, data }: { view: View; data: ScenarioView }) {
  const { say, language, query } = view;
  const { scenario, figures, period } = data;
  const name = scenarioName(scenario, language);
  const done = query["done"] === "activated" || query["done"] === "paused" ? DONE[query["done"]] : null;
  return (
    <Page view={view} title={name}>
      <div class="head">
        <div>
          <p class="crumb">
            <a href="/admin">{say("Overview", "Vue d’ensemble")}</a>
          </p>
          <h1>{name}</h1>
          <p>{scenarioAbout(scenario, language)}</p>
        </div>
        <Actions view={view} scenario={scenario} />
      </div>
      {done && (
        <p class="note note-good" role="status">
          {done[language]}
        </p>
      )}
      <Findings view={view} findings={data.findings} />
      <div class="head">
        <Counts
          view={view}
          fates={figures.fates}
          runs={figures.ends.map(({ outcome, count }) => ({ outcome, count }))}
        />
        <PeriodTabs view={view} period={period} />
      </div>
      <div class="columns">
        <PathCard view={view} data={data} />
        <div class="stack">
          {scenario.definition && <RulesCard view={view} definition={scenario.definition} />}
          <RefusedCard view={view} figures={figures} />
          <VersionCard view={view} data={data} />
        </div>
      </div>
      <RunCard view={view} figures={figures} />
    </Page>
  );
}

function RunCard({ view, figures }: { view: View; figures: ScenarioFigures }) {
  const { say } = view;
  const text = say(
    "Once the scenario is active, everybody who meets its start is listed here, and everybody it refused.",
    "Une fois le scénario actif, chaque contact entré ou refusé apparaît ici.",
  );
  return (
    <Card id="runs" title={say("Last runs", "Derniers parcours")}>
      {figures.lastRuns.length === 0 ? (
        <Empty view={view} title={say("Nobody has come by yet", "Personne n’est encore passé")} text={text} />
      ) : (
        <RunFeed view={view} rows={figures.lastRuns} />
      )}
    </Card>
  );
}

function Actions({ view, scenario }: { view: View; scenario: ScenarioRow }) {
  const { say } = view;
  const { state, draftVersion, liveVersion } = scenario;
  const path = `/admin/scenarios/${encodeURIComponent(scenario.id)}`;
  const isNewer = liveVersion !== null && liveVersion !== draftVersion;
  const activate =
    state === "active"
      ? say(`Publish version ${draftVersion}`, `Publier la version ${draftVersion}`)
      : state === "paused" && !isNewer
        ? say("Resume", "Reprendre")
        : say(`Activate version ${draftVersion}`, `Activer la version ${draftVersion}`);
  return (
    <div class="actions">
      <CodePill view={view} catalog={SCENARIO_STATES} code={state} />
      {state === "active" && (
        <form method="post" action={`${path}/pause`}>
          <FormToken view={view} />
          <button type="submit">{say("Pause", "Mettre en pause")}</button>
        </form>
      )}
      {state !== "archived" && (state !== "active" || isNewer) && (
        <form method="post" action={`${path}/activate`}>
          <FormToken view={view} />
          <input type="hidden" name="version" value={String(draftVersion)} />
          <button type="submit" class="button-main">
            {activate}
          </button>
        </form>
      )}
    </div>
  );
}

function Findings({ view, findings }: { view: View; findings: readonly Finding[] }) {
  return (
    <>
      {findings.map(({ level, message }) => (
        <p class={level === "error" ? "note note-bad" : "note"}>
          <strong>
            {level === "error" ? view.say("To mend: ", "À corriger : ") : view.say("Note: ", "À noter : ")}
          </strong>
          {message[view.language]}
        </p>
      ))}
    </>
  );
}

function PathCard({ view, data: { scenario, version, figures } }: { view: View; data: ScenarioView }) {
  const { say } = view;
  const unreadable = say("This version cannot be read.", "Cette version est illisible.");
  return (
    <Card id="path" title={say(`The path, version ${version}`, `Le chemin, version ${version}`)}>
      <div class="card-body">
        {scenario.definition === null ? (
          <p>{unreadable}</p>
        ) : (
          <PathPicture view={view} definition={scenario.definition} fates={figures.fates} ends={figures.ends} />
        )}
      </div>
    </Card>
  );
}

function RefusedCard({ view, figures }: { view: View; figures: ScenarioFigures }) {
  const refused = figures.ends.filter(({ outcome }) => outcome === "refused");
  if (refused.length === 0) return null;
  const most = Math.max(...refused.map(({ count }) => count));
  return (
    <Card id="refused" title={view.say("Refused at the door", "Refusés à l’entrée")}>
      <ul class="reasons card-body">
        {refused.map(({ reason, count }) => (
          <li>
            <span>{reasonWords(reason, view.language)}</span>
            <span class="number">{numberText(view, count)}</span>
            <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
              <rect class="track" width="100" height="4" />
              <rect class="bar-withheld" width={Math.max(1, (100 * count) / most).toFixed(1)} height="4" />
            </svg>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function VersionCard({ view, data: { scenario, version, figures } }: { view: View; data: ScenarioView }) {
  const { say } = view;
  if (figures.versions.length < 2) return null;
  return (
    <Card id="versions" title={say("Versions", "Versions")}>
      <ul class="card-body">
        {figures.versions.map(({ version: number }) => (
          <li>
            <a
              href={here(view, { version: String(number), done: null })}
              aria-current={number === version || undefined}
            >
              {say(`Version ${number}`, `Version ${number}`)}
            </a>
            {number === scenario.liveVersion && <span class="soft"> · {say("runs now", "en service")}</span>}
            {number === scenario.draftVersion && number !== scenario.liveVersion && (
              <span class="soft"> · {say("draft", "brouillon")}</span>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
