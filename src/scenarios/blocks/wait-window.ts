import type * as z from "zod";
import { zoneOf } from "../../segments/zone";
import type { BlockContext, Step } from "../block";
import { block } from "../block";
import { nextOpening, openingInput, openingInWords } from "../opening";

const params = openingInput;

type Params = z.output<typeof params>;

/** Asked again when the wait is over: the contact may live by another clock by now. */
function look(opening: Params, { at, facts }: BlockContext): Step {
  const opens = nextOpening(at, opening, zoneOf(facts), () => false);
  if (opens === null) return { do: "exit", outcome: "failed", reason: "window_never_opens" };
  return opens > at ? { do: "wait", until: opens } : { do: "go", output: "next" };
}

export const waitWindow = block({
  category: "wait",
  title: { en: "Wait for days and hours", fr: "Attendre des jours et des heures" },
  icon: "▤",
  params,
  outputs: ["next"],
  example: { days: ["mon", "tue", "wed", "thu", "fri", "sat"], from: "08:00", to: "20:00" },
  describe(opening, language) {
    const words = openingInWords(opening, language);
    return language === "fr" ? `Attend le bon moment : ${words}.` : `Waits for the right time: ${words}.`;
  },
  // It may be open, and then nothing holds a loop up.
  traits: () => ({ waits: false }),
  enter: look,
  due: look,
});
