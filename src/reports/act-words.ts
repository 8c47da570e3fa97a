import type { Language, Words } from "../shared/language";
import { typeset } from "../shared/language";
import { reasonWords } from "./reasons";

/** What came of something that a run had done, by the word that its row keeps. */
export const ACT_RESULTS = {
  // It is done.
  added: { en: "Came into the audience", fr: "Est entré dans l’audience" },
  removed: { en: "Left the audience", fr: "Est sorti de l’audience" },
  awarded: { en: "The points were credited", fr: "Les points ont été crédités" },
  told: { en: "The other scenario was told", fr: "L’autre scénario a été prévenu" },
  emitted: { en: "The event was emitted", fr: "L’événement a été émis" },
  issued: { en: "The coupon was issued", fr: "Le bon a été émis" },
  unsubscribed: { en: "Was unsubscribed", fr: "A été désabonné" },
  subscribed: { en: "The topics were added", fr: "Les thèmes ont été ajoutés" },
  asked: { en: "Was asked to confirm", fr: "A été invité à confirmer" },
  nothing_to_ask: {
    en: "There was nothing to ask: an answer is known",
    fr: "Rien à demander : la réponse est connue",
  },
  suppressed: { en: "Gets no more marketing by these channels", fr: "Ne reçoit plus de marketing par ces canaux" },
  created: { en: "The task is made and waits for somebody", fr: "La tâche est créée et attend quelqu’un" },
  closed: { en: "The task is done", fr: "La tâche est faite" },
  updated: { en: "The profile was changed", fr: "Le profil a été modifié" },
  delivered: { en: "The address took the call", fr: "L’adresse a accepté l’appel" },
  // A look at prices and stock.
  yes: { en: "The answer was yes", fr: "La réponse était oui" },
  no: { en: "The answer was no", fr: "La réponse était non" },
  unknown: { en: "Nobody knows: the catalogue says nothing of it", fr: "Inconnu : le catalogue n’en dit rien" },
  // It may not be done, or could not.
  run_stopped: { en: "The run was stopped before it could be done", fr: "Le parcours a été arrêté avant" },
  scenario_archived: { en: "The scenario was archived before it could be done", fr: "Le scénario a été archivé avant" },
  control_group: {
    en: "In the control group: measured, and given nothing",
    fr: "Dans le groupe témoin : mesuré, sans rien recevoir",
  },
  too_many: {
    en: "Has begun too much within a day: do scenarios set each other off?",
    fr: "A déclenché trop de choses en un jour : des scénarios se relancent-ils l’un l’autre ?",
  },
  too_many_attributes: {
    en: "The contact has as many attributes as it can hold",
    fr: "Le contact a déjà le maximum d’attributs",
  },
  no_programme: { en: "The loyalty programme is off", fr: "Le programme de fidélité est désactivé" },
  not_active: { en: "The other scenario does not run", fr: "L’autre scénario n’est pas actif" },
  no_offer: { en: "The offer no longer exists", fr: "L’offre n’existe plus" },
  limit_reached: { en: "All coupons of the offer are given out", fr: "Tous les bons de l’offre sont distribués" },
  coupon_over: {
    en: "The contact’s coupon of the offer is used or has run out",
    fr: "Le bon du contact pour cette offre est utilisé ou expiré",
  },
  no_code_left: { en: "The offer has no code left", fr: "L’offre n’a plus de code" },
  given_up: {
    en: "The address has taken nothing for five days and is given up",
    fr: "L’adresse n’accepte rien depuis cinq jours : elle est abandonnée",
  },
  refused: {
    en: "The operator does not allow calls to this host",
    fr: "L’exploitant n’autorise pas les appels à cet hôte",
  },
  erased: { en: "This person’s data was erased", fr: "Les données de cette personne ont été effacées" },
  // It is tried again.
  not_settled: {
    en: "Waits until all that is known of the contact has been heard",
    fr: "Attend que tout ce qu’on sait du contact soit pris en compte",
  },
  taken: { en: "Is being done", fr: "En cours d’exécution" },
  waiting: { en: "The address takes nothing at present", fr: "L’adresse n’accepte rien pour l’instant" },
  not_applied: { en: "The coupon is not stored yet", fr: "Le bon n’est pas encore enregistré" },
  unknown_kind: { en: "This release does not know how to do it", fr: "Cette version ne sait pas le faire" },
  error: { en: "An error of ours: it is in the log", fr: "Une erreur de notre part : elle est dans le journal" },
  retried: { en: "In line again, as somebody asked", fr: "Remis en file, à la demande de quelqu’un" },
  // The other side did not take a call.
  timeout: { en: "The address answered too late", fr: "L’adresse a répondu trop tard" },
  redirect: { en: "The address leads elsewhere", fr: "L’adresse renvoie ailleurs" },
  "too-large": { en: "The answer was too long", fr: "La réponse était trop longue" },
  "broken-off": { en: "The answer broke off", fr: "La réponse s’est interrompue" },
  unreachable: { en: "The address could not be reached", fr: "L’adresse est injoignable" },
} as const satisfies Record<string, Words>;

const STATUS: Words = { en: "The address answered with", fr: "L’adresse a répondu" };
const OPEN: Words = { en: "Waits to be done", fr: "En attente d’exécution" };

/** What came of an act in words; one without a result yet waits. A word that has no words is shown as it is. */
export function actResultWords(result: string | null, language: Language): string {
  return typeset(wordsOf(result, language), language);
}

function wordsOf(result: string | null, language: Language): string {
  if (result === null || result === "") return OPEN[language];
  if (Object.hasOwn(ACT_RESULTS, result)) return ACT_RESULTS[result as keyof typeof ACT_RESULTS][language];
  const status = /^status-(\d{3})$/.exec(result)?.[1];
  return status === undefined ? reasonWords(result, language) : `${STATUS[language]} ${status}`;
}
