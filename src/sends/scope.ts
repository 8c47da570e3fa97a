import type { Language } from "../shared/language";
import type { MessageExtra, MessageStore, MessageWeather } from "./extra";
import { civilityOf, genderOf } from "./extra";
import type { MessageData, MessageLine, MessageLinks, ShopIdentity } from "./message";

/** The shop, with the IANA zone in which its messages print dates (UTC where it names none). */
export type Shop = ShopIdentity & { readonly timezone?: string };

/** One line as templates see it. Money in minor units; addresses absolute http(s), or null. */
interface ScopeLine {
  readonly product_id: string;
  readonly name: string;
  /** The first letter of the name, or of the shop's, for a line without a picture. */
  readonly initial: string;
  readonly quantity: number;
  readonly price: number;
  readonly total: number;
  readonly currency: string;
  readonly url: string | null;
  readonly image: string | null;
}

type Cell = string | number | null;

/** Every variable that a template may name. What is not known is null, so that `{% if %}` is enough. */
export interface Scope {
  readonly language: Language;
  readonly contact: {
    readonly first_name: string | null;
    readonly last_name: string | null;
    /** As the language writes it: `Madame`, `Mr`. */
    readonly civility: string | null;
    /** `f` or `m`, where the civility says it. */
    readonly gender: "f" | "m" | null;
  };
  readonly cart: {
    readonly id: string;
    readonly total: number;
    readonly currency: string;
    readonly url: string;
    readonly lines: readonly ScopeLine[];
  } | null;
  /** `until` and `expires_at` are one: contents of before name the first. */
  readonly coupon: { readonly code: string; readonly until: number | null; readonly expires_at: number | null } | null;
  readonly order: {
    readonly id: string;
    readonly placed_at: number;
    readonly lines: readonly ScopeLine[];
    /** The shop's own number; the id where it has none. */
    readonly number: string;
    readonly total: number | null;
    readonly currency: string | null;
  } | null;
  /** What the content is about, and what else is known; each is null, empty or false where it is not. */
  readonly product: (ScopeLine & { readonly was: number | null; readonly stock: number | null }) | null;
  readonly reco: readonly ScopeLine[];
  readonly viewed: readonly ScopeLine[];
  /** `{% if segments.vip %}` */
  readonly segments: Readonly<Record<string, boolean>>;
  readonly place: {
    readonly city: string | null;
    readonly postal_code: string | null;
    readonly country: string | null;
  };
  readonly weather: MessageWeather | null;
  readonly store: { readonly nearest: MessageStore | null; readonly preferred: MessageStore | null };
  readonly loyalty: NonNullable<MessageExtra["loyalty"]> | null;
  readonly tables: Readonly<Record<string, Readonly<Record<string, Cell>>>>;
  /** What its run was told. */
  readonly scenario: Readonly<Record<string, Cell>>;
  readonly shop: {
    readonly name: string;
    readonly url: string;
    readonly postal_address: string;
    readonly timezone: string;
  };
  readonly link: {
    readonly unsubscribe: string;
    readonly preferences: string | null;
    readonly optin: string | null;
    /** Eight digits in two groups. */
    readonly code: string | null;
    readonly open: string | null;
    /** The message as a page, and what it is about as one. */
    readonly web: string | null;
    readonly landing: string | null;
    /** Pages that ask for a mark from one to five, from nought to ten, and for a review. */
    readonly rating: string | null;
    readonly nps: string | null;
    readonly review: string | null;
  };
}

const NOWHERE = { city: null, postal_code: null, country: null } as const;

type ExtraScope = Pick<
  Scope,
  "product" | "reco" | "viewed" | "segments" | "place" | "weather" | "store" | "loyalty" | "tables" | "scenario"
>;

function cells(row: Readonly<Record<string, Cell>>): Readonly<Record<string, Cell>> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === "string" ? known(value) : value]),
  );
}

function storeOf(store: MessageStore | null | undefined): MessageStore | null {
  const name = known(store?.name ?? null);
  if (!store || name === null) return null;
  return { id: store.id, name, address: known(store.address), hours: known(store.hours) };
}

