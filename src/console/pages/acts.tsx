import { mayRetry } from "../../admin/act-actions";
import type { ActChoice, ActRow } from "../../admin/act-store";
import { ACT_CHOICES } from "../../admin/act-store";
import { actResultWords } from "../../reports/act-words";
import { here, type View } from "../view";
import { ACT_STATES, actName, detailsText } from "../words/acts";
import type { ScenarioNames } from "../words/scenarios";
import { ContactLink } from "./feeds";
import { FormToken } from "./form";
import { Page } from "./layout";
import type { NextPage } from "./parts";
import { Ago, Card, CodePill, Empty, Head, More, Tabs, Time } from "./parts";

const PLACES = { acts: "/admin/acts", tasks: "/admin/acts/tasks", audiences: "/admin/acts/audiences" } as const;

/** What every page about the doings of scenarios begins with: its name, and the ways to the others. */
export function ActHead({ view, place, about }: { view: View; place: keyof typeof PLACES; about: string }) {
  const { say } = view;
  const names = { acts: say("Actions", "Actions"), tasks: say("Tasks", "Tâches"), audiences: "Audiences" };
  const choices = (["acts", "tasks", "audiences"] as const).map((key) => {
    return { href: PLACES[key], text: names[key], current: key === place };
  });
  return (
    <Head title={names[place]} about={about}>
      <Tabs name={say("What scenarios do", "Ce que font les scénarios")} choices={choices} />
    </Head>
  );
}

interface Props {
  readonly view: View;
  readonly rows: readonly ActRow[];
  readonly next: NextPage;
  readonly names: ScenarioNames;
  readonly choice: ActChoice;
  /** Kinds that there are. */
  readonly kinds: readonly string[];
}

/** Everything that scenarios had done beside messages: what is open, what failed and why, what is done. */
export function ActsPage({ view, rows, next, names, choice, kinds }: Props) {
  const { say } = view;
  const words = {
    open: say("Open", "En attente"),
    failed: say("Failed or not allowed", "Échecs et refus"),
    left_out: say("Left out", "Laissées de côté"),
    done: say("Done", "Faites"),
  };
  const choices = ACT_CHOICES.map((key) => ({
    href: here(view, { state: key === "open" ? null : key, after: null }),
    text: words[key],
    current: key === choice,
  }));
  return (
    <Page view={view} title={say("Actions", "Actions")}>
      <ActHead
        view={view}
        place="acts"
        about={say(
          "What scenarios do beside messages: coupons, points, profiles, calls, tasks. Each happens once.",
          "Ce que les scénarios font en plus des messages : bons, points, profils, appels, tâches. Chaque action n’a lieu qu’une fois.",
        )}
      />
      <Filter view={view} names={names} kinds={kinds} choice={choice} />
      <Card
        id="list"
        title={say("Newest first", "Les plus récentes d’abord")}
        aside={<Tabs name={say("Which actions", "Quelles actions")} choices={choices} />}
      >
        {rows.length === 0 ? (
          <Empty
            view={view}
            title={say("No action here", "Aucune action ici")}
            text={say(
              "That is how it should be, or no scenario has come to one yet.",
              "C’est bon signe, ou aucun scénario n’en est encore là.",
            )}
          />
        ) : (
          <ol class="feed">
            {rows.map((row) => (
              <Act view={view} row={row} names={names} />
            ))}
          </ol>
        )}
        <More view={view} next={next} />
      </Card>
    </Page>
  );
}

function Filter({ view, names, kinds, choice }: Pick<Props, "view" | "names" | "kinds" | "choice">) {
  const { say, language, query } = view;
  return (
    <form class="choose filter" method="get" action="/admin/acts">
      {choice !== "open" && <input type="hidden" name="state" value={choice} />}
      <label>
        {say("Kind", "Type")}
        <select name="kind">
          <option value="">{say("All kinds", "Tous les types")}</option>
          {kinds.map((kind) => (
            <option value={kind} selected={kind === query["kind"]}>
              {actName(kind, language)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {say("Scenario", "Scénario")}
        <select name="scenario">
          <option value="">{say("All scenarios", "Tous les scénarios")}</option>
          {[...names].map(([id, name]) => (
            <option value={id} selected={id === query["scenario"]}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <button type="submit">{say("Filter", "Filtrer")}</button>
    </form>
  );
}

function Act({ view, row, names }: { view: View; row: ActRow; names: ScenarioNames }) {
  const { language } = view;
  return (
    <li>
      <Time view={view} at={row.at} />
      <p class="feed-line">
        <CodePill view={view} catalog={ACT_STATES} code={row.state} />
        <strong>{actName(row.kind, language)}</strong>
        <span>{actResultWords(row.result, language)}</span>
      </p>
      <p class="feed-about">
        {detailsText(row, view) !== "" && <span>{detailsText(row, view)}</span>}
        <ContactLink contact={row.contact} />
        <ActOrigin row={row} names={names} />
        <Tries view={view} row={row} />
      </p>
      {mayRetry(row) && (
        <form method="post" action={`/admin/acts/${encodeURIComponent(row.id)}/retry`}>
          <FormToken view={view} />
          <button type="submit">{view.say("Try again", "Réessayer")}</button>
        </form>
      )}
    </li>
  );
}

/** The scenario and the block that wanted it. */
export function ActOrigin({ row, names }: { row: ActRow; names: ScenarioNames }) {
  return (
    <span>
      <a href={`/admin/scenarios/${encodeURIComponent(row.scenario)}`}>{names.get(row.scenario) ?? row.scenario}</a>
      {" › "}
      <code>{row.block}</code>
    </span>
  );
}

function Tries({ view, row: { state, attempts, nextAt } }: { view: View; row: ActRow }) {
  const { say } = view;
  if (state !== "pending") return null;
  return (
    <>
      {attempts > 0 && <span>{say(`${attempts} tries`, `${attempts} essais`)}</span>}
      <span>
        {nextAt > view.now ? (
          <>
            {say("next try", "prochain essai")} <Ago view={view} at={nextAt} />
          </>
        ) : (
          say("due now", "à faire")
        )}
      </span>
    </>
  );
}
