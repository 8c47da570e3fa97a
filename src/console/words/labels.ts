import type { PrivacyRequest } from "../../admin/privacy-store";
import type { OrderStatus } from "../../commerce/order";
import { ORDER_STATUSES } from "../../commerce/order";
import type { ConsentKey } from "../../contacts/consent";
import type { Stop } from "../../scenarios/definition";
import { ORDER_WORDS } from "../../segments/state-words";
import type { Language, Words } from "../../shared/language";
import type { Happened } from "../how-far";

/** How something stands, as a colour of the page. The words always say it too. */
export type Tone = "good" | "live" | "wait" | "calm" | "bad";

interface Label extends Words {
  readonly tone: Tone;
}

/** What became of a message that a run wanted to send. */
export const FATES = {
  sent: { en: "Sent", fr: "Envoyé", tone: "good" },
  queued: { en: "On its way", fr: "En route", tone: "live" },
  claimed: { en: "Leaving now", fr: "Part à l’instant", tone: "live" },
  held: { en: "Held", fr: "Retenu", tone: "wait" },
  suppressed: { en: "Not sent", fr: "Non envoyé", tone: "calm" },
  failed: { en: "Failed", fr: "Échec", tone: "bad" },
  unknown: { en: "Unclear", fr: "Incertain", tone: "bad" },
} as const satisfies Record<string, Label>;

/** What became of a message after it left. What providers count knows no machine from a person. */
export const HAPPENED = {
  delayed: { en: "Delayed", fr: "Retardé", tone: "wait" },
  delivered: { en: "Delivered", fr: "Remis", tone: "good" },
  provider_opened: { en: "Loaded, says the provider", fr: "Chargé, selon le prestataire", tone: "calm" },
  provider_clicked: { en: "Followed, says the provider", fr: "Suivi, selon le prestataire", tone: "calm" },
  machine: { en: "Read by a machine", fr: "Lu par une machine", tone: "calm" },
  opened: { en: "Opened", fr: "Ouvert", tone: "live" },
  clicked: { en: "Clicked", fr: "Cliqué", tone: "live" },
  suppressed: { en: "Kept back by the provider", fr: "Retenu par le prestataire", tone: "bad" },
  failed: { en: "Failed at the provider", fr: "Échec chez le prestataire", tone: "bad" },
  bounced: { en: "Bounced", fr: "Rejeté", tone: "bad" },
  complained: { en: "Reported as spam", fr: "Signalé comme spam", tone: "bad" },
} as const satisfies Record<Happened, Label>;

/** How a run ended. A run without an outcome is on its way. */
export const OUTCOMES = {
  running: { en: "Running", fr: "En cours", tone: "live" },
  goal: { en: "Goal reached", fr: "Objectif atteint", tone: "good" },
  interrupted: { en: "Interrupted", fr: "Interrompu", tone: "calm" },
  superseded: { en: "Began anew", fr: "Recommencé", tone: "calm" },
  timeout: { en: "No reaction", fr: "Sans réaction", tone: "calm" },
  completed: { en: "Completed", fr: "Terminé", tone: "calm" },
  refused: { en: "Not let in", fr: "Refusé à l’entrée", tone: "calm" },
  failed: { en: "Failed", fr: "Échec", tone: "bad" },
} as const satisfies Record<string, Label>;

/** How far an export has come. */
export const EXPORT_STATES = {
  waiting: { en: "Asked for", fr: "Demandé", tone: "wait" },
  running: { en: "Being read", fr: "En lecture", tone: "live" },
  done: { en: "Taken out", fr: "Extrait", tone: "good" },
  cancelled: { en: "Broken off", fr: "Interrompu", tone: "calm" },
  failed: { en: "Failed", fr: "Échec", tone: "bad" },
  expired: { en: "Never fetched", fr: "Jamais retiré", tone: "calm" },
} as const satisfies Record<string, Label>;

/** How far a rehearsal has come. */
export const REHEARSAL_STATES = {
  running: { en: "Under way", fr: "En cours", tone: "live" },
  done: { en: "Done", fr: "Terminée", tone: "good" },
  cancelled: { en: "Cancelled", fr: "Annulée", tone: "calm" },
  failed: { en: "Failed", fr: "Échec", tone: "bad" },
} as const satisfies Record<string, Label>;

/** How far a campaign has come. */
export const CAMPAIGN_STATES = {
  draft: { en: "Draft", fr: "Brouillon", tone: "calm" },
  confirmed: { en: "On its way", fr: "En cours", tone: "live" },
  paused: { en: "Paused", fr: "En pause", tone: "wait" },
  cancelled: { en: "Cancelled", fr: "Annulée", tone: "calm" },
  done: { en: "Done", fr: "Terminée", tone: "good" },
} as const satisfies Record<string, Label>;

export const SCENARIO_STATES = {
  draft: { en: "Draft", fr: "Brouillon", tone: "calm" },
  active: { en: "Active", fr: "Actif", tone: "good" },
  paused: { en: "Paused", fr: "En pause", tone: "wait" },
  archived: { en: "Archived", fr: "Archivé", tone: "calm" },
} as const satisfies Record<string, Label>;

