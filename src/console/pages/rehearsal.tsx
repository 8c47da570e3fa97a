import type { RehearsalSum } from "../../scenarios/rehearsal-plan";
import { doneOf } from "../../scenarios/rehearsal-plan";
import type { EntryRow, RehearsalRow } from "../../scenarios/rehearsal-store";
import type { Counts } from "../../scenarios/rehearsal-totals";
import { ASSUMPTIONS, type Assumption } from "../../services/rehearsals/assumptions";
import type { Words } from "../../shared/language";
import { moneyText, numberText, timeText, type View } from "../view";
import { CHANNEL_NAMES, label, REHEARSAL_STATES } from "../words/labels";
import type { ScenarioNames } from "../words/scenarios";
import { typeset } from "../words/typeset";
import { FormToken } from "./form";
import { Page } from "./layout";
import { Ago, Card, CodePill, type NextPage } from "./parts";
import { ReasonBar } from "./reason-bar";
import { DayChart } from "./rehearsal-chart";
import { Difference } from "./rehearsal-difference";
import { EntriesCard } from "./rehearsal-entries";

/** Everything on a rehearsal's page. */
export interface RehearsalView {
  readonly row: RehearsalRow;
  readonly name: string;
  readonly names: ScenarioNames;
  readonly entries: readonly EntryRow[];
  readonly next: NextPage;
  readonly currency: string;
  readonly assumptions: readonly Assumption[];
  /** Days of the period, UTC, as YYYY-MM-DD. */
  readonly days: readonly string[];
}

interface Props {
  readonly view: View;
  readonly data: RehearsalView;
}

interface SumProps extends Props {
  readonly sum: RehearsalSum;
}

/** A rehearsal: how far it is, and then what it came to. */
export function RehearsalPage({ view, data }: Props) {
  const { say } = view;
  const { row, name } = data;
  const { plan, result } = row;
  const title = say(`Rehearsal of ${name}`, `Répétition de ${name}`);
  const isRunning = row.status === "running";
  const period = `${timeText(view, plan.from, "year")} – ${timeText(view, plan.to, "year")}`;
  return (
    <Page view={view} title={title} refresh={isRunning ? 2 : null}>
      <div class="head">
        <div>
          <p class="crumb">
            <a href={`/admin/scenarios/${encodeURIComponent(row.scenario)}/rehearse`}>
              {say("Rehearsals", "Répétitions")}
            </a>
          </p>
          <h1>{title}</h1>
          <p>
            <CodePill view={view} catalog={REHEARSAL_STATES} code={row.status} /> {period},{" "}
            {say(`version ${plan.version}`, `version ${plan.version}`)} ·{" "}
            <Ago view={view} at={row.finishedAt ?? row.touchedAt} />
          </p>
        </div>
      </div>
      {isRunning && <Progress view={view} row={row} />}
      {row.status === "failed" && <Failed view={view} />}
      {row.status === "cancelled" && (
        <p class="note" role="status">
          {say("It was ended before it was done.", "Elle a été arrêtée avant la fin.")}
        </p>
      )}
      {result && <Result view={view} data={data} sum={result} />}
    </Page>
  );
}

function Failed({ view: { say } }: { view: View }) {
  return (
    <p class="note note-bad" role="status">
      {say(
        "It could not be brought to its end. Choose a shorter period, or try again later.",
        "Elle n’a pas pu aller jusqu’au bout. Choisissez une période plus courte, ou réessayez plus tard.",
      )}
    </p>
  );
}

const PHASES = {
  look: { en: "Reading what happened", fr: "Lecture de ce qui s’est passé" },
  lay: { en: "Sorting it by people", fr: "Tri par personne" },
  play: { en: "Playing the scenario", fr: "Le scénario se joue" },
  clean: { en: "Adding up", fr: "Addition des résultats" },
} as const;

function Progress({ view, row }: { view: View; row: RehearsalRow }) {
  const { say, language } = view;
  const done = Math.round(100 * doneOf(row.step));
  const words = row.step ? PHASES[row.step.phase][language] : "";
  return (
    <Card id="progress" title={words}>
      <div class="card-body stack">
        <div class="progress" role="status">
          <p>
            {say(`${done}% done`, `${done} % effectués`)} · {say("events", "événements")} {numberText(view, row.events)}
          </p>
          <progress max={100} value={done} aria-label={words} />
        </div>
        <form method="post" action={`/admin/rehearsals/${encodeURIComponent(row.id)}/cancel`}>
          <FormToken view={view} />
          <button type="submit">{say("Cancel", "Annuler")}</button>
        </form>
      </div>
    </Card>
  );
}

