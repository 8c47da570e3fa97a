import type { Terms } from "../segments/compile";
import { lengthFaults } from "../segments/length";
import type { Rule as SegmentRule } from "../segments/rule";
import { ruleFaults } from "../segments/rule";
import type { Words } from "../shared/language";
import type { BlockTraits } from "./block";
import { blockDefinition } from "./blocks";
import type { ScenarioDefinition } from "./definition";
import { nextBlocks, wayBetween } from "./graph";
import type { Around } from "./lint-acts";
import { addressesOfCalls, circles, offersOfCoupons, startsOfOthers, tablesOfStarts } from "./lint-acts";
import type { KnownContent } from "./lint-contents";
import { clicksOfNothing } from "./lint-contests";
import { drawsOfAll } from "./lint-draws";
import { loopsWithoutWait, waysTooLong } from "./lint-loops";
import { recoveries } from "./lint-recovery";
import { rivals, startsWithoutKey } from "./lint-rivals";
import { RULES_OF_CONTENTS } from "./lint-told";
import { ringsAtAnyHour } from "./lint-windows";

/** What a scenario's messages can be made of and sent by. */
export interface Known extends Around {
  readonly contents: readonly KnownContent[];
  /** Channels that can send now. */
  readonly channels: readonly string[];
  /** The shop's own tables, for the rules that ask about them. */
  readonly terms?: Terms;
}

/** Something that a marketer should look at. An error keeps the scenario from being activated. */
export interface Finding {
  readonly level: "error" | "warning";
  readonly code: string;
  readonly message: Words;
  /** Names of the blocks that show the fault, in the order of the way through them. */
  readonly path: readonly string[];
}

type Rule = (definition: ScenarioDefinition, known: Known) => readonly Finding[];

/** Every rule of lint. A definition that is linted has passed `checkGraph`. */
const RULES: readonly Rule[] = [
  unreachableBlocks,
  loopsWithoutWait,
  waysTooLong,
  messageWaits,
  contentsOfSends,
  ...RULES_OF_CONTENTS,
  stops,
  endsWithoutExit,
  rulesOfTables,
  drawsOfAll,
  clicksOfNothing,
  rulesTooLong,
  ringsAtAnyHour,
  recoveries,
  rivals,
  startsWithoutKey,
  circles,
  startsOfOthers,
  addressesOfCalls,
  offersOfCoupons,
  tablesOfStarts,
];

/** What is wrong or doubtful about a scenario as a marketer would mean it; errors first. Pure. */
export function lint(definition: ScenarioDefinition, known: Known): Finding[] {
  const findings = RULES.flatMap((rule) => rule(definition, known));
  return findings.toSorted((left, right) => Number(left.level === "warning") - Number(right.level === "warning"));
}

function finding(level: Finding["level"], code: string, path: readonly string[], en: string, fr: string): Finding {
  return { level, code, message: { en, fr }, path };
}

function traitsOf(definition: ScenarioDefinition, block: string): BlockTraits {
  const node = definition.blocks[block];
  return (node && blockDefinition(node.type)?.traits(node.params)) ?? {};
}

function isReachable(definition: ScenarioDefinition, block: string): boolean {
  return block === definition.start || wayBetween(definition, definition.start, (other) => other === block) !== null;
}

function unreachableBlocks(definition: ScenarioDefinition): Finding[] {
  const lost = Object.keys(definition.blocks).filter((block) => !isReachable(definition, block));
  return lost.map((block) =>
    finding(
      "error",
      "unreachable",
      [block],
      `No way leads from the start to “${block}”.`,
      `Aucun chemin ne mène du début à « ${block} ».`,
    ),
  );
}

function messageWaits(definition: ScenarioDefinition): Finding[] {
  return Object.keys(definition.blocks).flatMap((wait) =>
    (traitsOf(definition, wait).refersTo ?? []).flatMap((sender) => messageWait(definition, wait, sender)),
  );
}

function messageWait(definition: ScenarioDefinition, wait: string, sender: string): Finding[] {
  if (!Object.hasOwn(definition.blocks, sender) || !traitsOf(definition, sender).sends) {
    const en = `“${wait}” waits for the message of “${sender}”, which sends none.`;
    return [
      finding(
        "error",
        "not_a_message",
        [wait],
        en,
        `« ${wait} » attend le message de « ${sender} », qui n’envoie rien.`,
      ),
    ];
  }
  if (!wayBetween(definition, sender, (block) => block === wait)) {
    const en = `“${wait}” waits for the message of “${sender}”, which does not come before it.`;
    const fr = `« ${wait} » attend le message de « ${sender} », qui ne vient pas avant.`;
    return [finding("error", "message_not_before", [wait, sender], en, fr)];
  }
  const around = wayBetween(definition, definition.start, (block) => block === wait, sender);
  if (!around) return [];
  const en = `“${wait}” can be reached without “${sender}”: then it only waits for its time-out.`;
  const fr = `« ${wait} » peut être atteint sans « ${sender} » : il n’attend alors que son délai.`;
  return [finding("warning", "message_not_certain", around, en, fr)];
}

