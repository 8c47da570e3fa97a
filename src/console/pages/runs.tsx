import { reasonWords } from "../../reports/reasons";
import type { RunRow } from "../scenario-store";
import { agoText, type View } from "../view";
import { OUTCOMES } from "../words/labels";
import type { ScenarioNames } from "../words/scenarios";
import { ContactLink } from "./feeds";
import { CodePill, Time } from "./parts";

interface Props {
  readonly view: View;
  readonly rows: readonly RunRow[];
  /** On a contact's page each run names its scenario; on the scenario's page its contact. */
  readonly names?: ScenarioNames;
}

/** Runs, newest first: how each ended and why. */
export function RunFeed({ view, rows, names }: Props) {
  return (
    <ol class="feed">
      {rows.map((row) => (
        <li>
          <Time view={view} at={row.enteredAt} />
          <p class="feed-line">
            <CodePill view={view} catalog={OUTCOMES} code={row.outcome ?? "running"} />
            <strong>{endText(row, view)}</strong>
          </p>
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
          </p>
        </li>
      ))}
    </ol>
  );
}

function endText({ outcome, reason, enteredAt, exitedAt }: RunRow, view: View): string {
  if (outcome === null) return view.say(`entered ${agoText(view, enteredAt)}`, `entré ${agoText(view, enteredAt)}`);
  const words = reasonWords(reason, view.language);
  if (exitedAt === null || outcome === "refused" || exitedAt === enteredAt) return words;
  return `${words}, ${agoText(view, exitedAt)}`;
}
