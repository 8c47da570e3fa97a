import type { Content, ContentText } from "./content";
import type { Scope } from "./scope";
import type { Syntax } from "./template";
import { namesIn, parseTemplate } from "./template";

/** The variables of a content, by the names that templates write: `cart.total`, `language`. */
export interface ContentUses {
  readonly names: readonly string[];
  /** Beginnings of those that it asks about, or has something else to say in place of: `coupon`. */
  readonly asked: readonly string[];
  /** Those of the names that it asks about themselves. */
  readonly askedNames: readonly string[];
  /** Names of no variable. */
  readonly unknown: readonly string[];
}

type Names<Value> = keyof NonNullable<Value> & string;
/** Lists, and what a shop names itself, have no parts of ours. */
type Parts<Value> =
  NonNullable<Value> extends string | readonly unknown[] ? never : string extends Names<Value> ? never : Names<Value>;
/** What a template may name: a variable, or one of its parts. */
const KNOWN: { readonly [Root in keyof Scope]: Readonly<Record<Parts<Scope[Root]>, true>> } = {
  language: {},
  contact: { first_name: true, last_name: true, civility: true, gender: true },
  cart: { id: true, total: true, currency: true, url: true, lines: true },
  coupon: { code: true, until: true, expires_at: true },
  order: { id: true, placed_at: true, lines: true, number: true, total: true, currency: true },
  product: {
    product_id: true,
    name: true,
    initial: true,
    quantity: true,
    price: true,
    total: true,
    currency: true,
    url: true,
    image: true,
    was: true,
    stock: true,
  },
  reco: {},
  viewed: {},
  segments: {},
  place: { city: true, postal_code: true, country: true },
  weather: { kind: true, degrees: true },
  store: { nearest: true, preferred: true },
  loyalty: { points: true, tier: true, expiring: true, expires_at: true },
  tables: {},
  scenario: {},
  shop: { name: true, url: true, postal_address: true, timezone: true },
  link: {
    unsubscribe: true,
    preferences: true,
    optin: true,
    code: true,
    open: true,
    web: true,
    landing: true,
    rating: true,
    nps: true,
    review: true,
  },
};

function isVariable(name: string): boolean {
  const [root = "", part] = name.split(".");
  if (!Object.hasOwn(KNOWN, root)) return false;
  const parts = KNOWN[root as keyof Scope];
  return part === undefined || Object.keys(parts).length === 0 || Object.hasOwn(parts, part);
}

const SYNTAX: Readonly<Record<string, Syntax>> = { html: "html", preheader: "html" };
/** What asks whether something is there: a condition that names it, or a text that stands in for it. */
const ASKS = /\{%-?\s*(?:if|elsif|unless|case|need)\s[^%]*%\}|\{\{[^}]*\|\s*default\b[^}]*\}\}/g;

/** The variables that the texts of a content name, in all languages. A text that cannot be read names none. */
export function usesOf({ texts }: Pick<Content, "texts">): ContentUses {
  const fields = Object.values(texts).flatMap((text: ContentText | undefined) =>
    Object.entries(text ?? {}).filter(([field]) => field !== "mjml"),
  ) as [string, string][];
  const names = fields.flatMap(([field, source]) => namesOf(source, SYNTAX[field] ?? "text"));
  const questions = fields.flatMap(([, source]) => source.match(ASKS) ?? []).join("\n");
  const isAsked = (name: string): boolean => new RegExp(`\\b${name.replaceAll(/\W/g, "\\$&")}\\b`).test(questions);
  const asked = Object.keys(KNOWN).filter(isAsked);
  const all = [...new Set(names)].sort();
  return { names: all, asked, askedNames: all.filter(isAsked), unknown: all.filter((name) => !isVariable(name)) };
}

/** What never looks at a cart, neither itself nor by what is read for it. A landing page shows what it is about. */
const CARTLESS =
  /^(?:language|contact|shop|coupon|order|segments|place|weather|store|loyalty)(?:\.|$)|^link\.(?!landing)/;

/** Whether a content, or what it leads to, may print something of a cart. What none of it prints need not be frozen with a message. */
export function mayPrintCart(content: Pick<Content, "texts" | "needs">): boolean {
  return content.needs.includes("cart") || usesOf(content).names.some((name) => !CARTLESS.test(name));
}

function namesOf(source: string, syntax: Syntax): readonly string[] {
  try {
    return namesIn(parseTemplate(source, syntax), syntax);
  } catch {
    return [];
  }
}
