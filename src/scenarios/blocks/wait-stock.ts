import * as z from "zod";
import { zoneOf } from "../../segments/zone";
import { HOUR } from "../../shared/clock";
import { durationInWords, durationMs, laterBy } from "../../shared/duration";
import type { BlockContext, Step } from "../block";
import { block } from "../block";
import { durationInput } from "../definition";
import { answerOf, LOOKED_AT, looksAsk, lookUp } from "../look-up";

const params = z.strictObject({
  of: z.enum(LOOKED_AT).default("event"),
  at_least: z.number().int().min(1).max(1_000_000).default(1),
  max: durationInput,
  /** How often the shelves are looked at: each look costs a few rows. */
  every: durationInput.default("PT6H").refine((text) => durationMs(text) >= HOUR, "is shorter than an hour"),
});

type Params = z.output<typeof params>;

/** The run came to this block when it left the one before. */
function endOf({ max }: Params, { run, facts }: BlockContext): number {
  return laterBy(run.path?.at(-1)?.at ?? run.enteredAt, max, zoneOf(facts));
}

/** One look is enough for all that were missed while the scenario was paused; none where nobody waits for it any more. */
function ask(parameters: Params, context: BlockContext, end: number): Step {
  const { at, now } = context;
  if (end <= now) return { do: "wait", until: end };
  const every = durationMs(parameters.every);
  const next = Math.min(at + (Math.floor((now - at) / every) + 1) * every, end);
  return lookUp(parameters, { kind: "stock", atLeast: parameters.at_least }, context, next);
}

export const waitStock = block({
  category: "wait",
  title: { en: "Wait until it is in stock", fr: "Attendre le retour en stock" },
  icon: "▨",
  params,
  outputs: ["in_stock", "timeout"],
  ways: (_params, language) =>
    language === "fr"
      ? { in_stock: "En stock", timeout: "Pas à temps" }
      : { in_stock: "In stock", timeout: "Not in time" },
  example: { of: "event", at_least: 1, max: "P30D", every: "PT6H" },
  describe({ at_least: least, max, every }, language) {
    const [time, often] = [durationInWords(durationMs(max), language), durationInWords(durationMs(every), language)];
    return language === "fr"
      ? `Attend qu’il y ait au moins ${least} unités en stock, au plus ${time} ; regarde de nouveau après ${often}.`
      : `Waits until there are at least ${least} pieces in stock, for at most ${time}; looks again after ${often}.`;
  },
  // It may be there already, and then nothing holds a loop up.
  traits: ({ of }) => ({ waits: false, looks: true, asks: looksAsk(of) }),
  enter: (parameters, context) => ask(parameters, context, endOf(parameters, context)),
  hear: (_params, context) => (answerOf(context) === "yes" ? { do: "go", output: "in_stock" } : null),
  due(parameters, context) {
    const end = endOf(parameters, context);
    return context.at >= end ? { do: "go", output: "timeout" } : ask(parameters, context, end);
  },
});
