import type { ApplyContext, MergeContext } from "../events/projection";
import type { Consent, ConsentAction, ConsentEntry, ConsentKey, Consents } from "./consent";
import { applyEntry, CONSENT_KEYS } from "./consent";
import { mergeDelivery } from "./delivery";
import { GUEST } from "./identity";
import type { Profile } from "./profile";
import type { Proof } from "./proof";
import { putConsent } from "./proof";

/** Fields that the winner of a merge takes where it has none itself. */
const FIELDS = [
  "externalId",
  "anonymousId",
  "email",
  "phone",
  "firstName",
  "lastName",
  "civility",
  "language",
  "country",
  "timezone",
] as const;
type Field = (typeof FIELDS)[number];

/** What a merge took over of a profile: enough to put everything back. */
export interface TakenProfile {
  readonly status: Profile["status"];
  readonly fields: Readonly<Partial<Record<Field, string>>>;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The birth date, which comes with its age: what it is worth depends on how long it has stood. */
  readonly birthDate?: string | null;
  /** Consents of the winner that the merge changed. */
  readonly consents: Readonly<Partial<Record<ConsentKey, { before: Consent | null; after: Consent }>>>;
  /** All of the winner's consents as they stood right after it: what differs later was said since. */
  readonly standing: Consents;
}

/** Takes the loser's profile into the winner's. What the winner has stays; consents are only narrowed or completed. */
export function mergeProfiles(winner: Profile, loser: Profile, context: MergeContext): TakenProfile {
  const words = Object.entries(mergeConsents(winner, loser)) as [ConsentKey, Consent][];
  const consents: Partial<Record<ConsentKey, { before: Consent | null; after: Consent }>> = {};
  const fields: Partial<Record<Field, string>> = {};
  for (const field of FIELDS) {
    const value = loser[field];
    if (winner[field] !== null || value === null) continue;
    // What stands for a guest's order is no browser of anybody's.
    if (field === "anonymousId" && value.startsWith(GUEST)) continue;
    winner[field] = value;
    fields[field] = value;
  }
  const birthDate = winner.birthDate === null ? loser.birthDate : null;
  if (birthDate !== null) Object.assign(winner, { birthDate, birthDateSetAt: loser.birthDateSetAt });
  const own = winner.attributes;
  const attributes = Object.fromEntries(Object.entries(loser.attributes).filter(([name]) => !Object.hasOwn(own, name)));
  winner.attributes = { ...own, ...attributes };
  for (const [key, word] of words) {
    const before = winner.consents[key] ?? null;
    say(
      winner,
      { key, action: ACTION_OF[word.state], at: word.at },
      context.winner,
      context.id,
      "merge of two contacts",
    );
    const after = winner.consents[key];
    if (after) consents[key] = { before, after };
  }
  winner.delivery = mergeDelivery(winner.delivery, loser.delivery);
  winner.tracked ||= loser.tracked;
  winner.changed = true;
  const { status } = loser;
  loser.status = "merged";
  loser.mergedInto = context.winner.record.id;
  loser.changed = true;
  return { status, fields, attributes, birthDate, consents, standing: winner.consents };
}

/**
 * What the loser's words change in the winner's consents. A withdrawal counts where it is later than the winner's
 * word. A grant counts only for an address that is or becomes the winner's, and never against a withdrawal: a merge
 * is no statement of the person.
 */
export function mergeConsents(winner: Profile, loser: Profile): Consents {
  const words: Partial<Record<ConsentKey, Consent>> = {};
  for (const key of CONSENT_KEYS) {
    const word = loser.consents[key];
    if (word && counts(key, winner.consents[key] ?? null, word, winner, loser)) words[key] = word;
  }
  return words;
}

function counts(key: ConsentKey, known: Consent | null, word: Consent, winner: Profile, loser: Profile): boolean {
  const isOpen = known === null || known.state === "claimed";
  if (word.state === "withdrawn") return isOpen || (known.state === "granted" && known.at <= word.at);
  return word.state === "granted" && isOpen && reachesSame(key, winner, loser);
}

/** Whether a consent was given for an address that the winner has, or has none beside. */
function reachesSame(key: ConsentKey, winner: Profile, loser: Profile): boolean {
  const field = key === "email" ? "email" : key === "sms" ? "phone" : null;
  if (field === null || loser[field] === null) return false;
  return winner[field] === null || winner[field] === loser[field];
}

/** Gives the loser their profile back. What was withdrawn since stays withdrawn with both. */
export function unmergeProfiles(winner: Profile, loser: Profile, taken: TakenProfile, context: MergeContext): void {
  for (const [field, value] of Object.entries(taken.fields) as [Field, string][]) {
    if (winner[field] === value) winner[field] = null;
  }
  if (taken.birthDate && winner.birthDate === taken.birthDate) {
    Object.assign(winner, { birthDate: null, birthDateSetAt: null });
  }
  const kept = Object.entries(winner.attributes).filter(([name, value]) => !isSame(taken.attributes[name], value));
  winner.attributes = Object.fromEntries(kept);
  for (const key of CONSENT_KEYS) {
    const now = winner.consents[key];
    if (now?.state === "withdrawn" && !isSame(now, taken.standing[key])) withdrawToo(loser, key, now, context);
    const change = taken.consents[key];
    if (change && isSame(now, change.after)) putBack(winner, key, change.before, context);
  }
  winner.changed = true;
  loser.status = taken.status;
  loser.mergedInto = null;
  loser.changed = true;
}

function withdrawToo(loser: Profile, key: ConsentKey, word: Consent, context: MergeContext): void {
  if (loser.consents[key]?.state === "withdrawn") return;
  say(loser, { key, action: "withdraw", at: word.at }, context.loser, context.id, "withdrawn while merged");
}

function putBack(winner: Profile, key: ConsentKey, before: Consent | null, context: MergeContext): void {
  const { event } = context.winner;
  say(winner, { key, action: "revert", at: event.at }, context.winner, context.id, "merge undone");
  if (!before) return;
  const entry = { key, action: ACTION_OF[before.state], at: before.at };
  say(winner, entry, context.winner, context.id, "as before the merge");
}

const ACTION_OF: Readonly<Record<Consent["state"], ConsentAction>> = {
  claimed: "claim",
  granted: "grant",
  withdrawn: "withdraw",
};

const NO_PROOF: Omit<Proof, "source"> = {
  wording: null,
  wordingId: null,
  form: null,
  way: "merge",
  origin: null,
  agent: null,
  claimedAt: null,
  sentAt: null,
  clickedAt: null,
};

/** A line of a contact's own by which a merge or its undo changes what it agrees to. */
function say(profile: Profile, entry: ConsentEntry, context: ApplyContext, merge: string, source: string): void {
  profile.consents = applyEntry(profile.consents, entry);
  // Half a place ahead: what the event itself says is said to the contact that the merge makes.
  const at = { ...context, position: context.position - 0.5, event: { ...context.event, id: merge } };
  putConsent(entry, at, { ...NO_PROOF, source });
}

function isSame(left: unknown, right: unknown): boolean {
  return left !== undefined && JSON.stringify(left) === JSON.stringify(right);
}
