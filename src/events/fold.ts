import { idTail } from "../shared/ids";
import type { Book } from "./book";
import type { Delivery, LedgerEvent } from "./event";
import { isBehaviour, isErasure, isHistory } from "./event";
import type { MergeLog, MergeWish, Moved, UnmergeWish } from "./merging";
import { absorbVisitor, mergeContacts, mergeId, unmergeContacts, wayOf } from "./merging";
import type { ApplyContext, ContactRecord, Happening, Projection } from "./projection";
import { NO_ROWS, RowBuffer } from "./projection";
import type { Touch, Touched } from "./touched";
import { joined, TOLD, timesOf } from "./touched";

/** Whom an event is about, and what that teaches us about identities. */
export interface Resolution {
  readonly contact: number;
  /** Identities that from now on name this contact. */
  readonly links: readonly string[];
  /** Unknown visitors that turned out to be this contact. */
  readonly absorbed: readonly number[];
  /** Contacts that stood for this one when the identity was given: a repeat may be known to them only. */
  readonly via?: readonly number[];
  /** Verified contacts that turn out to be this one. */
  readonly merges?: readonly MergeWish[];
  /** A merge into this contact that is taken back. */
  readonly unmerge?: UnmergeWish;
}

/** Finds the contact of an event. Owned by contacts/. */
export interface Resolver {
  /** Identities that must be looked up before `resolve`. */
  readonly keys: (event: LedgerEvent) => readonly string[];
  /** Contacts beside its own that an event of ours names, to be looked up as well. */
  readonly others?: (event: LedgerEvent) => readonly number[];
  /** The contact that took over another, or null. */
  readonly mergedInto: (record: ContactRecord) => number | null;
  /** Null for an event that may not be taken: it is about somebody who was erased. */
  readonly resolve: (event: LedgerEvent, book: Book, createId: () => number, receivedAt: number) => Resolution | null;
}

/** What the ledger is made of beside itself; services.ts fills it in. All pure. */
export interface FoldParts {
  readonly resolver: Resolver;
  readonly projections: Readonly<Record<string, Projection<unknown>>>;
  /** False where nothing is written, and nobody asks for rows or who was touched. */
  readonly writes?: false;
  /** Puts the rows of a contact that a group touched. */
  readonly finish: (record: ContactRecord, rows: RowBuffer) => void;
  /** Puts the row of an identity. */
  readonly linked: (identity: string, contact: number, rows: RowBuffer) => void;
  /** Keeps the log of merges; left out where nothing is kept. */
  readonly merges?: MergeLog;
  /** Which of an event's happenings the contact's scenarios must hear of; empty when they have nothing to decide. */
  readonly relevant: (
    record: ContactRecord,
    happenings: readonly Happening[],
    event: LedgerEvent,
  ) => readonly Happening[];
}

/** A contact to be woken, with what happened. */
export type Wake = readonly [contact: number, happenings: readonly Happening[]];

export interface NumberedDelivery extends Delivery {
  readonly seq: number;
  /** Place of the first event in the request, where it is taken event by event. */
  readonly from?: number;
  /** Of the events that were applied before, where only some were. */
  readonly wakes?: readonly Wake[];
}

/** One request after it was folded: repeats are gone. */
export interface FoldedDelivery {
  readonly seq: number;
  readonly receivedAt: number;
  readonly events: readonly LedgerEvent[];
  readonly wakes: readonly Wake[];
  readonly text: string | undefined;
}

export interface Folded {
  readonly deliveries: readonly FoldedDelivery[];
  readonly rows: RowBuffer;
  readonly touched: Touched;
}

const TAIL = 7;
/**
 * Tails kept per contact beside those of the request at hand: a repeated batch is known as a whole, and a long one pushes
 * nothing out that it may repeat itself.
 */
const RING = 96;

/**
 * Takes deliveries into the book, in order: drops repeats, finds each event's contact, lets the projections change
 * it, and gathers the rows to write and the contacts to wake. Throws if a projection does; the caller then throws
 * the book away and takes the events one by one.
 */