function contentsOfSends(definition: ScenarioDefinition, known: Known): Finding[] {
  return Object.keys(definition.blocks).flatMap((block) =>
    (traitsOf(definition, block).sends ?? []).flatMap((sends) => contentOfSend(block, sends, known)),
  );
}

function contentOfSend(
  block: string,
  sends: { readonly channel: string; readonly content: string },
  { contents, channels }: Known,
): Finding[] {
  const content = contents.find(({ key }) => key === sends.content);
  if (!content) {
    const en = `“${block}” sends the content “${sends.content}”, which does not exist.`;
    const fr = `« ${block} » envoie le contenu « ${sends.content} », qui n’existe pas.`;
    return [finding("error", "content_missing", [block], en, fr)];
  }
  if (content.channel !== sends.channel) {
    const en = `“${block}” sends by ${sends.channel}, but “${sends.content}” is made for ${content.channel}.`;
    const fr = `« ${block} » envoie par ${sends.channel} ; « ${sends.content} » est fait pour ${content.channel}.`;
    return [finding("error", "content_of_other_channel", [block], en, fr)];
  }
  if (channels.includes(sends.channel)) return [];
  const en = `“${block}” sends by ${sends.channel}, which is not set up: its messages are suppressed.`;
  const fr = `« ${block} » envoie par ${sends.channel}, qui n’est pas configuré : ses messages sont supprimés.`;
  return [finding("warning", "channel_not_ready", [block], en, fr)];
}

function stops(definition: ScenarioDefinition): Finding[] {
  const found: Finding[] = [];
  const { start, stop_on: on } = definition;
  if (definition.class === "marketing" && !on.includes("withdrawal")) {
    const en = "The scenario goes on after its consents were withdrawn, though no message leaves.";
    const fr = "Le scénario continue après le retrait des consentements, même si aucun message ne part.";
    found.push(finding("warning", "no_stop_on_withdrawal", [start], en, fr));
  }
  return found;
}

function endsWithoutExit(definition: ScenarioDefinition): Finding[] {
  const { blocks, start } = definition;
  return Object.entries(blocks).flatMap(([block, node]) => {
    const ends = blockDefinition(node.type)?.category !== "exit" && nextBlocks(node).length === 0;
    const path = block === start ? [start] : wayBetween(definition, start, (other) => other === block);
    if (!ends || !path) return [];
    const en = `After “${block}” the scenario ends without an exit that says how.`;
    const fr = `Après « ${block} », le scénario finit sans sortie qui dise comment.`;
    return [finding("warning", "no_exit", path, en, fr)];
  });
}

/** The rules of a scenario with the blocks where they stand. */
function rulesIn(definition: ScenarioDefinition): readonly { block: string; rule: SegmentRule }[] {
  const asked = Object.keys(definition.blocks).flatMap((block) =>
    (traitsOf(definition, block).asks ?? []).map((rule) => ({ block, rule })),
  );
  return [...asked, { block: definition.start, rule: definition.filter }];
}

/** The database refuses what is too long, and nobody would get in. */
function rulesTooLong(definition: ScenarioDefinition, { terms }: Known): Finding[] {
  if (!terms) return [];
  return rulesIn(definition).flatMap(({ block, rule }) =>
    lengthFaults(rule, terms).map(({ detail }) => {
      const en = `A rule at “${block}” ${detail}.`;
      const fr = `Une règle de « ${block} » est trop longue pour la base de données : utilisez moins de conditions et de filtres.`;
      return finding("error", "rule_too_long", [block], en, fr);
    }),
  );
}

/** A rule about a table or column that the shop does not have would hold for nobody, and nobody would know why. */
function rulesOfTables(definition: ScenarioDefinition, { terms }: Known): Finding[] {
  if (!terms) return [];
  return rulesIn(definition).flatMap(({ block, rule }) =>
    ruleFaults(rule, terms).map(({ pointer, detail }) => {
      const en = `A rule at “${block}” does not fit the shop’s tables: ${pointer} ${detail}.`;
      const fr = `Une règle de « ${block} » ne correspond pas aux tables de la boutique : ${pointer} ${detail}.`;
      return finding("error", "rule_without_table", [block], en, fr);
    }),
  );
}
