import type { LedgerEvent } from "../events/event";
import { isErasure, isTrusted } from "../events/event";
import { contactId } from "../shared/ids";
import { normaliseEmail } from "./address";
import { mergedBefore, UNMERGED } from "./merge-events";
import type { Names } from "./names";

const GONE = "[erased]";

interface Browser {
  /** Whose it is at this place of the journal. */
  readonly theirs: boolean;
  /** Whose it was first, by the first vouched event on it; null before that. */
  readonly first: boolean | null;
}

/** A trail's browsers at a place of the journal, as plain JSON: name, whether theirs now, whether theirs first. */
export type TrailState = readonly (readonly [string, boolean, boolean | null])[];

/**
 * Finds the events of people among those of others, in journal order: a browser is theirs from a vouched event that
 * names them on, until one names somebody else. What was done on it by nobody in particular before its first vouched
 * event was taken over by whom that one names: who was first is known after one pass over everything.
 */
export class Trail {
  private readonly users: ReadonlySet<string>;
  private readonly emails: ReadonlySet<string>;
  private readonly claims: ReadonlySet<string>;
  private readonly browsers: Map<string, Browser>;

  /** @param state the browsers as an earlier part of the same pass left them, or as an earlier pass found them */
  constructor(
    names: Names,
    private readonly contacts: ReadonlySet<number>,
    state: TrailState = [],
  ) {
    this.users = new Set(names.users);
    this.emails = new Set(names.emails);
    this.claims = new Set(names.identities);
    this.browsers = new Map(names.browsers.map((browser) => [browser, { theirs: true, first: null }]));
    for (const [browser, theirs, first] of state) this.browsers.set(browser, { theirs, first });
  }

  /** Whether an event is one of theirs. Call it for every event that names them, in order. */
  isTheirs(event: LedgerEvent): boolean {
    const { user, anon, contact } = event;
    if (contact !== undefined)
      return this.contacts.has(contact) || mergedBefore(event).some((id) => this.contacts.has(id));
    const named = this.isNamed(event);
    if (isTrusted(event)) {
      const email = addressOf(event);
      if (user === undefined && email === null) return this.hasBrowser(anon);
      if (anon !== undefined) this.vouched(anon, named);
      return named;
    }
    // Whoever claims their user id carries it; a claim to be another on their browser is a visitor's of its own.
    if (user !== undefined) {
      return named || this.claims.has(`x:${anon}|${user}`) || (this.users.size === 0 && this.hasBrowser(anon));
    }
    return this.hasBrowser(anon);
  }

  /** Every browser that was theirs at one time or another. */
  get ever(): string[] {
    return [...this.browsers.keys()];
  }

  /** Browsers that were somebody else's first. */
  get foreign(): string[] {
    return [...this.browsers].flatMap(([browser, { first }]) => (first === false ? [browser] : []));
  }

  /** What another trail needs to go on from here. */
  get state(): TrailState {
    return [...this.browsers].map(([browser, { theirs, first }]) => [browser, theirs, first]);
  }

  private vouched(browser: string, theirs: boolean): void {
    const known = this.browsers.get(browser);
    if (known || theirs) this.browsers.set(browser, { theirs, first: known?.first ?? theirs });
  }

  private isNamed(event: LedgerEvent): boolean {
    const email = addressOf(event);
    return (event.user !== undefined && this.users.has(event.user)) || (email !== null && this.emails.has(email));
  }

  private hasBrowser(anon: string | undefined): boolean {
    return anon !== undefined && this.browsers.get(anon)?.theirs === true;
  }
}

function addressOf(event: LedgerEvent): string | null {
  return normaliseEmail(event.email ?? event.traits?.["email"]);
}

/**
 * What is left of a request's events without those of some people, which `found` is told of. Erasures hold ids only and
 * stay. An undo of a merge is left with ids as well, whoever it was of: it says what one contact had of another, who may
 * have had it of a third, and nothing reads that again.
 */
