import type { Contest } from "../../admin/versus-actions";
import type { RunWait } from "../../admin/why-actions";
import type { EarnedLine } from "../../reports/earned";
import type { Finding } from "../../scenarios/lint";
import type { Winner } from "../../scenarios/winner";
import { withWinners } from "../../scenarios/winner";
import type { Words } from "../../shared/language";
import type { Period } from "../period";
import type { ScenarioFigures } from "../scenario-store";
import type { ScenarioRow } from "../store";
import { here, type View } from "../view";
import { SCENARIO_STATES } from "../words/labels";
import { scenarioAbout, scenarioName } from "../words/scenarios";
import { EarnedCard } from "./earned";
import { Counts, PeriodTabs } from "./figures";
import { Findings } from "./findings";
import { FormToken } from "./form";
import { Page } from "./layout";
import { Card, CodePill, Empty } from "./parts";
import { PathPicture } from "./path";
import { ReasonBar } from "./reason-bar";
import { RulesCard } from "./rules";
import { RunFeed } from "./runs";
import { ControlCard } from "./scenario-controls";
import { VersusCard } from "./versus";

/** Everything on a scenario's page. */
export interface ScenarioView {
  readonly scenario: ScenarioRow;
  /** The version that is drawn. */
  readonly version: number;
  readonly figures: ScenarioFigures;
  readonly findings: readonly Finding[];
  readonly period: Period;
  /** The splits of the drawn version that are decided. */
  readonly winners: readonly Winner[];
  /** Where those of the last runs wait that are on their way. */
  readonly waits: ReadonlyMap<string, RunWait>;
  /** Two versions side by side, or what they last came to; null where no test ever ran. */
  readonly versus: Contest | null;
  /** What its messages came to in the period. */
  readonly earned: readonly EarnedLine[];
  /** Why it could not be activated. */
  readonly problem: string | null;
}

const DONE = {
  activated: {
    en: "The scenario runs. Whoever meets its start from now on goes its way.",
    fr: "Le scénario est actif. Quiconque remplit la condition de départ le suivra désormais.",
  },
  published: {
    en: "The new version runs. Whoever was on the way goes on in theirs.",
    fr: "La nouvelle version est active. Ceux qui étaient en chemin continuent dans la leur.",
  },
  taken: {
    en: "The new version runs, and takes over everybody on the way the next time that anything concerns them.",
    fr: "La nouvelle version est active et reprend ceux qui sont en chemin dès que quelque chose les concerne.",
  },
  tested: {
    en: "Both versions run side by side, until you keep one.",
    fr: "Les deux versions se mesurent, jusqu’à ce que vous en gardiez une.",
  },
  kept: {
    en: "The test is over: the version that you kept is for everybody who comes from now on.",
    fr: "Le test est terminé : la version gardée est désormais celle de tous les nouveaux venus.",
  },
  archived: {
    en: "The scenario is archived: it has ended for good, with everybody in it.",
    fr: "Le scénario est archivé : il a pris fin définitivement, avec tous ses parcours.",
  },
  paused: {
    en: "The scenario is paused: nobody enters, and whoever is in it waits where they are.",
    fr: "Le scénario est en pause : personne n’entre, et les contacts en cours attendent là où ils sont.",
  },
  resumed: {
    en: "The scenario goes on in the version that ran before the pause.",
    fr: "Le scénario reprend, dans la version qui était en service avant la pause.",
  },
} as const satisfies Record<string, Words>;

/** A scenario as a picture, with what happened at each of its blocks. */
export function ScenarioPage({ view, data }: { view: View; data: ScenarioView }) {
  const { say, language } = view;
  const { scenario, figures, period } = data;
  const name = scenarioName(scenario, language);
  const running = figures.ends.reduce((sum, { outcome, count }) => sum + (outcome === "running" ? count : 0), 0);
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
      <Notes view={view} problem={data.problem} />
      <Findings view={view} findings={data.findings} {...draftBase(data)} />
      <div class="head">
        <Counts
          view={view}
          fates={figures.fates}
          runs={figures.ends.map(({ outcome, count }) => ({ outcome, count }))}
        />
        <PeriodTabs view={view} period={period} />
      </div>
      {data.versus && <VersusCard view={view} scenario={scenario} contest={data.versus} />}
      <EarnedCard view={view} lines={data.earned} />
      <div class="columns">
        <PathCard view={view} data={data} />
        <div class="stack">
          {scenario.definition && <RulesCard view={view} definition={scenario.definition} />}
          <RefusedCard view={view} figures={figures} />
          <VersionCard view={view} data={data} />
          <ControlCard view={view} scenario={scenario} running={running} />
        </div>
      </div>
      <RunCard view={view} data={data} />
    </Page>
  );
}

