import type { RunWait } from "../../admin/why-actions";
import type { RunRow } from "../scenario-store";
import type { ScenarioRow } from "../store";
import { here, type View } from "../view";
import { label, OUTCOMES } from "../words/labels";
import { scenarioName } from "../words/scenarios";
import { Page } from "./layout";
import type { NextPage } from "./parts";
import { Card, Empty, More, Tabs } from "./parts";
import { RunFeed } from "./runs";

/** How runs stand, as the list can be narrowed to. */
export const RUN_CHOICES = [
  "running",
  "goal",
  "interrupted",
  "superseded",
  "timeout",
  "completed",
  "refused",
  "failed",
] as const;

interface RunsView {
  readonly scenario: ScenarioRow;
  readonly rows: readonly RunRow[];
  readonly waits: ReadonlyMap<string, RunWait>;
  readonly choice: (typeof RUN_CHOICES)[number] | null;
  readonly next: NextPage;
}

/** Everybody who came to a scenario: how each stands, where they wait and until when. */
export function ScenarioRunsPage({ view, page }: { view: View; page: RunsView }) {
  const { say, language } = view;
  const { scenario, rows, waits, choice, next } = page;
  const name = scenarioName(scenario, language);
  const title = say("Runs", "Parcours");
  const choices = [
    { href: here(view, { after: null, state: null }), text: say("All", "Tous"), current: choice === null },
    ...RUN_CHOICES.map((key) => ({
      href: here(view, { after: null, state: key }),
      text: label(OUTCOMES, key, language),
      current: choice === key,
    })),
  ];
  return (
    <Page view={view} title={`${title} · ${name}`}>
      <div class="head">
        <div>
          <p class="crumb">
            <a href={`/admin/scenarios/${encodeURIComponent(scenario.id)}`}>{name}</a>
          </p>
          <h1>{title}</h1>
          <p>
            {say(
              "Everybody who came: how their run stands, where they wait and until when.",
              "Tous ceux qui sont passés : où en est leur parcours, où ils attendent et jusqu’à quand.",
            )}
          </p>
        </div>
        <Tabs name={say("Which runs", "Quels parcours")} choices={choices} />
      </div>
      <Card id="list" title={say("Newest first", "Les plus récents d’abord")}>
        {rows.length === 0 ? (
          <Empty
            view={view}
            title={say("No run here", "Aucun parcours ici")}
            text={say("Runs come with the first entries.", "Ils viennent avec les premières entrées.")}
          />
        ) : (
          <RunFeed view={view} rows={rows} waits={waits} />
        )}
        <More view={view} next={next} />
      </Card>
    </Page>
  );
}
