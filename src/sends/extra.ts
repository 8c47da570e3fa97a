import type { Language } from "../shared/language";

/** One product as a message shows it. Money in minor units. */
export interface MessageLine {
  readonly product_id: string;
  readonly name: string;
  readonly quantity: number;
  readonly price: number;
  readonly currency: string;
  readonly url: string | null;
  readonly image: string | null;
}

/** A shop's branch as messages name it. */
export interface MessageStore {
  readonly id: string;
  readonly name: string;
  readonly address: string | null;
  readonly hours: string | null;
}

/** The weather where somebody lives, as a source of it told. `kind` is one of a few words that conditions ask for. */
export interface MessageWeather {
  readonly kind: "sun" | "cloud" | "rain" | "snow" | "storm";
  /** Degrees Celsius, whole. */
  readonly degrees: number;
}

/** The product that a message is about, such as the one that is back or costs less. */
export interface MessageProduct extends MessageLine {
  /** What it cost before, where it costs less now; minor units. */
  readonly was: number | null;
  readonly stock: number | null;
}

type Cell = string | number | null;

/**
 * What some contents print beside cart, order and coupon. It is read once, when the message is first made, and frozen
 * with its row: a later attempt prints the same.
 */
export interface MessageExtra {
  /** When it was read, epoch ms: what "in three days" counts from. */
  readonly at: number;
  /** Keys of the segments that the contact is in. */
  readonly segments?: readonly string[];
  readonly place?: {
    readonly city: string | null;
    readonly postal_code: string | null;
    readonly country: string | null;
  };
  readonly weather?: MessageWeather | null;
  readonly store?: { readonly nearest: MessageStore | null; readonly preferred: MessageStore | null };
  readonly reco?: readonly MessageLine[];
  readonly viewed?: readonly MessageLine[];
  readonly product?: MessageProduct | null;
  readonly loyalty?: {
    readonly points: number;
    readonly tier: string | null;
    readonly expiring: number;
    readonly expires_at: number | null;
  } | null;
  readonly order?: { readonly number: string; readonly total: number; readonly currency: string } | null;
  /** Of each custom table that the content names, the contact's latest row. */
  readonly tables?: Readonly<Record<string, Readonly<Record<string, Cell>>>>;
}

/** What a content can have read for it: the roots of the variables that it names. */
export const EXTRAS = [
  "segments",
  "place",
  "weather",
  "store",
  "reco",
  "viewed",
  "product",
  "loyalty",
  "order",
  "tables",
] as const;
export type Extra = (typeof EXTRAS)[number];

const GENDERS: Readonly<Record<string, "f" | "m">> = {
  mrs: "f",
  ms: "f",
  miss: "f",
  mme: "f",
  madame: "f",
  mlle: "f",
  f: "f",
  female: "f",
  femme: "f",
  mr: "m",
  m: "m",
  monsieur: "m",
  male: "m",
  homme: "m",
};

const CIVILITIES: Readonly<Record<Language, Readonly<Record<"f" | "m", string>>>> = {
  en: { f: "Ms", m: "Mr" },
  fr: { f: "Madame", m: "Monsieur" },
};

/** What a shop's word for a civility says of the gender; null where it says nothing. */
export function genderOf(civility: string | null | undefined): "f" | "m" | null {
  const word = (civility ?? "").toLowerCase().replace(/\./g, "").trim();
  return Object.hasOwn(GENDERS, word) ? (GENDERS[word] ?? null) : null;
}

/** A civility as the language writes it; null for one that is none. */
export function civilityOf(civility: string | null | undefined, language: Language): string | null {
  const gender = genderOf(civility);
  return gender === null ? null : CIVILITIES[language][gender];
}
