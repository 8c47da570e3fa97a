import * as z from "zod";
import type { Shelf, ShelfAnswer, ShelfItem, ShelfQuestion, Which } from "../commerce/shelf";
import { askShelves } from "../commerce/shelf";
import { AT } from "../segments/collection";
import type { Facts, Row } from "../segments/facts";
import type { Rule } from "../segments/rule";
import { parseMajor } from "../shared/money";
import type { Act, BlockContext, Step } from "./block";
import type { Run } from "./state";

/** Where the products come from that a block looks at: what the run is about, the open cart, or the wishlists. */
export const LOOKED_AT = ["event", "cart", "wishlist"] as const;
export type LookedAt = (typeof LOOKED_AT)[number];

/** The act of looking at the shop's shelves: whoever does it answers `yes`, `no` or `unknown`. */
export const LOOK_UP = "look_up";

const MOST_ITEMS = 50;

/** What has to be known of somebody for it. */
export function looksAsk(of: LookedAt): readonly Rule[] {
  return of === "wishlist" ? [{ type: "wishlist.count", op: "gte", value: 1 }] : [];
}

const text = (value: unknown): string | null =>
  typeof value === "number" || (typeof value === "string" && value !== "") ? String(value) : null;

function itemOfRun({ about = {} }: Run, facts: Facts): readonly ShelfItem[] {
  const product = text(about["product_id"]);
  if (product === null) return [];
  const currency = text(about["currency"]) ?? facts.shop.currency;
  const amount = parseMajor(about["price"], currency);
  const sku = text(about["sku"]) ?? text(about["variant"]);
  return [{ product, sku, was: amount === null ? null : { amount, currency } }];
}

/** Every place has the price of then: what the event said, what the line says, what stood there when it was put aside. */
const ITEMS: Readonly<Record<LookedAt, (context: BlockContext) => readonly ShelfItem[]>> = {
  event: ({ run, facts }) => itemOfRun(run, facts),
  cart({ facts }) {
    const { cart } = facts.commerce;
    return (cart?.lines ?? []).map(({ product_id: product, sku, price }) => {
      return { product, sku, was: { amount: price, currency: cart?.currency ?? facts.shop.currency } };
    });
  },
  wishlist({ facts, at }) {
    const rows = facts.rows?.["wishlist_items"] ?? [];
    return rows.flatMap((row) => (isThere(row, at) ? wished(row, facts.shop.currency) : []));
  },
};

function isThere({ removed, expired, [AT]: since }: Row, at: number): boolean {
  const isOver = typeof expired === "number" && expired <= at;
  return removed !== 1 && !isOver && (typeof since !== "number" || since <= at);
}

function wished({ product, variant, price }: Row, currency: string): readonly ShelfItem[] {
  if (typeof product !== "string") return [];
  const was = typeof price === "number" ? { amount: Math.round(price), currency } : null;
  return [{ product, sku: text(variant), was }];
}

/** Asks the shelves, and waits for what they say until `until` (epoch ms) at most. */
export function lookUp(
  { of, which = "any" }: { readonly of: LookedAt; readonly which?: Which },
  question: ShelfQuestion,
  context: BlockContext,
  until: number,
): Step {
  const items = ITEMS[of](context).slice(0, MOST_ITEMS);
  // Each look of one passage is another one.
  const act: Act = { kind: LOOK_UP, details: { items, question, which }, turn: context.at };
  return { do: "act", act, after: { do: "wait", until } };
}

/** What the last look of a run came to; null while nobody has answered. What is no answer is not known. */
export function answerOf({ run }: BlockContext): ShelfAnswer | null {
  const result = run.awaited?.result;
  if (result === undefined) return null;
  return result === "yes" || result === "no" ? result : "unknown";
}

const item = z.object({
  product: z.string(),
  sku: z.string().nullable(),
  was: z.object({ amount: z.number(), currency: z.string() }).nullable(),
});

const asked = z.object({
  items: z.array(item),
  question: z.custom<ShelfQuestion>(),
  which: z.enum(["any", "all"]),
});

/** The products that a look is at. */
export function productsOf(details: Act["details"]): string[] {
  return [...new Set(asked.parse(details).items.map(({ product }) => product))];
}

/** What the shelves say to a look. */
export function answerLook(details: Act["details"], shelvesOf: (product: string) => readonly Shelf[]): ShelfAnswer {
  const { items, question, which } = asked.parse(details);
  return askShelves(items, question, which, shelvesOf);
}
