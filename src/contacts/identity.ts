import type { Book } from "../events/book";
import type { LedgerEvent } from "../events/event";
import { isErasure, isFromServer, isTrusted } from "../events/event";
import type { Resolution, Resolver } from "../events/fold";
import type { MergeWish } from "../events/merging";
import { wayOf } from "../events/merging";
import { normaliseEmail } from "./address";
import { startsAnew } from "./barred";
import { mayLinkBrowser } from "./browsers";
import { mergedBefore, mergeNamed, unmergeNamed } from "./merge-events";
import { isEmptied, mergedInto, profileOf } from "./profile";

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
      const former = formerUser(event);
      if (former !== null) keys.push(former);
      const email = verifiedEmail(event);
      if (email !== null) keys.push(`e:${email}`);
    } else if (event.user !== undefined) {
      keys.push(event.anon === undefined ? `c:${event.user}` : `x:${event.anon}|${event.user}`);
    }
    return keys;
  },
  others: mergedBefore,
  mergedInto,
  resolve(event, book, createId, receivedAt) {
    if (event.contact !== undefined) return resolveNamed(event, event.contact, book);
    return isTrusted(event) ? resolveTrusted(event, book, createId, receivedAt) : resolveClaimed(event, book, createId);
  },
};

/** Where the anonymous ids of guests begin: of orders that name nobody. */
export const GUEST = "guest:";

/** Whether an event tells of a guest's order, whom nobody knows, however much its sender is trusted. */
export function isGuests(event: LedgerEvent): boolean {
  return event.user === undefined && event.anon?.startsWith(GUEST) === true && verifiedEmail(event) === null;
}

/** The address that a trusted event vouches for. */
export function verifiedEmail(event: LedgerEvent): string | null {
  if (!isTrusted(event)) return null;
  return normaliseEmail(event.email ?? event.traits?.["email"]);
}

/** The user id that the shop's server says was the person's before, as an identity. */
function formerUser(event: LedgerEvent): string | null {
  return event.type === "alias" && isFromServer(event) && event.anon !== undefined ? `u:${event.anon}` : null;
}

/** An event of ours about a contact. Each row of a family is emptied by an event of its own. */
function resolveNamed(event: LedgerEvent, named: number, book: Book): Resolution | null {
  if (isErasure(event)) return { contact: named, links: [], absorbed: [] };
  const via = wayFrom(book, named);
  const contact = via.pop() ?? named;
  if (isEmpty(book, contact)) return null;
  const merge = mergeNamed(event, contact, book);
  const unmerge = unmergeNamed(event, contact, book);
  // What came too late, as the other of the two was erased meanwhile, is no event of theirs. Whatever else was refused is
  // remembered like any event: a repeat of it must not do later what it could not do in its time.
  if (!merge && !unmerge && mergedBefore(event).some((id) => isEmpty(book, id))) return null;
  return { contact, links: [], absorbed: [], via, ...(merge && { merges: [merge] }), ...(unmerge && { unmerge }) };
}

/** A contact and whoever took it over, one after the other. The last one stands for all. */
function wayFrom(book: Book, id: number): number[] {
  return wayOf(id, (one) => book.peek(one), mergedInto);
}

/** Whom identities name, and who stood between. An empty contact has none. */
class Owners {
  readonly via: number[] = [];

  constructor(private readonly book: Book) {}

  of(identity: string | null | undefined): number | undefined {
    const id = identity === null || identity === undefined ? undefined : this.book.find(identity);
    if (id === undefined) return undefined;
    const way = wayFrom(this.book, id);
    const head = way.pop();
    if (head === undefined || isEmpty(this.book, head)) return undefined;
    this.via.push(...way);
    return head;
  }
}

function isEmpty(book: Book, id: number): boolean {
  const record = book.peek(id);
  return record !== undefined && isEmptied(profileOf(record));
}

