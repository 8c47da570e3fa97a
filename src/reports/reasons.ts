import type { Language, Words } from "../shared/language";
import { typeset } from "../shared/language";
import { DELIVERY_REASONS } from "./delivery-reasons";

/**
 * What every reason code means, for a marketer. Codes are stored with decisions, sends and runs for years: a code that
 * the product no longer gives keeps its words.
 */
export const REASONS = {
  // The gate.
  permitted: { en: "Nothing spoke against it", fr: "Rien ne s’y opposait" },
  kill_switch: { en: "Waits: the kill switch is on", fr: "En attente : l’arrêt d’urgence est activé" },
  retention_over: {
    en: "This person’s data was kept long enough and is gone",
    fr: "La durée de conservation est écoulée : les données ont été supprimées",
  },
  erased: { en: "This person’s data was erased", fr: "Les données de cette personne ont été effacées" },
  identity_unverified: {
    en: "Nobody has vouched for this person’s address yet",
    fr: "Personne n’a encore confirmé l’identité de ce contact",
  },
  address_missing: { en: "No address for this channel", fr: "Aucune adresse pour ce canal" },
  no_consent: { en: "No consent for this channel", fr: "Pas de consentement pour ce canal" },
  snoozed: { en: "Asked for a pause", fr: "A demandé une pause" },
  too_late: { en: "Too late: it would no longer make sense", fr: "Trop tard : le message n’aurait plus de sens" },
  control_group: {
    en: "In the control group: measured, not written to",
    fr: "Dans le groupe témoin : mesuré, mais pas sollicité",
  },
  sender_not_ready: {
    en: "This channel cannot send yet: finish its setup",
    fr: "Ce canal ne peut pas encore envoyer : terminez sa configuration",
  },
  sms_country: {
    en: "Text messages do not go to this country",
    fr: "Les SMS ne sont pas envoyés dans ce pays",
  },
  under_age: {
    en: "Too young to agree to marketing alone",
    fr: "Trop jeune pour consentir seul à de la publicité",
  },
  open_case: {
    en: "Has an open complaint or return about the same thing",
    fr: "A une réclamation ou un retour en cours sur le même sujet",
  },
  quiet_hours: {
    en: "Outside the hours in which messages may ring",
    fr: "En dehors des heures où un message peut sonner",
  },
  frequency_cap: {
    en: "Had as many messages as the frequency caps allow",
    fr: "A reçu autant de messages que les plafonds le permettent",
  },
  lost_arbitration: {
    en: "Other messages were worth more, until it was too late for this one",
    fr: "D’autres messages comptaient plus, jusqu’à ce qu’il soit trop tard pour celui-ci",
  },
  coupon_over: { en: "Its coupon is over", fr: "Son coupon n’est plus valable" },
  coupon_used: { en: "Its coupon was used", fr: "Son coupon a déjà servi" },
  out_of_stock: { en: "What it is about is sold out", fr: "Le produit concerné est épuisé" },
  price_changed_back: { en: "The price went up again", fr: "Le prix est remonté" },
  mailbox_spared: {
    en: "Waits: too many complaints or bounces at this mailbox provider",
    fr: "En attente : trop de plaintes ou de rejets chez cette messagerie",
  },
  provider_paused: {
    en: "Waits: the provider takes nothing for now",
    fr: "En attente : le prestataire ne prend rien pour l’instant",
  },
  campaign_cancelled: {
    en: "The campaign was cancelled before the message left",
    fr: "La campagne a été annulée avant l’envoi",
  },
  person_has_message: {
    en: "Another record of the same person gets the message",
    fr: "Le message va à une autre fiche de la même personne",
  },
  no_relation: {
    en: "A notice for customers, and this person has no account and no order",
    fr: "Un avis destiné aux clients : ce contact n’a ni compte ni commande",
  },
  content_missing: { en: "Its content no longer exists", fr: "Son contenu n’existe plus" },
  // The permit: the last look before a message leaves.
  run_stopped: {
    en: "The run had been stopped when the message was about to leave",
    fr: "Le parcours a été arrêté juste avant l’envoi",
  },
  address_changed: {
    en: "The address changed after the decision",
    fr: "L’adresse a changé après la décision",
  },
  consent_withdrawn: { en: "Consent was withdrawn", fr: "Le consentement a été retiré" },
  frequency_chosen: {
    en: "Asked for fewer messages, and had one lately",
    fr: "A demandé moins de messages et en a reçu un récemment",
  },
  // Confirmations of an address.
  asked_for: { en: "Asked for: it confirms an address", fr: "Demandé : il confirme une adresse" },
  confirmed_lately: {
    en: "This address had a confirmation within the last day",
    fr: "Cette adresse a reçu une confirmation il y a moins d’un jour",
  },
  too_old_to_repeat: {
    en: "Too old to try again safely: it may have arrived",
    fr: "Trop ancien pour être renvoyé sans risque : il est peut-être arrivé",
  },
  // The door of a scenario.
  repeat: { en: "This occasion has been answered before", fr: "Cette occasion a déjà été traitée" },
  cart_gone: {
    en: "The cart was ordered, emptied or replaced meanwhile",
    fr: "Entre-temps, le panier a été commandé, vidé ou remplacé",
  },
  already_entered: {
    en: "Has been through this scenario, which takes each person once",
    fr: "Déjà passé par ce scénario, qui ne prend chaque personne qu’une fois",
  },
  recent_message: {
    en: "Had a message of this scenario too recently",
    fr: "A reçu trop récemment un message de ce scénario",
  },
  recent_run: {
    en: "Left this scenario too recently",
    fr: "Est sorti trop récemment de ce scénario",
  },
  still_in: { en: "Was in this scenario already", fr: "Était déjà dans ce scénario" },
  goal_reached: {
    en: "Had reached the goal of this scenario before",
    fr: "Avait déjà atteint l’objectif de ce scénario",
  },
  group_busy: {
    en: "Was in a scenario of the same group, of at least this priority",
    fr: "Suivait un scénario du même groupe, de priorité au moins égale",
  },
  too_many_entries: {
    en: "Came in too often within a day: does the scenario set itself off?",
    fr: "Est entré trop souvent en un jour : le scénario se relance-t-il lui-même ?",
  },
  too_many_at_once: {
    en: "Was in the scenario too many times at once",
    fr: "Suivait déjà trop de fois ce scénario en même temps",
  },
  too_many_steps: {
    en: "Went through too many blocks within a day: the scenario goes in circles",
    fr: "Est passé par trop de blocs en un jour : le scénario tourne en rond",
  },
  too_many_runs: { en: "Went through it often enough lately", fr: "Y est passé assez souvent ces derniers temps" },
  filter: { en: "Is not among those the scenario is for", fr: "Ne fait pas partie du public du scénario" },
  // The end of a run.
  order: { en: "Ordered", fr: "A commandé" },
  merged: {
    en: "Went on with the contact that this one was merged into, which had the same run",
    fr: "Repris par le contact issu de la fusion, qui suivait déjà ce parcours",
  },
  goal: { en: "Reached the goal", fr: "A atteint l’objectif" },
  stop_condition: { en: "Met a stop condition of the scenario", fr: "A rempli une condition d’arrêt du scénario" },
  higher_priority: {
    en: "Gave way to a scenario of the same group, of higher priority",
    fr: "A cédé la place à un scénario du même groupe, de priorité supérieure",
  },
  new_entry: {
    en: "Came in anew: the later run took over",
    fr: "Est entré de nouveau : le nouveau parcours l’emporte",
  },
  window_never_opens: {
    en: "The days and hours it waited for never come",
    fr: "Les jours et heures attendus n’arrivent jamais",
  },
  other_order: { en: "Ordered something else", fr: "A commandé autre chose" },
  cart_emptied: { en: "Emptied the cart", fr: "A vidé son panier" },
  segment_left: {
    en: "The contact moved on to another segment",
    fr: "Le contact a changé de segment",
  },
  cart_changed: {
    en: "The cart changed: the wait began anew",
    fr: "Le panier a changé : l’attente a recommencé",
  },
  order_undone: { en: "The order was cancelled or refunded", fr: "La commande a été annulée ou remboursée" },
  end: { en: "Went all the way", fr: "Est allé au bout" },
  loop_without_wait: {
    en: "The path goes in circles without waiting",
    fr: "Le chemin tourne en rond sans attendre",
  },
  block_gone: { en: "Its block was taken out of the scenario", fr: "Son bloc a été retiré du scénario" },
  block_never_due: { en: "Its block does not know how to go on", fr: "Son bloc ne sait pas comment continuer" },
  scenario_archived: { en: "The scenario was archived", fr: "Le scénario a été archivé" },
  version_gone: { en: "Its version of the scenario is gone", fr: "Sa version du scénario n’existe plus" },
  // The delivery.
  channel_unknown: { en: "There is no such channel", fr: "Ce canal n’existe pas" },
  content_failed: { en: "The content could not be drawn", fr: "Le contenu n’a pas pu être composé" },
  content_cannot_be_personalised: {
    en: "The content does not fit this person",
    fr: "Le contenu ne convient pas à cette personne",
  },
  replayed_by_admin: { en: "Tried again by hand", fr: "Réessayé à la main" },
  gave_up: { en: "Gave up after a day of trying", fr: "Abandonné après une journée d’essais" },
  network: { en: "The provider could not be reached", fr: "Le prestataire est injoignable" },
  answer_without_id: { en: "The provider’s answer was unclear", fr: "La réponse du prestataire n’est pas claire" },
  channel_not_configured: {
    en: "Waits: this channel has no provider yet",
    fr: "En attente : ce canal n’a pas encore de prestataire",
  },
  inbox_unavailable: { en: "The local inbox could not be written", fr: "La boîte locale n’a pas pu être écrite" },
  invalid_idempotent_request: {
    en: "The provider knows this message with another text: it went out before",
    fr: "Le prestataire connaît déjà ce message avec un autre texte : il est parti auparavant",
  },
  rate_limit_exceeded: { en: "The provider asks for a pause", fr: "Le prestataire demande une pause" },
  daily_quota_exceeded: {
    en: "The provider’s quota for today is used up",
    fr: "Le quota du jour chez le prestataire est épuisé",
  },
  monthly_quota_exceeded: {
    en: "The provider’s quota for this month is used up",
    fr: "Le quota du mois chez le prestataire est épuisé",
  },
  invalid_api_key: { en: "The provider refuses our key", fr: "Le prestataire refuse notre clé" },
  missing_api_key: { en: "The provider misses our key", fr: "Le prestataire attend une clé" },
  validation_error: { en: "The provider refuses the message", fr: "Le prestataire refuse le message" },
  concurrent_idempotent_requests: {
    en: "The provider is still busy with the first try",
    fr: "Le prestataire traite encore le premier essai",
  },
  ...DELIVERY_REASONS,
  // What a content lacks.
  template_invalid: { en: "its template is not valid", fr: "son modèle n’est pas valide" },
  template_failed: { en: "its template failed", fr: "son modèle a échoué" },
  template_too_heavy: { en: "its template takes too long", fr: "son modèle est trop lourd" },
  cart_missing: { en: "there is no cart", fr: "il n’y a pas de panier" },
  cart_empty: { en: "the cart is empty", fr: "le panier est vide" },
  order_missing: { en: "there is no order", fr: "il n’y a pas de commande" },
  subject_empty: { en: "its subject is empty", fr: "son objet est vide" },
  body_empty: { en: "its body is empty", fr: "son texte est vide" },
  money_invalid: { en: "an amount in it is not valid", fr: "un montant n’est pas valide" },
  date_invalid: { en: "a date in it is not valid", fr: "une date n’est pas valide" },
  postal_address_missing: {
    en: "the shop’s postal address is missing",
    fr: "l’adresse postale de la boutique manque",
  },
  unsubscribe_missing: { en: "the unsubscribe link is missing", fr: "le lien de désinscription manque" },
  sms_too_long: { en: "the text message is too long", fr: "le SMS est trop long" },
  push_too_large: { en: "the notification is too large", fr: "la notification est trop lourde" },
  data_missing: { en: "what it is about is not known", fr: "ce dont il parle n’est pas connu" },
} as const satisfies Record<string, Words>;

