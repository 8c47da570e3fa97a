import { Fault } from "../shared/fault";
import type { Delivery } from "./event";
import type { Rejection } from "./journal-port";
import type { SourceNote } from "./tally";

/** One request with events that were accepted, and what was refused of it. */
export interface Intake extends Delivery {
  /** How many events of it were refused, by reason: more than are kept. */
  readonly refused?: Readonly<Record<string, number>>;
  /** How far the sender's clock is behind ours, ms; left out where it does not say when it sent. */
  readonly skew?: number;
  readonly rejections?: readonly Rejection[];
}

/** An intake on its way to the ledger. */
export interface PackedIntake extends Omit<Intake, "events" | "text" | "rejections"> {
  /** The events as JSON, which is also what the journal keeps. */
  readonly text: string;
  readonly rejections: readonly Rejection[];
}

export type Answer =
  | { readonly status: "stored" }
  /** Too many are waiting already; nothing was stored. */
  | { readonly status: "busy" }
  /** The database did not take it; nothing may be assumed stored, and sending it again is safe. */
  | { readonly status: "unavailable" };

/** Whose budget a request of a public key draws on. Secret keys draw on none. */
export interface Caller {
  readonly key: string;
  /** Keyed hash of the network address. */
  readonly origin: string;
  /** A form that a person fills in: few of them come from one address of the network. */
  readonly isForm?: boolean;
}

export type AppendAnswer = Answer | { readonly status: "limited"; readonly retryAfter: number };

/** Throws a Fault for an answer that is no yes: what was sent is to be sent again, after a while where that is known. */
export function refuseUnstored(answer: AppendAnswer): void {
  if (answer.status === "stored") return;
  if (answer.status === "unavailable") throw new Fault("unavailable", "It could not be stored. Send it again.", [], 5);
  const isLimited = answer.status === "limited";
  const why = isLimited ? "This sender is over its budget." : "Too many requests are waiting.";
  throw new Fault("too-many-requests", `${why} Send it again later.`, [], isLimited ? answer.retryAfter : 1);
}

/**
 * What a request tells of its source once it is on disk; null for what we say ourselves. It counts where it was stored:
 * one that lay beside the ledger may have been received hours ago.
 */
export function noteOf({ source, events, refused, skew }: Intake, at: number): SourceNote | null {
  if (source === undefined) return null;
  const lastEventAt = events.length > 0 ? Math.max(...events.map(({ at }) => at)) : undefined;
  return { source, at, events: events.length, refused, lastEventAt, skew };
}