export function fold(
  deliveries: readonly NumberedDelivery[],
  book: Book,
  parts: FoldParts,
  nextId: (counter: string) => number,
): Folded {
  const rows = parts.writes === false ? NO_ROWS : new RowBuffer();
  const touched = new Map<number, Touch>();
  const folded = deliveries.map((delivery) => new DeliveryFold(delivery, book, parts, rows, nextId, touched).run());
  if (!rows.isKept) return { deliveries: folded, rows, touched };
  const first = deliveries[0]?.seq ?? 0;
  for (const record of book.touched()) {
    // A contact that was only looked at, or whose events were all repeats, is not written.
    if (record.seq < first) continue;
    parts.finish(record, rows);
    if (!touched.has(record.id)) touched.set(record.id, TOLD);
  }
  return { deliveries: folded, rows, touched };
}

/** One request while it is being folded. */
class DeliveryFold {
  private readonly happened = new Map<number, Happening[]>();
  private readonly tails = new Map<number, number>();

  constructor(
    private readonly delivery: NumberedDelivery,
    private readonly book: Book,
    private readonly parts: FoldParts,
    private readonly rows: RowBuffer,
    private readonly nextId: (counter: string) => number,
    private readonly touched: Map<number, Touch>,
  ) {}

  run(): FoldedDelivery {
    const { seq, receivedAt, events, text, from } = this.delivery;
    const fresh = events.filter((event, index) => this.take(event, (from ?? 0) + index));
    const whole = fresh.length === events.length ? text : undefined;
    return { seq, receivedAt, events: fresh, wakes: [...this.happened], text: whole };
  }

  /** False for a repeat, and for what may not be taken. */
  private take(event: LedgerEvent, position: number): boolean {
    const { parts, book } = this;
    const create = () => this.nextId("contacts");
    const resolution = parts.resolver.resolve(event, book, create, this.delivery.receivedAt);
    if (resolution === null) return false;
    const record = book.record(resolution.contact);
    if (!this.remember(record, event, resolution)) return false;
    const about = new Happened({ event, position }, this, resolution.links);
    const context = about.context(record);
    for (const identity of resolution.links) {
      book.link(identity, record.id);
      parts.linked(identity, record.id, this.rows);
    }
    for (const visitor of resolution.absorbed) absorbVisitor(book.record(visitor), context, parts.projections);
    for (const wish of resolution.merges ?? []) {
      const merge = { id: mergeId(event.id, wish.loser), winner: context, loser: about.of(wish.loser) };
      this.tell(merge, mergeContacts(wish, merge, parts.projections, parts.merges));
    }
    if (resolution.unmerge) {
      const wish = resolution.unmerge;
      const merge = { id: wish.id, winner: context, loser: about.of(wish.loser) };
      this.tell(merge, unmergeContacts(wish, merge, parts.projections, parts.merges));
    }
    if (isErasure(event)) forget(context, parts);
    else for (const [key, part] of Object.entries(parts.projections)) part.apply(record.slices[key], context);
    if (isBehaviour(event) && event.at > record.seenAt) record.seenAt = event.at;
    if (this.rows.isKept) {
      const touch = this.touchOf(event, resolution);
      about.all((id) => this.touched.set(id, joined(this.touched.get(id), touch)));
    }
    about.each((other, happenings) => {
      const relevant = parts.relevant(other, happenings, event);
      if (relevant.length === 0) return;
      // Another one than the event's own, too: that its shard keeps state from now on is written in its row.
      other.seq = this.delivery.seq;
      this.wake(other.id, relevant);
    });
    return true;
  }

  private touchOf(event: LedgerEvent, resolution: Resolution): Touch {
    const { absorbed, merges = [], unmerge } = resolution;
    const written = this.rows.takeLatest();
    const isOthers = absorbed.length > 0 || merges.length > 0 || unmerge !== undefined;
    const times = isOthers ? null : timesOf(event.at, written, this.delivery.receivedAt);
    return { acted: happensNow(event, resolution), times };
  }

