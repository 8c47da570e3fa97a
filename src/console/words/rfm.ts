import type { RfmDefinition } from "../../segments/rfm/definition";
import type { Preset } from "../../segments/rfm/presets";
import type { Language, Words } from "../../shared/language";
import { typeset } from "./typeset";

/** A segment of the maps that come with the product: who is in it, and what to do with it. */
interface SegmentWords {
  readonly name: Words;
  readonly who: Words;
  readonly what: Words;
}

/** By the keys of the segments, best first (mission §6.6). */
const SEGMENTS: Readonly<Record<string, SegmentWords>> = {
  champions: {
    name: { en: "Champions", fr: "Champions" },
    who: {
      en: "Bought lately, often, and for the most.",
      fr: "Ont acheté récemment, souvent, et pour les plus gros montants.",
    },
    what: {
      en: "Reward them, give early access, ask for referrals. No discount needed.",
      fr: "Récompensez-les, offrez un accès en avant-première, proposez le parrainage. Sans remise.",
    },
  },
  loyal: {
    name: { en: "Loyal", fr: "Fidèles" },
    who: { en: "Come back regularly and spend well.", fr: "Reviennent régulièrement et dépensent bien." },
    what: {
      en: "Show what goes with what they bought, ask for reviews.",
      fr: "Proposez la montée en gamme, demandez des avis.",
    },
  },
  potential_loyalist: {
    name: { en: "Potential Loyalist", fr: "Fidèles potentiels" },
    who: {
      en: "Recent customers who have begun to come back.",
      fr: "Clients récents qui commencent à revenir.",
    },
    what: { en: "Invite them into the loyalty programme.", fr: "Invitez-les dans le programme de fidélité." },
  },
  new: {
    name: { en: "New", fr: "Nouveaux" },
    who: { en: "First order a short while ago.", fr: "Première commande très récente." },
    what: {
      en: "Welcome them and lead them to the second order.",
      fr: "Accueillez-les et menez-les à la deuxième commande.",
    },
  },
  promising: {
    name: { en: "Promising", fr: "Prometteurs" },
    who: { en: "Bought fairly lately, once or little.", fr: "Achat assez récent, unique ou modeste." },
    what: {
      en: "Make the brand known, a small offer at most.",
      fr: "Faites connaître la marque, tout au plus une petite offre.",
    },
  },
  need_attention: {
    name: { en: "Need Attention", fr: "À entretenir" },
    who: { en: "Average in everything, and cooling.", fr: "Moyens en tout, et en train de refroidir." },
    what: {
      en: "Recommend what fits, for a limited time.",
      fr: "Recommandez ce qui leur convient, pour un temps limité.",
    },
  },
  about_to_sleep: {
    name: { en: "About to Sleep", fr: "Bientôt endormis" },
    who: { en: "Bought little, and not lately.", fr: "Ont peu acheté, et pas récemment." },
    what: { en: "A soft reminder before they are gone.", fr: "Un rappel en douceur avant qu’ils ne partent." },
  },
  at_risk: {
    name: { en: "At Risk", fr: "À risque" },
    who: {
      en: "Bought often or for much, but long ago.",
      fr: "Ont acheté souvent ou beaucoup, mais il y a longtemps.",
    },
    what: { en: "Win them back with a personal reason to return.", fr: "Reconquérez-les avec une raison personnelle." },
  },
  cant_lose: {
    name: { en: "Can't Lose", fr: "À ne pas perdre" },
    who: { en: "Were among the best, and have gone quiet.", fr: "Étaient parmi les meilleurs, et se taisent." },
    what: {
      en: "Win them back, and have a person call or write.",
      fr: "Reconquérez-les, et faites-les contacter par une personne.",
    },
  },
  hibernating: {
    name: { en: "Hibernating", fr: "En hibernation" },
    who: { en: "Few orders, the last one long ago.", fr: "Peu de commandes, la dernière il y a longtemps." },
    what: { en: "Write rarely, and only with good reason.", fr: "Écrivez rarement, et à bon escient." },
  },
  lost: {
    name: { en: "Lost", fr: "Perdus" },
    who: { en: "Lowest in all three.", fr: "Au plus bas sur les trois axes." },
    what: {
      en: "Ask once whether they still want to hear from you, then let them go.",
      fr: "Demandez une fois s’ils veulent encore vous lire, puis laissez-les partir.",
    },
  },
};

/** The name of a segment; one of a map of the shop's own is called as the shop calls it, and by its key where it is gone. */
export function segmentName(key: string, own: string | undefined, language: Language): string {
  const known = Object.hasOwn(SEGMENTS, key) ? SEGMENTS[key] : undefined;
  if (known && (own === undefined || own === known.name.en)) return typeset(known.name[language], language);
  return own ?? key.charAt(0).toUpperCase() + key.slice(1).replaceAll("_", " ");
}

