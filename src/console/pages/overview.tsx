import type { RejectedRow } from "../../admin/rejected-store";
import type { Alert } from "../../reports/alert";
import { alertTitle } from "../../reports/alert-words";
import type { FateCount, KindCounts } from "../fates";
import type { Period } from "../period";
import type { DecisionRow, RunCount, ScenarioRow, ShownSend, Standing } from "../store";
import type { View } from "../view";
import { triggerSentence } from "../words/blocks";
import { SCENARIO_STATES } from "../words/labels";
import { type ScenarioNames, scenarioName, scenarioNames } from "../words/scenarios";
import { MessageChart } from "./chart";
import { DecisionFeed, RejectedFeed, SendFeed } from "./feeds";
import { Counts, PeriodTabs, Reasons, Tiles } from "./figures";
import { Page } from "./layout";
import { Card, CodePill, Empty } from "./parts";
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
  readonly openAlerts: readonly Alert[];
}

/** How the shop's scenarios do, and what needs a look. */
export function OverviewPage({ view, overview }: { view: View; overview: Overview }) {
  const { say } = view;
  const { period, standing, scenarios } = overview;
  const names = scenarioNames(scenarios, view.language);
  return (
    <Page view={view} title={say("Overview", "Vue d’ensemble")}>
      <div class="head">
        <div>
          <h1>{say("Overview", "Vue d’ensemble")}</h1>
        </div>
        <PeriodTabs view={view} period={period} />
      </div>
      {overview.openAlerts.map((alert) => (
        <p class="note note-bad">
          <a href="/admin/sources">{alertTitle(alert, view.language)}</a>
        </p>
      ))}
      <StandingList view={view} standing={standing} ready={overview.ready} />
      <Tiles view={view} fates={overview.fates} runs={overview.runs} />
      <MessageCards view={view} overview={overview} />
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

function MessageCards({ view, overview: { period, fates, bars } }: { view: View; overview: Overview }) {
  const { say } = view;
  const title = say("Messages", "Messages");
  if (fates.length === 0) {
    const text = say(
      "In the shop, leave a cart with an address and a consent. Then let half an hour and four hours pass.",
      "Dans la boutique, laissez un panier, une adresse et un consentement. Puis laissez passer une demi-heure et quatre heures.",
    );
    return (
      <Card id="messages" title={title}>
        <Empty view={view} title={say("No message in this time", "Aucun message pendant cette période")} text={text} />
      </Card>
    );
  }
  const about = say(
    "What scenarios and campaigns wanted to send, by the time of the decision.",
    "Ce que scénarios et campagnes voulaient envoyer, à l’heure de la décision.",
  );
  return (
    <div class="columns columns-level">
      <Card id="messages" title={title} about={about}>
        <div class="card-body">
          <MessageChart view={view} period={period} counts={bars} />
        </div>
      </Card>
      <Card id="reasons" title={say("Why messages did not leave", "Pourquoi des messages ne sont pas partis")}>
        <Reasons view={view} fates={fates} />
      </Card>
    </div>
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
        <p>{triggerSentence(scenario.definition, view)}</p>
      </div>
      <Counts
        view={view}
        fates={overview.fates.filter((fate) => fate.scenario === id)}
        runs={overview.runs.filter((run) => run.scenario === id)}
      />
    </article>
  );
}

function DecisionCard({ view, names, rows }: { view: View; names: ScenarioNames; rows: readonly DecisionRow[] }) {
  const { say } = view;
  const text = say(
    "Nothing was decided yet. Each message that a scenario wants to send gets an answer and a reason here.",
    "Rien n’a encore été décidé. Chaque message qu’un scénario veut envoyer reçoit ici une réponse et sa raison.",
  );
  return (
    <Card id="decisions" title={say("Last decisions", "Dernières décisions")}>
      {rows.length === 0 ? (
        <p class="card-body soft">{text}</p>
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
