import * as z from "zod";
import { dayAfter, momentOf } from "../../segments/local-day";
import { dayInWords } from "../../segments/shown";
import { DAY } from "../../shared/clock";
import { durationInWords } from "../../shared/duration";
import type { Language } from "../../shared/language";
import { parsePeriod } from "../../shared/period";
import type { BlockContext, Step } from "../block";
import { block } from "../block";

const params = z
  .strictObject({
    /** Key of the offer. */
    offer: z.string().min(1).max(80),
    /** How long the coupon can be used; left out, as the offer says. No coupon outlives its offer. */
    valid_for: z
      .string()
      .max(20)
      .refine((text) => parsePeriod(text) !== null, "is not a period such as P14D")
      .optional(),
    /** The last day on which it can be used, by the shop's calendar. */
    valid_until: z.iso.date("is not a date such as 2026-02-28").optional(),
  })
  .refine(({ valid_for: time, valid_until: day }) => time === undefined || day === undefined, {
    path: ["valid_until"],
    message: "and `valid_for` are two ends: choose one",
  });

type Params = z.output<typeof params>;

function endInWords({ valid_for: time, valid_until: day }: Params, language: Language): string {
  if (day !== undefined) {
    return language === "fr" ? `, valable jusqu’au ${dayInWords(day, "fr")}` : `, valid until ${dayInWords(day, "en")}`;
  }
  if (time === undefined) return "";
  const { months, days } = parsePeriod(time) ?? { months: 0, days: 0 };
  const parts = [
    ...(months > 0 ? [language === "fr" ? `${months} mois` : `${months} ${months === 1 ? "month" : "months"}`] : []),
    ...(days > 0 ? [durationInWords(days * DAY, language)] : []),
  ];
  return language === "fr" ? `, valable ${parts.join(" et ")}` : `, valid for ${parts.join(" and ")}`;
}

/** When the last day is over, in ISO 8601. */
function endOf(day: string, zone: string): string {
  return new Date(momentOf(dayAfter(day, 1), zone)).toISOString();
}

/** A coupon takes an instant; whoever waits longer goes on without. */
const PATIENCE = DAY;

function look({ run }: BlockContext): Step | null {
  const result = run.awaited?.result;
  return result === undefined ? null : { do: "go", output: result === "issued" ? "issued" : "none" };
}

export const issueCoupon = block({
  category: "action",
  title: { en: "Issue a coupon", fr: "Émettre un bon de réduction" },
  icon: "✂",
  params,
  outputs: ["issued", "none"],
  ways: (_params, language) =>
    language === "fr"
      ? { issued: "Le bon est émis", none: "Pas de bon" }
      : { issued: "The coupon is issued", none: "No coupon" },
  example: { offer: "welcome", valid_for: "P14D" },
  describe(parameters, language) {
    const { offer } = parameters;
    const end = endInWords(parameters, language);
    return language === "fr"
      ? `Donne au contact son bon de l’offre « ${offer} », un seul quoi qu’il arrive${end}.`
      : `Gives the contact their coupon of the offer “${offer}”, one and no more${end}.`;
  },
  traits: ({ offer }) => ({ offer }),
  enter({ offer, valid_for: time, valid_until: day }, { at, facts }) {
    const end = {
      ...(time !== undefined && { valid_for: time }),
      ...(day !== undefined && { ends_at: endOf(day, facts.shop.zone) }),
    };
    return {
      do: "act",
      act: { kind: "issue.coupon", details: { offer, ...end } },
      after: { do: "wait", until: at + PATIENCE },
    };
  },
  hear: (_params, context) => look(context),
  due: (_params, context) => look(context) ?? { do: "go", output: "none" },
});