  private remember(record: ContactRecord, event: LedgerEvent, { via = [] }: Resolution): boolean {
    const tail = idTail(event.id);
    if (hasTail(record.ring, tail)) return false;
    for (const id of via) if (hasTail(this.book.peek(id)?.ring ?? "", tail)) return false;
    const count = (this.tails.get(record.id) ?? 0) + 1;
    this.tails.set(record.id, count);
    record.ring = (record.ring + tail).slice(-TAIL * (RING + count));
    record.seq = this.delivery.seq;
    return true;
  }

  private tell({ winner, loser }: { winner: ApplyContext; loser: ApplyContext }, moved: Moved | null): void {
    if (!moved) return;
    this.wake(winner.record.id, [moved.winner]);
    this.wake(loser.record.id, [moved.loser]);
  }

  private wake(contact: number, happenings: readonly Happening[]): void {
    const known = this.happened.get(contact);
    if (known) known.push(...happenings);
    else this.happened.set(contact, [...happenings]);
  }

  /** What a projection is given of one contact that an event changes. */
  contextOf(
    record: ContactRecord,
    at: Placed,
    links: readonly string[],
    happen: (happening: Happening) => void,
    of: (contact: number) => ApplyContext,
  ): ApplyContext {
    const { book, rows, nextId } = this;
    const { receivedAt } = this.delivery;
    const ownerOf = (identity: string): ApplyContext | null => {
      const known = book.find(identity);
      return known === undefined ? null : of(headOf(book, known, this.parts.resolver));
    };
    const claim = (identity: string): void => book.link(identity, record.id);
    return { ...at, receivedAt, record, rows, happen, nextId, links, ownerOf, claim };
  }

  recordOf(contact: number): ContactRecord {
    return this.book.record(contact);
  }
}

/** An event and its place in its request. */
type Placed = Pick<ApplyContext, "event" | "position">;

/** What one event makes happen, by contact: its own first. */
class Happened {
  private readonly contexts = new Map<number, { readonly context: ApplyContext; readonly happenings: Happening[] }>();

  constructor(
    private readonly at: Placed,
    private readonly delivery: DeliveryFold,
    private readonly links: readonly string[],
  ) {}

  context(record: ContactRecord, links = this.links): ApplyContext {
    const happenings: Happening[] = [];
    const happen = (happening: Happening): void => void happenings.push(happening);
    const of = (contact: number): ApplyContext => this.of(contact);
    const context = this.delivery.contextOf(record, this.at, links, happen, of);
    this.contexts.set(record.id, { context, happenings });
    return context;
  }

  of(contact: number): ApplyContext {
    return this.contexts.get(contact)?.context ?? this.context(this.delivery.recordOf(contact), []);
  }

  all(visit: (contact: number) => void): void {
    for (const contact of this.contexts.keys()) visit(contact);
  }

  each(visit: (record: ContactRecord, happenings: readonly Happening[]) => void): void {
    for (const { context, happenings } of this.contexts.values()) {
      if (happenings.length > 0) visit(context.record, happenings);
    }
  }
}

/** False for history, and where contacts turn out to be one or two: then we learn something, and nothing happens. */
function happensNow(event: LedgerEvent, { merges, unmerge }: Resolution): boolean {
  return !isHistory(event) && event.past !== true && (merges ?? []).length === 0 && !unmerge;
}

/** Whoever took a contact over by now; the contact itself where nobody did. */
function headOf(book: Book, contact: number, { mergedInto }: Resolver): number {
  return wayOf(contact, (id) => book.peek(id), mergedInto).at(-1) ?? contact;
}

/** Leaves of a contact what its projections leave; the ring stays, as it holds no data and knows repeats. */
function forget(context: ApplyContext, parts: FoldParts): void {
  const { record } = context;
  const left = Object.entries(parts.projections).map(([key, part]) => {
    return [key, part.forget ? part.forget(record.slices[key], context) : part.empty()] as const;
  });
  record.slices = Object.fromEntries(left);
  record.seenAt = 0;
}

function hasTail(ring: string, tail: string): boolean {
  for (let index = ring.indexOf(tail); index >= 0; index = ring.indexOf(tail, index + 1)) {
    // A match across two neighbours is none.
    if (index % TAIL === 0) return true;
  }
  return false;
}
