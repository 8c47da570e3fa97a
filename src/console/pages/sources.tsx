import { type RefusedBy, refusedBy } from "../../admin/source-schema";
import { sourceTitle } from "../../events/source";
import { alertSentence, alertTitle } from "../../reports/alert-words";
import { redactEvent } from "../../reports/redact-event";
import type { SourceFigures } from "../../reports/source-figures";
import { numberText, type View } from "../view";
import { refusalWords } from "../words/sources";
import { ConnectList, type Doors } from "./connect";
import { FormToken } from "./form";
import { Page } from "./layout";
import { Ago, Card, Head, Pill, Time } from "./parts";
import { AlertSection, type AlertsShown } from "./source-alerts";
import { StandingLine, type StandingShown } from "./source-standing";
import { SourceTable } from "./source-table";

/** Everything that the page of sources shows. */
export interface SourcesShown {
  readonly sources: readonly SourceFigures[];
  readonly refused: Parameters<typeof refusedBy>[1];
  readonly standing: StandingShown;
  readonly alerts: AlertsShown;
  readonly doors: Doors;
}

/** Where events come from, whether they still come, and what was not taken of them. */
export function SourcesPage({ view, shown }: { view: View; shown: SourcesShown }) {
  const { say } = view;
  const { sources } = shown;
  const title = say("Sources", "Sources");
  const connect = <ConnectList view={view} doors={shown.doors} />;
  return (
    <Page view={view} title={title}>
      <Head
        title={title}
        about={say(
          "Where events come from, whether they still come, and what was not taken.",
          "D’où viennent les événements, s’ils arrivent encore, et ce qui n’a pas été accepté.",
        )}
      />
      <Done view={view} />
      <OpenAlerts view={view} shown={shown.alerts} />
      <StandingLine view={view} standing={shown.standing} />
      <Card id="sources" title={say("The last 24 hours", "Les dernières 24 heures")}>
        {sources.length === 0 ? (
          <div class="card-body">
            <p>
              <strong>{say("Nothing has come in yet.", "Rien n’est encore arrivé.")}</strong>{" "}
              {say("Connect the first source:", "Connectez la première source :")}
            </p>
            {connect}
          </div>
        ) : (
          <div class="card-body">
            <SourceTable view={view} sources={sources} />
            <details class="secret">
              <summary>{say("Connect another source", "Connecter une autre source")}</summary>
              {connect}
            </details>
          </div>
        )}
      </Card>
      <Refusals view={view} shown={shown} />
      <AlertSection
        view={view}
        shown={shown.alerts}
        sources={sources.filter(({ lastAt }) => lastAt !== null).map(({ source }) => source)}
      />
    </Page>
  );
}

/** What the last button did. */
function Done({ view }: { view: View }) {
  const { say, query } = view;
  const [taken, kept] = [query["taken"], query["kept"]].map((text) =>
    /^\d{1,3}$/.test(text ?? "") ? Number(text) : null,
  );
  if (taken === null || taken === undefined) return null;
  return (
    <p class={`note ${kept ? "" : "note-good"}`} role="status">
      {say(`Taken in after all: ${taken}.`, `Acceptés après coup : ${taken}.`)}{" "}
      {kept ? say(`Still refused: ${kept}.`, `Toujours refusés : ${kept}.`) : ""}
    </p>
  );
}

function OpenAlerts({ view, shown }: { view: View; shown: AlertsShown }) {
  const open = shown.alerts.filter(({ closedAt }) => closedAt === null);
  return (
    <>
      {open.map((alert) => (
        <div class="note note-bad">
          <strong>{alertTitle(alert, view.language)}</strong>
          <p>
            {alertSentence(alert, view.language)} (<Ago view={view} at={alert.openedAt} />)
          </p>
        </div>
      ))}
    </>
  );
}

function Refusals({ view, shown }: { view: View; shown: SourcesShown }) {
  const { say } = view;
  const rows = shown.sources.flatMap((figures) =>
    refusedBy(figures, shown.refused).map((refused) => ({ source: figures.source, refused })),
  );
  return (
    <Card
      id="refused"
      title={say("What was not taken, and why", "Ce qui n’a pas été accepté, et pourquoi")}
      aside={<a href="/admin/rejected">{say("All of them", "Tous")}</a>}
    >
      {rows.length === 0 ? (
        <p class="card-body soft">{say("Everything was taken.", "Tout a été accepté.")}</p>
      ) : (
        <ol class="feed">
          {rows.map(({ source, refused }) => (
            <Refusal view={view} source={source} refused={refused} />
          ))}
        </ol>
      )}
    </Card>
  );
}

function Refusal({ view, source, refused }: { view: View; source: string; refused: RefusedBy }) {
  const { say, language } = view;
  const { reason, count, kept } = refused;
  return (
    <li>
      {kept && <Time view={view} at={kept.example.at} />}
      <p class="feed-line">
        <Pill tone="calm">{sourceTitle(source)[language]}</Pill>
        <strong>{refusalWords(reason, language)}</strong>
      </p>
      <p class="feed-about">
        <span>{say(`${numberText(view, count)} in 24 hours`, `${numberText(view, count)} en 24 heures`)}</span>
        {kept && (
          <span>
            {say(`${numberText(view, kept.kept)} can be replayed`, `${numberText(view, kept.kept)} à rejouer`)}
          </span>
        )}
        {kept ? (
          <span>{kept.example.reason}</span>
        ) : (
          <span>
            {say(
              "refused with its whole request, so nothing of it is kept",
              "refusé avec toute sa requête : rien n’en est conservé",
            )}
          </span>
        )}
      </p>
      {kept && (
        <details>
          <summary>
            {say("An example, without what describes a person", "Un exemple, sans ce qui décrit une personne")}
          </summary>
          <pre tabindex={0}>{redactEvent(kept.example.body)}</pre>
        </details>
      )}
      {kept && (
        <form method="post" action="/admin/sources/replay">
          <FormToken view={view} />
          <input type="hidden" name="source" value={source} />
          <input type="hidden" name="reason" value={reason} />
          <button type="submit">
            {say("Replay", "Rejouer")}
            <span class="hidden">{`: ${sourceTitle(source)[language]}, ${refusalWords(reason, language)}`}</span>
          </button>
        </form>
      )}
    </li>
  );
}
