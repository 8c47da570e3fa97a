import fc from "fast-check";
import type { FieldType } from "../../../src/segments/operator";
import { OPERATORS } from "../../../src/segments/operators";
import {
  ASKED_AGES,
  ASKED_DAYS,
  ASKED_NEAR,
  ASKED_SPANS,
  ASKED_TIMES,
  BRANDS,
  CATEGORIES,
  COUPONS,
  PRODUCTS,
  STORES,
  WORDS,
} from "./world";

export const comparison = fc.constantFrom("eq", "ne", "gt", "gte", "lt", "lte");
export const count = fc.constantFrom(0, 1, 2, 3);
export const amount = fc.constantFrom(0, 1, 999, 5_000, 5_001, 20_000, -500, -499);
export const duration = fc.constantFrom(...ASKED_SPANS.map((days) => `P${days}D`));
export const day = fc.constantFrom(...ASKED_DAYS);
export const moment = fc.oneof(day, fc.constantFrom(...ASKED_TIMES));

/** What the world's texts are, by the names of their fields; a field that is not here holds any of `WORDS`. */
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  brand: BRANDS,
  category: CATEGORIES,
  channel: ["web", "app"],
  civility: ["Mr", "Mme"],
  content: ["cart_1", "hello"],
  country: ["FR", "BE"],
  coupon: COUPONS,
  currency: ["EUR", "USD"],
  email: ["a@x.test", "b@y.test"],
  favourite_category: CATEGORIES,
  external_id: ["u1", "u2"],
  kind: ["earn", "burn", "Ann", "bob"],
  landing: ["/", "/lamps"],
  language: ["fr", "en"],
  list: ["default", "gifts"],
  phone: ["+33612345678", "+3225550100"],
  price_currency: ["EUR", "USD"],
  product: PRODUCTS,
  reason: ["capped", "erased"],
  rule: ["review", "birthday"],
  scenario: ["welcome", "cart"],
  severity: ["high", "low"],
  sku: ["s1", "s2"],
  store: STORES,
  tier: ["gold", "silver"],
  timezone: ["Europe/Paris", "Asia/Tokyo"],
  type: ["ticket", "complaint"],
  variant: ["v1", "v2"],
};
const EVERY = [...new Set([...Object.values(TEXTS).flat(), ...WORDS, "'", "none"])];

/** What an operator over texts is asked with: a text of the field, a piece of one in either case, or any. */
function textFor(name: string, op: string, options?: readonly string[]): fc.Arbitrary<unknown> {
  const known = fc.constantFrom(...(options ?? TEXTS[name] ?? WORDS));
  if (/^(in|not_in)$/.test(op)) {
    const one = options ? known : fc.oneof({ weight: 2, arbitrary: known }, fc.constantFrom(...EVERY));
    return fc.array(one, { minLength: 1, maxLength: 8 });
  }
  if (op.startsWith("is"))
    return options ? known : fc.oneof({ weight: 6, arbitrary: known }, fc.constantFrom(...EVERY));
  const piece = fc
    .tuple(known, fc.boolean(), fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 }))
    .map(([text, isUpper, before, behind]) => {
      const end = text.length - (op === "ends" ? 0 : behind);
      const cut = text.slice(op === "begins" ? 0 : before, end) || text;
      return isUpper ? cut.toUpperCase() : cut.toLowerCase();
    });
  return fc.oneof(known, { weight: 3, arbitrary: piece });
}

/** What an operator may be asked with, by the type and name of what it is asked of. */
function askedWith(type: FieldType, op: string, name: string, options?: readonly string[]): fc.Arbitrary<unknown> {
  if (op === "known" || op === "unknown") return fc.constant(undefined);
  const ofDate = { days_ago: fc.constantFrom(...ASKED_AGES), in_days: near, anniversary: near }[op];
  const by: Readonly<Record<FieldType, fc.Arbitrary<unknown>>> = {
    text: textFor(name, op, options),
    number: fc.constantFrom(0, 0.5, 1, 4.5, 42, -7, 10),
    integer: fc.constantFrom(0, 1, 2, 10),
    money: amount,
    boolean: fc.boolean(),
    time: op === "from" || op === "until" ? moment : duration,
    date: ofDate ?? day,
  };
  return by[type];
}

const near = fc.constantFrom(...ASKED_NEAR);

/** One operator of a type with a value. */
export function askedOf(type: FieldType, op: string, name: string, options?: readonly string[]) {
  return askedWith(type, op, name, options).map((value) => (value === undefined ? { op } : { op, value }));
}

/** Any operator of a type with a value. */
export function asked(type: FieldType, name: string, options?: readonly string[]) {
  return fc.constantFrom(...Object.keys(OPERATORS[type])).chain((op) => askedOf(type, op, name, options));
}
