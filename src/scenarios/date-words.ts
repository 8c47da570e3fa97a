import { dayInWords, quoted } from "../segments/shown";
import type { Language, Words } from "../shared/language";
import type { DateExpression, DateField } from "./date-expression";
import { isYearly } from "./date-expression";

type Named<Field extends DateField> = (expression: Extract<DateExpression, { field: Field }>) => Words;

/** Feminine or elided in French, so that `de` goes in front of each of them. */
const NAMES: { readonly [Field in DateField]: Named<Field> } = {
  birth_date: () => ({ en: "the birthday", fr: "l’anniversaire" }),
  attribute: ({ name }) => ({
    en: `the contact’s date ${quoted(name, "en")}`,
    fr: `la date ${quoted(name, "fr")} du contact`,
  }),
  first_order: () => ({ en: "the first order", fr: "la première commande" }),
  last_order: () => ({ en: "the last order", fr: "la dernière commande" }),
  created: () => ({ en: "the registration", fr: "l’inscription" }),
  points_expire: () => ({ en: "the expiry of points", fr: "l’expiration de points" }),
  coupon_end: () => ({ en: "the coupon’s last day", fr: "l’expiration du bon" }),
  fixed: ({ on }) => ({ en: dayInWords(on, "en"), fr: dayInWords(on, "fr") }),
  event: ({ property }) => ({
    en: `the event’s date ${quoted(property, "en")}`,
    fr: `la date ${quoted(property, "fr")} de l’événement`,
  }),
};

/** `3 days before the birthday, at 09:00`; in French behind `Démarre` and the like. */
export function dateInWords(expression: DateExpression, language: Language): string {
  const isFrench = language === "fr";
  const ofShop = isFrench ? " (heure de la boutique)" : " (the shop’s time)";
  const leap = isFrench ? ", le 1er mars pour un 29 février" : ", on 1 March for a 29 February";
  const isLate = isYearly(expression) && "feb29" in expression && expression.feb29 === "mar1";
  const time = isFrench ? `, à ${expression.at}` : `, at ${expression.at}`;
  return dayWords(expression, isFrench) + time + (expression.tz === "shop" ? ofShop : "") + (isLate ? leap : "");
}

function dayWords(expression: DateExpression, isFrench: boolean): string {
  const named = (NAMES[expression.field] as Named<DateField>)(expression as never);
  if (expression.field === "fixed") return isFrench ? `le ${named.fr}` : `on ${named.en}`;
  const isRound = isYearly(expression) && expression.field !== "birth_date";
  const name = isFrench
    ? `${isRound ? "chaque anniversaire de " : ""}${named.fr}`
    : `${isRound ? "each anniversary of " : ""}${named.en}`;
  const { offset_days: offset } = expression;
  if (offset === 0) return isFrench ? `le jour de ${name}` : `on the day of ${name}`;
  const count = Math.abs(offset);
  if (isFrench) return `${count} ${count === 1 ? "jour" : "jours"} ${offset < 0 ? "avant" : "après"} ${name}`;
  return `${count} ${count === 1 ? "day" : "days"} ${offset < 0 ? "before" : "after"} ${name}`;
}
