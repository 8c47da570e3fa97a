import type { RunWait } from "../../admin/why-actions";
import { reasonWords } from "../../reports/reasons";
import { contactId } from "../../shared/ids";
import type { RunRow } from "../scenario-store";
import { agoText, type View } from "../view";
import { blockSentence } from "../words/blocks";
import { OUTCOMES } from "../words/labels";
import type { ScenarioNames } from "../words/scenarios";
import { ContactLink } from "./feeds";
import { CodePill, Time } from "./parts";

interface Props {
  readonly view: View;
  readonly rows: readonly RunRow[];
  /** On a contact's page each run names its scenario; on the scenario's page its contact. */
  readonly names?: ScenarioNames;
  /** Where those wait that are on their way. */
  readonly waits?: ReadonlyMap<string, RunWait>;
}

/** Runs, newest first: how each ended and why. */
export function RunFeed({ view, rows, names, waits }: Props) {
  return (
    <ol class="feed">
      {rows.map((row) => (
        <li>
          <Time view={view} at={row.enteredAt} />
          <p class="feed-line">
            <CodePill view={view} catalog={OUTCOMES} code={row.outcome ?? "running"} />
            <strong>{endText(row, view)}</strong>
          </p>
          <Waiting view={view} wait={waits?.get(row.id)} />
          <p class="feed-about">
            {names ? (
              <a href={`/admin/scenarios/${encodeURIComponent(row.scenario)}`}>
                {names.get(row.scenario) ?? row.scenario}
              </a>
            ) : (
              <ContactLink contact={row.contact} />
            )}
            <span>{`v${row.version}`}</span>
            <span class="mono">{row.entryKey}</span>
            <a href={whyLink(row)}>{view.say("Why?", "Pourquoi ?")}</a>
          </p>
        </li>
      ))}
    </ol>
  );
}

/** Where a run waits, and until when. */
function Waiting({ view, wait }: { view: View; wait: RunWait | undefined }) {
  if (!wait) return null;
  const { say } = view;
  const { block, node, due, heldUntil } = wait;
  return (
    <p>
      {node ? blockSentence(node, view) : say("At a block that is gone.", "À un bloc disparu.")}{" "}
      <code class="soft">{block}</code>
      {due !== null && (
        <span class="soft">
          {" "}
          {say("until", "jusqu’au")} <Time view={view} at={due} /> {say("at most", "au plus")}
        </span>
      )}
      {heldUntil !== null && (
        <span class="soft">
          {" · "}
          {say("a message is held, asked about again", "un message est retenu, nouvelle vérification")}{" "}
          <Time view={view} at={heldUntil} />
        </span>
      )}
    </p>
  );
}

/** Where a run is told step by step. */
function whyLink({ contact, scenario, id }: Pick<RunRow, "contact" | "scenario" | "id">): string {
  return `/admin/contacts/${contactId(contact)}/why?scenario=${encodeURIComponent(scenario)}#${id}`;
}

function endText({ outcome, reason, enteredAt, exitedAt }: RunRow, view: View): string {
  if (outcome === null) return view.say(`entered ${agoText(view, enteredAt)}`, `entré ${agoText(view, enteredAt)}`);
  const words = reasonWords(reason, view.language);
  if (exitedAt === null || outcome === "refused" || exitedAt === enteredAt) return words;
  return `${words}, ${agoText(view, exitedAt)}`;
}
