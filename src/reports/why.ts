import { blockDefinition } from "../scenarios/blocks";
import type { ScenarioDefinition } from "../scenarios/definition";
import { outputsOf } from "../scenarios/graph";
import type { Passage } from "../scenarios/state";
import type { Terms } from "../segments/compile";
import { readerOf } from "../segments/reader";
import { momentInWords, quoted } from "../segments/shown";
import type { Language, Words } from "../shared/language";
import { typeset } from "../shared/language";
import { reasonWords } from "./reasons";

/** A run as it is to be explained. Times are epoch ms. */
export interface SeenRun {
  readonly enteredAt: number;
  readonly path: readonly Passage[];
  /** Where it waits, and until when at most; null once it is over. */
  readonly waits: { readonly block: string; readonly due: number | null } | null;
  readonly exitedAt: number | null;
  readonly outcome: string | null;
  readonly reason: string | null;
}

/** The last word on a message of a run. */
export interface SeenMessage {
  readonly block: string;
  readonly channel: string;
  readonly decidedAt: number;
  /** When it was due to leave; null where nobody noted it. */
  readonly plannedAt: number | null;
  readonly decision: string;
  readonly reason: string;
  /** What became of a permitted message; null where it was not permitted. */
  readonly state: string | null;
  readonly stateReason: string | null;
}

/** One thing that a run did or that was done with it, in words. */
export interface WhyStep {
  readonly at: number;
  readonly block: string | null;
  readonly words: Words;
}

const FATES: Readonly<Record<string, Words>> = {
  sent: { en: "was sent", fr: "a été envoyé" },
  queued: { en: "is on its way", fr: "est en route" },
  claimed: { en: "is on its way", fr: "est en route" },
  held: { en: "was put off", fr: "a été reporté" },
  suppressed: { en: "was not sent", fr: "n’a pas été envoyé" },
  failed: { en: "failed", fr: "a échoué" },
  unknown: { en: "may have been sent", fr: "a peut-être été envoyé" },
};

/** Everything that happened to a run, in its order. `definition` is the version that it followed, where it is known. */
export function stepsOf(
  run: SeenRun,
  messages: readonly SeenMessage[],
  definition: ScenarioDefinition | undefined,
  terms: Terms,
): readonly WhyStep[] {
  const both = (words: (language: Language) => string): Words => ({
    en: typeset(words("en"), "en"),
    fr: typeset(words("fr"), "fr"),
  });
  const sentence = (block: string, language: Language): string => blockWords(block, definition, language, terms);
  const steps: WhyStep[] = [];
  const tell = (some: readonly SeenMessage[]): void => {
    for (const message of some) {
      const words = both((language) => messageWords(message, language));
      steps.push({ at: dueOf(message), block: message.block, words });
    }
  };
  if (run.outcome === "refused") {
    return [{ at: run.enteredAt, block: null, words: both((language) => refusedWords(run.reason, language)) }];
  }
  steps.push({ at: run.enteredAt, block: definition?.start ?? null, words: ENTERED });
  for (const { block, at, output } of run.path) {
    const words = both((language) => `${sentence(block, language)}${wayWords(block, output, definition, language)}`);
    steps.push({ at, block, words });
    // A message stands behind the block that sent it, though many leave at one moment.
    tell(messages.filter((message) => message.block === block && dueOf(message) === at));
  }
  // Of runs of before ways were kept.
  tell(
    messages.filter((message) => !run.path.some(({ block, at }) => message.block === block && dueOf(message) === at)),
  );
  const { waits } = run;
  if (waits) {
    const until = (language: Language): string => waitWords(waits, language, terms);
    const words = both((language) => `${until(language)}${sentence(waits.block, language)}`);
    steps.push({ at: run.path.at(-1)?.at ?? run.enteredAt, block: waits.block, words });
  }
  if (run.exitedAt !== null) {
    const words = both((language) => leftWords(run.reason, language));
    steps.push({ at: run.exitedAt, block: null, words });
  }
  return steps.toSorted((left, right) => left.at - right.at);
}

function dueOf({ plannedAt, decidedAt }: SeenMessage): number {
  return plannedAt ?? decidedAt;
}

const ENTERED: Words = { en: "Came in.", fr: "Est entré." };

function refusedWords(reason: string | null, language: Language): string {
  const words = reasonWords(reason, language);
  return language === "fr" ? `N’a pas été admis : ${words}.` : `Was not let in: ${words}.`;
}

function leftWords(reason: string | null, language: Language): string {
  const words = reasonWords(reason, language);
  return language === "fr" ? `Est sorti : ${words}.` : `Left: ${words}.`;
}

function blockWords(
  block: string,
  definition: ScenarioDefinition | undefined,
  language: Language,
  terms: Terms,
): string {
  const node = definition && Object.hasOwn(definition.blocks, block) ? definition.blocks[block] : undefined;
  const known = node && blockDefinition(node.type);
  return node && known ? known.describe(node.params, language, terms) : `${quoted(block, language)}.`;
}

/** Which way somebody took, where there was a choice. */
function wayWords(
  block: string,
  output: string,
  definition: ScenarioDefinition | undefined,
  language: Language,
): string {
  const node = definition?.blocks[block];
  if (!node || outputsOf(node).length < 2) return "";
  return language === "fr" ? ` Sortie : ${quoted(output, "fr")}.` : ` Way out: ${quoted(output, "en")}.`;
}

function messageWords(
  { block, channel, decision, reason, state, stateReason }: SeenMessage,
  language: Language,
): string {
  const fate = FATES[decision === "send" ? (state ?? "queued") : decision]?.[language] ?? decision;
  const why = stateReason ?? (reason === "permitted" ? "" : reason);
  const because = why === "" ? "" : ` ${reasonWords(why, language)}.`;
  const name = quoted(block, language);
  return language === "fr"
    ? `Le message ${name} (${channel}) ${fate}.${because}`
    : `The message ${name} (${channel}) ${fate}.${because}`;
}

function waitWords({ due }: { readonly due: number | null }, language: Language, terms: Terms): string {
  if (due === null) return "";
  const moment = momentInWords(new Date(due).toISOString(), readerOf(language, terms));
  return language === "fr" ? `Attend ici jusqu’au ${moment} au plus. ` : `Waits here until ${moment} at most. `;
}
