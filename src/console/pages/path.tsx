import { reasonWords } from "../../reports/reasons";
import type { ScenarioDefinition } from "../../scenarios/definition";
import { wayWords } from "../../scenarios/way-words";
import type { Winner } from "../../scenarios/winner";
import type { FateCount } from "../fates";
import { countFates, topReasons } from "../fates";
import type { PathStep } from "../path";
import { categoryOf, pathOf } from "../path";
import type { EndCount } from "../scenario-store";
import { numberText, type View } from "../view";
import { blockSentence } from "../words/blocks";
import { FATES, label, OUTCOMES, toneOf } from "../words/labels";
import { winnerSentence } from "../words/splits";
import { typeset } from "../words/typeset";
import { Sign, signOf } from "./icons";
import { Pill } from "./parts";

interface Props {
  readonly view: View;
  readonly definition: ScenarioDefinition;
  readonly fates: readonly (FateCount & { readonly block: string })[];
  readonly ends: readonly EndCount[];
  /** The splits of this version that are decided; the definition has their winners. */
  readonly winners: readonly Winner[];
}

/** A scenario's blocks in the order in which a contact meets them, branches side by side. */
export function PathPicture({ definition, ...props }: Props) {
  const { steps, unreached } = pathOf(definition);
  const { say } = props.view;
  return (
    <>
      <PathList {...props} definition={definition} steps={steps} />
      {unreached.length > 0 && (
        <p class="note">
          {say("Not connected to the start: ", "Sans lien avec le début : ")}
          {unreached.join(", ")}
        </p>
      )}
    </>
  );
}

function PathList({ steps, ...props }: Props & { steps: readonly PathStep[] }) {
  return (
    <ol class="path">
      {steps.map((step) => (
        <Step {...props} step={step} />
      ))}
    </ol>
  );
}

function Step({ step, ...props }: Props & { step: PathStep }) {
  const { view } = props;
  if (step.kind === "block") return <Block {...props} step={step} />;
  if (step.kind === "fork") return <Fork {...props} step={step} />;
  const words =
    step.kind === "jump"
      ? view.say("Goes on at ", "Continue à ")
      : view.say("Leads to a block that does not exist: ", "Mène à un bloc qui n’existe pas : ");
  return (
    <li class={step.kind === "missing" ? "path-unknown" : "path-exit"}>
      <span class="path-sign">
        <Sign name={step.kind === "missing" ? "unknown" : "action"} />
      </span>
      <p class="path-title soft">
        {words}
        {step.kind === "jump" ? (
          <a href={`#block-${step.to}`}>
            <code>{step.to}</code>
          </a>
        ) : (
          <code>{step.to}</code>
        )}
      </p>
    </li>
  );
}

function Block({ view, fates, ends, winners, step }: Props & { step: Extract<PathStep, { kind: "block" }> }) {
  const { name, node } = step;
  const category = categoryOf(node.type);
  const own = fates.filter(({ block }) => block === name);
  return (
    <li id={`block-${name}`} class={`path-${category}`}>
      <span class="path-sign">
        <Sign name={signOf(category, node.type)} />
      </span>
      <p class="path-title">
        {blockSentence(node, view)}
        <code>{name}</code>
      </p>
      {winners
        .filter(({ block }) => block === name)
        .map((winner) => (
          <p class="path-why">{typeset(winnerSentence(winner, view), view.language)}</p>
        ))}
      <BlockCounts view={view} fates={own} ends={ends.filter(({ block }) => block === name)} />
      {topReasons(own, 3).map(({ reason, count }) => (
        <p class="path-why">
          {numberText(view, count)} × {reasonWords(reason, view.language)}
        </p>
      ))}
    </li>
  );
}

function BlockCounts({ view, fates, ends }: { view: View; fates: readonly FateCount[]; ends: readonly EndCount[] }) {
  const left = ends.filter(({ outcome }) => outcome !== "running");
  const codes = Object.keys(FATES).filter((code) => countFates(fates, code) > 0);
  if (codes.length + left.length === 0) return null;
  return (
    <p class="path-pills">
      {codes.map((code) => (
        <Pill tone={toneOf(FATES, code)}>
          {`${label(FATES, code, view.language)} ${numberText(view, countFates(fates, code))}`}
        </Pill>
      ))}
      {left.map(({ outcome, reason, count }) => (
        <Pill tone={toneOf(OUTCOMES, outcome)}>
          {`${numberText(view, count)} ${view.say("left here:", "sortis ici :")} ${reasonWords(reason, view.language)}`}
        </Pill>
      ))}
    </p>
  );
}

function Fork({ step, ...props }: Props & { step: Extract<PathStep, { kind: "fork" }> }) {
  const { view } = props;
  return (
    <li class="path-branches">
      <div class="path-fork">
        {step.branches.map(({ output, steps }) => (
          <div class="branch">
            <h3>{typeset(wayWords(step.node, output, view.language, view.terms), view.language)}</h3>
            {steps.length === 0 ? (
              <p class="soft small">{view.say("Goes straight on.", "Continue directement.")}</p>
            ) : (
              <PathList {...props} steps={steps} />
            )}
          </div>
        ))}
      </div>
    </li>
  );
}
