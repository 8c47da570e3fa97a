import type { Language } from "../shared/language";
import type { MessageExtra, MessageLine } from "./extra";

export type { MessageLine } from "./extra";

/** What the shop says about itself in every message. */
export interface ShopIdentity {
  readonly name: string;
  /** Absolute, without a trailing slash. */
  readonly url: string;
  readonly postalAddress: string;
  readonly emailFrom: string;
}

/**
 * Everything a content may print, frozen in the send's row when the decision is made, so that each
 * attempt renders the same bytes.
 */
export interface MessageData {
  readonly language: Language;
  readonly contact: {
    readonly first_name: string | null;
    readonly last_name: string | null;
    /** As the shop states it. Left out in rows of before. */
    readonly civility?: string | null;
  };
  readonly cart: {
    readonly id: string;
    /** Minor units of `currency`. */
    readonly total: number;
    readonly currency: string;
    readonly url: string;
    readonly lines: readonly MessageLine[];
  } | null;
  /** The coupon that its run was given; `until` in epoch ms. Left out in rows of before. */
  readonly coupon?: { readonly code: string; readonly until: number | null } | null;
  readonly order: { readonly id: string; readonly placed_at: number; readonly lines: readonly MessageLine[] } | null;
  /** What its run was told beside a coupon: single values by their names. */
  readonly told?: Readonly<Record<string, string | number | null>>;
  readonly extra?: MessageExtra;
}

/** Absolute addresses made for one send before it is rendered. `null` where tracking is not consented to. */
export interface MessageLinks {
  readonly unsubscribe: string;
  /** The same by mail, as a `mailto:`; null where the shop has no inbox for it. */
  readonly unsubscribeMail?: string | null;
  /** The preference centre. */
  readonly preferences?: string | null;
  /** Confirms the address; only in the message that asks for it. */
  readonly optin?: { readonly url: string; readonly code: string } | null;
  readonly open: string | null;
  /** Wraps a destination of the content in a signed link, or returns it as it is without tracking consent. */
  readonly click: (destination: string, index: number) => string;
  /** The message as a page. Rows of before have neither this nor what follows. */
  readonly web?: string | null;
  /** A page of what the message is about. */
  readonly landing?: string | null;
  /** What the reader is asked, by kind. */
  readonly feedback?: Readonly<Record<FeedbackKind, string>> | null;
  /** Leads nowhere that a person would look for: only what follows every link finds it. */
  readonly trap?: string | null;
  /** The destination with what says, to the shop's own statistics, where its visitor comes from. */
  readonly tag?: (destination: string) => string;
  /** True for a link that works for the reader alone, and is no click to be counted. */
  readonly isOwn?: (address: string) => boolean;
}

/** What a feedback page can ask. */
export const FEEDBACK_KINDS = ["rating", "nps", "review"] as const;
export type FeedbackKind = (typeof FEEDBACK_KINDS)[number];

export interface RenderedMessage {
  /** Empty for text channels. */
  readonly subject: string;
  /** Empty for text channels. */
  readonly html: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Destinations by link index, in the order in which they stand in the message. */
  readonly links: readonly string[];
  /** Where a tap on a notification leads; nothing for the shop's own start, and on other channels. */
  readonly url?: string;
}

/** What a channel is given. `id` is the send's id and the provider's idempotency key. */
export interface OutgoingMessage extends RenderedMessage {
  readonly id: string;
  readonly to: string;
  readonly from: string;
  /** Where answers go; `from` where it is left out. */
  readonly replyTo?: string;
  readonly contactId: string;
  readonly scenario: string | null;
  readonly block: string | null;
  readonly campaign: string | null;
  /** Epoch milliseconds. */
  readonly sentAt: number;
}

/**
 * What one attempt came to. `retry`: surely not accepted, ask again. `unknown`: it may have been accepted;
 * a channel with idempotency keys says `retry` instead, as repeating is safe there.
 */
export type Outcome =
  | { readonly state: "accepted"; readonly providerId: string }
  | { readonly state: "retry"; readonly reason: string; readonly afterMs: number | null }
  | { readonly state: "failed"; readonly reason: string }
  | { readonly state: "unknown"; readonly reason: string };

/**
 * What a call for many messages came to. `accepted`: the provider's ids in their order. `changed`: the key was used for
 * another body, which the provider took.
 */
export type BatchOutcome =
  | { readonly state: "accepted"; readonly providerIds: readonly string[] }
  | { readonly state: "retry"; readonly reason: string; readonly afterMs: number | null; readonly unclear: boolean }
  | { readonly state: "failed"; readonly reason: string }
  | { readonly state: "changed" };

/** A provider that takes many messages in one call, under one key. */
export interface BatchDoor {
  readonly most: number;
  /** The body of a message among others, without a line break: it is kept and repeated as it is. */
  freeze(message: OutgoingMessage): string;
  /** Hands over the bytes of so many bodies (`Wire`). */
  send(wire: Uint8Array<ArrayBuffer>, count: number, key: string): Promise<BatchOutcome>;
}

/** One way to reach a person. Never throws: every failure is an outcome. */
export interface Channel {
  readonly key: string;
  send(message: OutgoingMessage): Promise<Outcome>;
  /** Left out where the provider takes one message at a time. */
  readonly batches?: BatchDoor;
  /** Calls a second that the provider allows; left out or 0 for as many as there are. */
  readonly callsPerSecond?: number;
  /** Takes addresses off the provider's own list of those that it does not write to; false where it did not. */
  readonly forgive?: (addresses: readonly string[]) => Promise<boolean>;
  /** True where the provider knows no idempotency keys: whatever may have gone out is never asked for again. */
  readonly asksOnce?: boolean;
  /** The channel for the messages of one call of a queue, where what they need is opened once for all of them. */
  readonly forOneCall?: () => ChannelForOneCall;
}

/** A channel that has to be closed behind the last message. */
export interface ChannelForOneCall extends Channel {
  /** Never throws. */
  close(): Promise<void>;
}
