import { idTail } from "../shared/ids";
import type { Book } from "./book";
import type { Delivery, LedgerEvent } from "./event";
import { isBehaviour } from "./event";
import type { ContactRecord, Happening, Projection } from "./projection";
import { RowBuffer } from "./projection";

/** Whom an event is about, and what that teaches us about identities. */
export interface Resolution {
  readonly contact: number;
  /** Identities that from now on name this contact. */
  readonly links: readonly string[];
  /** Unknown visitors that turned out to be this contact. */
  readonly absorbed: readonly number[];
}

/** Finds the contact of an event. Owned by contacts/. */
export interface Resolver {
  /** Identities that must be looked up before `resolve`. */
  readonly keys: (event: LedgerEvent) => readonly string[];
  /** The contact that took over another, or null. */
  readonly mergedInto: (record: ContactRecord) => number | null;
  readonly resolve: (event: LedgerEvent, book: Book, createId: () => number) => Resolution;
}

/** What the ledger is made of beside itself; services.ts fills it in. All pure. */
export interface FoldParts {
  readonly resolver: Resolver;
  readonly projections: Readonly<Record<string, Projection<unknown>>>;
  /** Puts the rows of a contact that a group touched. */
  readonly finish: (record: ContactRecord, rows: RowBuffer) => void;
  /** Puts the row of an identity. */
  readonly linked: (identity: string, contact: number, rows: RowBuffer) => void;
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
}

const TAIL = 7;
/** Tails kept per contact beside those of the request at hand, so that a repeated batch is known as a whole. */
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
  const rows = new RowBuffer();
  const folded = deliveries.map((delivery) => foldDelivery(delivery, book, parts, rows, nextId));
  const first = deliveries[0]?.seq ?? 0;
  for (const record of book.touched()) {
    // A contact that was only looked at, or whose events were all repeats, is not written.
    if (record.seq >= first) parts.finish(record, rows);
  }
  return { deliveries: folded, rows };
}

function foldDelivery(
  delivery: NumberedDelivery,
  book: Book,
  parts: FoldParts,
  rows: RowBuffer,
  nextId: (counter: string) => number,
): FoldedDelivery {
  const fresh: LedgerEvent[] = [];
  const happened = new Map<number, Happening[]>();
  const tails = new Map<number, number>();
  for (const [index, event] of delivery.events.entries()) {
    const resolution = parts.resolver.resolve(event, book, () => nextId("contacts"));
    const record = book.record(resolution.contact);
    const tail = idTail(event.id);
    if (hasTail(record.ring, tail)) continue;
    const count = (tails.get(record.id) ?? 0) + 1;
    tails.set(record.id, count);
    record.ring = (record.ring + tail).slice(-TAIL * Math.max(RING, count));
    record.seq = delivery.seq;
    fresh.push(event);
    const happenings: Happening[] = [];
    const context = {
      event,
      receivedAt: delivery.receivedAt,
      position: (delivery.from ?? 0) + index,
      record,
      rows,
      happen: (happening: Happening) => happenings.push(happening),
      nextId,
    };
    for (const identity of resolution.links) {
      book.link(identity, record.id);
      parts.linked(identity, record.id, rows);
    }
    for (const visitor of resolution.absorbed) absorb(book.record(visitor), context, parts);
    for (const [key, part] of Object.entries(parts.projections)) part.apply(record.slices[key], context);
    if (isBehaviour(event) && event.at > record.seenAt) record.seenAt = event.at;
    if (happenings.length === 0) continue;
    const relevant = parts.relevant(record, happenings, event);
    if (relevant.length === 0) continue;
    const known = happened.get(record.id);
    if (known) known.push(...relevant);
    else happened.set(record.id, [...relevant]);
  }
  const text = fresh.length === delivery.events.length ? delivery.text : undefined;
  return { seq: delivery.seq, receivedAt: delivery.receivedAt, events: fresh, wakes: [...happened], text };
}

function absorb(visitor: ContactRecord, context: Parameters<Projection<unknown>["absorb"]>[2], parts: FoldParts): void {
  for (const [key, part] of Object.entries(parts.projections)) {
    part.absorb(context.record.slices[key], visitor.slices[key], context);
  }
  context.record.ring = visitor.ring + context.record.ring;
  context.record.seenAt = Math.max(context.record.seenAt, visitor.seenAt);
  visitor.seq = context.record.seq;
}

function hasTail(ring: string, tail: string): boolean {
  for (let index = ring.indexOf(tail); index >= 0; index = ring.indexOf(tail, index + 1)) {
    // A match across two neighbours is none.
    if (index % TAIL === 0) return true;
  }
  return false;
}
