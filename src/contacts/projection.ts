import type { LedgerEvent } from "../events/event";
import { isFromServer, isTrusted } from "../events/event";
import type { ApplyContext, Projection } from "../events/projection";
import { normaliseEmail, normalisePhone } from "./address";
import { withBrowser } from "./browsers";
import { applyChange, CHANGED } from "./change";
import type { ConsentEntry, Consents } from "./consent";
import { channelAndPurpose, confirmClaims, stateConsent, statedConsents } from "./consent";
import { verifiedEmail } from "./identity";
import type { TakenProfile } from "./merge";
import { mergeProfiles, unmergeProfiles } from "./merge";
import type { Profile } from "./profile";
import { emptyProfile } from "./profile";
import { readTraits } from "./traits";

/** Profile, identities and consents out of events. */
export const contactsProjection: Projection<Profile> = {
  empty: emptyProfile,
  copy: (profile) => ({ ...profile, changed: false }),
  apply(profile, context) {
    const { event } = context;
    if (profile.createdAt === 0) profile.createdAt = event.at;
    if (profile.anonymousId === null && event.anon !== undefined) set(profile, "anonymousId", event.anon);
    if (event.type === "internal") applyInternal(profile, context);
    if (bringsBrowser(profile, context)) set(profile, "browsers", withBrowser(profile.browsers, context.receivedAt));
    if (isTrusted(event) && event.type !== "internal") verify(profile, context);
    if (event.traits) applyTraits(profile, context);
  },
  absorb(profile, visitor, context) {
    visitor.status = "merged";
    visitor.mergedInto = context.record.id;
    visitor.changed = true;
    const email = verifiedEmail(context.event);
    if (visitor.claimedEmail !== null && (visitor.claimedEmail === profile.email || visitor.claimedEmail === email)) {
      takeClaims(profile, visitor.consents, context);
    }
    for (const key of ["phone", "firstName", "lastName", "language", "country", "timezone"] as const) {
      if (profile[key] === null && visitor[key] !== null) set(profile, key, visitor[key]);
    }
  },
  merge: mergeProfiles,
  unmerge: (winner, loser, taken, context) => unmergeProfiles(winner, loser, taken as TakenProfile, context),
};

/** Whether a browser comes to a person by this event: a new one, or that of a visitor who becomes known. */
function bringsBrowser(profile: Profile, { event, links }: ApplyContext): boolean {
  if (!isTrusted(event) || event.trust === "import" || event.anon === undefined) return false;
  return links.includes(`a:${event.anon}`) || profile.status === "anonymous";
}

function set<Key extends keyof Profile>(profile: Profile, key: Key, value: Profile[Key]): void {
  if (profile[key] === value) return;
  profile[key] = value;
  profile.changed = true;
}

function verify(profile: Profile, context: ApplyContext): void {
  const { event } = context;
  const email = verifiedEmail(event);
  if (event.user !== undefined && profile.externalId === null) set(profile, "externalId", event.user);
  if (profile.status !== "verified") {
    set(profile, "status", "verified");
    set(profile, "verifiedBy", event.id);
    context.happen({ type: "identified", at: event.at });
  }
  if (email === null || email === profile.email) return;
  const claimed = profile.claimedEmail === email;
  set(profile, "email", email);
  set(profile, "claimedEmail", null);
  if (claimed) takeClaims(profile, profile.consents, context);
}

function takeClaims(profile: Profile, claims: Consents, context: ApplyContext): void {
  const { consents, entries } = confirmClaims(claims);
  for (const entry of entries) {
    const known = profile.consents[entry.key];
    // A claim that is older than a word given since changes nothing.
    if (known && known.state !== "claimed" && known.at >= entry.at) continue;
    const confirmed = consents[entry.key];
    if (!confirmed) continue;
    set(profile, "consents", { ...profile.consents, [entry.key]: confirmed });
    putConsent(entry, context, null, "verified address");
  }
}

function applyTraits(profile: Profile, context: ApplyContext): void {
  const { event } = context;
  const trusted = isTrusted(event);
  const traits = readTraits(event.traits ?? {}, isFromServer(event));
  for (const [key, value] of traits.fields) set(profile, key, value);
  if (Object.keys(traits.attributes).length > 0) {
    set(profile, "attributes", { ...profile.attributes, ...traits.attributes });
  }
  const phone = normalisePhone(event.traits?.["phone"], profile.country);
  if (phone !== null) set(profile, "phone", phone);
  if (!trusted) claimEmail(profile, event);
  const wording = text(event.traits?.["consent_wording"]);
  const source = text(event.traits?.["consent_source"]);
  const at = consentTime(event);
  for (const [key, given] of statedConsents(event.traits?.["consent"])) {
    const { consents, entry } = stateConsent(profile.consents, key, given, trusted, at);
    const changed = consents !== profile.consents;
    if (changed) set(profile, "consents", consents);
    if (entry) putConsent(entry, context, wording, source);
    if (changed && !given) context.happen({ type: "withdrawal", at: event.at, key });
  }
}

/** An import states when its consents were given; elsewhere a consent is as old as its event. */
function consentTime(event: LedgerEvent): number {
  const stated = event.traits?.["consent_at"];
  return event.trust === "import" && typeof stated === "number" ? stated : event.at;
}

function claimEmail(profile: Profile, event: LedgerEvent): void {
  const email = normaliseEmail(event.traits?.["email"]);
  if (email !== null && email !== profile.email) set(profile, "claimedEmail", email);
}

/** Whether one of our own events gives or takes back a consent. */
const GIVEN: Readonly<Record<string, boolean>> = { "consent.granted": true, "consent.withdrawn": false };

/** Our own events: what a person did through a link of ours, or an admin through the API, who states the proof. */
function applyInternal(profile: Profile, context: ApplyContext): void {
  const { name, at, properties } = context.event;
  if (name === CHANGED) applyChange(profile, properties ?? {});
  const given = GIVEN[name];
  const key = properties?.["consent"];
  if (given === undefined || typeof key !== "string") return;
  for (const [stated] of statedConsents({ [key]: given })) {
    const { consents, entry } = stateConsent(profile.consents, stated, given, true, at);
    set(profile, "consents", consents);
    if (entry) putConsent(entry, context, text(properties?.["wording"]), text(properties?.["source"]));
    if (!given) context.happen({ type: "withdrawal", at, key: stated });
  }
}

function putConsent(entry: ConsentEntry, context: ApplyContext, wording: string | null, source: string | null): void {
  const { record, event, receivedAt, rows } = context;
  const { channel, purpose } = channelAndPurpose(entry.key);
  const row = [
    record.id,
    event.id,
    channel,
    purpose,
    entry.action,
    entry.at,
    receivedAt,
    wording,
    source,
    event.trust,
    event.origin ?? null,
  ];
  rows.put("consent_events", `${record.id}|${event.id}|${channel}|${purpose}|${entry.action}`, row);
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value.slice(0, 500) : null;
}
