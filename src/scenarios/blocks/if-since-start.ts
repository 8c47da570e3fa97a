import * as z from "zod";
import { block } from "../block";
import { testWhere, whereInput, whereWords } from "../where";

const params = z.strictObject({
  event: z.string().min(1).max(255),
  /** What its properties have to say. */
  where: whereInput.optional(),
  /** Smallest number of times. */
  at_least: z.number().int().min(1).max(1_000).default(1),
});

export const ifSinceStart = block({
  category: "filter",
  title: { en: "If it happened since the start", fr: "Si c’est arrivé depuis le début" },
  icon: "↺",
  params,
  outputs: ["yes", "no"],
  example: { event: "Order Completed", at_least: 1 },
  describe({ event, where, at_least: least }, language, terms) {
    const asked = whereWords(where, language, terms);
    if (language === "fr") {
      const often = least === 1 ? "" : ` au moins ${least} fois`;
      return `Vérifie si l’événement « ${event} »${asked} est arrivé${often} depuis l’entrée dans le scénario.`;
    }
    const often = least === 1 ? "" : ` at least ${least} times`;
    return `Checks whether the event “${event}”${asked} has happened${often} since the contact came in.`;
  },
  traits: ({ event }) => ({ listensFor: [event] }),
  counts: ({ event, where }, stimulus, shop) =>
    stimulus.type === "event" &&
    stimulus.name === event &&
    testWhere(where, stimulus.properties, { now: stimulus.at, shop }),
  enter: ({ at_least: least }, { run, block: name }) => ({
    do: "go",
    output: (run.counts?.[name] ?? 0) >= least ? "yes" : "no",
  }),
});
