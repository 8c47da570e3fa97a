import type { BookCache } from "../events/book";
import type { LedgerEvent } from "../events/event";
import { wayOf } from "../events/merging";
import type { ContactRecord } from "../events/projection";
import { DAY, SECOND } from "../shared/clock";
import type { Profile } from "./profile";
import { mergedInto, profileOf } from "./profile";

/** Browsers that may come to one contact within a window: a person has a few, a chain of merges thousands. */
const MOST_BROWSERS = 50;
const BROWSER_WINDOW = 30 * DAY;

type Window = NonNullable<Profile["browsers"]>;

/** Milliseconds until another browser may come to the contact; 0 where one may now. */
function browserWait(window: Window | null, now: number): number {
  if (window === null || window[1] < MOST_BROWSERS) return 0;
  return Math.max(0, window[0] + BROWSER_WINDOW - now);
}

/** The window with one browser more. */
export function withBrowser(window: Window | null, now: number): Window {
  if (window === null || now >= window[0] + BROWSER_WINDOW) return [now, 1];
  return [window[0], window[1] + 1];
}

/** Whether an event may bring a browser to the contact. History that an admin loads may bring as many as it holds. */
export function mayLinkBrowser(event: LedgerEvent, record: ContactRecord | undefined, receivedAt: number): boolean {
  if (event.trust === "import" || record === undefined) return true;
  return browserWait(profileOf(record).browsers, receivedAt) === 0;
}

/** A browser that is kept away from a contact, and for how many seconds. */
export interface Crowd {
  readonly contact: number;
  readonly seconds: number;
}

/**
 * The first contact of a request that has as many new browsers as it may have, where the request vouches for one more.
 * Looks at what is in memory only: whom the ledger does not hold yet it loads for the request, and what comes too many
 * all the same is not linked.
 */
export function crowdedContact(events: readonly LedgerEvent[], cache: BookCache, now: number): Crowd | null {
  for (const event of events) {
    if (event.trust !== "token" || event.anon === undefined || event.user === undefined) continue;
    const contact = headIn(cache, `u:${event.user}`);
    if (contact === null || contact === headIn(cache, `a:${event.anon}`)) continue;
    const record = cache.records.get(contact);
    const wait = record ? browserWait(profileOf(record).browsers, now) : 0;
    if (wait > 0) return { contact, seconds: Math.ceil(wait / SECOND) };
  }
  return null;
}

function headIn(cache: BookCache, identity: string): number | null {
  const contact = cache.identities.get(identity);
  return (contact && wayOf(contact, (id) => cache.records.get(id), mergedInto).at(-1)) || null;
}
