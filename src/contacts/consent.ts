/** What a person may be asked for, one by one. The first three are channels of marketing, the others purposes. */
export const CONSENT_KEYS = ["email", "sms", "push", "tracking", "profiling"] as const;
export type ConsentKey = (typeof CONSENT_KEYS)[number];

/** `claimed`: given in a browser whose address nobody has verified yet; it permits nothing. */
export type ConsentState = "claimed" | "granted" | "withdrawn";

export interface Consent {
  readonly state: ConsentState;
  /** When the person said so, epoch ms. */
  readonly at: number;
}

export type Consents = Readonly<Partial<Record<ConsentKey, Consent>>>;

/** One line of the append-only consent ledger. */
export interface ConsentEntry {
  readonly key: ConsentKey;
  readonly action: "grant" | "claim" | "withdraw" | "confirm";
  readonly at: number;
}

/** The channel and purpose that a consent key stands for in the ledger of proofs. */
export function channelAndPurpose(key: ConsentKey): { channel: string; purpose: string } {
  return key === "tracking" || key === "profiling"
    ? { channel: "all", purpose: key }
    : { channel: key, purpose: "marketing" };
}

/** The booleans of `traits.consent`; anything else in it is no statement. */
export function statedConsents(value: unknown): readonly (readonly [ConsentKey, boolean])[] {
  if (typeof value !== "object" || value === null) return [];
  const stated = value as Record<string, unknown>;
  return CONSENT_KEYS.flatMap((key) => (typeof stated[key] === "boolean" ? [[key, stated[key]] as const] : []));
}

/**
 * The consents after somebody stated `given` for `key` at `at`. A withdrawal counts from anyone, at once; a grant
 * counts only from a trusted source, otherwise it is a claim, which never replaces a word that was given. A late
 * event never undoes a later word.
 */
export function stateConsent(
  consents: Consents,
  key: ConsentKey,
  given: boolean,
  trusted: boolean,
  at: number,
): { readonly consents: Consents; readonly entry: ConsentEntry | null } {
  const known = consents[key];
  const action = given ? (trusted ? "grant" : "claim") : "withdraw";
  const entry: ConsentEntry = { key, action, at };
  const state: ConsentState = given ? (trusted ? "granted" : "claimed") : "withdrawn";
  if (known?.state === state) return { consents, entry: state === "claimed" ? null : entry };
  if (state === "claimed" && known) return { consents, entry };
  if (known && known.at > at && known.state !== "claimed" && given) return { consents, entry };
  return { consents: { ...consents, [key]: { state, at } }, entry };
}

/** Turns claims into grants: the address they were made for is verified now. */
export function confirmClaims(consents: Consents): {
  readonly consents: Consents;
  readonly entries: readonly ConsentEntry[];
} {
  const entries: ConsentEntry[] = [];
  const confirmed: Partial<Record<ConsentKey, Consent>> = { ...consents };
  for (const key of CONSENT_KEYS) {
    const consent = consents[key];
    if (consent?.state !== "claimed") continue;
    confirmed[key] = { state: "granted", at: consent.at };
    entries.push({ key, action: "confirm", at: consent.at });
  }
  return { consents: confirmed, entries };
}

/** True where marketing (or the purpose) is permitted now. */
export function isGranted(consents: Consents, key: ConsentKey): boolean {
  return consents[key]?.state === "granted";
}
