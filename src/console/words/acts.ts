import { shownDetails } from "../../admin/act-routes";
import type { ActRow } from "../../admin/act-store";
import { reasonWords } from "../../reports/reasons";
import { blockDefinition } from "../../scenarios/blocks";
import { durationInWords } from "../../shared/duration";
import type { Language, Words } from "../../shared/language";
import type { View } from "../view";
import { timeText } from "../view";
import { CAMPAIGN_STATES, CHANNEL_NAMES, CONSENT_STATES, CONTACT_STATUSES, label, type Tone } from "./labels";
import { typeset } from "./typeset";

/** How something that a run had done stands. */
export const ACT_STATES = {
  pending: { en: "Open", fr: "En attente", tone: "wait" },
  done: { en: "Done", fr: "Fait", tone: "good" },
  failed: { en: "Failed", fr: "Échec", tone: "bad" },
  refused: { en: "Not allowed", fr: "Refusé", tone: "calm" },
  left_out: { en: "Left out", fr: "Laissé de côté", tone: "calm" },
} as const satisfies Record<string, Words & { readonly tone: Tone }>;

/** Kinds that several blocks want. */
const KINDS: Readonly<Record<string, Words>> = {
  look_up: { en: "Look up price and stock", fr: "Consulter le prix et le stock" },
};

/** What an act is called: as the block that wants it. */
export function actName(kind: string, language: Language): string {
  const words = Object.hasOwn(KINDS, kind) ? KINDS[kind] : blockDefinition(kind)?.title;
  return typeset(words?.[language] ?? kind, language);
}

/** What the gate looked at, by the names that it is stored under. */
const GATE_INPUTS: Readonly<Record<string, Words>> = {
  decision: { en: "Decision", fr: "Décision" },
  reason: { en: "Reason", fr: "Raison" },
  killed: { en: "Kill switch on for", fr: "Arrêt d’urgence activé pour" },
  status: { en: "Contact", fr: "Contact" },
  channel: { en: "Channel", fr: "Canal" },
  has_address: { en: "Has an address there", fr: "A une adresse sur ce canal" },
  suppressed: { en: "Suppressed", fr: "Supprimé des envois" },
  consent: { en: "Consent", fr: "Consentement" },
  snoozed_until: { en: "Asked for a pause until", fr: "Pause demandée jusqu’au" },
  late_ms: { en: "Late by", fr: "En retard de" },
  holdout: { en: "Size of the control group", fr: "Taille du groupe témoin" },
  share: { en: "This contact’s place, below it is in the group", fr: "Place du contact, en dessous il est témoin" },
  ready: { en: "Channels that can send", fr: "Canaux prêts à envoyer" },
  planned_at: { en: "Due", fr: "Prévu le" },
  sms_country: { en: "Country of the number", fr: "Pays du numéro" },
  minimum_age: { en: "Age from which marketing may go", fr: "Âge minimal pour la publicité" },
  country: { en: "Country whose hours count", fr: "Pays dont les heures comptent" },
  zones: { en: "Time zones", fr: "Fuseaux horaires" },
  opens_at: { en: "Window opens", fr: "Ouverture de la plage" },
  cap_channel: { en: "Frequency cap on", fr: "Plafond de fréquence sur" },
  cap_count: { en: "At most", fr: "Au plus" },
  cap_ms: { en: "Within", fr: "En" },
  used: { en: "Used of it", fr: "Déjà utilisé" },
  free_at: { en: "Room again", fr: "De nouveau libre" },
  weight: { en: "What this message counts for", fr: "Poids de ce message" },
  coupon_until: { en: "Coupon valid until", fr: "Coupon valable jusqu’au" },
  mailbox: { en: "Mailbox provider", fr: "Messagerie" },
  priority: { en: "Priority of the scenario", fr: "Priorité du scénario" },
  expected_value: { en: "Expected to earn, in cents", fr: "Gain attendu, en centimes" },
  needs: { en: "The content needs", fr: "Le contenu demande" },
  attempts: { en: "Attempts before", fr: "Tentatives précédentes" },
  leave_until: { en: "Makes sense until", fr: "Utile jusqu’au" },
  frequency: { en: "Frequency that the person chose", fr: "Fréquence choisie par la personne" },
  stopped_for: { en: "The scenario was left for", fr: "Sortie du scénario pour" },
  campaign: { en: "Campaign", fr: "Campagne" },
  coupon_redeemed_at: { en: "Coupon used", fr: "Coupon utilisé" },
  stock: { en: "In stock", fr: "En stock" },
  announced_price: { en: "Price in the message", fr: "Prix annoncé" },
  price: { en: "Price now", fr: "Prix actuel" },
  content: { en: "Content and version", fr: "Contenu et version" },
  paused_until: { en: "Provider paused until", fr: "Prestataire en pause jusqu’au" },
};