export const CHANNEL_NAMES = {
  email: { en: "Email", fr: "E-mail" },
  sms: { en: "SMS", fr: "SMS" },
  push: { en: "Push", fr: "Notification" },
  wallet: { en: "Wallet pass", fr: "Carte Wallet" },
  print: { en: "Print", fr: "Courrier" },
  all: { en: "All channels", fr: "Tous les canaux" },
} as const satisfies Record<string, Words>;

export const CONSENT_NAMES = {
  email: { en: "Email", fr: "E-mail" },
  sms: { en: "SMS", fr: "SMS" },
  push: { en: "Push", fr: "Notifications" },
  tracking: { en: "Tracking", fr: "Mesure d’audience" },
  profiling: { en: "Profiling", fr: "Profilage" },
  partner: { en: "Partners", fr: "Partenaires" },
  marketing: { en: "Marketing", fr: "Marketing" },
} as const satisfies Record<ConsentKey | "marketing", Words>;

export const CONSENT_STATES = {
  granted: { en: "Granted", fr: "Donné", tone: "good" },
  claimed: { en: "Claimed, not confirmed", fr: "Déclaré, non confirmé", tone: "wait" },
  withdrawn: { en: "Withdrawn", fr: "Retiré", tone: "bad" },
  none: { en: "Never asked", fr: "Jamais demandé", tone: "calm" },
} as const satisfies Record<string, Label>;

/** Lines of the ledger of consents. */
export const CONSENT_ACTIONS = {
  grant: { en: "given", fr: "donné" },
  claim: { en: "claimed in a browser", fr: "déclaré dans un navigateur" },
  withdraw: { en: "withdrawn", fr: "retiré" },
  overtaken: { en: "withdrawn before it was given again", fr: "retiré avant d’être donné de nouveau" },
  confirm: { en: "confirmed", fr: "confirmé" },
  confirm_doi: { en: "confirmed by double opt-in", fr: "confirmé par double opt-in" },
  revert: { en: "void again, as a merge was undone", fr: "annulé, la fusion ayant été défaite" },
} as const satisfies Record<string, Words>;

/** What people may ask for under data protection law. */
export const REQUEST_KINDS = {
  access: { en: "Wants to see their data", fr: "Veut voir ses données" },
  erasure: { en: "Wants to be erased", fr: "Veut être effacé" },
  shop: { en: "The shop is to be forgotten", fr: "La boutique doit être oubliée" },
} as const satisfies Record<PrivacyRequest["kind"], Words>;

/** How far such a request has come. */
export const REQUEST_STATES = {
  open: { en: "To answer", fr: "À répondre", tone: "wait" },
  unconfirmed: { en: "To confirm", fr: "À confirmer", tone: "wait" },
  running: { en: "Under way", fr: "En cours", tone: "wait" },
  overdue: { en: "Overdue", fr: "En retard", tone: "bad" },
  done: { en: "Done", fr: "Fait", tone: "good" },
} as const satisfies Record<string, Label>;
export type RequestState = keyof typeof REQUEST_STATES;

export const CONTACT_STATUSES = {
  verified: { en: "Verified", fr: "Vérifié", tone: "good" },
  anonymous: { en: "Anonymous visitor", fr: "Visiteur anonyme", tone: "calm" },
  erased: { en: "Erased", fr: "Effacé", tone: "calm" },
  expired: { en: "Kept long enough", fr: "Conservation terminée", tone: "calm" },
  merged: { en: "Merged into another contact", fr: "Fusionné avec un autre contact", tone: "calm" },
} as const satisfies Record<string, Label>;

const ORDER_TONES: Readonly<Record<OrderStatus, Tone>> = {
  pending: "wait",
  confirmed: "good",
  shipped: "good",
  in_transit: "good",
  delivered: "good",
  cancelled: "bad",
  refunded: "bad",
  partially_refunded: "wait",
};

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** As rules call them, each by itself. */
export const ORDER_STATES: Readonly<Record<string, Label>> = Object.fromEntries(
  ORDER_STATUSES.map((status) => {
    const { en, fr } = ORDER_WORDS[status];
    return [status, { en: capital(en), fr: capital(fr), tone: ORDER_TONES[status] }];
  }),
);

/** What ends a run from outside. */
export const STOP_NAMES = {
  order: { en: "an order", fr: "une commande" },
  emptied: { en: "an emptied cart", fr: "un panier vidé" },
  order_cancelled: { en: "a cancelled order", fr: "une commande annulée" },
  withdrawal: { en: "a withdrawn consent", fr: "un consentement retiré" },
} as const satisfies Record<Stop, Words>;

/** Where an event was turned down. */
export const STAGES = {
  input: { en: "At the entrance", fr: "À l’entrée" },
  apply: { en: "While it was applied", fr: "Pendant son application" },
} as const satisfies Record<string, Words>;

type Catalog = Readonly<Record<string, Words & { readonly tone?: Tone }>>;

/** The words of a code; the code itself where the catalog has none. */
export function label(catalog: Catalog, code: string, language: Language): string {
  return Object.hasOwn(catalog, code) ? (catalog[code]?.[language] ?? code) : code;
}

/** The tone of a code. */
export function toneOf(catalog: Catalog, code: string): Tone {
  return (Object.hasOwn(catalog, code) && catalog[code]?.tone) || "calm";
}
