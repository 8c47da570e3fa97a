import type { RejectedRow } from "../../admin/rejected-store";
import type { FateCount, KindCounts } from "../fates";
import { countFates, countKinds, kindOf, topReasons } from "../fates";
import type { Period } from "../period";
import { PERIODS } from "../period";
import type { DecisionRow, RunCount, ScenarioRow, ShownSend, Standing } from "../store";
import { here, numberText, type View } from "../view";
import { triggerSentence } from "../words/blocks";
import { SCENARIO_STATES } from "../words/labels";
import { reasonWords } from "../words/reasons";
import { type ScenarioNames, scenarioName, scenarioNames } from "../words/scenarios";
import { MessageChart } from "./chart";
import { DecisionFeed, RejectedFeed, SendFeed } from "./feeds";
import { Page } from "./layout";
import { Card, CodePill, Empty, Tabs } from "./parts";
import { StandingList } from "./standing";

/** Everything on the first page. */
export interface Overview {
  readonly period: Period;
  readonly standing: Standing;
  readonly ready: readonly string[];
  readonly scenarios: readonly ScenarioRow[];
  readonly fates: readonly (FateCount & { readonly scenario: string })[];
  readonly runs: readonly RunCount[];
  readonly bars: readonly KindCounts[];
  readonly decisions: readonly DecisionRow[];
  readonly sends: readonly ShownSend[];
  readonly rejected: readonly RejectedRow[];
}

/** How the shop's scenarios do, and what needs a look. */
export function OverviewPage({ view, overview }: { view: View; overview: Overview }) {
  const { say } = view;
  const { period, standing, scenarios, fates, bars } = overview;
  const names = scenarioNames(scenarios, view.language);
  return (
    <Page view={view} title={say("Overview", "Vue d’ensemble")}>
      <div class="head">
        <div>
          <h1>{say("Overview", "Vue d’ensemble")}</h1>
        </div>
        <PeriodTabs view={view} period={period} />
      </div>
      <StandingList view={view} standing={standing} ready={overview.ready} />
      <Tiles view={view} overview={overview} />
      <div class="columns columns-level">
        <Card id="messages" title={say("Messages", "Messages")} about={aboutMessages(view)}>
          <div class="card-body">
            <MessageChart view={view} period={period} counts={bars} />
          </div>
        </Card>
        <Card id="reasons" title={say("Why messages did not leave", "Pourquoi des messages ne sont pas partis")}>
          <Reasons view={view} fates={fates} />
        </Card>
      </div>
      <ScenarioCard view={view} overview={overview} />
      <div class="columns">
        <DecisionCard view={view} names={names} rows={overview.decisions} />
        <div class="narrow stack">
          <SendCard view={view} names={names} rows={overview.sends} />
          <RejectedCard view={view} rows={overview.rejected} />
        </div>
      </div>
    </Page>
  );
}

function aboutMessages({ say }: View): string {
  return say(
    "What the scenarios wanted to send, by the time of the decision.",
    "Ce que les scénarios voulaient envoyer, à l’heure de la décision.",
  );
}

/** The period that figures are counted over, as a choice of links. */
export function PeriodTabs({ view, period }: { view: View; period: Period }) {
  const words = {
    day: view.say("24 hours", "24 heures"),
    fortnight: view.say("14 days", "14 jours"),
    quarter: view.say("13 weeks", "13 semaines"),
  };
  const choices = PERIODS.map((key) => ({
    href: here(view, { period: key === "fortnight" ? null : key, done: null }),
    text: words[key],
    current: key === period.key,
  }));
  return <Tabs name={view.say("Period", "Période")} choices={choices} />;
}

/** How many runs had one of these outcomes. */
function countRuns(runs: readonly { readonly outcome: string; readonly count: number }[], ...of: string[]): number {
  return runs.reduce((sum, { outcome, count }) => sum + (of.length === 0 || of.includes(outcome) ? count : 0), 0);
}

function Tiles({ view, overview: { fates, runs } }: { view: View; overview: Overview }) {
  const { say } = view;
  const entered = countRuns(runs) - countRuns(runs, "refused");
  const goals = countRuns(runs, "goal");
  const kinds = countKinds(fates);
  const percent = new Intl.NumberFormat(view.language, { style: "percent", maximumFractionDigits: 1 });
  return (
    <dl class="tiles">
      <Tile view={view} name={say("Entered a scenario", "Entrées dans un scénario")} value={entered} />
      <Tile view={view} name={say("Messages sent", "Messages envoyés")} value={kinds.sent} />
      <Tile view={view} name={say("Held or on their way", "Retenus ou en route")} value={kinds.waiting} />
      <Tile view={view} name={say("Not sent, with a reason", "Non envoyés, avec une raison")} value={kinds.withheld} />
      <Tile
        view={view}
        name={say("Goals reached", "Objectifs atteints")}
        value={goals}
        note={entered > 0 ? percent.format(goals / entered) : undefined}
      />
    </dl>
  );
}

function Tile({ view, name, value, note }: { view: View; name: string; value: number; note?: string | undefined }) {
  return (
    <div class="tile">
      <dt>{name}</dt>
      <dd>
        {numberText(view, value)}
        {note !== undefined && <small>{note}</small>}
      </dd>
    </div>
  );
}

