import type { RehearsalRow } from "../../scenarios/rehearsal-store";
import { numberText, timeText, type View } from "../view";
import { REHEARSAL_STATES } from "../words/labels";
import { FormToken } from "./form";
import { Page } from "./layout";
import { Card, CodePill, Time } from "./parts";

/** What somebody chooses from, and the rehearsals there were. */
export interface RehearseView {
  readonly scenario: {
    readonly id: string;
    readonly name: string;
    readonly draft: number;
    readonly live: number | null;
  };
  readonly versions: readonly number[];
  readonly rows: readonly RehearsalRow[];
  /** Days that are offered, as YYYY-MM-DD. */
  readonly from: string;
  readonly to: string;
}

interface Props {
  readonly view: View;
  readonly data: RehearseView;
}

/** A form that asks for a rehearsal of a scenario, and the latest ones. */
export function RehearsePage({ view, data }: Props) {
  const { say } = view;
  const { scenario } = data;
  const title = say(`Rehearse ${scenario.name}`, `Répéter ${scenario.name}`);
  return (
    <Page view={view} title={title}>
      <div class="head">
        <div>
          <p class="crumb">
            <a href={`/admin/scenarios/${encodeURIComponent(scenario.id)}`}>{scenario.name}</a>
          </p>
          <h1>{title}</h1>
          <p>
            {say(
              "Plays the scenario over what really happened, and sends nothing: who would have come in, what they would have got, and what would have been withheld.",
              "Joue le scénario sur ce qui s’est réellement passé, sans rien envoyer : qui serait entré, ce que chacun aurait reçu et ce qui aurait été retenu.",
            )}
          </p>
        </div>
      </div>
      <Card id="ask" title={say("Period and version", "Période et version")}>
        <Ask view={view} data={data} />
      </Card>
      {data.rows.length > 0 && (
        <Card id="before" title={say("Rehearsals so far", "Répétitions précédentes")}>
          <ul class="feed">
            {data.rows.map((row) => (
              <Line view={view} row={row} />
            ))}
          </ul>
        </Card>
      )}
    </Page>
  );
}

function Ask({ view, data: { scenario, versions, from, to } }: Props) {
  const { say } = view;
  const name = (version: number): string => {
    if (version === scenario.live) return say(`Version ${version}, runs now`, `Version ${version}, en service`);
    if (version === scenario.draft) return say(`Version ${version}, draft`, `Version ${version}, brouillon`);
    return say(`Version ${version}`, `Version ${version}`);
  };
  return (
    <form class="card-body import-form" method="post">
      <FormToken view={view} />
      <div class="pairs">
        <label>
          {say("From", "Du")} <input type="date" name="from" value={from} max={to} required />
        </label>
        <label>
          {say("To", "Au")} <input type="date" name="to" value={to} max={to} required />
        </label>
        <label>
          {say("Version", "Version")}{" "}
          <select name="version">
            {versions.map((version) => (
              <option value={String(version)} selected={version === scenario.draft}>
                {name(version)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {say("Compare with", "Comparer à")}{" "}
          <select name="compare">
            <option value="">{say("nothing", "rien")}</option>
            {versions.map((version) => (
              <option value={String(version)}>{name(version)}</option>
            ))}
          </select>
        </label>
        <label>
          {say("Messages taken to be opened, %", "Messages supposés ouverts, %")}{" "}
          <input type="text" inputmode="numeric" pattern="100|[0-9]{1,2}" name="opened" value="0" />
        </label>
      </div>
      <button type="submit" class="button-main">
        {say("Rehearse", "Répéter")}
      </button>
    </form>
  );
}

function Line({ view, row }: { view: View; row: RehearsalRow }) {
  const { say } = view;
  const { plan, result } = row;
  const period = `${timeText(view, plan.from, "year")} – ${timeText(view, plan.to, "year")}`;
  return (
    <li>
      <Time view={view} at={row.createdAt} />
      <p class="feed-line">
        <CodePill view={view} catalog={REHEARSAL_STATES} code={row.status} />
        <strong>
          <a href={`/admin/rehearsals/${encodeURIComponent(row.id)}`}>{period}</a>
        </strong>
      </p>
      <p class="feed-about">
        <span>{say(`version ${plan.version}`, `version ${plan.version}`)}</span>
        {plan.compare !== null && <span>{say(`against ${plan.compare}`, `face à ${plan.compare}`)}</span>}
        {result && (
          <span>
            {say(
              `entries: ${numberText(view, result.totals.entered)}`,
              `entrées : ${numberText(view, result.totals.entered)}`,
            )}
          </span>
        )}
      </p>
    </li>
  );
}