function Result({ view, data, sum }: SumProps) {
  const { say, language } = view;
  const { totals, difference } = sum;
  const channels = [...new Set([...Object.keys(totals.messages), ...Object.keys(totals.withheld_days)])].sort();
  return (
    <>
      <Tiles view={view} data={data} sum={sum} />
      {channels.map((channel) => (
        <Card
          id={`channel-${channel}`}
          title={say(
            `${label(CHANNEL_NAMES, channel, language)}: messages by day`,
            `${label(CHANNEL_NAMES, channel, language)} : messages par jour`,
          )}
        >
          <div class="card-body">
            <DayChart
              view={view}
              days={data.days}
              sent={totals.messages[channel] ?? {}}
              withheld={totals.withheld_days[channel] ?? {}}
            />
          </div>
        </Card>
      ))}
      {difference && <Difference view={view} plan={data.row.plan} difference={difference} examples={sum.examples} />}
      <div class="columns columns-even">
        <Reasons
          view={view}
          id="withheld"
          title={say("Withheld, and why", "Retenus, et pourquoi")}
          none={say("Nothing would have been withheld.", "Rien n’aurait été retenu.")}
          counts={totals.withheld}
        />
        <Reasons
          view={view}
          id="refused"
          title={say("Refused at the door", "Refusés à l’entrée")}
          none={say("Nobody would have been refused.", "Personne n’aurait été refusé.")}
          counts={totals.refused}
        />
      </div>
      <Overlap view={view} data={data} sum={sum} />
      <Card id="assumptions" title={say("What this takes for granted", "Ce qui est supposé")}>
        <ul class="card-body dotted">
          {data.assumptions.map((code) => (
            <li>{typeset(ASSUMPTIONS[code][language], language)}</li>
          ))}
        </ul>
      </Card>
      <EntriesCard view={view} entries={data.entries} next={data.next} totals={totals} listed={sum.listed} />
    </>
  );
}

function Tiles({ view, data: { currency }, sum: { totals } }: SumProps) {
  const { say } = view;
  // French says zero and one in the singular, English one alone.
  const noun = (count: number, one: Words, many: Words): [string, string] => {
    const isOne = count === 1 || (count === 0 && view.language === "fr");
    return [numberText(view, count), (isOne ? one : many)[view.language]];
  };
  const sent = sumOf(Object.values(totals.messages).map((days) => sumOf(Object.values(days))));
  const cost = moneyText(view, Math.round(totals.sms.milli / 1_000), currency);
  const tiles: [string, string][] = [
    noun(totals.entered, { en: "entry", fr: "entrée" }, { en: "entries", fr: "entrées" }),
    [numberText(view, sumOf(Object.values(totals.refused))), say("refused", "refus")],
    noun(sent, { en: "message", fr: "message" }, { en: "messages", fr: "messages" }),
    noun(sumOf(Object.values(totals.withheld)), { en: "withheld", fr: "retenu" }, { en: "withheld", fr: "retenus" }),
  ];
  if (totals.sms.messages > 0) {
    const segments = numberText(view, totals.sms.segments);
    tiles.push([cost, say(`SMS segments: ${segments}`, `Segments SMS : ${segments}`)]);
  }
  return (
    <dl class="tiles">
      {tiles.map(([value, text]) => (
        <div class="tile">
          <dt>{text}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);

function Reasons(props: { view: View; id: string; title: string; none: string; counts: Counts }) {
  const { view, id, title, none, counts } = props;
  const sorted = Object.entries(counts).sort(([, one], [, other]) => other - one);
  const most = Math.max(1, ...Object.values(counts));
  return (
    <Card id={id} title={title}>
      {sorted.length === 0 ? (
        <p class="card-body soft">{none}</p>
      ) : (
        <ul class="reasons card-body">
          {sorted.map(([reason, count]) => (
            <ReasonBar view={view} reason={reason} count={count} most={most} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function Overlap({ view, data: { names, row }, sum: { totals } }: SumProps) {
  const { say } = view;
  const { overlap } = totals;
  if (row.plan.others.length === 0) return null;
  const count = (value: number) => numberText(view, value);
  const others = Object.entries(overlap.by).sort(([, one], [, other]) => other.messages - one.messages);
  return (
    <Card id="overlap" title={say("Beside other scenarios", "À côté des autres scénarios")}>
      <div class="card-body stack">
        <p>
          {say(
            `Messages within a day of one of another active scenario: ${count(overlap.messages)}; contacts who get both: ${count(overlap.contacts)}. By exclusion groups, entries kept out: ${count(overlap.kept_out)}; runs of this scenario that end: ${count(overlap.gave_way)}; of others: ${count(overlap.took_over)}.`,
            `Messages à moins d’un jour de celui d’un autre scénario actif : ${count(overlap.messages)} ; contacts qui reçoivent les deux : ${count(overlap.contacts)}. Par les groupes d’exclusion, entrées empêchées : ${count(overlap.kept_out)} ; parcours de ce scénario arrêtés : ${count(overlap.gave_way)} ; d’autres : ${count(overlap.took_over)}.`,
          )}
        </p>
        {others.length > 0 && (
          <table class="lines" aria-labelledby="overlap">
            <thead>
              <tr>
                <th scope="col">{say("Scenario", "Scénario")}</th>
                <th scope="col" class="end">
                  {say("Messages", "Messages")}
                </th>
                <th scope="col" class="end">
                  {say("Contacts", "Contacts")}
                </th>
              </tr>
            </thead>
            <tbody>
              {others.map(([id, { messages, contacts }]) => (
                <tr>
                  <th scope="row">{names.get(id) ?? id}</th>
                  <td class="end">{count(messages)}</td>
                  <td class="end">{count(contacts)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </Card>
  );
}
