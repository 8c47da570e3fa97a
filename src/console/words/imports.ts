import type { Step } from "../../admin/import/plan";
import type { ImportRow } from "../../admin/import/store";
import type { Language, Words } from "../../shared/language";
import type { Tone } from "./labels";

export const IMPORT_STATES = {
  running: { en: "Being read", fr: "En cours de lecture", tone: "live" },
  done: { en: "Done", fr: "Terminé", tone: "good" },
  failed: { en: "Broken off", fr: "Interrompu", tone: "bad" },
} as const satisfies Record<ImportRow["status"], Words & { readonly tone: Tone }>;

export const IMPORT_STEPS = {
  upload: { en: "The file is on its way.", fr: "Le fichier arrive." },
  cut: { en: "The lines are being counted.", fr: "Les lignes sont comptées." },
  read: { en: "The lines are being read.", fr: "Les lignes sont lues." },
  orders: { en: "Lines are being gathered into orders.", fr: "Les lignes sont réunies en commandes." },
  refunds: { en: "Refunds are looking for what they cancel.", fr: "On cherche ce que les avoirs annulent." },
  clean: { en: "The file is being deleted here.", fr: "Le fichier est effacé d’ici." },
} as const satisfies Record<Step["phase"], Words>;

/** Why lines are not taken, in French; `$1` and so on stand for the parts of the English words. */
const REASONS: readonly (readonly [pattern: RegExp, french: string])[] = [
  [/^(\S+) is missing$/, "$1 manque"],
  [/^(\S+) is required$/, "$1 est obligatoire"],
  [/^(\S+) is missing, or 0$/, "$1 manque ou vaut 0"],
  [/^(\S+) is longer than (\d+) characters$/, "$1 dépasse $2 caractères"],
  [/^(\S+) is not an amount.*$/, "$1 n’est pas un montant"],
  [/^(\S+) is not a currency as in EUR$/, "$1 n’est pas une devise comme EUR"],
  [/^(\S+) is not a(?:n ISO 8601)? time.*$/, "$1 n’est pas une heure comme 2026-02-28T10:00:00Z"],
  [/^(\S+) is not a date as in (\S+)$/, "$1 n’est pas une date comme $2"],
  [/^(\S+) lies in the future$/, "$1 est dans le futur"],
  [/^(\S+) is not a whole number.*$/, "$1 n’est pas un nombre entier"],
  [/^(\S+) is not a number from (\S+) to (\S+)$/, "$1 n’est pas un nombre de $2 à $3"],
  [/^(\S+) is not a number$/, "$1 n’est pas un nombre"],
  [/^(\S+) is neither yes nor no( and counts as none)?$/, "$1 ne dit ni oui ni non"],
  [/^(\S+) is not JSON$/, "$1 n’est pas du JSON"],
  [/^(\S+) is not an address( and was left out)?$/, "$1 n’est pas une adresse"],
  [/^(\S+) is not a web address and was left out$/, "$1 n’est pas une adresse web et a été écarté"],
  [/^(.+) is no column of this kind and was left out$/, "$1 n’est pas une colonne connue et a été écartée"],
  [/^(\S+) is none of (.+)$/, "$1 n’est aucun de : $2"],
  [/^has neither external_id nor (?:an email address|email)$/, "n’a ni external_id ni adresse e-mail"],
  [/^is about somebody who was erased$/, "concerne une personne effacée"],
  [/^consent_(\S+) was withdrawn, and stays so$/, "consent_$1 a été retiré et le reste"],
  [
    /^consent_(\S+) counts as none: its source and date are missing or no date of the past$/,
    "consent_$1 ne compte pas : sa source et sa date manquent, ou ne sont pas passées",
  ],
  [/^has a quote that is not closed.*$/, "a un guillemet qui n’est pas fermé, ou mal placé"],
  [/^has (\d+) fields where the header has (\d+)$/, "a $1 champs, l’en-tête en a $2"],
  [/^is longer than (\d+) KB$/, "dépasse $1 Ko"],
  [/^is no valid JSON$/, "n’est pas du JSON valide"],
  [/^is no JSON object$/, "n’est pas un objet JSON"],
  [/^title is needed: this product is not known yet$/, "title est nécessaire : ce produit n’est pas encore connu"],
  [/^id is that of another contact's row$/, "id est celui d’une ligne d’un autre contact"],
  [/^code is somebody else's$/, "code appartient à quelqu’un d’autre"],
  [/^code is one of another offer$/, "code est d’une autre offre"],
  [/^offer is none of the shop's: make it at (\S+) first$/, "offer n’existe pas : créez-la d’abord sur $1"],
  [/^there is no loyalty programme: set one at (\S+)$/, "il n’y a pas de programme de fidélité : créez-le sur $1"],
  [/^has no (\S+)$/, "$1 n’est pas indiqué"],
  [/^has an id longer than (\d+) characters$/, "a un identifiant de plus de $1 caractères"],
  [/^(\S+) is not a code of three letters$/, "$1 n’est pas un code de trois lettres"],
  [/^is in another currency than its order$/, "n’est pas dans la devise de sa commande"],
  [/^is one of more than (\d+) lines of its order$/, "est de trop : sa commande a plus de $1 lignes"],
  [/^is one of more than (\d+) lines of its customer$/, "est de trop : son client a plus de $1 lignes"],
  [/^its order is known in (\S+)$/, "sa commande est connue en $1"],
  [/^is of no customer$/, "n’est d’aucun client"],
  [/^takes nothing back$/, "ne rend rien"],
  [/^takes back more of (.+) than is left of any order$/, "rend plus de $1 qu’il n’en reste d’aucune commande"],
  [/^its customer did not buy (.+) before$/, "son client n’a pas acheté $1 auparavant"],
  [
    /^the file is no valid gzip, or no text in UTF-8; it was read up to line (\d+)$/,
    "le fichier n’est ni un gzip valide, ni un texte en UTF-8 ; il a été lu jusqu’à la ligne $1",
  ],
  [
    /^the file is larger than (\d+) GB; send it in several; it was read up to line (\d+)$/,
    "le fichier dépasse $1 Go ; envoyez-le en plusieurs fois ; il a été lu jusqu’à la ligne $2",
  ],
  [
    /^the file is no text in UTF-8; it was read up to line (\d+)$/,
    "le fichier n’est pas un texte en UTF-8 ; il a été lu jusqu’à la ligne $1",
  ],
  [/^the file was not sent to its end$/, "le fichier n’a pas été envoyé jusqu’au bout"],
  [
    /^reading it takes more memory or time than there is; send it in smaller files, with an order_id for each order$/,
    "le lire demande plus de mémoire ou de temps qu’il n’y en a ; envoyez-le en fichiers plus petits, avec un order_id par commande",
  ],
  [/^not everything could be stored; send the file again$/, "tout n’a pas pu être enregistré ; renvoyez le fichier"],
];

/** A reason in the page's language; one that has no French words stays as it is. */
export function reasonIn(reason: string, language: Language): { readonly text: string; readonly language: Language } {
  const found = language === "fr" ? REASONS.find(([pattern]) => pattern.test(reason)) : undefined;
  return found ? { text: reason.replace(found[0], found[1]), language } : { text: reason, language: "en" };
}