export function scrub(
  events: readonly LedgerEvent[],
  trail: Trail,
  names: Names,
  found: (event: LedgerEvent) => void = () => undefined,
): LedgerEvent[] {
  const left = events.flatMap((event) => {
    const theirs = !isErasure(event) && trail.isTheirs(event);
    if (theirs) found(event);
    return theirs ? [] : [isUndo(event) ? undoWithoutTaken(event) : event];
  });
  const addresses = addressesOf(names);
  return addresses.length === 0 ? left : left.map((event) => without(event, addresses) as LedgerEvent);
}

function addressesOf({ emails, phones }: Names): string[] {
  return [...emails, ...phones].map((text) => text.toLowerCase());
}

/** What may stand before an address so that it is the end of another one: `an@x.test` in `jo.an@x.test`. */
const LONGER_BEFORE = /[a-z0-9._%+-]$|[a-z0-9]'$/;
/** The same behind it: `an@x.test` in `an@x.test.example`, `+336123` in `+3361234`. */
const LONGER_BEHIND = /^(?:[a-z0-9-]|\.[a-z0-9])/;
/** A line break or tab in the JSON of a text: its letter is none of an address. */
const ESCAPE_BEFORE = /\\[nrtbf]$/;

/** Whether a text holds one of some addresses as a whole. All in lower case; the text may be JSON. */
export function holdsAddress(text: string, addresses: readonly string[]): boolean {
  return addresses.some((address) => {
    for (let at = text.indexOf(address); at >= 0; at = text.indexOf(address, at + 1)) {
      const before = text.slice(Math.max(0, at - 2), at);
      const isStart = ESCAPE_BEFORE.test(before) || !LONGER_BEFORE.test(before);
      if (isStart && !LONGER_BEHIND.test(text.slice(at + address.length, at + address.length + 2))) return true;
    }
    return false;
  });
}

function isUndo({ type, name }: LedgerEvent): boolean {
  return type === "internal" && name === UNMERGED;
}

function undoWithoutTaken(event: LedgerEvent): LedgerEvent {
  const { taken: _taken, ...ids } = event.properties ?? {};
  return { ...event, properties: ids };
}

/** A value with every text blanked that holds one of some addresses: other people's events may speak of them. */
function without(value: unknown, addresses: readonly string[]): unknown {
  if (typeof value === "string") return holdsAddress(value.toLowerCase(), addresses) ? GONE : value;
  if (Array.isArray(value)) return value.map((one) => without(one, addresses));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, without(one, addresses)]));
}

/**
 * Texts that a JSON body which concerns people holds, in ASCII lower case: a first look for SQL, so that only few bodies
 * are taken apart.
 */
export function needlesOf({ users, browsers, emails, phones }: Names, contacts: readonly number[]): string[] {
  const named = (keys: readonly string[], value: string): string[] =>
    keys.map((key) => `"${key}":${JSON.stringify(value)}`);
  const texts = [
    ...users.flatMap((user) => named(["user", "userId", "user_id", "external_id", "previousId"], user)),
    ...browsers.flatMap((browser) => named(["anon", "anonymousId", "anonymous_id"], browser)),
    ...[...emails, ...phones].map((text) => JSON.stringify(text).slice(1, -1)),
    // An undo names both contacts of its merge, and holds what was taken over of the second.
    ...contacts.flatMap((id) => ["contact", "loser"].flatMap((key) => [`"${key}":${id},`, `"${key}":${id}}`])),
    ...contacts.map(contactId),
  ];
  return texts.map(lowerAscii);
}

/** What the undo of a merge has in its JSON, whoever it was of: see `scrub`. In ASCII lower case. */
export const UNDO_NEEDLE = `"name":"${UNMERGED}"`;

/**
 * Whether a JSON body that holds one of the needles is about these people: they may also be in longer words, an address
 * in somebody else's.
 */
export function isAbout(body: string, names: Names, contacts: readonly number[]): boolean {
  const text = lowerAscii(body);
  const named = needlesOf({ ...names, emails: [], phones: [] }, contacts);
  return named.some((needle) => text.includes(needle)) || holdsAddress(text, addressesOf(names));
}

/** As SQLite's lower() does it. */
export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
