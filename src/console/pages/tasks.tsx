import type { ActRow, TaskChoice } from "../../admin/act-store";
import { TASK_CHOICES } from "../../admin/act-store";
import { taskText } from "../../admin/task-routes";
import { here, type View } from "../view";
import type { ScenarioNames } from "../words/scenarios";
import { ActHead, ActOrigin } from "./acts";
import { ContactLink } from "./feeds";
import { FormToken } from "./form";
import { Page } from "./layout";
import type { NextPage } from "./parts";
import { Card, Empty, More, Pill, Tabs, Time } from "./parts";

interface Props {
  readonly view: View;
  readonly rows: readonly ActRow[];
  readonly next: NextPage;
  readonly names: ScenarioNames;
  readonly choice: TaskChoice;
}

/** What scenarios ask people to do, and what is done. */
export function TasksPage({ view, rows, next, names, choice }: Props) {
  const { say } = view;
  const words = { open: say("To do", "À faire"), done: say("Done", "Faites") };
  const choices = TASK_CHOICES.map((key) => ({
    href: here(view, { state: key === "open" ? null : key, after: null }),
    text: words[key],
    current: key === choice,
  }));
  return (
    <Page view={view} title={say("Tasks", "Tâches")}>
      <ActHead
        view={view}
        place="tasks"
        about={say(
          "What scenarios ask people to do: a call, a parcel, a word at the till.",
          "Ce que les scénarios demandent à des personnes : un appel, un colis, un mot en caisse.",
        )}
      />
      <Card
        id="list"
        title={say("Newest first", "Les plus récentes d’abord")}
        aside={<Tabs name={say("Which tasks", "Quelles tâches")} choices={choices} />}
      >
        {rows.length === 0 ? (
          <Empty
            view={view}
            title={say("No task here", "Aucune tâche ici")}
            text={say("A block “Create a task” puts one here.", "Un bloc « Créer une tâche » en ajoute une ici.")}
          />
        ) : (
          <ol class="feed">
            {rows.map((row) => (
              <Task view={view} row={row} names={names} />
            ))}
          </ol>
        )}
        <More view={view} next={next} />
      </Card>
    </Page>
  );
}

function Task({ view, row, names }: { view: View; row: ActRow; names: ScenarioNames }) {
  const { say } = view;
  const { title, note, assignee } = taskText(row);
  const isDone = row.result === "closed";
  return (
    <li>
      <Time view={view} at={row.at} />
      <p class="feed-line">
        <strong>{title}</strong>
        {assignee !== null && <Pill tone="live">{assignee}</Pill>}
      </p>
      {note !== null && <p>{note}</p>}
      <p class="feed-about">
        <ContactLink contact={row.contact} />
        <ActOrigin row={row} names={names} />
        {isDone && row.doneAt !== null && (
          <span>
            {say("done", "fait le")} <Time view={view} at={row.doneAt} />
          </span>
        )}
      </p>
      {!isDone && (
        <form method="post" action={`/admin/acts/tasks/${encodeURIComponent(row.id)}/done`}>
          <FormToken view={view} />
          <button type="submit" aria-label={say(`Done: ${title}`, `Fait : ${title}`)}>
            {say("Done", "Fait")}
          </button>
        </form>
      )}
    </li>
  );
}
