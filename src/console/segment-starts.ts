import type { Rule } from "../segments/rule";
import type { Words } from "../shared/language";
import type { DraftNode } from "./rule/draft";
import { draftOf } from "./rule/draft";
import type { View } from "./view";

interface Start {
  readonly name: Words;
  readonly about: Words;
  readonly rule: Rule;
}

/** Segments that many shops begin with, as the form opens with them. */
export const STARTS: Readonly<Record<string, Start>> = {
  once: {
    name: { en: "Bought once", fr: "Un seul achat" },
    about: {
      en: "Exactly one order, and none for two months: who could buy again.",
      fr: "Une seule commande, et aucune depuis deux mois : qui pourrait revenir.",
    },
    rule: {
      all: [
        { type: "orders.count", op: "eq", value: 1 },
        { type: "orders.last", before: "P60D" },
      ],
    },
  },
  loyal: {
    name: { en: "Best customers", fr: "Meilleurs clients" },
    about: {
      en: "Five orders or more within a year.",
      fr: "Cinq commandes ou plus en un an.",
    },
    rule: { all: [{ type: "orders.count", op: "gte", value: 5, within: "P365D" }] },
  },
  reachable: {
    name: { en: "Subscribers without an order", fr: "Abonnés sans commande" },
    about: {
      en: "They agree to emails and have never ordered.",
      fr: "Ils acceptent les e-mails et n’ont jamais commandé.",
    },
    rule: {
      all: [
        { type: "consent", key: "email", state: "granted" },
        { type: "orders.count", op: "eq", value: 0 },
      ],
    },
  },
};

/** The start that an address names, as a draft. */
export function startOf({ query, say }: View): { readonly name: string; readonly rule: DraftNode } | null {
  const wanted = query["start"] ?? "";
  const start = Object.hasOwn(STARTS, wanted) ? STARTS[wanted] : undefined;
  return start ? { name: say(start.name.en, start.name.fr), rule: draftOf(start.rule) } : null;
}
