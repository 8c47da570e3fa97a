/**
 * Who vouches for an event. `write`: a public key, which only claims. `token`: a write key with the shop's signed
 * token. `secret`: the shop's server. `import`: history loaded by an admin; starts nothing. `internal`: ourselves.
 */
export type Trust = "write" | "token" | "secret" | "import" | "internal";

export type EventType = "track" | "identify" | "page" | "screen" | "alias" | "group" | "internal";

export type Properties = Readonly<Record<string, unknown>>;

/** One event as the journal keeps it. */
export interface LedgerEvent {
  /** The client's messageId. */
  readonly id: string;
  readonly type: EventType;
  /** The event's name for `track`, `page`, `screen` and `internal`. */
  readonly name: string;
  /** Corrected time, epoch ms, never later than receipt (an import keeps its own times). */
  readonly at: number;
  readonly trust: Trust;
  readonly user?: string;
  readonly anon?: string;
  /** The address that a signed token vouches for. */
  readonly email?: string;
  /** Row of the contact, where we already know whom an internal event is about. */
  readonly contact?: number;
  readonly properties?: Properties;
  readonly traits?: Properties;
  /** Hashed origin of a consent, kept as its proof. */
  readonly origin?: string;
  /** Address of the page where a consent was stated, without query. */
  readonly form?: string;
  /** Browser and system that a consent came from, shortened. */
  readonly agent?: string;
  /** The client's own time where it had to be clamped. */
  readonly skewed?: string;
  /** The sender looks like a machine: it is kept and starts nothing. */
  readonly bot?: true;
  /** It was old news when it came: it changes rows and ends what it ends, and starts nothing. */
  readonly past?: true;
  /** It states its subject as that was at `at`: something newer that was told in this way is not undone. */
  readonly state?: true;
  /** Nobody vouches for its names, number and attributes: they fill in what is not known, and replace nothing. */
  readonly fills?: true;
  /** The shop says when its words on consent were given: what was withdrawn before a grant does not undo that. */
  readonly dated?: true;
}

/** An event of our own about a contact (its row), at a time in epoch ms. */
export function ownEvent(id: string, name: string, at: number, contact: number, properties?: Properties): LedgerEvent {
  return { id, type: "internal", name, at, trust: "internal", contact, ...(properties && { properties }) };
}

/** The events of one request: one journal row. */
export interface Delivery {
  readonly receivedAt: number;
  readonly events: readonly LedgerEvent[];
  /** Where it came from (`events/source.ts`), for what operators see of each source. None for what we say ourselves. */
  readonly source?: string;
  /** The events as JSON, where they came as such. */
  readonly text?: string;
}

/** True when the event may state who somebody is and what they agree to. */
export function isTrusted(event: LedgerEvent): boolean {
  return event.trust !== "write";
}

/** True when the event may state what somebody bought, and anything else that money follows from. */
export function isFromServer(event: LedgerEvent): boolean {
  return event.trust !== "write" && event.trust !== "token";
}

/** True for history: it changes rows and wakes nobody. */
export function isHistory(event: LedgerEvent): boolean {
  return event.trust === "import";
}

/** True for the event that empties a contact for good. */
export function isErasure(event: LedgerEvent): boolean {
  return event.type === "internal" && event.name === "contact.erased";
}

/** True for what the person did, as against what somebody told us about them. */
export function isBehaviour(event: LedgerEvent): boolean {
  return event.type === "track" || event.type === "page" || event.type === "screen";
}
