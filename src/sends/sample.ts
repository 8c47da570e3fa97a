import type { Language } from "../shared/language";
import type { MessageExtra } from "./extra";
import type { MessageData, MessageLine, MessageLinks } from "./message";

/** Whom a draft is shown to: somebody as most are, somebody of whom hardly anything is known, and the longest names. */
export const PEOPLE = ["typical", "emptiest", "longest"] as const;
export type Person = (typeof PEOPLE)[number];

const DAY = 86_400_000;

const GOODS: readonly (readonly [en: string, fr: string, price: number])[] = [
  ["Dawn table lamp", "Lampe à poser Aube", 18_900],
  ["Fig candle", "Bougie Figuier", 2_400],
  ["Wool throw", "Plaid en laine", 8_900],
  ["Stoneware mug", "Tasse en grès", 1_800],
];

function lines(language: Language, shopUrl: string, count = GOODS.length): MessageLine[] {
  return GOODS.slice(0, count).map(([en, fr, price], index) => ({
    product_id: `p${index + 1}`,
    name: language === "fr" ? fr : en,
    quantity: index === 1 ? 2 : 1,
    price,
    currency: "EUR",
    url: `${shopUrl}/p/${index + 1}`,
    image: null,
  }));
}

function typicalExtra(language: Language, shopUrl: string, at: number): MessageExtra {
  const [first, ...others] = lines(language, shopUrl);
  const store = (id: string, name: string) => ({
    id,
    name,
    address: "12 rue des Lilas, 75011 Paris",
    hours: "10:00–19:00",
  });
  return {
    at,
    segments: ["vip"],
    place: { city: "Paris", postal_code: "75011", country: "FR" },
    weather: { kind: "rain", degrees: 9 },
    store: { nearest: store("s1", "Paris Bastille"), preferred: store("s2", "Paris Marais") },
    reco: others,
    viewed: lines(language, shopUrl, 3),
    product: first ? { ...first, price: 14_900, was: first.price, stock: 3 } : null,
    loyalty: { points: 420, tier: "gold", expiring: 120, expires_at: at + 20 * DAY },
    order: { number: "10042", total: 23_700, currency: "EUR" },
  };
}

const TOLD = { tracking_url: "https://carrier.test/t/8F3K", carrier: "Colissimo", parcel: "8F3K-2201" } as const;

function typical(language: Language, shopUrl: string, at: number): MessageData {
  const shown = lines(language, shopUrl, 2);
  return {
    language,
    contact: { first_name: "Camille", last_name: "Bernard", civility: "mrs" },
    cart: { id: "cart_1", total: 23_700, currency: "EUR", url: `${shopUrl}/cart`, lines: shown },
    order: { id: "10042", placed_at: at - 3 * DAY, lines: shown },
    coupon: { code: "MERCI-7K2P-QX4M-D8RT", until: at + 10 * DAY },
    told: TOLD,
    extra: typicalExtra(language, shopUrl, at),
  };
}

function emptiest(language: Language, shopUrl: string, at: number): MessageData {
  const line = { product_id: "p1", name: "", quantity: 1, price: 0, currency: "EUR", url: null, image: null };
  return {
    language,
    contact: { first_name: null, last_name: null },
    cart: { id: "cart_2", total: 0, currency: "EUR", url: `${shopUrl}/cart`, lines: [line] },
    order: { id: "o2", placed_at: at, lines: [line] },
    coupon: { code: "A1B2-C3D4-E5F6-G7H8", until: null },
    extra: { at },
  };
}

function longest(language: Language, shopUrl: string, at: number): MessageData {
  const base = typical(language, shopUrl, at);
  const long = (line: MessageLine): MessageLine => ({
    ...line,
    name: "Suspension en verre soufflé et laiton patiné, édition limitée ".repeat(4).trim(),
    quantity: 99,
    price: 999_999_900,
  });
  const many = Array.from({ length: 20 }, () => lines(language, shopUrl, 1).map(long)).flat();
  const { product, ...extra } = typicalExtra(language, shopUrl, at);
  return {
    ...base,
    contact: { first_name: "Wolfeschlegelsteinhausenbergerdorff-Anne", last_name: "Featherstonehaugh", civility: "mr" },
    cart: base.cart && { ...base.cart, total: 99_999_999_900, lines: many },
    order: base.order && { ...base.order, lines: many },
    extra: {
      ...extra,
      reco: many.slice(0, 4),
      viewed: many.slice(0, 4),
      ...(product && { product: { ...product, ...long(product) } }),
    },
  };
}

const MAKERS = { typical, emptiest, longest } as const;

/** What a message to such a person holds. Nothing in it is anybody's. */
export function sampleOf(person: Person, language: Language, shopUrl: string, at: number): MessageData {
  return MAKERS[person](language, shopUrl, at);
}

/** Links of a message that nobody was sent: they lead where they would, are not counted, and end no subscription. */
export function previewLinks(publicUrl: string): MessageLinks {
  return {
    unsubscribe: `${publicUrl}/u/preview`,
    preferences: `${publicUrl}/p/preview`,
    optin: { url: `${publicUrl}/optin/preview`, code: "1234 5678" },
    open: null,
    web: `${publicUrl}/w/preview`,
    landing: `${publicUrl}/l/preview`,
    feedback: {
      rating: `${publicUrl}/f/preview?ask=rating`,
      nps: `${publicUrl}/f/preview?ask=nps`,
      review: `${publicUrl}/f/preview?ask=review`,
    },
    click: (destination) => destination,
  };
}
