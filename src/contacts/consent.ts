/** What a person may be asked for, one by one. The first three are channels of marketing, the others purposes. */
export const CONSENT_KEYS = ["email", "sms", "push", "tracking", "profiling", "partner"] as const;
export type ConsentKey = (typeof CONSENT_KEYS)[number];

/** What ends where a person wants no more news and offers. */
const MARKETING: Readonly<Record<ConsentKey, boolean>> = {
  email: true,
  sms: true,
  push: true,
  tracking: false,
  profiling: false,
  partner: true,
};

/** True for a consent to news and offers, ours or others'; false for one to what is done with data. */
export function isMarketing(key: ConsentKey): boolean {
  return MARKETING[key];
}

/** `claimed`: given by somebody whose address nobody has verified yet; it permits nothing. */
export type ConsentState = "claimed" | "granted" | "withdrawn";

export interface Consent {
  readonly state: ConsentState;
  /** When the person said so, epoch ms. */
  readonly at: number;
}

export type Consents = Readonly<Partial<Record<ConsentKey, Consent>>>;

/**
 * `confirm`: the address of a claim was verified; `confirm_doi`: by a double opt-in, the person's word of now. `overtaken`:
 * a withdrawal that the shop dates before the grant that is known, and that changes nothing. `revert`: a merge was undone,
 * and what was said before it stands again, by a line behind this one.
 */
export type ConsentAction = "grant" | "claim" | "withdraw" | "overtaken" | "confirm" | "confirm_doi" | "revert";

/** One line of the append-only consent ledger. */
export interface ConsentEntry {
  readonly key: ConsentKey;
  readonly action: ConsentAction;
  readonly at: number;
}

/** A line with its place: the journal number of its request, and the place of its event in the request. */
export interface ConsentLine extends ConsentEntry {
  readonly seq: number;
  readonly position: number;
}

const CHANNELS: ReadonlySet<string> = new Set(["email", "sms", "push"]);

/** The channel and purpose that a consent key stands for in the ledger of proofs. */
export function channelAndPurpose(key: ConsentKey): { channel: string; purpose: string } {
  return CHANNELS.has(key) ? { channel: key, purpose: "marketing" } : { channel: "all", purpose: key };
}

/** The consent key behind a channel and purpose; null for a pair that stands for none. */
export function consentKeyOf(channel: string, purpose: string): ConsentKey | null {
  const key = purpose === "marketing" ? channel : purpose;
  return CONSENT_KEYS.find((known) => known === key) ?? null;
}

/** The booleans of `traits.consent`; anything else in it is no statement. */
export function statedConsents(value: unknown): readonly (readonly [ConsentKey, boolean])[] {
  if (typeof value !== "object" || value === null) return [];
  const stated = value as Record<string, unknown>;
  return CONSENT_KEYS.flatMap((key) => (typeof stated[key] === "boolean" ? [[key, stated[key]] as const] : []));
}

type Rule = (known: Consent | undefined, at: number) => Consent | undefined;

/** Whether a word that was given counts more than one of `at`. A claim is no word yet. */
function standsAgainst(known: Consent | undefined, at: number): boolean {
  return known !== undefined && known.state !== "claimed" && known.at > at;
}

/** What each line of the ledger makes of the state before it. */
const RULES = {
  revert: () => undefined,
  // A claim never replaces a word that was given.
  claim: (known, at) => known ?? { state: "claimed", at },
  // A withdrawal counts from anyone, at once, and it counts against all that was known when it came.
  withdraw: (known, at) => ({ state: "withdrawn", at: Math.max(at, known?.at ?? at) }),
  overtaken: (known) => known,
  // Said again it is as old as the last time, so that what was withdrawn in between does not undo it.
  grant: (known, at) => {
    const stands = known?.state === "granted" ? known.at >= at : standsAgainst(known, at);
    return stands ? known : { state: "granted", at };
  },
  confirm: (known, at) => (known && known.state !== "claimed" && known.at >= at ? known : { state: "granted", at }),
  confirm_doi: (known, at) => (standsAgainst(known, at) ? known : { state: "granted", at }),
} as const satisfies Record<ConsentAction, Rule>;

/** The consents after one more line of the ledger; the same object where it changes nothing. */
export function applyEntry(consents: Consents, { key, action, at }: ConsentEntry): Consents {
  const known = consents[key];
  const next: Consent | undefined = RULES[action](known, at);
  if (next?.state === known?.state && next?.at === known?.at) return consents;
  const { [key]: _known, ...others } = consents;
  return next ? { ...others, [key]: next } : others;
}

/** Within one event: what was claimed before is confirmed first, then comes what the event itself says. */
const TURN: Readonly<Record<ConsentAction, number>> = {
  revert: 0,
  confirm: 1,
  confirm_doi: 2,
  claim: 3,
  grant: 4,
  overtaken: 5,
  withdraw: 6,
};

function inOrder(a: ConsentLine, b: ConsentLine): number {
  return a.seq - b.seq || a.position - b.position || TURN[a.action] - TURN[b.action];
}

/** The state that a ledger amounts to, in whatever order its lines are read and however often each. */
export function foldConsents(lines: readonly ConsentLine[]): Consents {
  const unique = new Map(lines.map((line) => [`${line.seq}|${line.position}|${line.key}|${line.action}`, line]));
  return [...unique.values()].sort(inOrder).reduce<Consents>(applyEntry, {});
}

/**
 * The consents after somebody stated `given` for `key` at `at`, and the line that it leaves. A withdrawal counts from
 * anyone, at once; a grant counts only from a trusted source, otherwise it is a claim. A late event never undoes a
 * later word; a withdrawal only where it is `dated` by the shop, as nobody else's word on when it was is good enough. A
 * claim that was made before leaves no second line.
 */
export function stateConsent(
  consents: Consents,
  key: ConsentKey,
  given: boolean,
  trusted: boolean,
  at: number,
  dated = false,
): { readonly consents: Consents; readonly entry: ConsentEntry | null } {
  const known = consents[key];
  const isOvertaken = dated && known?.state === "granted" && known.at > at;
  const no = isOvertaken ? "overtaken" : "withdraw";
  const entry: ConsentEntry = { key, action: given ? (trusted ? "grant" : "claim") : no, at };
  const isRepeat = entry.action === "claim" && known?.state === "claimed";
  return { consents: applyEntry(consents, entry), entry: isRepeat ? null : entry };
}

/**
 * Whether a person has said no, so that no file says yes in their place, whatever date it gives. A refusal without a
 * date (epoch 0) came out of a file itself and is no word that anybody is known to have given.
 */
export function refusesFiles(consents: Consents, key: ConsentKey): boolean {
  const known = consents[key];
  return known?.state === "withdrawn" && known.at > 0;
}

/** Turns claims into grants: the address they were made for is verified now. */
export function confirmClaims(consents: Consents): {
  readonly consents: Consents;
  readonly entries: readonly ConsentEntry[];
} {
  const entries = CONSENT_KEYS.flatMap((key): ConsentEntry[] => {
    const consent = consents[key];
    return consent?.state === "claimed" ? [{ key, action: "confirm", at: consent.at }] : [];
  });
  return { consents: entries.reduce<Consents>(applyEntry, consents), entries };
}

/** True where marketing (or the purpose) is permitted now. */
export function isGranted(consents: Consents, key: ConsentKey): boolean {
  return consents[key]?.state === "granted";
}
