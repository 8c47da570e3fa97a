import type { Facts } from "../segments/facts";
import type { Attempt } from "./caps";
import type { SendingRules } from "./sending";
import type { Earnings } from "./worth";

/** What must be known of a contact before a content can be printed for them at all. */
export type ContentNeed = "cart" | "order";

/** What a message is about, as far as something may speak against it later. */
export interface Subject {
  readonly order?: string | undefined;
  readonly product?: string | undefined;
  readonly sku?: string | undefined;
  /** The lower price that is the news, minor units: at a higher one there is none. */
  readonly price?: number | undefined;
  /** When the coupon that it carries is over, epoch ms. */
  readonly couponUntil?: number | undefined;
}

/**
 * What a message is for. A `service` notice (opening hours, terms of delivery) sells nothing: it needs no consent and counts
 * in no cap, as a transactional message, but keeps to quiet hours, as nobody waits for it.
 */
export type MessageClass = "marketing" | "transactional" | "service";

/** What a run wants to send, before anybody asked whether it may. */
export interface Intent {
  readonly run: string;
  readonly scenario: string;
  readonly block: string;
  readonly channel: string;
  readonly content: string;
  readonly class: MessageClass;
  /** When it should leave, epoch ms. */
  readonly plannedAt: number;
  /** After it (epoch ms) the message makes no more sense, and does not set out. */
  readonly leaveBy?: number;
  readonly about?: Subject | undefined;
  /** What it is worth beside others, 0 to 100; that of its scenario. */
  readonly priority?: number | undefined;
  /** What it is expected to earn, minor units of the shop's currency; left out where nobody knows. */
  readonly value?: number | undefined;
  /** What it counts for in caps; 1 unless its scenario says otherwise. */
  readonly weight?: number | undefined;
  /** Why it was held the last time that it was asked about. */
  readonly heldFor?: string | undefined;
}

/** What the gate is told beside the contact: the shop's switches and the scenario's limits. */
export interface GatePolicy {
  /** Channels that the kill switch holds; `all` holds every one. */
  readonly killed: readonly string[];
  /** Share of contacts that are measured and not written to. */
  readonly holdout: number;
  readonly maxLatenessMs: number;
  /** Channels that can send: a provider is set up and what the law wants in the message is known. */
  readonly ready: readonly string[];
  /** Caps, hours and ages; nothing of the kind where it is left out. */
  readonly sending?: SendingRules | undefined;
  /** Providers that take nothing for now: by channel, until when (epoch ms). */
  readonly brakes?: Readonly<Record<string, number>> | undefined;
  /** What contents must have at hand, by their keys; nothing of it is known where it is left out. */
  readonly needs?: Readonly<Record<string, readonly ContentNeed[]>> | undefined;
  /** What scenarios earned of late; nobody knows where it is left out. */
  readonly earnings?: Earnings | undefined;
  /** Mailbox providers to which marketing waits, until when (epoch ms). */
  readonly mailboxes?: Readonly<Record<string, number>> | undefined;
}

/** Everything that an answer of the gate follows from. */
export interface Question {
  readonly intent: Intent;
  readonly facts: Facts;
  readonly policy: GatePolicy;
  /** Marketing that was let through for this contact, as far as whoever asks knows. */
  readonly attempts: readonly Attempt[];
  readonly now: number;
}

/** When a message makes no more sense, epoch ms. */
export function lastMoment({ intent, policy }: Question): number {
  return intent.leaveBy ?? intent.plannedAt + policy.maxLatenessMs;
}

export function isMarketing({ intent }: Question): boolean {
  return intent.class === "marketing";
}
