import type { ConsentState } from "../contacts/consent";
import { isSnoozed, preferencesOf } from "../contacts/preferences";
import type { Facts } from "../segments/facts";
import { MINUTE } from "../shared/clock";
import { stableFraction } from "../shared/ids";
import { addressFor, consentFor } from "./channel";

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
}

/** The gate's answer. `inputs` are what it looked at, kept with the decision. */
export interface Decision {
  readonly outcome: "send" | "suppressed" | "held";
  readonly reason: string;
  /** Epoch ms; only where held. */
  readonly until: number | null;
  readonly rule: number;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Columns of `decisions`, in the order of its rows. */
export const DECISION_COLUMNS = [
  "contact",
  "id",
  "send",
  "run",
  "scenario",
  "block",
  "channel",
  "outcome",
  "reason",
  "rule",
  "inputs",
  "at",
] as const;

/** Raised whenever the gate would answer differently for the same inputs. */
const RULE_VERSION = 2;
const HOLD = 5 * MINUTE;

interface Question {
  readonly intent: Intent;
  readonly facts: Facts;
  readonly policy: GatePolicy;
  readonly now: number;
}

interface Point {
  /** Stored with the decision when this point stops or holds the message. */
  readonly reason: string;
  readonly answer: "suppressed" | "held";
  readonly fails: (question: Question) => boolean;
  readonly inputs: (question: Question) => Readonly<Record<string, unknown>>;
}

function isMarketing({ intent }: Question): boolean {
  return intent.class === "marketing";
}

/**
 * The points of the gate in the order of the security specification; the first that fails decides. Points that need
 * what later parts bring (caps, quiet hours, suppression lists, reputation) stand at their place when they come.
 */
const POINTS: readonly Point[] = [
  {
    reason: "kill_switch",
    answer: "held",
    fails: ({ intent, policy }) => policy.killed.includes("all") || policy.killed.includes(intent.channel),
    inputs: ({ policy }) => ({ killed: policy.killed }),
  },
  {
    reason: "erased",
    answer: "suppressed",
    fails: ({ facts }) => facts.profile.status === "erased",
    inputs: () => ({}),
  },
  {
    reason: "retention_over",
    answer: "suppressed",
    fails: ({ facts }) => facts.profile.status === "expired",
    inputs: () => ({}),
  },
  {
    reason: "identity_unverified",
    answer: "suppressed",
    fails: ({ facts }) => facts.profile.status !== "verified",
    inputs: ({ facts }) => ({ status: facts.profile.status }),
  },
  {
    reason: "address_missing",
    answer: "suppressed",
    fails: ({ intent, facts }) => addressFor(facts.profile, intent.channel) === null,
    inputs: ({ intent, facts }) => ({
      channel: intent.channel,
      has_address: addressFor(facts.profile, intent.channel) !== null,
    }),
  },
  {
    reason: "no_consent",
    answer: "suppressed",
    fails: (question) => isMarketing(question) && stateOfConsent(question) !== "granted",
    inputs: (question) => ({ consent: stateOfConsent(question) }),
  },
  {
    // Not held: what was worth a message before the pause is stale after it.
    reason: "snoozed",
    answer: "suppressed",
    fails: (question) => isMarketing(question) && isSnoozed(question.facts.profile, question.now),
    inputs: ({ facts }) => {
      const { snoozedUntil } = preferencesOf(facts.profile);
      return snoozedUntil > 0 ? { snoozed_until: snoozedUntil } : {};
    },
  },
  {
    reason: "too_late",
    answer: "suppressed",
    fails: ({ intent, policy, now }) => now - intent.plannedAt > policy.maxLatenessMs,
    inputs: ({ intent, now }) => ({ late_ms: Math.max(0, now - intent.plannedAt) }),
  },
  {
    reason: "control_group",
    answer: "suppressed",
    fails: (question) => isMarketing(question) && shareOf(question) < question.policy.holdout,
    inputs: (question) => ({ holdout: question.policy.holdout, share: shareOf(question) }),
  },
  {
    reason: "sender_not_ready",
    answer: "suppressed",
    fails: ({ intent, policy }) => !policy.ready.includes(intent.channel),
    inputs: ({ policy }) => ({ ready: policy.ready }),
  },
];

function stateOfConsent({ intent, facts }: Question): ConsentState | "none" {
  const key = consentFor(intent.channel);
  return (key && facts.profile.consents[key]?.state) ?? "none";
}

function shareOf({ intent, facts }: Question): number {
  return shareIn(intent.scenario, facts.contact);
}

/** Where a contact stands among all, from 0 to 1: the same for a scenario for ever. */
function shareIn(scenario: string, contact: number): number {
  return stableFraction("holdout", scenario, contact);
}

/** Whether a contact is in a scenario's control group, of whom it is only measured what they do by themselves. */
export function isControl(scenario: string, contact: number, { holdout }: Pick<GatePolicy, "holdout">): boolean {
  return shareIn(scenario, contact) < holdout;
}

/** Whether an intent may become a send, and why. Pure: the same question has the same answer for ever. */
export function decide(intent: Intent, facts: Facts, policy: GatePolicy, now: number): Decision {
  const question = { intent, facts, policy, now };
  const inputs: Record<string, unknown> = {};
  for (const point of POINTS) {
    Object.assign(inputs, point.inputs(question));
    if (!point.fails(question)) continue;
    const until = point.answer === "held" ? now + HOLD : null;
    return { outcome: point.answer, reason: point.reason, until, rule: RULE_VERSION, inputs };
  }
  return { outcome: "send", reason: "permitted", until: null, rule: RULE_VERSION, inputs };
}
