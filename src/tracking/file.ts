import type { ConsentKey, Consents } from "../contacts/consent";
import { consentKeyOf } from "../contacts/consent";
import type { Preferences } from "../contacts/preferences";
import type { LedgerLine } from "./pending";

/** A thing that can be shown or hidden. */
export interface Thing {
  readonly kind: "product" | "category";
  readonly key: string;
  readonly name: string;
}

/** The last word on one consent, with where it was given. Times are epoch ms. */
export interface Word {
  readonly key: ConsentKey;
  readonly action: string;
  readonly at: number;
  /** Address of the form. */
  readonly form: string | null;
  /** The shop's own words for where it was. */
  readonly source: string | null;
  readonly way: string;
  readonly text: string | null;
}

export interface Received {
  readonly channel: string;
  readonly at: number;
  readonly because: "cart" | "order" | "scenario";
  readonly scenario: string | null;
}

/** Everything that the preference centre shows of one person, masked where a stranger could read it. */
export interface PersonFile {
  readonly contact: number;
  readonly email: string | null;
  readonly phone: string | null;
  readonly firstName: string | null;
  /** First letter only. */
  readonly lastInitial: string | null;
  readonly language: string | null;
  readonly country: string | null;
  readonly consents: Consents;
  readonly preferences: Preferences;
  readonly words: readonly Word[];
  readonly received: readonly Received[];
  readonly things: readonly Thing[];
  /** Names of other things that are known of the person. */
  readonly attributes: readonly string[];
  readonly since: number;
}

/** The last line of each consent; `lines` are oldest first. */
export function lastWords(lines: readonly LedgerLine[]): readonly Word[] {
  const last = new Map<ConsentKey, Word>();
  for (const { channel, purpose, action, at, source, form, way, text, wording } of lines) {
    const key = consentKeyOf(channel, purpose);
    if (key === null || action === "claim" || action === "overtaken") continue;
    last.set(key, { key, action, at, way, form, source, text: text ?? wording });
  }
  return [...last.values()];
}

interface ShownLine {
  readonly product_id: string;
  readonly name: string;
  readonly category?: string | null;
}

/** Products and categories that a person was shown or chose, each once, and those they hid before. */
export function thingsOf(lists: readonly (readonly ShownLine[])[]): readonly Thing[] {
  const things = new Map<string, Thing>();
  for (const { product_id, name, category } of lists.flat()) {
    things.set(`p:${product_id}`, { kind: "product", key: product_id, name });
    if (category) things.set(`c:${category}`, { kind: "category", key: category, name: category });
  }
  return [...things.values()].slice(0, 12);
}

/** Why a message was sent, out of what was frozen in it, and the products that it showed. */
export function readFrozen(frozen: string): { because: Received["because"]; lines: readonly ShownLine[] } {
  const { cart, order } = JSON.parse(frozen) as Record<"cart" | "order", { lines: ShownLine[] } | null>;
  if (cart) return { because: "cart", lines: cart.lines };
  return order ? { because: "order", lines: order.lines } : { because: "scenario", lines: [] };
}
