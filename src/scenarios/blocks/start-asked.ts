import * as z from "zod";
import type { Words } from "../../shared/language";
import type { BlockDefinition } from "../block";
import { block } from "../block";

/** A start that nothing which happens sets off: somebody says whom to let in. */
function askedStart(kind: "api" | "called", icon: string, title: Words, sentence: Words): BlockDefinition<unknown> {
  return block({
    category: "start",
    title,
    icon,
    params: z.strictObject({}),
    outputs: ["next"],
    example: {},
    describe: (_params, language) => sentence[language],
    traits: () => ({}),
    trigger: () => ({ kind }),
    enter: () => ({ do: "go", output: "next" }),
  });
}

export const startApi = askedStart(
  "api",
  "⌁",
  { en: "When the API is called", fr: "Quand l’API est appelée" },
  {
    en: "Starts for each contact that the API lets in.",
    fr: "Démarre pour chaque contact que l’API fait entrer.",
  },
);

export const startCalled = askedStart(
  "called",
  "↳",
  { en: "When another scenario starts it", fr: "Quand un autre scénario le démarre" },
  {
    en: "Starts for each contact that another scenario lets in.",
    fr: "Démarre pour chaque contact qu’un autre scénario fait entrer.",
  },
);
