import * as z from "zod";
import type { BlockDefinition } from "../block";
import { block } from "../block";

const params = z.strictObject({
  audience: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,59}$/, "must be lower-case letters, digits, - and _"),
});

/** Puts the contact into an audience for ads and the site, or takes them out. */
function audienceBlock(kind: "audience.add" | "audience.remove", icon: string, en: string, fr: string) {
  return block({
    category: "action",
    title: { en: `${en} an audience`, fr: `${fr} une audience` },
    icon,
    params,
    outputs: ["next"],
    example: { audience: "lookers" },
    describe: ({ audience }, language) =>
      language === "fr" ? `${fr} l’audience « ${audience} ».` : `${en} the audience “${audience}”.`,
    traits: () => ({}),
    enter: ({ audience }) => ({
      do: "act",
      act: { kind, details: { audience } },
      after: { do: "go", output: "next" },
    }),
  }) satisfies BlockDefinition<unknown>;
}

export const audienceAdd = audienceBlock("audience.add", "⊕", "Add to", "Ajouter à");
export const audienceRemove = audienceBlock("audience.remove", "⊖", "Remove from", "Retirer de");
