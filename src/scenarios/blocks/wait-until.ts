import { HOUR } from "../../shared/clock";
import type { BlockContext, Step } from "../block";
import { block } from "../block";
import type { DateExpression } from "../date-expression";
import { dateExpression, datesAsk, nextOccasion } from "../date-expression";
import { dateInWords } from "../date-words";

/** Between the first and the last clock on earth. */
const AROUND_THE_WORLD = 26 * HOUR;

/** The first time that the date falls from a moment on: to be waited for, or there. */
function look(expression: DateExpression, { at, facts, run }: BlockContext, from: number): Step {
  const next = nextOccasion(expression, facts, from, run.about);
  if (next === null) return { do: "go", output: "none" };
  return next.at > at ? { do: "wait", until: next.at } : { do: "go", output: "reached" };
}

export const waitUntil = block({
  category: "wait",
  title: { en: "Wait until a date", fr: "Attendre une date" },
  icon: "▦",
  params: dateExpression,
  outputs: ["reached", "none"],
  ways: (_params, language) =>
    language === "fr"
      ? { reached: "Le moment est venu", none: "Date inconnue ou passée" }
      : { reached: "The time has come", none: "The date is not known, or over" },
  example: {
    field: "attribute",
    name: "membership_ends",
    yearly: false,
    feb29: "feb28",
    offset_days: -3,
    at: "09:00",
    tz: "contact",
  },
  describe: (expression, language) =>
    language === "fr"
      ? `Attend jusqu’au moment voulu : ${dateInWords(expression, "fr")}.`
      : `Waits until the right moment: ${dateInWords(expression, "en")}.`,
  // A date may be there already, and then nothing holds a loop up.
  traits: (expression) => ({ waits: false, asks: datesAsk(expression) }),
  enter: (expression, context) => look(expression, context, context.at),
  /**
   * Asked again, as the date may have been put off since, and the contact may live by another clock: what has come
   * round elsewhere on earth meanwhile is there, and no date of days ago.
   */
  due: (expression, context) => look(expression, context, context.at - AROUND_THE_WORLD),
});
