import * as z from "zod";
import type { ApplyContext } from "../events/projection";
import { applyEntry, CONSENT_KEYS, type ConsentKey } from "./consent";
import { preferencesChange, withPreferences } from "./preferences";
import { type Profile, setField } from "./profile";
import type { Proof } from "./proof";
import { proofOf, putConsent, putWording } from "./proof";
import { readTraits } from "./traits";

/**
 * Double opt-in. What a form says of an address is kept under a contact of its own, the *subscriber* of that address,
 * and touches nobody else: whoever types an address neither learns nor changes anything about the person behind it.
 * When the link in the confirmation is used, the address's own contact takes the words over with their proof.
 */
export const OPTIN = "optin";

/** How long a confirmation can be used. */
export const OPTIN_DAYS = 7;
/** How long a subscription is kept that nobody confirmed, and the traces of one that somebody did. */
export const SUBSCRIPTION_DAYS = 30;

const wording = z.object({ key: z.string(), language: z.string(), text: z.string() });
const names = z.object({
  first_name: z.string().nullish(),
  language: z.string().nullish(),
  topics: z.array(z.string()).nullish(),
});

/** Properties of `subscription.requested`: what somebody said in a form. */
export const requested = names.extend({
  channel: z.enum(["email", "sms"]),
  address: z.string(),
  consents: z.array(z.enum(CONSENT_KEYS)),
  /** What stood beside each box. */
  wordings: z.partialRecord(z.enum(CONSENT_KEYS), wording).optional(),
  /** Number that the same form gave, which confirms itself by a code. */
  phone: z.string().nullish(),
});
export type Requested = z.infer<typeof requested>;

const proven = z.object({
  key: z.enum(CONSENT_KEYS),
  wording: z.string().nullable(),
  wording_id: z.string().nullable(),
  source: z.string().nullable(),
  form: z.string().nullable(),
  origin: z.string().nullable(),
  agent: z.string().nullable(),
  claimed_at: z.number(),
});
/** One consent with the proof of its claim. Times are epoch ms. */
export type Proven = z.infer<typeof proven>;

/** Properties of `subscription.confirmed`: who had the message in their hands pressed the button. */
export const confirmed = names.extend({
  channel: z.enum(["email", "sms"]),
  consents: z.array(proven),
  sent_at: z.number(),
  clicked_at: z.number(),
  phone: z.string().nullish(),
});
export type Confirmed = z.infer<typeof confirmed>;

type Change = (profile: Profile, context: ApplyContext) => void;

/** What is kept with a subscriber until the subscription is confirmed. */
export interface Pending {
  readonly topics?: readonly string[];
  readonly phone?: string;
}

/** What a subscriber's form said beside its consents. */
export function pendingOf(profile: Pick<Profile, "attributes">): Pending {
  return (profile.attributes["optin"] ?? {}) as Pending;
}

/** What our own events change about a contact. */
export const OWN_EVENTS: Readonly<Record<string, Change>> = {
  "subscription.requested": request,
  "subscription.confirmed": confirm,
  "subscription.done": finish,
  "preferences.changed": (profile, { event }) => {
    const change = preferencesChange.parse(event.properties ?? {});
    setField(profile, "attributes", withPreferences(profile.attributes, change));
  },
};

function request(profile: Profile, context: ApplyContext): void {
  const { event, rows } = context;
  const { channel, address, consents, wordings = {}, phone, topics, ...said } = requested.parse(event.properties);
  setField(profile, channel === "email" ? "claimedEmail" : "phone", address);
  for (const [field, value] of fieldsOf(said)) setField(profile, field, value);
  const pending = { ...pendingOf(profile), ...(topics && { topics }), ...(phone && { phone }) };
  if (Object.keys(pending).length > 0) setField(profile, "attributes", { ...profile.attributes, optin: pending });
  for (const key of consents) {
    const shown = wordings[key];
    const wordingId = shown ? putWording(shown, event.at, rows) : null;
    // Every request leaves its line: the wording of the one that is confirmed is what was agreed to.
    speak(profile, key, "claim", event.at, { ...proofOf(event), wordingId }, context);
  }
}

function confirm(profile: Profile, context: ApplyContext): void {
  const { event } = context;
  const { consents, sent_at, clicked_at, phone, topics, channel, ...said } = confirmed.parse(event.properties);
  for (const [field, value] of fieldsOf(said)) if (profile[field] === null) setField(profile, field, value);
  if (phone) setField(profile, "phone", phone);
  if (topics) setField(profile, "attributes", withPreferences(profile.attributes, { topics }));
  for (const { key, wording_id, claimed_at, ...rest } of consents) {
    const times = { claimedAt: claimed_at, sentAt: sent_at, clickedAt: clicked_at };
    const proof: Proof = { ...rest, ...times, wordingId: wording_id, way: "double_opt_in" };
    speak(profile, key, "confirm_doi", clicked_at, proof, context);
  }
  const properties = { channel };
  context.happen({ type: "event", at: event.at, id: event.id, name: event.name, properties });
}

/** The subscriber's side of a confirmation: its claims have found their person, who alone goes by the address now. */
function finish(profile: Profile, context: ApplyContext): void {
  const { at, properties } = context.event;
  const { consents } = z.object({ consents: z.array(z.enum(CONSENT_KEYS)) }).parse(properties);
  const proof = { ...proofOf(context.event), way: "double_opt_in" as const };
  for (const key of consents) speak(profile, key, "confirm_doi", at, proof, context);
  setField(profile, "claimedEmail", null);
  setField(profile, "phone", null);
}

function speak(
  profile: Profile,
  key: ConsentKey,
  action: "claim" | "confirm_doi",
  at: number,
  proof: Proof,
  context: ApplyContext,
): void {
  const entry = { key, action, at };
  setField(profile, "consents", applyEntry(profile.consents, entry));
  putConsent(entry, context, proof);
}

function fieldsOf({ first_name, language }: { first_name?: string | null | undefined; language?: unknown }) {
  return readTraits({ first_name, language }, false).fields;
}
