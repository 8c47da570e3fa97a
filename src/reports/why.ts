import { blockDefinition } from "../scenarios/blocks";
import type { ScenarioDefinition } from "../scenarios/definition";
import { outputsOf } from "../scenarios/graph";
import type { Passage } from "../scenarios/state";
import { wayWords } from "../scenarios/way-words";
import type { Terms } from "../segments/compile";
import { readerOf } from "../segments/reader";
import { momentInWords, quoted } from "../segments/shown";
import type { Language, Words } from "../shared/language";
import { typeset } from "../shared/language";
import { actResultWords } from "./act-words";
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
  /** JSON of all that the gate looked at. */
  readonly inputs: string;
}

/** Something that a run had done beside messages, and what came of it. */
export interface SeenAct {
  readonly block: string;
  readonly at: number;
  /** pending, done, failed or refused. */
  readonly state: string;
  readonly result: string | null;
}

export const STEP_KINDS = ["entered", "refused", "block", "message", "act", "waits", "left"] as const;

/** One thing that a run did or that was done with it, in words. */
export interface WhyStep {
  readonly at: number;
  readonly block: string | null;
  readonly kind: (typeof STEP_KINDS)[number];
  readonly words: Words;
  /** How a message or an act stands. */
  readonly state?: string;
  /** Of a message: all that the gate looked at. */
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/** What is known of a run beside its way. */
export interface SeenDeeds {
  readonly messages: readonly SeenMessage[];
  readonly acts: readonly SeenAct[];
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

const CHANNELS: Readonly<Record<string, Words>> = {
  email: { en: "email", fr: "e-mail" },
  sms: { en: "text message", fr: "SMS" },
  push: { en: "push", fr: "push" },
  wallet: { en: "wallet pass", fr: "carte Wallet" },
  print: { en: "letter", fr: "courrier" },
};

/** Everything that happened to a run, in its order. `definition` is the version that it followed, where it is known. */
export function stepsOf(
  run: SeenRun,
  { messages, acts }: SeenDeeds,
  definition: ScenarioDefinition | undefined,
  terms: Terms,
): readonly WhyStep[] {
  const sentence = (block: string, language: Language): string => blockWords(block, definition, language, terms);
  if (run.outcome === "refused") {
    const words = both((language) => refusedWords(run.reason, language));
    return [{ at: run.enteredAt, block: null, kind: "refused", words }];
  }
  const deeds = [...messages.map(messageStep), ...acts.map(actStep)];
  const steps: WhyStep[] = [{ at: run.enteredAt, block: definition?.start ?? null, kind: "entered", words: ENTERED }];
  for (const { block, at, output } of run.path) {
    const way = (language: Language): string => wayOut(block, output, definition, language, terms);
    steps.push({ at, block, kind: "block", words: both((language) => `${sentence(block, language)}${way(language)}`) });
    // What was done stands behind the block that did it, though much happens at one moment and some of it takes a while.
    for (const deed of deeds.filter((one) => one.block === block && one.at <= at)) {
      deeds.splice(deeds.indexOf(deed), 1);
      steps.push({ ...deed, at });
    }
  }
  const { waits } = run;
  if (waits) {
    const until = (language: Language): string => waitWords(waits, language, terms);
    const words = both((language) => `${until(language)}${sentence(waits.block, language)}`);
    steps.push({ at: run.path.at(-1)?.at ?? run.enteredAt, block: waits.block, kind: "waits", words });
  }
  // Of a block that is still waited at, and of runs of before ways were kept.
  steps.push(...deeds);
  if (run.exitedAt !== null) {
    const words = both((language) => leftWords(run.reason, language));
    steps.push({ at: run.exitedAt, block: null, kind: "left", words });
  }
  return steps.toSorted((left, right) => left.at - right.at);
}

function both(words: (language: Language) => string): Words {
  return { en: typeset(words("en"), "en"), fr: typeset(words("fr"), "fr") };
}

function messageStep(message: SeenMessage): WhyStep {
  return {
    at: dueOf(message),
    block: message.block,
    kind: "message",
    words: both((language) => messageWords(message, language)),
    state: stateOf(message),
    inputs: { decision: message.decision, reason: message.reason, ...parsed(message.inputs) },
  };
}

function actStep({ block, at, state, result }: SeenAct): WhyStep {
  const words = both((language) => `${actResultWords(result, language)}.`);
  return { at, block, kind: "act", words, state };
}

function stateOf({ decision, state }: SeenMessage): string {
  return decision === "send" ? (state ?? "queued") : decision;
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
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
function wayOut(
  block: string,
  output: string,
  definition: ScenarioDefinition | undefined,
  language: Language,
  terms: Terms,
): string {
  const node = definition?.blocks[block];
  if (!node || outputsOf(node).length < 2) return "";
  const words = wayWords(node, output, language, terms);
  return language === "fr" ? ` Sortie : ${words}.` : ` Way out: ${words}.`;
}

function messageWords(message: SeenMessage, language: Language): string {
  const { block, channel, decision, reason, stateReason } = message;
  const fate = FATES[stateOf(message)]?.[language] ?? decision;
  const why = stateReason ?? (reason === "permitted" ? "" : reason);
  const because = why === "" ? "" : ` ${reasonWords(why, language)}.`;
  const [name, by] = [quoted(block, language), CHANNELS[channel]?.[language] ?? channel];
  return language === "fr"
    ? `Le message ${name} (${by}) ${fate}.${because}`
    : `The message ${name} (${by}) ${fate}.${because}`;
}

function waitWords({ due }: { readonly due: number | null }, language: Language, terms: Terms): string {
  if (due === null) return "";
  const moment = momentInWords(new Date(due).toISOString(), readerOf(language, terms));
  return language === "fr" ? `Attend ici jusqu’au ${moment} au plus. ` : `Waits here until ${moment} at most. `;
}
