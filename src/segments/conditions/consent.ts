import * as z from "zod";
import { CONSENT_KEYS } from "../../contacts/consent";
import type { Language } from "../../shared/language";
import type { Compilation } from "../compile";
import { condition } from "../condition";
import type { Facts } from "../facts";
import { hinted } from "../hint";
import { shown } from "../operators";
import type { Window } from "../window";
import { describeWindow, isInWindow, windowShape, windowSql } from "../window";

const STATES = ["granted", "withdrawn", "claimed", "never"] as const;
type State = (typeof STATES)[number];

const WORDS = {
  email: { en: "email", fr: "les e-mails" },
  sms: { en: "text messages", fr: "les SMS" },
  push: { en: "push messages", fr: "les notifications" },
  tracking: { en: "tracking", fr: "la mesure de l’audience" },
  profiling: { en: "profiling", fr: "le profilage" },
  partner: { en: "news from partners", fr: "les offres de partenaires" },
} as const;

const VERBS: Readonly<Record<State, Readonly<Record<Language, string>>>> = {
  granted: { en: "agrees to", fr: "accepte" },
  withdrawn: { en: "has withdrawn", fr: "a retiré son accord pour" },
  claimed: { en: "has not confirmed yet", fr: "n’a pas encore confirmé" },
  never: { en: "has never spoken of", fr: "ne s’est jamais exprimé sur" },
};

function isTimed({ within, before, between }: Window): boolean {
  return (within ?? before ?? between) !== undefined;
}

const params = z
  .strictObject({
    key: hinted(z.enum(CONSENT_KEYS), { words: { en: "To", fr: "À quoi" }, choices: WORDS }),
    state: hinted(z.enum(STATES).default("granted"), { words: { en: "State", fr: "État" }, choices: VERBS }),
    ...windowShape,
  })
  .refine(({ state, within, before, between }) => state !== "never" || !(within ?? before ?? between), {
    path: ["state"],
    message: "has no time: nothing was ever said",
  });

/** What a contact has agreed to, refused or never spoken of, and since when. */
export const consent = condition({
  title: { en: "Consent", fr: "Consentement" },
  params,
  describe: ({ key, state, ...window }, language) =>
    `${VERBS[state][language]} ${WORDS[key][language]}${describeWindow(window, language)}`,
  test(facts, { key, state, ...window }, moment) {
    const known = facts.profile.consents[key];
    if ((known?.state ?? "never") !== state) return false;
    return !isTimed(window) || (known !== undefined && isInWindow(window, known.at, moment));
  },
  sql({ key, state, ...window }, compilation: Compilation) {
    const is = `coalesce(c.consents ->> '$.${key}.state', 'never') = '${state}'`;
    return isTimed(window) ? `${is} AND ${windowSql(window, `(c.consents ->> '$.${key}.at')`, compilation)}` : is;
  },
  found({ profile }: Facts, { key }, _moment, language) {
    const known = profile.consents[key];
    return known === undefined
      ? VERBS.never[language]
      : `${VERBS[known.state][language]} (${shown("time", known.at, language)})`;
  },
  weight: 2,
  example: { key: "sms", state: "granted" },
});
