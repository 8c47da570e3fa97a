import type { Terms } from "../segments/compile";
import type { Language, Words } from "../shared/language";
import { blockDefinition } from "./blocks";
import type { BlockNode } from "./definition";

/** Ways out that mean the same in every block that has no words of its own for them. */
const COMMON: Readonly<Record<string, Words>> = {
  next: { en: "Goes on", fr: "Continue" },
  yes: { en: "Yes", fr: "Oui" },
  no: { en: "No", fr: "Non" },
  timeout: { en: "No reaction in time", fr: "Sans réaction à temps" },
  other: { en: "Everybody else", fr: "Tous les autres" },
  unknown: { en: "Not known", fr: "Inconnu" },
  none: { en: "None of these", fr: "Aucun de ceux-là" },
};

/** A way out of a block in words; its name where neither the block nor the product has any. */
export function wayWords(
  { type, params }: Pick<BlockNode, "type" | "params">,
  output: string,
  language: Language,
  terms?: Terms,
): string {
  const known = blockDefinition(type);
  const read = known?.params.safeParse(params);
  const own = known?.ways && read?.success ? known.ways(read.data, language, terms) : {};
  if (Object.hasOwn(own, output)) return own[output] ?? output;
  return (Object.hasOwn(COMMON, output) ? COMMON[output]?.[language] : undefined) ?? output;
}
