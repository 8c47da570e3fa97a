import * as z from "zod";
import type { Words } from "../../shared/language";
import type { BlockDefinition } from "../block";
import { block } from "../block";

const params = z.strictObject({
  audience: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,59}$/, "must be lower-case letters, digits, - and _"),
});

/** Puts the contact into an audience for ads and the site, or takes them out. */
function audienceBlock(kind: "audience.add" | "audience.remove", icon: string, title: Words, does: Words) {
  return block({
    category: "action",
    title,
    icon,
    params,
    outputs: ["next"],
    example: { audience: "lookers" },
    describe: ({ audience }, language) =>
      language === "fr" ? `${does.fr} l’audience « ${audience} ».` : `${does.en} the audience “${audience}”.`,
    traits: () => ({}),
    enter: ({ audience }) => ({
      do: "act",
      act: { kind, details: { audience } },
      after: { do: "go", output: "next" },
    }),
  }) satisfies BlockDefinition<unknown>;
}

export const audienceAdd = audienceBlock(
  "audience.add",
  "⊕",
  { en: "Add to an audience", fr: "Ajouter à une audience" },
  { en: "Adds the contact to", fr: "Ajoute le contact à" },
);
export const audienceRemove = audienceBlock(
  "audience.remove",
  "⊖",
  { en: "Remove from an audience", fr: "Retirer d’une audience" },
  { en: "Removes the contact from", fr: "Retire le contact de" },
);
