import type { Cause } from "../../segments/transition";
import type { Language, Words } from "../../shared/language";
import type { Tone } from "./labels";

type Label = Words & { readonly tone: Tone };

/** How a family stands. */
export const FAMILY_STATES = {
  first: { en: "Being computed", fr: "Calcul en cours", tone: "live" },
  again: { en: "Being computed again", fr: "Nouveau calcul en cours", tone: "live" },
  current: { en: "Up to date", fr: "À jour", tone: "good" },
  failed: { en: "Cannot be computed", fr: "Ne peut être calculé", tone: "bad" },
} as const satisfies Record<string, Label>;

/** Why somebody moved. */
export const CAUSE_NAMES = {
  first: { en: "first computation", fr: "premier calcul", tone: "calm" },
  act: { en: "did something", fr: "a agi", tone: "good" },
  decay: { en: "time passed", fr: "le temps a passé", tone: "wait" },
  population_shift: { en: "others moved", fr: "les autres ont bougé", tone: "calm" },
  import: { en: "loaded or merged", fr: "import ou fusion", tone: "calm" },
  rule: { en: "the rule changed", fr: "la règle a changé", tone: "calm" },
} as const satisfies Record<Cause, Label>;

/** What is wrong with a rule or a segment, in words for whoever fills in the form. The first that fits. */
const REASONS: readonly (readonly [RegExp, Words])[] = [
  [/expected (number|int)/, { en: "Type a number.", fr: "Saisissez un nombre." }],
  [/^Too small: expected number to be >=?\s*(\S+)$/, { en: "At least $1.", fr: "Au moins $1." }],
  [/^Too big: expected number to be <=?\s*(\S+)$/, { en: "At most $1.", fr: "Au plus $1." }],
  [/multiple of (\S+)/, { en: "Two decimals at most.", fr: "Deux décimales au plus." }],
  [/^Too small: expected string/, { en: "Fill this in.", fr: "À renseigner." }],
  [/^Too small: expected array/, { en: "Name at least one.", fr: "Indiquez-en au moins un." }],
  [/^Too big: expected (string|array)/, { en: "That is too much.", fr: "C’est trop." }],
  [/^Invalid option/, { en: "Choose one of the list.", fr: "Choisissez dans la liste." }],
  [/expected string, received undefined/, { en: "Fill this in.", fr: "À renseigner." }],
  [/^is not an ISO 8601 duration/, { en: "Type a whole number.", fr: "Saisissez un nombre entier." }],
  [/^is not a date/, { en: "Type a day.", fr: "Saisissez un jour." }],
  [/^is neither a date nor/, { en: "Type a day as in 2026-01-31.", fr: "Saisissez un jour comme 2026-01-31." }],
  [/^ends before it begins$/, { en: "It ends before it begins.", fr: "La fin précède le début." }],
  [
    /^asks for nothing/,
    { en: "Say since when, or how long ago.", fr: "Dites depuis quand, ou il y a combien de temps." },
  ],
  [/^is no table/, { en: "No table of contacts has this name.", fr: "Aucune table de contacts ne porte ce nom." }],
  [
    /^is none of the columns with a time: (.*)$/,
    { en: "Add the column with the time: $1.", fr: "Ajoutez la colonne de la date : $1." },
  ],
  [/^(Invalid input|is none of .*)$/, { en: "Choose one of the list.", fr: "Choisissez dans la liste." }],
  [/^is not the name of/, { en: "Choose one of the list.", fr: "Choisissez dans la liste." }],
  [/^is not the key of a segment/, { en: "Choose a segment.", fr: "Choisissez un segment." }],
  [/^is not a name/, { en: "Begin with a letter or a digit.", fr: "Commencez par une lettre ou un chiffre." }],
  [/^has no time/, { en: "Nothing was ever said: take the time away.", fr: "Rien n’a été dit : retirez la date." }],
  [/^goes with no span/, { en: "Take the span of time away.", fr: "Retirez l’intervalle de temps." }],
  [
    /^must be a lower-case letter/,
    {
      en: "Small letters without accents, digits, - and _; a letter first.",
      fr: "Minuscules sans accents, chiffres, - et _ ; une lettre d’abord.",
    },
  ],
  [/^is the key of another segment$/, { en: "Another one has this key.", fr: "Un autre porte cette clé." }],
  [
    /^looks at the segment (\S+), which there is not$/,
    { en: "There is no segment $1.", fr: "Il n’y a pas de segment $1." },
  ],
  [
    /^looks at (\S+) of (\S+), which has no such segment; it has (.*)$/,
    { en: "$2 has no segment $1. It has $3.", fr: "$2 n’a pas de segment $1. Elle a $3." },
  ],
  [/^looks at itself: (.*)$/, { en: "It looks at itself: $1.", fr: "Il dépend de lui-même : $1." }],
  [/^is nested deeper/, { en: "Too many groups within groups.", fr: "Trop de groupes imbriqués." }],
  [/^is one condition more than (\d+)$/, { en: "At most $1 conditions.", fr: "Au plus $1 conditions." }],
  [
    /^is (too much work|too long for the database|more than the database takes)/,
    {
      en: "That is too much for one rule: take conditions or filters away.",
      fr: "C’est trop pour une seule règle : retirez des conditions ou des filtres.",
    },
  ],
  [
    /^(.*) would go and is in use: (.*)\.$/,
    { en: "$1 would go and is in use: $2.", fr: "$1 disparaîtrait et est utilisé : $2." },
  ],
  [
    /^(Another segment has this key|A segment of this key)/,
    { en: "Another segment has this key.", fr: "Un autre segment porte cette clé." },
  ],
  [
    /^Segments are being computed/,
    { en: "Segments are being computed: save again in a moment.", fr: "Calcul des segments en cours : réessayez." },
  ],
  [
    /^The product has a family/,
    { en: "The product has a family of this key.", fr: "Le produit a une famille de cette clé." },
  ],
];

/** What is wrong with a field, as a sentence. */
export function segmentReason(detail: string, language: Language): string {
  const known = REASONS.find(([pattern]) => pattern.test(detail));
  if (!known) return language === "fr" ? `Non valable : ${detail}` : `Not valid: ${detail}`;
  const [, ...parts] = known[0].exec(detail) ?? [];
  return known[1][language].replace(/\$(\d)/g, (_all, index: string) => parts[Number(index) - 1] ?? "");
}