/** Since when an identity has been an erased contact's and nobody else's, epoch ms. */
function barredSince(book: Book, identity: string): number | null {
  const id = book.find(identity);
  const record = id === undefined ? undefined : book.peek(wayFrom(book, id).pop() ?? id);
  if (!record) return book.barredSince(identity);
  const { status, createdAt } = profileOf(record);
  return status === "erased" ? createdAt : null;
}

/** Whether an event names only somebody who was erased, and says nothing that begins anew. */
function isBarred(event: LedgerEvent, email: string | null, book: Book): boolean {
  const named = [...(event.user === undefined ? [] : [`u:${event.user}`]), ...(email === null ? [] : [`e:${email}`])];
  const since = Math.max(...named.map((identity) => barredSince(book, identity) ?? Number.NEGATIVE_INFINITY));
  return Number.isFinite(since) && !startsAnew(event, since);
}

function resolveTrusted(event: LedgerEvent, book: Book, createId: () => number, receivedAt: number): Resolution | null {
  const email = verifiedEmail(event);
  const owners = new Owners(book);
  const byUser = owners.of(event.user && `u:${event.user}`);
  const byEmail = owners.of(email && `e:${email}`);
  const byAddress = emailOwner(event, book, byEmail);
  // Also where their address is another user's by now, whom the event is not about.
  if (byUser === undefined && byAddress === undefined && isBarred(event, email, book)) return null;
  const former = owners.of(formerUser(event));
  const byBrowser = former === undefined ? owners.of(event.anon && `a:${event.anon}`) : undefined;
  // Where nobody is named but the browser, it is its owner's; a person who is named may be somebody else.
  const byDevice = event.user === undefined && email === null ? byBrowser : unknownVisitor(book, byBrowser);
  const contact = byUser ?? byAddress ?? byDevice ?? book.create(createId()).id;
  const links: string[] = [];
  if (event.user !== undefined && byUser === undefined) links.push(`u:${event.user}`);
  // An address that another contact holds stays there, unless that contact becomes this one.
  if (email !== null && byEmail === undefined) links.push(`e:${email}`);
  const absorbed: number[] = [];
  const isBrowser = event.anon !== undefined && former === undefined && byBrowser !== contact;
  if (isBrowser && mayLinkBrowser(event, book.peek(contact), receivedAt)) {
    // The browser's latest verified user owns what it does from now on; what its last owner did stays theirs.
    links.push(`a:${event.anon}`);
    if (unknownVisitor(book, byBrowser) !== undefined && byBrowser !== undefined) absorbed.push(byBrowser);
  }
  const merges: MergeWish[] = [];
  if (byUser !== undefined && isWithoutUser(book, byEmail) && byEmail !== contact) {
    merges.push({ loser: byEmail, cause: "verified_address", by: event.trust });
  }
  if (former !== undefined && former !== contact && former !== byEmail) {
    merges.push({ loser: former, cause: "alias", by: event.trust });
  }
  return { contact, links, absorbed, via: owners.via, merges };
}

/** A verified contact that the shop knows by an address only: whoever proves the address is that person. */
function isWithoutUser(book: Book, id: number | undefined): id is number {
  const record = id === undefined ? undefined : book.peek(id);
  const profile = record ? profileOf(record) : null;
  return profile?.status === "verified" && profile.externalId === null;
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
  const owners = new Owners(book);
  const known = owners.of(identity);
  if (known === undefined && barredSince(book, identity) !== null) return null;
  if (known !== undefined) return { contact: known, links: [], absorbed: [], via: owners.via };
  return { contact: book.create(createId()).id, links: [identity], absorbed: [] };
}

function claimedIdentity(event: LedgerEvent, book: Book): string {
  if (event.anon === undefined) return `c:${event.user}`;
  const browser = `a:${event.anon}`;
  if (event.user === undefined) return browser;
  const known = new Owners(book).of(browser);
  const record = known === undefined ? undefined : book.peek(known);
  const profile = record ? profileOf(record) : null;
  // On a device whose owner is verified, a claim to be somebody else gets a visitor of its own.
  const conflict = profile?.status === "verified" && profile.externalId !== null && profile.externalId !== event.user;
  return conflict ? `x:${event.anon}|${event.user}` : browser;
}
