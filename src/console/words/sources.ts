import type { SourceState } from "../../reports/source-figures";
import type { Language, Words } from "../../shared/language";
import type { Tone } from "./labels";
import { typeset } from "./typeset";

/** How a source stands. */
export const SOURCE_STATES = {
  ok: { en: "Alive", fr: "Active", tone: "good" },
  silent: { en: "Silent", fr: "Muette", tone: "bad" },
  rejecting: { en: "Many rejections", fr: "Beaucoup de rejets", tone: "wait" },
} as const satisfies Record<SourceState, Words & { tone: Tone }>;

/** Why something was not taken, by the kind of reason under which it is counted. */
const REFUSALS = {
  "invalid-input": { en: "A field is missing or wrong", fr: "Un champ manque ou est faux" },
  "invalid-json": { en: "The body is no JSON", fr: "Le corps n’est pas du JSON" },
  "invalid-email": { en: "Not one email address", fr: "Pas une adresse e-mail" },
  "invalid-phone": { en: "Not a mobile number", fr: "Pas un numéro de mobile" },
  "invalid-token": { en: "The shop’s token is not valid", fr: "Le jeton de la boutique n’est pas valable" },
  "too-large": { en: "Too large", fr: "Trop volumineux" },
  "server-only-event": { en: "Only the shop’s server may say this", fr: "Réservé au serveur de la boutique" },
  unauthorized: { en: "No valid key", fr: "Aucune clé valable" },
  "bad-signature": { en: "The signature is wrong", fr: "La signature est fausse" },
  stale: { en: "Too old to be believed", fr: "Trop ancien pour être accepté" },
  forbidden: { en: "A key for another purpose", fr: "Une clé prévue pour autre chose" },
  "too-many-requests": { en: "Over its budget", fr: "Budget dépassé" },
  unavailable: { en: "Could not be stored; asked to send again", fr: "Non enregistré ; à renvoyer" },
  "not-applied": { en: "Taken, but could not be applied", fr: "Accepté, mais n’a pas pu être appliqué" },
  "bad-line": { en: "A line of a file: see its import", fr: "Une ligne d’un fichier : voir son import" },
  "feed-failed": { en: "The feed could not be read", fr: "Le flux n’a pas pu être lu" },
  other: { en: "Other reasons", fr: "Autres raisons" },
} as const satisfies Record<string, Words>;

/** The words of a kind of reason; one that we do not know is shown as it is. */
export function refusalWords(reason: string, language: Language): string {
  const known: Readonly<Record<string, Words>> = REFUSALS;
  return Object.hasOwn(known, reason) ? typeset(known[reason]?.[language] ?? reason, language) : reason;
}

/** After how long a source may be told to count as silent. */
export const SILENCES: Readonly<Record<string, Words>> = {
  auto: { en: "By its own habits", fr: "Selon ses habitudes" },
  PT30M: { en: "After 30 minutes", fr: "Après 30 minutes" },
  PT2H: { en: "After 2 hours", fr: "Après 2 heures" },
  PT12H: { en: "After 12 hours", fr: "Après 12 heures" },
  P1D: { en: "After a day", fr: "Après un jour" },
  P3D: { en: "After 3 days", fr: "Après 3 jours" },
  off: { en: "Never", fr: "Jamais" },
};

/** How the last attempt to tell somebody went. */
export const TOLD: Readonly<Record<string, Words>> = {
  sent: { en: "arrived", fr: "arrivé" },
  open: { en: "not yet, will be tried again", fr: "pas encore, nouvel essai prévu" },
  failed: { en: "refused", fr: "refusé" },
};
