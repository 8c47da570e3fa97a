import * as z from "zod";
import { countryOf } from "../../contacts/address";
import { zoneOf } from "../../segments/zone";
import { isHoliday } from "../../shared/holidays";
import { nextOpening, openingInput, openingInWords } from "../../shared/opening";
import type { BlockContext, Step } from "../block";
import { block } from "../block";

const params = openingInput.extend({
  /** Public holidays of the contact's country, where it is known. */
  holidays: z.enum(["skip", "include"]).default("skip"),
  /** Whose holidays count for contacts of whom no country is known: a country, or a part of one. */
  country: z
    .string()
    .regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/, "is not a country such as FR, or a part of one such as FR-67")
    .optional(),
});

type Params = z.output<typeof params>;

/** Asked again when the wait is over: the contact may live by another clock by now. */
function look(opening: Params, { at, facts }: BlockContext): Step {
  const place = placeOf(opening, countryOf(facts.profile));
  const isClosed = (day: string): boolean => place !== null && isHoliday(day, place);
  const opens = nextOpening(at, opening, zoneOf(facts), isClosed);
  if (opens === null) return { do: "exit", outcome: "failed", reason: "window_never_opens" };
  return opens > at ? { do: "wait", until: opens } : { do: "go", output: "next" };
}

/** Of somebody in the country that a part is named of, that part's days count as well: nobody's address says more. */
function placeOf({ holidays, country: stated }: Params, own: string | null): string | null {
  if (holidays === "include") return null;
  return stated !== undefined && (own === null || stated.startsWith(own)) ? stated : own;
}

const EXCEPT = {
  skip: { en: ", public holidays excepted", fr: ", hors jours fériés" },
  include: { en: "", fr: "" },
} as const;

export const waitWindow = block({
  category: "wait",
  title: { en: "Wait for days and hours", fr: "Attendre des jours et des heures" },
  icon: "▤",
  params,
  outputs: ["next"],
  example: { days: ["mon", "tue", "wed", "thu", "fri", "sat"], from: "08:00", to: "20:00", holidays: "skip" },
  describe(opening, language) {
    const words = openingInWords(opening, language) + EXCEPT[opening.holidays][language];
    return language === "fr" ? `Attend le bon moment : ${words}.` : `Waits for the right time: ${words}.`;
  },
  // It may be open, and then nothing holds a loop up.
  traits: ({ holidays, ...opening }) => ({ waits: false, opens: { ...opening, skipsHolidays: holidays === "skip" } }),
  enter: look,
  due: look,
});