/** Who is in a segment and what to do with them; null for one of the shop's own. */
export function segmentWords(key: string, language: Language): { readonly who: string; readonly what: string } | null {
  const known = Object.hasOwn(SEGMENTS, key) ? SEGMENTS[key] : undefined;
  return known ? { who: typeset(known.who[language], language), what: typeset(known.what[language], language) } : null;
}

/** How scores are found. */
export const METHOD_NAMES = {
  default: {
    en: "Recommended: fifths for R and M, fixed thresholds for F",
    fr: "Recommandée : cinquièmes pour R et M, seuils fixes pour F",
  },
  A: { en: "A: fifths on every axis", fr: "A : cinquièmes sur chaque axe" },
  B: { en: "B: fixed thresholds on every axis", fr: "B : seuils fixes sur chaque axe" },
  C: { en: "C: as the R package rfm", fr: "C : comme le paquet R rfm" },
  D: { en: "D: thirds, scores 1 to 3", fr: "D : tiers, notes de 1 à 3" },
  E: {
    en: "E: nested fifths (not for targeting)",
    fr: "E : cinquièmes imbriqués (pas pour le ciblage)",
  },
} as const satisfies Record<RfmDefinition["method"], Words>;

/** What one axis is scored by. */
export const AXIS_METHODS = {
  A: { en: "fifths", fr: "cinquièmes" },
  B: { en: "fixed thresholds", fr: "seuils fixes" },
  C: { en: "fifths as in R’s rfm", fr: "cinquièmes comme dans rfm de R" },
  D: { en: "thirds", fr: "tiers" },
  E: { en: "nested fifths", fr: "cinquièmes imbriqués" },
} as const satisfies Record<"A" | "B" | "C" | "D" | "E", Words>;

export const MAP_NAMES = {
  default: {
    en: "Ours: R by the mean of F and M, 11 segments",
    fr: "La nôtre : R par la moyenne de F et M, 11 segments",
  },
  codes125: { en: "125 codes, 11 segments", fr: "125 codes, 11 segments" },
  rxf: { en: "R by F alone, 10 segments, blind to money", fr: "R par F seuls, 10 segments, sans le montant" },
  own: { en: "A map of your own, below", fr: "Votre propre carte, ci-dessous" },
} as const satisfies Record<Preset | "own", Words>;

/** What is wrong with a setting, in French: definitions speak English. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^are four numbers, each larger than the one before$/, "sont quatre nombres, chacun plus grand que le précédent"],
  [/^is no cell such as 555$/, "n’est pas une case comme 555"],
  [/^ends before it begins$/, "finit avant de commencer"],
  [/^have names that differ$/, "doivent avoir des noms différents"],
  [/^has either cells or ranges$/, "a soit des cases, soit des plages"],
  [/^is no number$/, "n’est pas un nombre"],
  [/^is not a decimal such as 0\.92$/, "n’est pas un décimal comme 0.92"],
  [/^is no currency such as USD$/, "n’est pas une devise comme USD"],
  [/^is not a date such as .*$/, "n’est pas une date comme 2026-11-22"],
  [/^is the shop's own$/, "est celle de la boutique"],
  [/^is nothing$/, "est nul"],
  [
    /^line (\d+) is not “Name: 555 554” or “Name: R 4-5, F 3-5”$/,
    "la ligne $1 n’est pas « Nom : 555 554 » ou « Nom : R 4-5, F 3-5 »",
  ],
  [/^line (\d+) is not “channel: web, app”$/, "la ligne $1 n’est pas « channel: web, app »"],
  [/^Too small: expected number to be >=?\s?(\d+)$/, "est trop petit : au moins $1"],
  [/^Too big: expected number to be <=?\s?(\d+)$/, "est trop grand : au plus $1"],
  [/^leaves out (.+), in use by (.+)$/, "laisse de côté $1, dont se sert $2"],
  [/^has no letter$/, "a un nom sans lettre"],
  [/^Too small: expected array.*$/, "est vide"],
  [/^Too (small|big).*$/, "n’a pas la bonne longueur"],
  [/^Invalid input.*$/, "n’est pas valable"],
];

/** What is wrong with a setting; in English as the definition says it. */
export function rfmReason(reason: string, language: Language): string {
  if (language === "en") return reason.replace(/^Too (small|big): expected number to be /, "must be ");
  const known = REASONS.find(([pattern]) => pattern.test(reason));
  return typeset(known ? reason.replace(known[0], known[1]) : reason, language);
}
