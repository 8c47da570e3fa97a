import type { Browser, Chance } from "./environment";
import { uuid, type Visitor } from "./visitor";

export type Fields = Record<string, unknown>;
export type Kind = "track" | "identify" | "page" | "alias";

/** What a call says; the rest of the event is the same for all. */
export interface Said extends Fields {
  readonly event?: string;
}

/** One event in Segment's shape. Times are ISO 8601 in UTC. */
export interface Message extends Fields {
  readonly type: Kind;
  readonly event?: string;
  readonly name?: string;
  readonly messageId: string;
  readonly timestamp: string;
  readonly anonymousId: string;
  readonly context: Fields;
}

const LIBRARY = { name: "relance.js", version: "1.0.0" };

/** A part of this page's address that leads nowhere on the server is left out. */
export function pageOf(browser: Browser): Fields {
  const { location, document } = browser;
  return {
    url: location.href.split("#")[0],
    path: location.pathname,
    referrer: document.referrer,
    title: document.title,
  };
}

/** Completes `fields` to an event. The id is made here, once: every retry carries the same one. */
export function createMessage(browser: Browser, chance: Chance, visitor: Visitor, type: Kind, said: Said): Message {
  return {
    type,
    ...visitor.get(),
    ...said,
    messageId: uuid(browser),
    timestamp: new Date(chance.now()).toISOString(),
    context: {
      page: pageOf(browser),
      locale: browser.navigator.language,
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      userAgent: browser.navigator.userAgent,
      library: LIBRARY,
      token: visitor.token(),
    },
  };
}

const CART_WORK = /^(Product (Added|Removed)$|Cart |Checkout |Payment |Coupon |Order )/;

/**
 * Whether an event belongs to the cart or the order that the shopper asked for. Such events go out even
 * after a "no" to tracking; looking around does not.
 */
export function isFunctional(type: Kind, event: string): boolean {
  return type === "identify" || type === "alias" || CART_WORK.test(event);
}