/** The most frequent reasons as bars. */
function Reasons({ view, fates }: { view: View; fates: readonly FateCount[] }) {
  const top = topReasons(fates, 6);
  if (top.length === 0) {
    const text = view.say("Nothing was held back in this time.", "Rien n’a été retenu pendant cette période.");
    return <p class="card-body soft">{text}</p>;
  }
  const most = top[0]?.count ?? 1;
  return (
    <ul class="reasons card-body">
      {top.map(({ fate, reason, count }) => (
        <li>
          <span>{reasonWords(reason, view.language)}</span>
          <span class="number">{numberText(view, count)}</span>
          <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
            <rect class="track" width="100" height="4" />
            <rect class={`bar-${kindOf(fate)}`} width={Math.max(1, (100 * count) / most).toFixed(1)} height="4" />
          </svg>
        </li>
      ))}
    </ul>
  );
}

function ScenarioCard({ view, overview }: { view: View; overview: Overview }) {
  const { say } = view;
  const { scenarios } = overview;
  const text = say(
    "Make one from a template with POST /api/scenarios, then activate it here.",
    "Créez-en un à partir d’un modèle avec POST /api/scenarios, puis activez-le ici.",
  );
  return (
    <Card id="scenarios" title={say("Scenarios", "Scénarios")}>
      {scenarios.length === 0 && (
        <Empty view={view} title={say("No scenario yet", "Aucun scénario pour l’instant")} text={text} />
      )}
      {scenarios.map((scenario) => (
        <Scenario view={view} overview={overview} scenario={scenario} />
      ))}
    </Card>
  );
}

function Scenario({ view, overview, scenario }: { view: View; overview: Overview; scenario: ScenarioRow }) {
  const { id, state, liveVersion, draftVersion } = scenario;
  return (
    <article class="scenario">
      <div>
        <h3>
          <a href={`/admin/scenarios/${encodeURIComponent(id)}`}>{scenarioName(scenario, view.language)}</a>
          <CodePill view={view} catalog={SCENARIO_STATES} code={state} />
          <small class="soft">{`v${liveVersion ?? draftVersion}`}</small>
        </h3>
        <p>{triggerSentence(scenario.definition, view.language)}</p>
      </div>
      <Counts
        view={view}
        fates={overview.fates.filter((fate) => fate.scenario === id)}
        runs={overview.runs.filter((run) => run.scenario === id)}
      />
    </article>
  );
}

interface CountsProps {
  readonly view: View;
  readonly fates: readonly FateCount[];
  readonly runs: readonly { readonly outcome: string; readonly count: number }[];
}

/** A scenario in eight numbers. */
export function Counts({ view, fates, runs }: CountsProps) {
  const { say } = view;
  const counts = [
    [say("Entered", "Entrés"), countRuns(runs) - countRuns(runs, "refused")],
    [say("Running", "En cours"), countRuns(runs, "running")],
    [say("Sent", "Envoyés"), countFates(fates, "sent")],
    [say("Not sent", "Non envoyés"), countFates(fates, "suppressed")],
    [say("Held", "Retenus"), countFates(fates, "held")],
    [say("Goals", "Objectifs"), countRuns(runs, "goal")],
    [say("Refused", "Refusés"), countRuns(runs, "refused")],
    [say("Failed", "Échecs"), countFates(fates, "failed", "unknown")],
  ] as const;
  return (
    <dl class="counts">
      {counts.map(([name, count]) => (
        <div>
          <dt>{name}</dt>
          <dd class={count === 0 ? "zero" : undefined}>{numberText(view, count)}</dd>
        </div>
      ))}
    </dl>
  );
}

function DecisionCard({ view, names, rows }: { view: View; names: ScenarioNames; rows: readonly DecisionRow[] }) {
  const { say } = view;
  const text = say(
    "Leave a cart in the shop and let half an hour and four hours pass.",
    "Laissez un panier dans la boutique, puis laissez passer une demi-heure et quatre heures.",
  );
  return (
    <Card id="decisions" title={say("Last decisions", "Dernières décisions")}>
      {rows.length === 0 ? (
        <Empty view={view} title={say("Nothing decided yet", "Aucune décision pour l’instant")} text={text} />
      ) : (
        <>
          <DecisionFeed view={view} names={names} rows={rows} />
          <p class="more">
            <a href="/admin/decisions">{say("All decisions", "Toutes les décisions")}</a>
          </p>
        </>
      )}
    </Card>
  );
}

function SendCard({ view, names, rows }: { view: View; names: ScenarioNames; rows: readonly ShownSend[] }) {
  const { say } = view;
  return (
    <Card id="sends" title={say("Messages to look at", "Messages à surveiller")}>
      {rows.length === 0 ? (
        <p class="card-body soft">
          {say("None is stuck, failed or unclear.", "Aucun n’est bloqué, en échec ou incertain.")}
        </p>
      ) : (
        <>
          <SendFeed view={view} names={names} rows={rows} />
          <p class="more">
            <a href="/admin/messages">{say("All messages", "Tous les messages")}</a>
          </p>
        </>
      )}
    </Card>
  );
}

function RejectedCard({ view, rows }: { view: View; rows: readonly RejectedRow[] }) {
  const { say } = view;
  return (
    <Card id="rejected" title={say("Rejected events", "Événements rejetés")}>
      {rows.length === 0 ? (
        <p class="card-body soft">{say("Every event was understood.", "Tous les événements ont été compris.")}</p>
      ) : (
        <>
          <RejectedFeed view={view} rows={rows} />
          <p class="more">
            <a href="/admin/rejected">{say("All rejected events", "Tous les événements rejetés")}</a>
          </p>
        </>
      )}
    </Card>
  );
}
