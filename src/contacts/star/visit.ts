import type { LedgerEvent } from "../../events/event";
import { MINUTE } from "../../shared/clock";
import { plain } from "./table";

/** A visit is over after so long without any event. */
export const SILENCE = 30 * MINUTE;
const MOST_VIEWS = 30;
const MOST_ID = 100;
const MOST_LANDING = 200;

/**
 * Products that were looked at, latest last, three entries each: its id, how often, and seconds from the visit's start to
 * the last time. Flat, as the ledger holds those of thousands of visitors in memory.
 */
export type Views = readonly (string | number)[];
const STRIDE = 3;

/** A visit that may still go on. */
export interface Visit {
  /** Epoch ms. */
  readonly start: number;
  readonly channel: "web" | "app";
  readonly pages: number;
  /** Path of the first page, without its query: that may hold anything. */
  readonly landing: string | null;
  /** Of the last thirty products. */
  readonly views: Views;
}

/** The visit after an event of the same visit; null where there is none and the event opens none. */
export function visitAfter(visit: Visit | null, event: LedgerEvent): Visit | null {
  const product = viewedProduct(event);
  const isPage = event.type === "page" || event.type === "screen";
  if (visit === null) {
    // What a shop's server says of somebody is no visit of theirs, unless it is a page or a product that they saw.
    const isVisitor = event.trust === "write" || event.trust === "token";
    if (!isPage && product === null && !isVisitor) return null;
    const channel = event.type === "screen" || event.name.startsWith("Application ") ? "app" : "web";
    const opened: Visit = { start: event.at, channel, pages: 0, landing: landingOf(event), views: [] };
    return visitAfter(opened, event) ?? opened;
  }
  // Before it began: of another visit, or too late to tell.
  if (event.at < visit.start || (!isPage && product === null)) return visit;
  const pages = isPage ? visit.pages + 1 : visit.pages;
  const views = product === null ? visit.views : viewsWith(visit.views, product, event.at - visit.start);
  return { ...visit, pages, views };
}

function viewsWith(views: Views, product: string, afterMs: number): Views {
  let known = 0;
  while (known < views.length && views[known] !== product) known += STRIDE;
  const isKnown = known < views.length;
  const next = views.slice(!isKnown && views.length >= MOST_VIEWS * STRIDE ? STRIDE : 0);
  if (isKnown) next.splice(known, STRIDE);
  next.push(product, (isKnown ? Number(views[known + 1]) : 0) + 1, Math.floor(afterMs / 1_000));
  return next;
}

/** The same as a row tells it: [product, times, seconds] each. */
export function eachView(views: Views): (readonly (string | number)[])[] {
  return Array.from({ length: views.length / STRIDE }, (_, index) => views.slice(index * STRIDE, (index + 1) * STRIDE));
}

function viewedProduct({ type, name, properties }: LedgerEvent): string | null {
  if (type !== "track" || !properties || name.toLowerCase() !== "product viewed") return null;
  return (plain(properties["product_id"]) ?? plain(properties["sku"]))?.slice(0, MOST_ID) ?? null;
}

function landingOf({ type, name, properties }: LedgerEvent): string | null {
  if (type === "screen") return name === "" ? null : name.slice(0, MOST_LANDING);
  const path = plain(properties?.["path"]) ?? /^https?:\/\/[^/?#]+([^?#]*)/.exec(plain(properties?.["url"]) ?? "")?.[1];
  return path ? (path.split(/[?#]/)[0] ?? "").slice(0, MOST_LANDING) : null;
}
