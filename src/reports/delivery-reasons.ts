import type { Words } from "../shared/language";

/** What the codes of deliveries mean: suppressions, the provider's answers, and what is not known. */
export const DELIVERY_REASONS = {
  suppressed_address: {
    en: "Messages to this address do not arrive: it is suppressed",
    fr: "Les messages n’arrivent pas à cette adresse : elle est supprimée des envois",
  },
  suppressed_complaint: {
    en: "The contact reported a message as spam",
    fr: "Le contact a signalé un message comme indésirable",
  },
  lease_over: {
    en: "The attempt broke off, and nobody knows how far it came",
    fr: "L’essai s’est interrompu, sans que l’on sache jusqu’où il est allé",
  },
  answer_lost: {
    en: "The provider’s answer was lost: the message is not repeated, as it may have gone out",
    fr: "La réponse du prestataire s’est perdue : le message n’est pas répété, car il est peut-être parti",
  },
  may_have_gone: {
    en: "May have gone out before it was refused",
    fr: "Est peut-être parti avant d’être refusé",
  },
  accepted_before: {
    en: "The provider had taken it at an attempt of before",
    fr: "Le prestataire l’avait accepté lors d’un essai précédent",
  },
  not_complete: {
    en: "What it prints could not be read yet; it is tried again",
    fr: "Ce qu’il affiche n’a pas encore pu être lu ; il sera réessayé",
  },
  never_complete: {
    en: "What it prints could not be read for a day: nobody was called for it",
    fr: "Ce qu’il affiche n’a pas pu être lu de la journée : aucun envoi n’a été tenté",
  },
  batch_refused: {
    en: "Was refused together with others, and goes by itself",
    fr: "Refusé avec d’autres messages, il repart seul",
  },
  sms_budget: {
    en: "Waits: this hour’s budget of text messages is spent, for its country or in all",
    fr: "En attente : le budget de SMS de cette heure est épuisé, pour son pays ou en tout",
  },
  channel_paused: { en: "The channel is paused", fr: "Le canal est en pause" },
  circuit_open: {
    en: "The provider failed again and again: it is left alone for a while",
    fr: "Le prestataire échoue sans cesse : on le laisse en paix un moment",
  },
  provider_failed: { en: "The provider could not send it", fr: "Le prestataire n’a pas pu l’envoyer" },
  provider_suppressed: {
    en: "The address is on the provider’s own list of suppressions",
    fr: "L’adresse est sur la liste de suppression du prestataire",
  },
  header_invalid: { en: "A header of the message is not valid", fr: "Un en-tête du message n’est pas valide" },
  smtp_connect: { en: "The mail server could not be reached", fr: "Le serveur d’envoi est injoignable" },
  smtp_421: { en: "The mail server asks for a pause", fr: "Le serveur d’envoi demande une pause" },
  smtp_454: { en: "The mail server asks for a pause", fr: "Le serveur d’envoi demande une pause" },
  smtp_auth: { en: "The mail server refuses our password", fr: "Le serveur d’envoi refuse notre mot de passe" },
  smtp_tls: { en: "The mail server offers no safe connection", fr: "Le serveur d’envoi n’offre pas de connexion sûre" },
  smtp_refused: { en: "The mail server refuses it for now", fr: "Le serveur d’envoi le refuse pour l’instant" },
  smtp_rejected: { en: "The mail server refuses the message", fr: "Le serveur d’envoi refuse le message" },
  smtp_answer_lost: {
    en: "The mail server’s answer was lost: the message is not repeated, as it may have gone out",
    fr: "La réponse du serveur d’envoi s’est perdue : le message n’est pas répété, car il est peut-être parti",
  },
} as const satisfies Record<string, Words>;
