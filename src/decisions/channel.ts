import type { ConsentKey } from "../contacts/consent";
import { postalLines } from "../contacts/postal";
import type { Profile } from "../contacts/profile";

/** What has to be there before anything leaves on a channel. */
interface ChannelTerms {
  /** Where a message to somebody goes; null where it cannot. */
  readonly address: (profile: Profile) => string | null;
  /** The column of `contacts` that says the same; none for what is put together of several parts. */
  readonly column?: "email" | "phone" | "external_id";
  /** The consent that marketing on it needs. */
  readonly consent: ConsentKey;
}

/** Channels that messages leave on. */
export const CHANNEL_KEYS = ["email", "sms", "push", "wallet", "print"] as const;

/** By key of the channel. */
const TERMS: Readonly<Record<(typeof CHANNEL_KEYS)[number], ChannelTerms>> = {
  email: { address: ({ email }) => email, column: "email", consent: "email" },
  sms: { address: ({ phone }) => phone, column: "phone", consent: "sms" },
  // Devices and passes come with their providers: until then they go by who somebody is to the shop.
  push: { address: ({ externalId }) => externalId, column: "external_id", consent: "push" },
  // A pass that is changed shows up on the telephone as any notification does.
  wallet: { address: ({ externalId }) => externalId, column: "external_id", consent: "push" },
  // The law asks for none; whoever wants no news by email wants none by post either.
  print: { address: postalLines, consent: "email" },
};

/** Where a message of a channel reaches somebody; null where it does not, or where there is no such channel. */
export function addressFor(profile: Profile, channel: string): string | null {
  return termsOf(channel)?.address(profile) ?? null;
}

/** The consent that marketing on a channel needs; null for a channel that there is none of. */
export function consentFor(channel: string): ConsentKey | null {
  return termsOf(channel)?.consent ?? null;
}

function termsOf(channel: string): ChannelTerms | undefined {
  return Object.hasOwn(TERMS, channel) ? TERMS[channel as (typeof CHANNEL_KEYS)[number]] : undefined;
}

/** SQL for where a message of a channel reaches the contact `c` now; `known` stands for what no column says. */
export function addressSql(channel: string, known: string): string {
  const cases = Object.entries(TERMS).map(([key, { column }]) => (column ? `WHEN '${key}' THEN c.${column} ` : ""));
  return `CASE ${channel} ${cases.join("")}ELSE ${known} END`;
}

/** SQL for the consent that marketing on a channel needs; `channel` is an expression. A channel that there is none of has a consent that nobody gave. */
export function consentSql(channel: string): string {
  const cases = Object.entries(TERMS).map(([key, { consent }]) => `WHEN '${key}' THEN '${consent}'`);
  return `CASE ${channel} ${cases.join(" ")} ELSE 'none' END`;
}