/** The name of something that the gate looked at; as it is stored where it has no words. */
export function inputName(name: string, language: Language): string {
  return typeset(Object.hasOwn(GATE_INPUTS, name) ? (GATE_INPUTS[name]?.[language] ?? name) : name, language);
}

const DECISIONS = {
  send: { en: "May leave", fr: "Peut partir" },
  held: { en: "Put off", fr: "Reporté" },
  suppressed: { en: "May not leave", fr: "Ne peut pas partir" },
} as const satisfies Record<string, Words>;

const FREQUENCIES = {
  weekly: { en: "one a week at most", fr: "un par semaine au plus" },
  monthly: { en: "one a month at most", fr: "un par mois au plus" },
} as const satisfies Record<string, Words>;

const NEEDS = {
  cart: { en: "a cart", fr: "un panier" },
  order: { en: "an order", fr: "une commande" },
} as const satisfies Record<string, Words>;

const CATALOGS = {
  decision: DECISIONS,
  status: CONTACT_STATUSES,
  channel: CHANNEL_NAMES,
  cap_channel: CHANNEL_NAMES,
  consent: CONSENT_STATES,
  campaign: CAMPAIGN_STATES,
  frequency: FREQUENCIES,
} as const;

/** What was found there, in words. */
export function inputValue(name: string, value: unknown, view: View): string {
  const { language, say } = view;
  if (typeof value === "boolean") return value ? say("yes", "oui") : say("no", "non");
  if (Array.isArray(value)) {
    const names = value.map((one) => label(name === "needs" ? NEEDS : CHANNEL_NAMES, String(one), language));
    return names.length === 0 ? say("none", "aucun") : names.join(", ");
  }
  if (typeof value === "number") return numberValue(name, value, view);
  if (typeof value !== "string") return JSON.stringify(value);
  if (name === "reason" || name === "stopped_for") return reasonWords(value, language);
  return Object.hasOwn(CATALOGS, name) ? label(CATALOGS[name as keyof typeof CATALOGS], value, language) : value;
}

function numberValue(name: string, value: number, view: View): string {
  const { language } = view;
  if (name.endsWith("_at") || name.endsWith("_until")) return timeText(view, value, "full");
  if (name.endsWith("_ms")) return value < 1_000 ? view.say("nothing", "rien") : durationInWords(value, language);
  const format = { style: "percent", maximumFractionDigits: 2 } as const;
  if (name === "holdout" || name === "share") return new Intl.NumberFormat(language, format).format(value);
  return new Intl.NumberFormat(language).format(value);
}

/** What an act was about: an audience, an offer, an address, in the order of its details; empty where there is nothing to say. */
export function detailsText(row: Pick<ActRow, "details">, view: View): string {
  const details = shownDetails(row);
  const { points, url } = details;
  if (typeof points === "number") return view.say(`${points} points`, `${points} points`);
  if (typeof url === "string") return url;
  const named = ["title", "audience", "offer", "scenario", "name"].map((key) => details[key]);
  return String(named.find((value) => typeof value === "string") ?? "");
}