function known(code: string): Words | undefined {
  return Object.hasOwn(REASONS, code) ? REASONS[code as keyof typeof REASONS] : undefined;
}

/** Conditions of the targeting language, as the thing that did not fit; one without words is named as it is. */
const FILTERS = {
  address: { en: "an address", fr: "une adresse" },
  "cart.value": { en: "the value of the cart", fr: "la valeur du panier" },
  consent: { en: "a consent", fr: "un consentement" },
  "orders.count": { en: "the number of orders", fr: "le nombre de commandes" },
} as const satisfies Record<string, Words>;

/**
 * A reason code in words. Codes may carry a part behind a colon (`filter:orders.count`, `gave_up: network`) or an
 * HTTP status (`validation_error_422`). A code that has no words is shown as it is: it still says more than nothing.
 */
export function reasonWords(code: string | null, language: Language): string {
  return typeset(wordsOf(code, language), language);
}

function wordsOf(code: string | null, language: Language): string {
  if (code === null || code === "") return "";
  const whole = known(code);
  if (whole) return whole[language];
  const [head = "", ...rest] = code.split(":");
  const detail = rest.join(":").trim();
  const words = detail === "" ? undefined : known(head);
  if (words) {
    const part = head === "filter" ? filterWords(detail, language) : wordsOf(detail, language);
    return language === "fr" ? `${words.fr} : ${part}` : `${words.en}: ${part}`;
  }
  const withStatus = /^(.+)_(\d{3})$/.exec(code);
  const named = withStatus?.[1] === undefined ? undefined : known(withStatus[1]);
  return named ? `${named[language]} (${withStatus?.[2]})` : code;
}

function filterWords(condition: string, language: Language): string {
  return Object.hasOwn(FILTERS, condition) ? FILTERS[condition as keyof typeof FILTERS][language] : condition;
}
