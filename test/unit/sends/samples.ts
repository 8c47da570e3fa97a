import type { EmailContent, SmsContent } from "../../../src/sends/content";
import type { MessageData, MessageLine, MessageLinks } from "../../../src/sends/message";
import type { Shop } from "../../../src/sends/scope";
import type { Language } from "../../../src/shared/language";

export const shop: Shop = {
  name: "Maison Lumen",
  url: "https://maison-lumen.test",
  postalAddress: "12 rue des Lilas, 75011 Paris, France",
  emailFrom: "Maison Lumen <bonjour@maison-lumen.test>",
};

export const unsubscribe = "https://go.maison-lumen.test/u/tok_unsubscribe.0123456789abcdef0123456789abcdef";

/** Links as they are with consent to tracking (signed, one for each place), or without. */
export function linksOf(tracking = true): MessageLinks {
  return {
    unsubscribe,
    preferences: "https://go.maison-lumen.test/p/tok_preferences",
    optin: { url: "https://go.maison-lumen.test/optin/tok_optin", code: "1234 5678" },
    open: tracking ? "https://go.maison-lumen.test/o/tok_open" : null,
    click: (destination, index) => (tracking ? `https://go.maison-lumen.test/c/tok${index}` : destination),
  };
}

export function lineOf(given: Partial<MessageLine> = {}): MessageLine {
  return {
    product_id: "p1",
    name: "Lampe à poser Aube",
    quantity: 1,
    price: 18_900,
    currency: "EUR",
    url: "https://maison-lumen.test/p/aube",
    image: "https://maison-lumen.test/i/aube.jpg",
    ...given,
  };
}

const typical = (language: Language): MessageData => ({
  language,
  contact: { first_name: "Camille", last_name: "Bernard" },
  cart: {
    id: "cart_1",
    total: 23_700,
    currency: "EUR",
    url: "https://maison-lumen.test/cart?id=1&from=mail",
    lines: [lineOf(), lineOf({ product_id: "p2", name: "Bougie Figuier", quantity: 2, price: 2_400, image: null })],
  },
  order: { id: "o1", placed_at: Date.UTC(2026, 10, 1, 12), lines: [lineOf()] },
});

const emptiest = (language: Language): MessageData => ({
  language,
  contact: { first_name: null, last_name: null },
  cart: {
    id: "cart_2",
    total: 0,
    currency: "EUR",
    url: "",
    lines: [lineOf({ name: "", price: 0, url: null, image: null })],
  },
  order: null,
});

const longest = (language: Language): MessageData => ({
  language,
  contact: { first_name: "Wolfeschlegelsteinhausenbergerdorff-".repeat(8), last_name: "x".repeat(300) },
  cart: {
    id: "cart_3",
    total: 1_000_000_000,
    currency: "JPY",
    url: `https://maison-lumen.test/cart?${"a".repeat(1_500)}`,
    lines: Array.from({ length: 60 }, (_, index) =>
      lineOf({ name: `Très long nom ${index} `.repeat(40), quantity: 99, price: 9_999_999 }),
    ),
  },
  order: { id: "o3", placed_at: 0, lines: Array.from({ length: 60 }, () => lineOf({ name: "é".repeat(500) })) },
});

const hostile = (language: Language): MessageData => ({
  language,
  contact: { first_name: "<img src=x onerror=alert(1)>", last_name: '{{ "x" | upcase }}{% include "y" %}' },
  cart: {
    id: "cart_4",
    total: 100,
    currency: "EUR",
    url: "javascript:alert(1)",
    lines: [
      lineOf({ name: '"><script>alert(1)</script>', url: "javascript:alert(2)", image: 'x" onerror="alert(3)' }),
      lineOf({ name: "{{ shop.name }}{% include 'x' %}\u202egnp.exe\r\nBcc: x@y.z", url: "data:text/html,x" }),
      lineOf({ name: "null", url: "//evil.test/x", image: "data:image/svg+xml,<svg onload=alert(1)>" }),
    ],
  },
  order: { id: "o4", placed_at: Date.UTC(2026, 0, 1), lines: [lineOf({ name: "undefined" })] },
});

const emptyWords = (language: Language): MessageData => ({
  ...typical(language),
  contact: { first_name: "null", last_name: "undefined" },
});

/** The people and carts that every content must be fit for. */
export const people = { typical, emptiest, longest, hostile, emptyWords } as const;

/** An email of one template in both languages. */
export function emailOf(html: string, given: Partial<EmailContent> = {}, subject = "Subject"): EmailContent {
  const text = { subject, preheader: "Preheader", html };
  const base = { key: "probe", channel: "email", version: 1, class: "marketing", needs: [] } as const;
  return { ...base, texts: { en: text, fr: text }, ...given };
}

export function smsOf(body: string, given: Partial<SmsContent> = {}): SmsContent {
  const base = { key: "probe_sms", channel: "sms", version: 1, class: "marketing", needs: [] } as const;
  return { ...base, texts: { en: { body }, fr: { body } }, ...given };
}
