import type { Words } from "../shared/language";

/** What the checks of a content find, in words; `{at}` is what it was found at. */
export const WORDS_OF_FINDINGS = {
  variable_unknown: { en: "“{at}” is no variable.", fr: "« {at} » n’est pas une variable." },
  promotion_in_transactional: {
    en: "A transactional message holds a coupon or recommendations: it would pass caps and consent as no promotion may.",
    fr: "Un message transactionnel contient un bon ou des recommandations : il échapperait aux plafonds et au consentement.",
  },
  selling_in_transactional: {
    en: "A transactional message says “{at}”: it passes caps and consent, so it may sell nothing.",
    fr: "Un message transactionnel dit « {at} » : exempt de plafonds et de consentement, il ne doit rien vendre.",
  },
  language_missing: {
    en: "There is no text in this language: who reads it gets the other one.",
    fr: "Il n’y a pas de texte dans cette langue : ses lecteurs recevront l’autre.",
  },
  languages_equal: { en: "English and French are the same.", fr: "L’anglais et le français sont identiques." },
  not_rendered: { en: "It cannot be rendered: {at}.", fr: "Il ne peut pas être composé : {at}." },
  left_over: { en: "“{at}” is left in the text.", fr: "« {at} » reste dans le texte." },
  hole_in_text: {
    en: "Where nothing is known of the contact the text has a hole.",
    fr: "Quand on ne sait rien du contact, le texte a un trou.",
  },
  address_in_link: {
    en: "A link carries an email address or phone number: {at}",
    fr: "Un lien contient une adresse e-mail ou un téléphone : {at}",
  },
  link_local: { en: "A link leads to this machine alone: {at}", fr: "Un lien ne mène qu’à cette machine : {at}" },
  link_insecure: { en: "A link is not on https: {at}", fr: "Un lien n’est pas en https : {at}" },
  link_empty: { en: "A link leads nowhere.", fr: "Un lien ne mène nulle part." },
  clipped: {
    en: "It weighs {at}: mail programs clip what is above 102 KB.",
    fr: "Il pèse {at} : les messageries coupent au-delà de 102 Ko.",
  },
  nearly_clipped: { en: "It weighs {at}, of 102 KB at most.", fr: "Il pèse {at}, sur 102 Ko au plus." },
  picture_without_words: {
    en: "A picture has no alternative text.",
    fr: "Une image n’a pas de texte de remplacement.",
  },
  pictures_alone: {
    en: "There is hardly any text beside the pictures: filters distrust that.",
    fr: "Il n’y a presque pas de texte à côté des images : les filtres s’en méfient.",
  },
  subject_long: {
    en: "The subject has {at} characters: telephones show about 40.",
    fr: "L’objet a {at} caractères : un téléphone en montre une quarantaine.",
  },
  subject_shouts: { en: "The subject is all in capitals.", fr: "L’objet est tout en capitales." },
  subject_marks: { en: "The subject has too many marks.", fr: "L’objet a trop de points d’exclamation." },
  spam_word: { en: "Spam filters know “{at}”.", fr: "Les filtres anti-spam connaissent « {at} »." },
  preheader_repeats: { en: "The preheader repeats the subject.", fr: "L’en-tête répète l’objet." },
  sms_too_long: { en: "It is too long: {at}. At most 3 segments.", fr: "Il est trop long : {at}. Au plus 3 segments." },
  sms_segments: { en: "It takes {at} segments.", fr: "Il prend {at} segments." },
  sms_costly_letters: {
    en: "A letter outside the cheap alphabet halves the room of a segment.",
    fr: "Une lettre hors de l’alphabet économique réduit de moitié la place d’un segment.",
  },
  push_too_large: { en: "It weighs {at} bytes, of 4,096 at most.", fr: "Elle pèse {at} octets, sur 4 096 au plus." },
  push_tap_lost: {
    en: "For the typical contact a tap leads to no page of the shop: it opens the shop’s start.",
    fr: "Pour le contact typique, toucher la notification ne mène à aucune page de la boutique : elle ouvre l’accueil.",
  },
  push_leads_away: {
    en: "A notification leads away from the shop: {at}",
    fr: "Une notification mène hors de la boutique : {at}",
  },
} as const satisfies Record<string, Words>;
