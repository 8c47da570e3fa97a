import type { Book } from "../events/book";
import type { LedgerEvent } from "../events/event";
import { isErasure, isTrusted } from "../events/event";
import type { Resolution, Resolver } from "../events/fold";
import { normaliseEmail } from "./address";
import { startsAnew } from "./barred";
import { isEmptied, profileOf } from "./profile";

/**
 * Identities are texts with a kind: `u:` user id, `e:` verified email, `a:` browser, `c:` a user id that only a
 * public key claimed, `x:` a browser on which another user id than its owner's was claimed.
 */
export const resolver: Resolver = {
  keys(event) {
    if (event.contact !== undefined) return [];
    const keys: string[] = [];
    if (event.anon !== undefined) keys.push(`a:${event.anon}`);
    if (isTrusted(event)) {
      if (event.user !== undefined) keys.push(`u:${event.user}`);
      const email = verifiedEmail(event);
      if (email !== null) keys.push(`e:${email}`);
    } else if (event.user !== undefined) {
      keys.push(event.anon === undefined ? `c:${event.user}` : `x:${event.anon}|${event.user}`);
    }
    return keys;
  },
  mergedInto: (record) => profileOf(record).mergedInto,
  resolve(event, book, createId) {
    if (event.contact !== undefined) return resolveKnown(event, event.contact, book);
    return isTrusted(event) ? resolveTrusted(event, book, createId) : resolveClaimed(event, book, createId);
  },
};

/** The address that a trusted event vouches for. */
export function verifiedEmail(event: LedgerEvent): string | null {
  if (!isTrusted(event)) return null;
  return normaliseEmail(event.email ?? event.traits?.["email"]);
}

function follow(book: Book, id: number): number {
  let current = id;
  for (let hops = 0; hops < 8; hops++) {
    const record = book.peek(current);
    const next = record ? profileOf(record).mergedInto : null;
    if (next === null) return current;
    current = next;
  }
  return current;
}

function isEmpty(book: Book, id: number): boolean {
  const record = book.peek(id);
  return record !== undefined && isEmptied(profileOf(record));
}

/** Who has an identity; an empty contact has none. */
function owner(book: Book, identity: string): number | undefined {
  const id = book.find(identity);
  if (id === undefined) return undefined;
  const contact = follow(book, id);
  return isEmpty(book, contact) ? undefined : contact;
}

/** Since when an identity has been an erased contact's and nobody else's, epoch ms. */
function barredSince(book: Book, identity: string): number | null {
  const id = book.find(identity);
  const record = id === undefined ? undefined : book.peek(follow(book, id));
  if (!record) return book.barredSince(identity);
  const { status, createdAt } = profileOf(record);
  return status === "erased" ? createdAt : null;
}

/** An event of ours about a contact. Each row of a family is emptied by an event of its own. */
function resolveKnown(event: LedgerEvent, id: number, book: Book): Resolution | null {
  const contact = isErasure(event) ? id : follow(book, id);
  return isErasure(event) || !isEmpty(book, contact) ? { contact, links: [], absorbed: [] } : null;
}

function resolveTrusted(event: LedgerEvent, book: Book, createId: () => number): Resolution | null {
  const email = verifiedEmail(event);
  const byUser = event.user === undefined ? undefined : owner(book, `u:${event.user}`);
  const byEmail = email === null ? undefined : owner(book, `e:${email}`);
  const byBrowser = event.anon === undefined ? undefined : owner(book, `a:${event.anon}`);
  if (byUser === undefined && byEmail === undefined) {
    const named = [...(event.user === undefined ? [] : [`u:${event.user}`]), ...(email === null ? [] : [`e:${email}`])];
    const since = Math.max(...named.map((identity) => barredSince(book, identity) ?? Number.NEGATIVE_INFINITY));
    if (Number.isFinite(since) && !startsAnew(event, since)) return null;
  }
  const contact =
    byUser ?? emailOwner(event, book, byEmail) ?? unknownVisitor(book, byBrowser) ?? book.create(createId()).id;
  const links: string[] = [];
  if (event.user !== undefined && byUser === undefined) links.push(`u:${event.user}`);
  // An address that another contact holds stays there: two verified people merge only by an explicit merge.
  if (email !== null && byEmail === undefined) links.push(`e:${email}`);
  const absorbed: number[] = [];
  if (event.anon !== undefined && byBrowser !== contact) {
    // The browser's latest verified user owns what it does from now on; what its last owner did stays theirs.
    links.push(`a:${event.anon}`);
    if (unknownVisitor(book, byBrowser) !== undefined && byBrowser !== undefined) absorbed.push(byBrowser);
  }
  return { contact, links, absorbed };
}

/** The address's contact, unless it is known under another user id than the event's. */
function emailOwner(event: LedgerEvent, book: Book, byEmail: number | undefined): number | undefined {
  if (byEmail === undefined || event.user === undefined) return byEmail;
  const known = book.peek(byEmail);
  const externalId = known ? profileOf(known).externalId : null;
  return externalId === null || externalId === event.user ? byEmail : undefined;
}

function unknownVisitor(book: Book, id: number | undefined): number | undefined {
  if (id === undefined) return undefined;
  const record = book.peek(id);
  return record && profileOf(record).status === "anonymous" ? id : undefined;
}

function resolveClaimed(event: LedgerEvent, book: Book, createId: () => number): Resolution | null {
  const identity = claimedIdentity(event, book);
  const known = owner(book, identity);
  if (known === undefined && barredSince(book, identity) !== null) return null;
  if (known !== undefined) return { contact: known, links: [], absorbed: [] };
  return { contact: book.create(createId()).id, links: [identity], absorbed: [] };
}

function claimedIdentity(event: LedgerEvent, book: Book): string {
  if (event.anon === undefined) return `c:${event.user}`;
  const browser = `a:${event.anon}`;
  if (event.user === undefined) return browser;
  const known = owner(book, browser);
  const record = known === undefined ? undefined : book.peek(known);
  const profile = record ? profileOf(record) : null;
  // On a device whose owner is verified, a claim to be somebody else gets a visitor of its own.
  const conflict = profile?.status === "verified" && profile.externalId !== null && profile.externalId !== event.user;
  return conflict ? `x:${event.anon}|${event.user}` : browser;
}
