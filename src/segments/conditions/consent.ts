import * as z from "zod";
import { CONSENT_KEYS } from "../../contacts/consent";
import type { Words } from "../../shared/language";
import type { Compilation } from "../compile";
import { condition } from "../condition";
import type { Facts } from "../facts";
import { hinted } from "../hint";
import { inWords } from "../reader";
import { shown } from "../shown";
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

const VERBS: Readonly<Record<State, Words>> = {
  granted: { en: "agrees to", fr: "accepte" },
  withdrawn: { en: "has withdrawn consent to", fr: "a retiré son accord pour" },
  claimed: { en: "has not yet confirmed consent to", fr: "n’a pas encore confirmé son accord pour" },
  never: { en: "has never said yes or no to", fr: "ne s’est jamais exprimé sur" },
};
/** The same of when it was said. */
const SAID: Readonly<Record<Exclude<State, "never">, Words>> = {
  granted: { en: "agreed to", fr: "a accepté" },
  withdrawn: { en: "withdrew consent to", fr: "a retiré son accord pour" },
  claimed: { en: "gave unconfirmed consent to", fr: "a donné un accord non confirmé pour" },
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
  describe({ key, state, ...window }, reader) {
    const verb = isTimed(window) && state !== "never" ? SAID[state] : VERBS[state];
    return `${inWords(verb, reader)} ${inWords(WORDS[key], reader)}${describeWindow(window, reader)}`;
  },
  test(facts, asked, moment) {
    const known = facts.profile.consents[asked.key];
    if ((known?.state ?? "never") !== asked.state) return false;
    return !isTimed(asked) || (known !== undefined && isInWindow(asked, known.at, moment));
  },
  sql({ key, state, ...window }, compilation: Compilation) {
    const is = `coalesce(c.consents ->> '$.${key}.state', 'never') = '${state}'`;
    return isTimed(window) ? `${is} AND ${windowSql(window, `(c.consents ->> '$.${key}.at')`, compilation)}` : is;
  },
  found({ profile }: Facts, { key }, _moment, reader) {
    const known = profile.consents[key];
    const words = `${inWords(VERBS[known?.state ?? "never"], reader)} ${inWords(WORDS[key], reader)}`;
    return known === undefined ? words : `${words} (${shown("time", known.at, reader)})`;
  },
  weight: 2,
  example: { key: "sms", state: "granted" },
});
