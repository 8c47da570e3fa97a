import type { ScenarioDefinition } from "../../scenarios/definition";
import { durationInWords, parseDuration } from "../../shared/duration";
import type { Language } from "../../shared/language";
import type { View } from "../view";
import { endingSentence, filterSentences } from "../words/blocks";
import { label, STOP_NAMES } from "../words/labels";
import { Card } from "./parts";

/** What a scenario keeps to beside its path: for whom, until when, how often. */
export function RulesCard({ view, definition }: { view: View; definition: ScenarioDefinition }) {
  const { say, language } = view;
  const { goal, stop_when: endings = [], exclusion_group: group } = definition;
  const stops = [
    ...definition.stop_on.map((stop) => label(STOP_NAMES, stop, language)),
    ...endings.map((ending) => endingSentence(ending, view)),
  ];
  return (
    <Card id="rules" title={say("Its rules", "Ses règles")}>
      <dl class="facts card-body">
        <dt>{say("For whoever", "Pour qui")}</dt>
        <dd>
          <FilterList view={view} sentences={filterSentences(definition.filter, view)} />
        </dd>
        {goal && (
          <>
            <dt>{say("Goal", "Objectif")}</dt>
            <dd>{endingSentence(goal, view)}</dd>
          </>
        )}
        <dt>{say("Ends on", "S’arrête sur")}</dt>
        <dd>{stops.length > 0 ? stops.join(", ") : say("nothing from outside", "rien d’extérieur")}</dd>
        <dt>{say("Again", "À nouveau")}</dt>
        <dd>{reentryText(view, definition)}</dd>
        {group !== undefined && (
          <>
            <dt>{say("Group", "Groupe")}</dt>
            <dd>{say(`one scenario of “${group}” at a time`, `un scénario de « ${group} » à la fois`)}</dd>
          </>
        )}
        <dt>{say("Control group", "Groupe témoin")}</dt>
        <dd>{new Intl.NumberFormat(language, { style: "percent" }).format(definition.holdout)}</dd>
        <dt>{say("Too late after", "Trop tard après")}</dt>
        <dd>{inWords(definition.max_lateness, language)}</dd>
        <dt>{say("Kind", "Nature")}</dt>
        <dd>
          {definition.class === "transactional"
            ? say("transactional", "transactionnel")
            : say("marketing: needs consent", "marketing : consentement requis")}
        </dd>
      </dl>
    </Card>
  );
}

function FilterList({ view, sentences }: { view: View; sentences: readonly string[] }) {
  if (sentences.length === 0) return <>{view.say("Everybody", "Tout le monde")}</>;
  return (
    <ul class="marks">
      {sentences.map((sentence) => (
        <li>{sentence}</li>
      ))}
    </ul>
  );
}

function reentryText({ say }: View, { reentry }: ScenarioDefinition): string {
  const { policy, after_message: after, after_end: end, while_running: running, max_runs: most } = reentry;
  const parts = [
    policy === "once"
      ? say("once per person", "une fois par personne")
      : say("once for each occasion", "une fois par occasion"),
  ];
  if (after !== undefined) {
    const en = `${inWords(after, "en")} after the last message at the earliest`;
    parts.push(say(en, `au plus tôt ${inWords(after, "fr")} après le dernier message`));
  }
  if (end !== undefined) {
    const en = `${inWords(end, "en")} after the last run at the earliest`;
    parts.push(say(en, `au plus tôt ${inWords(end, "fr")} après le dernier parcours`));
  }
  if (running === "refuse") parts.push(say("not while in it", "pas pendant un parcours"));
  if (running === "supersede")
    parts.push(say("a new entry ends the run before", "une nouvelle entrée met fin à la précédente"));
  if (most !== undefined) {
    const en = `at most ${most.count} times in ${inWords(most.within, "en")}`;
    parts.push(say(en, `au plus ${most.count} fois en ${inWords(most.within, "fr")}`));
  }
  return parts.join(", ");
}

function inWords(duration: string, language: Language): string {
  const ms = parseDuration(duration);
  return ms === null ? duration : durationInWords(ms, language);
}
