import * as z from "zod";
import { block } from "../block";

const params = z.strictObject({
  outcome: z.enum(["goal", "completed", "timeout"]).default("completed"),
  reason: z.string().max(80).default("end"),
});

const WORDS = {
  goal: { en: "the goal is reached", fr: "l’objectif est atteint" },
  completed: { en: "all is said", fr: "tout est dit" },
  timeout: { en: "no reaction came", fr: "aucune réaction" },
} as const;

export const exit = block({
  category: "exit",
  title: { en: "Exit", fr: "Sortir" },
  icon: "■",
  params,
  outputs: [],
  example: { outcome: "completed", reason: "end" },
  describe: ({ outcome }, language) =>
    language === "fr" ? `Sort du scénario : ${WORDS[outcome].fr}.` : `Leaves the scenario: ${WORDS[outcome].en}.`,
  traits: () => ({}),
  enter: ({ outcome, reason }) => ({ do: "exit", outcome, reason }),
});
