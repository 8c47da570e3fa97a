import type { ChangeKind } from "../../commerce/change";
import type { RunState } from "../../commerce/feed";
import type { Language, Words } from "../../shared/language";
import type { Tone } from "./labels";

type Label = Words & { readonly tone: Tone };

/** How far a fetch of a feed has come. */
export const RUN_STATES = {
  reading: { en: "Being read", fr: "Lecture en cours", tone: "live" },
  writing: { en: "Being written", fr: "Écriture en cours", tone: "live" },
  leaving: { en: "Nearly done", fr: "Presque terminé", tone: "live" },
  done: { en: "Up to date", fr: "À jour", tone: "good" },
  unchanged: { en: "Up to date, nothing new", fr: "À jour, rien de nouveau", tone: "good" },
  failed: { en: "Failed", fr: "Échec", tone: "bad" },
} as const satisfies Record<RunState, Label>;

export const CHANGE_NAMES = {
  price_drop: { en: "Price drop", fr: "Baisse de prix", tone: "good" },
  price_rise_announced: { en: "Price rise announced", fr: "Hausse annoncée", tone: "wait" },
  back_in_stock: { en: "Back in stock", fr: "De retour en stock", tone: "live" },
  low_stock: { en: "Running low", fr: "Bientôt épuisé", tone: "wait" },
} as const satisfies Record<ChangeKind, Label>;

/** How often a feed may be fetched, as the form offers it. */
export const INTERVALS = {
  PT15M: { en: "Every 15 minutes", fr: "Toutes les 15 minutes" },
  PT1H: { en: "Every hour", fr: "Toutes les heures" },
  PT6H: { en: "Every 6 hours", fr: "Toutes les 6 heures" },
  P1D: { en: "Every day", fr: "Tous les jours" },
} as const satisfies Record<string, Words>;

/** What is said of a feed or of its items, in French: the API speaks English. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^could not be fetched: it took longer than (\d+) s$/, "n’a pas répondu en $1 s"],
  [
    /^could not be fetched: it answered with a redirect \((\d+)\).*$/,
    "a répondu par une redirection ($1), qui n’est pas suivie",
  ],
  [/^could not be fetched: it is larger than (\d+) KB$/, "dépasse $1 Ko"],
  [/^could not be fetched: it broke off before the end$/, "s’est interrompu avant la fin"],
  [/^could not be fetched: it could not be reached$/, "est injoignable"],
  [
    /^could not be fetched: the address .*\(OUTBOUND_HOSTS\)$/,
    "est à une adresse que l’exploitant n’a pas autorisée (OUTBOUND_HOSTS)",
  ],
  [/^names the host (\S+), which .*$/, "désigne l’hôte $1, que l’exploitant n’a pas autorisé (OUTBOUND_HOSTS)"],
  [/^was answered with status (\d+)$/, "a répondu avec le statut $1"],
  [/^is empty$/, "est vide"],
  [/^holds no item$/, "ne contient aucun article"],
  [/^holds no item that can be read.*$/, "ne contient aucun article lisible"],
  [/^holds a DOCTYPE, which is not read \(line (\d+)\)$/, "contient un DOCTYPE, qui n’est pas lu (ligne $1)"],
  [/^is no XML that can be read \(line (\d+)\)$/, "n’est pas un XML lisible (ligne $1)"],
  [/^ends before it is whole$/, "se termine avant d’être complet"],
  [/^is no valid gzip$/, "n’est pas un gzip valide"],
  [/^was set up anew meanwhile$/, "a été reconfiguré entre-temps"],
  [/^(\w+) is missing$/, "$1 manque"],
  [/^(\w+) is no id$/, "$1 n’est pas un identifiant"],
  [/^(\w+) is not an amount as in 12\.99 EUR$/, "$1 n’est pas un montant comme 12.99 EUR"],
  [
    /^(\w+) may be in thousands or have three decimals: write 1299\.00 or 1\.30$/,
    "$1 peut être en milliers ou avoir trois décimales : écrivez 1299.00 ou 1.30",
  ],
  [/^(\w+) is of another currency than price$/, "$1 est dans une autre devise que price"],
  [/^(\w+) is not two times with a slash between$/, "$1 n’est pas formé de deux dates séparées par une barre"],
  [/^(\w+) is not a time as in (\S+)$/, "$1 n’est pas une date comme $2"],
  [/^(\w+) ends before it begins$/, "$1 finit avant de commencer"],
  [/^availability is none of (.+)$/, "availability n’est aucun de $1"],
  [/^quantity is not a whole number$/, "quantity n’est pas un nombre entier"],
  [/^id is that of an item before it$/, "id est celui d’un article précédent"],
  [/^id is listed by another feed$/, "id figure déjà dans un autre flux"],
  [/^has a quote that is not closed.*$/, "a un guillemet qui n’est pas fermé"],
  [/^has (\d+) fields where the header has (\d+)$/, "a $1 champs alors que l’en-tête en a $2"],
  [/^is not a web address$/, "n’est pas une adresse web"],
  [/^must begin with https:\/\/$/, "doit commencer par https://"],
  [/^must use port 443$/, "doit utiliser le port 443"],
  [/^must name a host, not an IP address$/, "doit nommer un hôte, pas une adresse IP"],
  [/^names a host of the own network$/, "désigne un hôte du réseau interne"],
  [/^must not hold a user name or a password$/, "ne doit contenir ni nom d’utilisateur ni mot de passe"],
  [/^is not a key as in main-feed$/, "n’est pas un nom comme main-feed (minuscules, chiffres, tirets)"],
];

/** Why a feed failed or an item was left out; in English as the API says it. */
export function feedReason(reason: string, language: Language): string {
  if (language === "en") return reason;
  const known = REASONS.find(([pattern]) => pattern.test(reason));
  return known ? reason.replace(known[0], known[1]) : reason;
}
