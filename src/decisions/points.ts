import { countryOfPhone } from "../contacts/address";
import type { ConsentState } from "../contacts/consent";
import type { SuppressionKind } from "../contacts/delivery";
import { suppressionOf } from "../contacts/delivery";
import { isSnoozed, preferencesOf } from "../contacts/preferences";
import { MINUTE } from "../shared/clock";
import { stableFraction } from "../shared/ids";
import { localDate } from "../shared/wall-time";
import { fullCap } from "./caps";
import { addressFor, consentFor } from "./channel";
import { mailboxOf } from "./mailbox";
import type { Question } from "./question";
import { isMarketing, lastMoment } from "./question";
import { opensAt, placeOf } from "./window";

/** One point of the gate. */
export interface Point {
  /** Stored with the decision when this point stops or holds the message. */
  readonly reason: string;
  readonly fails: (question: Question) => boolean;
  /** Until when it waits (epoch ms); null where it stops. A point without it always stops. */
  readonly until?: (question: Question) => number | null;
  /** The reason of one that stops, where that is another one. */
  readonly stops?: (question: Question) => string;
  readonly inputs: (question: Question) => Readonly<Record<string, unknown>>;
}

const HOLD = 5 * MINUTE;
const soon = ({ now }: Question): number => now + HOLD;
/** Until a moment if that is not too late; in the end it stops. */
const within =
  (at: (question: Question) => number | null) =>
  (question: Question): number | null => {
    const moment = at(question);
    return moment !== null && moment <= lastMoment(question) ? moment : null;
  };

const OVER_AND_OUT: readonly Point[] = [
  {
    reason: "kill_switch",
    fails: ({ intent, policy }) => policy.killed.includes("all") || policy.killed.includes(intent.channel),
    until: soon,
    inputs: ({ policy }) => ({ killed: policy.killed }),
  },
  {
    reason: "erased",
    fails: ({ facts }) => facts.profile.status === "erased",
    inputs: () => ({}),
  },
  {
    reason: "retention_over",
    fails: ({ facts }) => facts.profile.status === "expired",
    inputs: () => ({}),
  },
  {
    reason: "identity_unverified",
    fails: ({ facts }) => facts.profile.status !== "verified",
    inputs: ({ facts }) => ({ status: facts.profile.status }),
  },
  {
    reason: "address_missing",
    fails: ({ intent, facts }) => addressFor(facts.profile, intent.channel) === null,
    inputs: ({ intent, facts }) => ({
      channel: intent.channel,
      has_address: addressFor(facts.profile, intent.channel) !== null,
    }),
  },
];

const ALLOWED: readonly Point[] = [
  {
    reason: "suppressed_address",
    fails: (question) => (suppressedBy(question) ?? "complaint") !== "complaint",
    inputs: (question) => {
      const suppressed = suppressedBy(question);
      return suppressed === null ? {} : { suppressed };
    },
  },
  {
    reason: "suppressed_complaint",
    fails: (question) => suppressedBy(question) === "complaint",
    inputs: () => ({}),
  },
  {
    reason: "no_consent",
    fails: (question) => isMarketing(question) && stateOfConsent(question) !== "granted",
    inputs: (question) => ({ consent: stateOfConsent(question) }),
  },
  {
    // Not held: what was worth a message before the pause is stale after it.
    reason: "snoozed",
    fails: (question) => isMarketing(question) && isSnoozed(question.facts.profile, question.now),
    inputs: ({ facts }) => {
      const { snoozedUntil } = preferencesOf(facts.profile);
      return snoozedUntil > 0 ? { snoozed_until: snoozedUntil } : {};
    },
  },
  {
    reason: "sms_country",
    fails: (question) => question.intent.channel === "sms" && !isServed(question),
    inputs: (question) => (question.intent.channel === "sms" ? { sms_country: countryOfNumber(question) } : {}),
  },
  {
    reason: "under_age",
    fails: (question) => isMarketing(question) && isUnderAge(question),
    inputs: ({ facts, policy }) =>
      facts.profile.birthDate === null ? {} : { minimum_age: policy.sending?.minimumAge ?? 0 },
  },
  {
    reason: "too_late",
    fails: ({ intent, policy, now }) => now - intent.plannedAt > policy.maxLatenessMs,
    stops: ({ intent }) => (intent.heldFor === "frequency_cap" ? "lost_arbitration" : "too_late"),
    inputs: ({ intent, now }) => ({ late_ms: Math.max(0, now - intent.plannedAt) }),
  },
  {
    reason: "control_group",
    fails: (question) => isMarketing(question) && shareOf(question) < question.policy.holdout,
    inputs: (question) => ({ holdout: question.policy.holdout, share: shareOf(question) }),
  },
];