function extraScope(
  { extra, told }: Pick<MessageData, "extra" | "told">,
  lines: (list: readonly MessageLine[]) => readonly ScopeLine[],
): ExtraScope {
  const { product, place, loyalty } = extra ?? {};
  const shown = product ? lines([product])[0] : undefined;
  return {
    product: product && shown ? { ...shown, was: product.was, stock: product.stock } : null,
    reco: lines(extra?.reco ?? []),
    viewed: lines(extra?.viewed ?? []),
    segments: Object.fromEntries((extra?.segments ?? []).map((key) => [key, true])),
    place: place
      ? { city: known(place.city), postal_code: known(place.postal_code), country: known(place.country) }
      : NOWHERE,
    weather: extra?.weather ?? null,
    store: { nearest: storeOf(extra?.store?.nearest), preferred: storeOf(extra?.store?.preferred) },
    loyalty: loyalty ?? null,
    tables: Object.fromEntries(Object.entries(extra?.tables ?? {}).map(([table, row]) => [table, cells(row)])),
    scenario: cells(told ?? {}),
  };
}

// Controls, line separators and the marks that turn the direction of text around.
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu;
// What a form or an export writes where it knows nothing.
const NOTHING = /^(?:null|NULL|undefined|None|NaN|nan|N\/A|n\/a|\(null\)|\[object Object\]|[-.?_*]+)$/;
// A name that is an address is an attempt to make the shop mail somebody's link.
const ADDRESS = /:\/\/|www\.|@/i;
const UNNAMED: Readonly<Record<Language, string>> = { en: "Your choice", fr: "Votre choix" };

/** One printable line of text: no controls, no reversed writing, no lone surrogate, no edges of white space. */
export function printable(text: string): string {
  return text.toWellFormed().replace(UNPRINTABLE, " ").trim();
}

function known(text: string | null): string | null {
  if (typeof text !== "string") return null;
  const clean = printable(text);
  return clean === "" || NOTHING.test(clean) ? null : clean;
}

function personName(text: string | null): string | null {
  const name = known(text);
  return name === null || ADDRESS.test(name) ? null : name;
}

/** An absolute http(s) address, a path of the shop made absolute, or null. */
function address(value: string | null, shopUrl: string): string | null {
  const clean = known(value);
  if (clean === null) return null;
  const whole = clean.startsWith("/") && !clean.startsWith("//") ? shopUrl + clean : clean;
  return /^https?:\/\/[^\s/]/i.test(whole) ? whole.replace(/\s/g, "%20") : null;
}

function scopeLine(line: MessageLine, language: Language, shop: Shop): ScopeLine {
  const name = known(line.name);
  return {
    product_id: line.product_id,
    name: name ?? UNNAMED[language],
    initial: (/[\p{L}\p{N}]/u.exec(name ?? shop.name)?.[0] ?? "·").toUpperCase(),
    quantity: line.quantity,
    price: line.price,
    total: line.price * line.quantity,
    currency: line.currency,
    url: address(line.url, shop.url),
    image: address(line.image, shop.url),
  };
}

/** What templates see of one message: a fresh, cleaned copy, so that no template changes what another sees. */
export function scopeOf(data: MessageData, links: Omit<MessageLinks, "click">, shop: Shop): Scope {
  const { cart, coupon, order, language } = data;
  const lines = (list: readonly MessageLine[]) => list.map((line) => scopeLine(line, language, shop));
  return {
    language,
    contact: {
      first_name: personName(data.contact.first_name),
      last_name: personName(data.contact.last_name),
      civility: civilityOf(data.contact.civility, language),
      gender: genderOf(data.contact.civility),
    },
    cart: cart && {
      id: cart.id,
      total: cart.total,
      currency: cart.currency,
      url: address(cart.url, shop.url) ?? shop.url,
      lines: lines(cart.lines),
    },
    coupon: coupon ? { code: printable(coupon.code), until: coupon.until, expires_at: coupon.until } : null,
    order: order && {
      id: order.id,
      placed_at: order.placed_at,
      lines: lines(order.lines),
      number: known(data.extra?.order?.number ?? null) ?? order.id,
      total: data.extra?.order?.total ?? null,
      currency: data.extra?.order?.currency ?? null,
    },
    ...extraScope(data, lines),
    shop: {
      name: printable(shop.name),
      url: shop.url,
      postal_address: printable(shop.postalAddress),
      timezone: shop.timezone ?? "UTC",
    },
    link: {
      unsubscribe: links.unsubscribe,
      preferences: links.preferences ?? null,
      optin: links.optin?.url ?? null,
      code: links.optin?.code ?? null,
      open: links.open,
      // Signed when they are named: most messages name none of them.
      get web() {
        return links.web ?? null;
      },
      get landing() {
        return links.landing ?? null;
      },
      get rating() {
        return links.feedback?.rating ?? null;
      },
      get nps() {
        return links.feedback?.nps ?? null;
      },
      get review() {
        return links.feedback?.review ?? null;
      },
    },
  };
}
