import type { Delivery } from "./event";
import type { Rejection } from "./journal-port";

/** One request with events that were accepted, and what was refused of it. */
export interface Intake extends Delivery {
  /** Where it came from (`events/source.ts`), for what operators see of each source. None for what we say ourselves. */
  readonly source?: string;
  readonly rejections?: readonly Rejection[];
}

/** An intake on its way to the ledger. */
export interface PackedIntake {
  readonly receivedAt: number;
  /** The events as JSON, which is also what the journal keeps. */
  readonly text: string;
  readonly rejections: readonly Rejection[];
  readonly source?: string;
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