const TIMELY: readonly Point[] = [
  {
    // Held until the window opens where that is early enough, else dropped (mission §9.3).
    reason: "quiet_hours",
    fails: (question) => openingOf(question) !== question.now,
    until: within(openingOf),
    inputs: (question) => {
      const { sending } = question.policy;
      if (!sending?.windows?.channels.includes(question.intent.channel)) return {};
      const { country, zones } = placeOf(question.facts.profile, question.intent.channel, question.facts.shop.zone);
      const opens = openingOf(question);
      return { ...(country !== null && { country }), zones, ...(opens !== null && { opens_at: opens }) };
    },
  },
  {
    // Held as long as the message makes sense: what fills the cap may come to nothing.
    reason: "frequency_cap",
    fails: (question) => capOf(question) !== null,
    until: (question) => {
      const last = lastMoment(question);
      return question.now < last ? Math.min(capOf(question)?.freeAt ?? last, last) : null;
    },
    stops: ({ intent }) => (intent.heldFor === "frequency_cap" ? "lost_arbitration" : "frequency_cap"),
    inputs: (question) => {
      const { value, priority } = question.intent;
      const worth = value === undefined ? {} : { priority, expected_value: value };
      const full = capOf(question);
      if (!full) return worth;
      const { channel, count, withinMs } = full.cap;
      const cap = { cap_channel: channel, cap_count: count, cap_ms: withinMs, weight: weightOf(question) };
      return { ...worth, ...cap, used: full.used, ...(full.freeAt !== null && { free_at: full.freeAt }) };
    },
  },
  {
    // What is frozen with the message is what is known now: the renderer would find the same, after a permit for nothing.
    reason: "content_cannot_be_personalised",
    fails: (question) => lackOf(question) !== null,
    stops: (question) => `content_cannot_be_personalised: ${lackOf(question)}`,
    inputs: ({ intent, policy }) => {
      const needs = policy.needs?.[intent.content] ?? [];
      return needs.length === 0 ? {} : { needs };
    },
  },
  {
    reason: "coupon_over",
    fails: ({ intent, now }) => (intent.about?.couponUntil ?? Number.POSITIVE_INFINITY) <= now,
    inputs: ({ intent }) => (intent.about?.couponUntil === undefined ? {} : { coupon_until: intent.about.couponUntil }),
  },
  {
    reason: "sender_not_ready",
    fails: ({ intent, policy }) => !policy.ready.includes(intent.channel),
    inputs: ({ policy }) => ({ ready: policy.ready }),
  },
  {
    reason: "mailbox_spared",
    fails: (question) => isMarketing(question) && mailboxBrake(question) > question.now,
    until: (question) => Math.min(mailboxBrake(question), lastMoment(question) + 1),
    inputs: ({ intent, facts }) =>
      intent.channel === "email" && facts.profile.email !== null ? { mailbox: mailboxOf(facts.profile.email) } : {},
  },
  {
    reason: "provider_paused",
    fails: (question) => providerBrake(question) > question.now,
    until: (question) => Math.min(providerBrake(question), lastMoment(question) + 1),
    inputs: ({ intent, policy }) =>
      policy.brakes?.[intent.channel] ? { paused_until: policy.brakes[intent.channel] } : {},
  },
];

/**
 * The points of the gate in the order of the security specification; the first that fails decides. Point 2 is the id of a
 * send, which is decided once; 3 is asked by whoever ends a run and by the permit; what only the database knows (4, 14)
 * is asked by the permit alone, and what a text makes of its data is seen when it is rendered. 19 blocks nothing: the consent to tracking is frozen with the message.
 */
export const POINTS: readonly Point[] = [...OVER_AND_OUT, ...ALLOWED, ...TIMELY];

/** What a content needs and the contact has not, by the renderer's own words; null where nothing is missing. */
function lackOf({ intent, facts, policy }: Question): "cart_missing" | "cart_empty" | "order_missing" | null {
  const needs = policy.needs?.[intent.content] ?? [];
  const { cart, orders } = facts.commerce;
  if (needs.includes("order") && orders.length === 0) return "order_missing";
  if (!needs.includes("cart")) return null;
  if (!cart) return "cart_missing";
  return cart.lines.length === 0 ? "cart_empty" : null;
}

function suppressedBy({ intent, facts }: Question): SuppressionKind | null {
  return suppressionOf(facts.profile, intent.channel, intent.class);
}

function stateOfConsent({ intent, facts }: Question): ConsentState | "none" {
  const key = consentFor(intent.channel);
  return (key && facts.profile.consents[key]?.state) ?? "none";
}

function countryOfNumber({ facts }: Question): string | null {
  return facts.profile.phone === null ? null : countryOfPhone(facts.profile.phone);
}

/** A number of no country, or of one that the shop does not write to. */
function isServed(question: Question): boolean {
  const country = countryOfNumber(question);
  const served = question.policy.sending?.smsCountries ?? null;
  return country !== null && (served === null || served.includes(country));
}

/** By the shop's calendar; nobody is under an age who never said when they were born. */
function isUnderAge({ facts, policy, now }: Question): boolean {
  const { birthDate } = facts.profile;
  const age = policy.sending?.minimumAge ?? 0;
  if (birthDate === null || age === 0) return false;
  const today = localDate(now, facts.shop.zone);
  const birthday = `${Number(birthDate.slice(0, 4)) + age}${birthDate.slice(4)}`;
  return today < birthday;
}

function openingOf({ intent, facts, policy, now }: Question): number | null {
  return opensAt(policy.sending?.windows ?? null, facts.profile, intent, facts.shop.zone, now);
}

function weightOf({ intent }: Question): number {
  return intent.weight ?? 1;
}

function capOf(question: Question): ReturnType<typeof fullCap> {
  const { intent, policy, attempts, now } = question;
  if (!policy.sending || !isMarketing(question)) return null;
  return fullCap(policy.sending, attempts, { channel: intent.channel, weight: weightOf(question) }, now);
}

function mailboxBrake({ intent, facts, policy }: Question): number {
  const { email } = facts.profile;
  return intent.channel === "email" && email !== null ? (policy.mailboxes?.[mailboxOf(email)] ?? 0) : 0;
}

function providerBrake({ intent, policy }: Question): number {
  return policy.brakes?.[intent.channel] ?? 0;
}

function shareOf({ intent, facts }: Question): number {
  return shareIn(intent.scenario, facts.contact);
}

/** Where a contact stands among all, from 0 to 1: the same for a scenario for ever. */
export function shareIn(scenario: string, contact: number): number {
  return stableFraction("holdout", scenario, contact);
}
