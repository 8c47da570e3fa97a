import type { LedgerEvent } from "../../src/events/event";
import type { Lives } from "./lives";

export type Told = Partial<LedgerEvent>;

export const track = (user: string, name: string, properties: object = {}): Told => {
  return { user, name, properties: properties as Record<string, unknown> };
};

/**
 * What a person says, or others say of them, as events: a name for each, how often it comes, and what it says. Every
 * text of a person holds their mark; what is shared by several holds none.
 */
const WORDS: Readonly<Record<string, readonly [weight: number, say: (who: string, lives: Lives) => Told]>> = {
  identify: [
    6,
    (who, lives) => {
      const email = lives.pick([`${who}@shop.test`, `${who}@shop.test`, "both@shop.test", "all@shop.test"]);
      const anon = lives.pick([undefined, browserOf(who), "shared-browser"]);
      return { type: "identify", user: who, ...(anon && { anon }), traits: { email, firstName: who, note: who } };
    },
  ],
  claim: [
    3,
    (who) => {
      const traits = { email: `claimed-${who}@shop.test`, consent: { email: true } };
      return { type: "identify", trust: "write", anon: browserOf(who), traits };
    },
  ],
  verify: [
    2,
    (who) => ({ type: "identify", trust: "token", user: who, anon: browserOf(who), email: `${who}@shop.test` }),
  ],
  consent: [
    4,
    (who, lives) => {
      const consent = { [lives.pick(["email", "sms", "tracking"])]: lives.chance(0.6) };
      return { type: "identify", user: who, traits: { consent, consent_wording: who, consent_source: who } };
    },
  ],
  browse: [3, (who) => ({ type: "page", trust: "write", anon: browserOf(who), properties: { path: `/${who}` } })],
  cart: [2, (who) => track(who, "Product Added", { cart_id: `${who}-c`, product_id: who, name: who, price: 10 })],
  wait: [3, (who) => track(who, "Waiter", { note: who })],
  review: [2, (who) => track(who, "Product Reviewed", { review_id: `${who}-r`, rating: 4, title: who })],
};

export function browserOf(who: string): string {
  return `browser-${who}`;
}

export function keysOf(who: string): string[] {
  return [`u:${who}`, `e:${who}@shop.test`, `a:${browserOf(who)}`];
}

/** Deeds that the plain ledger of points and orders has to be told of as well. */
export const DEEDS: Readonly<
  Record<string, readonly [weight: number, run: (lives: Lives, who: string) => Promise<boolean>]>
> = {
  order: [5, (lives, who) => lives.order(who)],
  refund: [2, (lives, who) => lives.giveBack(who, "Order Refunded")],
  cancel: [1, (lives, who) => lives.giveBack(who, "Order Cancelled")],
  earn: [3, (lives, who) => lives.points(who, "Points Earned")],
  spend: [3, (lives, who) => lives.points(who, "Points Redeemed")],
  merge: [3, (lives, who) => lives.merge(who)],
  undo: [3, (lives) => lives.undo()],
  // Nothing is said between the two.
  mistake: [3, async (lives, who) => (await lives.merge(who)) && lives.undo()],
  erase: [2, (lives, who) => lives.erase(who)],
  late: [3, (lives) => lives.late()],
  repeat: [4, (lives) => lives.repeat()],
  sweep: [2, (lives) => lives.sweep()],
  age: [0.5, (lives) => lives.age()],
  ...Object.fromEntries(
    Object.entries(WORDS).map(([name, [weight, say]]) => [
      name,
      [weight, (lives: Lives, who: string) => lives.give(say(who, lives), who)] as const,
    ]),
  ),
};

export const DEED_NAMES = Object.entries(DEEDS).flatMap(([name, [weight]]) => Array<string>(weight * 2).fill(name));

/** What every set of histories must have been through. */
export const DEEDS_DONE = Object.keys(DEEDS).map((name) => `did ${name}`);
