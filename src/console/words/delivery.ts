import type { SuppressionKind } from "../../contacts/delivery";
import type { Words } from "../../shared/language";
import type { Tone } from "./labels";

/** Why somebody is not written to any more. */
export const SUPPRESSION_NAMES = {
  hard_bounce: { en: "The address does not exist", fr: "Adresse inexistante", tone: "bad" },
  soft_bounce: { en: "Too many messages came back", fr: "Trop de messages revenus", tone: "wait" },
  provider: { en: "On the provider’s own list", fr: "Sur la liste du prestataire", tone: "wait" },
  complaint: { en: "Reported as spam", fr: "Signalé comme indésirable", tone: "bad" },
} as const satisfies Record<SuppressionKind, Words & { readonly tone: Tone }>;