/** What was just done, or why it was not. */
function Notes({ view, problem }: { view: View; problem: string | null }) {
  const code = view.query["done"] ?? "";
  if (problem !== null) {
    return (
      <p class="note note-bad" role="alert">
        {problem}
      </p>
    );
  }
  if (!Object.hasOwn(DONE, code)) return null;
  return (
    <p class="note note-good" role="status">
      {DONE[code as keyof typeof DONE][view.language]}
    </p>
  );
}

/** Findings speak of the draft: where another version is drawn, their blocks are on another page. */
function draftBase({ scenario: { id, draftVersion }, version }: ScenarioView): { readonly base?: string } {
  return version === draftVersion ? {} : { base: `/admin/scenarios/${encodeURIComponent(id)}?version=${draftVersion}` };
}

function RunCard({ view, data: { scenario, figures, waits } }: { view: View; data: ScenarioView }) {
  const { say } = view;
  const text = say(
    "Once the scenario is active, everybody who meets its start is listed here, and everybody it refused.",
    "Une fois le scénario actif, chaque contact entré ou refusé apparaît ici.",
  );
  const all = (
    <a href={`/admin/scenarios/${encodeURIComponent(scenario.id)}/runs`}>{say("All runs", "Tous les parcours")}</a>
  );
  return (
    <Card id="runs" title={say("Last runs", "Derniers parcours")} aside={all}>
      {figures.lastRuns.length === 0 ? (
        <Empty view={view} title={say("Nobody has come by yet", "Personne n’est encore passé")} text={text} />
      ) : (
        <RunFeed view={view} rows={figures.lastRuns} waits={waits} />
      )}
    </Card>
  );
}

/** What can be done with the scenario now, with the button that matters first at hand. */
function Actions({ view, scenario }: { view: View; scenario: ScenarioRow }) {
  const { say } = view;
  const { state, draftVersion, liveVersion, challengerVersion } = scenario;
  const path = `/admin/scenarios/${encodeURIComponent(scenario.id)}`;
  // Beside a test nothing more is published.
  const isNewer = liveVersion !== null && liveVersion !== draftVersion && challengerVersion === null;
  return (
    <div class="actions">
      <CodePill view={view} catalog={SCENARIO_STATES} code={state} />
      <a href={`${path}/rehearse`}>{say("Rehearse", "Répéter")}</a>
      {state === "active" && (
        <form method="post" action={`${path}/pause`}>
          <FormToken view={view} />
          <button type="submit" aria-describedby="about-pause">
            {say("Pause", "Mettre en pause")}
          </button>
        </form>
      )}
      {state !== "archived" && isNewer && (
        <a class={state === "paused" ? "button" : "button button-main"} href={`${path}/publish`}>
          {say(`Publish version ${draftVersion}…`, `Publier la version ${draftVersion}…`)}
        </a>
      )}
      {state === "paused" && (
        <form method="post" action={`${path}/resume`}>
          <FormToken view={view} />
          <button type="submit" class="button-main" aria-describedby="about-resume">
            {say("Resume", "Reprendre")}
          </button>
        </form>
      )}
      {!isNewer && state === "draft" && (
        <form method="post" action={`${path}/activate`}>
          <FormToken view={view} />
          <input type="hidden" name="version" value={String(draftVersion)} />
          <button type="submit" class="button-main">
            {say(`Activate version ${draftVersion}`, `Activer la version ${draftVersion}`)}
          </button>
        </form>
      )}
    </div>
  );
}

function PathCard({ view, data }: { view: View; data: ScenarioView }) {
  const { say } = view;
  const { scenario, version, figures, winners } = data;
  const unreadable = say("This version cannot be read.", "Cette version est illisible.");
  return (
    <Card id="path" title={say(`The path, version ${version}`, `Le chemin, version ${version}`)}>
      <div class="card-body">
        {scenario.definition === null ? (
          <p>{unreadable}</p>
        ) : (
          <PathPicture
            view={view}
            definition={withWinners(scenario.definition, winners)}
            {...figures}
            winners={winners}
          />
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
          <ReasonBar view={view} reason={reason} count={count} most={most} />
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
