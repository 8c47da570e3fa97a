import type { ExplainedRun, Explanation } from "../../admin/why-actions";
import type { WhyStep } from "../../reports/why";
import type { Why } from "../../segments/describe";
import { contactId } from "../../shared/ids";
import type { View } from "../view";
import { ACT_STATES, inputName, inputValue } from "../words/acts";
import { FATES, OUTCOMES, SCENARIO_STATES } from "../words/labels";
import type { ScenarioNames } from "../words/scenarios";
import { askableNames } from "../words/scenarios";
import { typeset } from "../words/typeset";
import { Page } from "./layout";
import { Card, CodePill, Empty, Pill, Time } from "./parts";
import { WhyTree } from "./segment-why";

interface Props {
  readonly view: View;
  readonly contact: number;
  readonly scenario: string;
  readonly names: ScenarioNames;
  readonly told: Explanation;
}

/** A field for a scenario on a contact's page. */
function AskWhy({ view, contact, names, scenario }: Omit<Props, "told" | "scenario"> & { scenario?: string }) {
  const { say } = view;
  return (
    <form class="ask" method="get" action={`/admin/contacts/${contactId(contact)}/why`}>
      <label for="scenario">{say("Scenario", "Scénario")}</label>
      <div class="actions">
        <select id="scenario" name="scenario" required>
          {[...names].map(([id, name]) => (
            <option value={id} selected={id === scenario}>
              {name}
            </option>
          ))}
        </select>
        <button type="submit">{say("Explain", "Expliquer")}</button>
      </div>
    </form>
  );
}

/** The same as a section of the contact's page; nothing where there is no scenario. */
export function AskWhyCard({ view, contact, names }: { view: View; contact: number; names: ScenarioNames }) {
  const askable = askableNames(names);
  if (askable.size === 0) return null;
  const title = view.say("Why did they get something, or not?", "Pourquoi ce contact a-t-il reçu un message, ou non ?");
  return (
    <Card id="why" title={title}>
      <div class="card-body">
        <AskWhy view={view} contact={contact} names={askable} />
      </div>
    </Card>
  );
}

/** Why a contact did or did not get what a scenario sends: each passage step by step, and whether it is for them now. */
export function WhyPage({ view, told, ...props }: Props) {
  const { say } = view;
  const { contact, scenario, names } = props;
  const name = names.get(scenario) ?? told.name;
  const title = say(`Why “${name}”, or why not?`, `Pourquoi « ${name} », ou pourquoi pas ?`);
  return (
    <Page view={view} title={title}>
      <div class="head">
        <div>
          <p class="crumb mono">
            <a href={`/admin/contacts/${contactId(contact)}`}>{contactId(contact)}</a>
          </p>
          <h1>{title}</h1>
          <p>
            {say(
              "What this contact had of the scenario, step by step, and why.",
              "Ce que ce contact a reçu du scénario, étape par étape, et pourquoi.",
            )}
          </p>
        </div>
        <AskWhy view={view} contact={contact} names={names} scenario={scenario} />
      </div>
      <div class="columns">
        <div class="stack">
          <Passages view={view} runs={told.runs} />
        </div>
        <StandingCard view={view} scenario={scenario} told={told} />
      </div>
    </Page>
  );
}

function Passages({ view, runs }: { view: View; runs: readonly ExplainedRun[] }) {
  const { say } = view;
  if (runs.length > 0) {
    return (
      <>
        {runs.map((run, index) => (
          <RunCard view={view} run={run} isLatest={index === 0} />
        ))}
      </>
    );
  }
  return (
    <Card id="passages" title={say("Passages", "Passages")}>
      <Empty
        view={view}
        title={say("Has never come by", "N’est jamais passé")}
        text={say(
          "What begins the scenario has not happened to this contact, or not while it was active.",
          "Ce qui lance le scénario n’est pas arrivé à ce contact, ou pas pendant qu’il était actif.",
        )}
      />
    </Card>
  );
}

/** What is asked, without groups that hold nothing or one part; null where nothing is. */
function askedOf(why: Why): Why | null {
  if (why.group !== "all" && why.group !== "any") return why;
  const parts = (why.parts ?? []).flatMap((part) => askedOf(part) ?? []);
  // Of nothing none holds: that is asked of somebody.
  if (parts.length === 0) return why.group === "all" ? null : why;
  return parts.length === 1 ? (parts[0] ?? null) : { ...why, parts };
}

/** What begins the scenario, and whether it is for the contact as of now. */
function StandingCard({ view, scenario, told }: { view: View; scenario: string; told: Explanation }) {
  const { say, language } = view;
  const why = told.fits[language];
  const asked = askedOf(why);
  return (
    <Card
      id="standing"
      title={say("The scenario now", "Le scénario à présent")}
      aside={<CodePill view={view} catalog={SCENARIO_STATES} code={told.state} />}
    >
      <div class="card-body stack-small">
        <p>
          <a href={`/admin/scenarios/${encodeURIComponent(scenario)}`}>{typeset(told.start[language], language)}</a>
        </p>
        <h3>
          {why.holds
            ? say("This contact is among those it is for", "Ce contact fait partie de son public")
            : say("This contact is not among those it is for", "Ce contact ne fait pas partie de son public")}
        </h3>
        {asked === null ? (
          <p class="soft">{say("It is for everybody.", "Il s’adresse à tout le monde.")}</p>
        ) : (
          <WhyTree view={view} why={asked} />
        )}
      </div>
    </Card>
  );
}

function RunCard({ view, run, isLatest }: { view: View; run: ExplainedRun; isLatest: boolean }) {
  const { say } = view;
  const version = say(`version ${run.version}`, `version ${run.version}`);
  return (
    <Card
      id={run.id}
      title={
        isLatest ? say("The latest passage", "Le dernier passage") : say("An earlier passage", "Un passage antérieur")
      }
      aside={<CodePill view={view} catalog={OUTCOMES} code={run.outcome ?? "running"} />}
      about={version}
    >
      <ol class="feed">
        {run.steps.map((step) => (
          <Step view={view} step={step} />
        ))}
      </ol>
    </Card>
  );
}

function Step({ view, step }: { view: View; step: WhyStep }) {
  const { language } = view;
  return (
    <li class={`step-${step.kind}`}>
      <Time view={view} at={step.at} />
      <p class="feed-line">
        <StepPill view={view} step={step} />
        <span>{step.words[language]}</span>
      </p>
      {step.inputs && <Inputs view={view} inputs={step.inputs} />}
    </li>
  );
}

function StepPill({ view, step: { kind, state } }: { view: View; step: WhyStep }) {
  if (kind === "waits") return <Pill tone="live">{view.say("Waits now", "Attend")}</Pill>;
  if (state === undefined) return null;
  return <CodePill view={view} catalog={kind === "act" ? ACT_STATES : FATES} code={state} />;
}

/** All that the gate looked at before it decided about a message. */
function Inputs({ view, inputs }: { view: View; inputs: NonNullable<WhyStep["inputs"]> }) {
  return (
    <details>
      <summary>{view.say("What was looked at", "Ce qui a été examiné")}</summary>
      <dl class="facts inputs inputs-words">
        {Object.entries(inputs).map(([name, value]) => (
          <>
            <dt>{inputName(name, view.language)}</dt>
            <dd>{inputValue(name, value, view)}</dd>
          </>
        ))}
      </dl>
    </details>
  );
}
