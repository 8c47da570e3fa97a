import type { LedgerEvent } from "../events/event";
import type { ContactRecord } from "../events/projection";
import { DAY } from "../shared/clock";
import type { Profile } from "./profile";
import { profileOf } from "./profile";

/** Browsers that may come to one contact within a window: a person has a few, a chain of merges thousands. */
export const MOST_BROWSERS = 50;
export const BROWSER_WINDOW = 30 * DAY;

type Window = NonNullable<Profile["browsers"]>;

/** Milliseconds until another browser may come to the contact; 0 where one may now. */
export function browserWait(window: Window | null, now: number): number {
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
