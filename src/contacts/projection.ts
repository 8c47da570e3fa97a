import type { LedgerEvent } from "../events/event";
import { isFromServer, isHistory, isTrusted } from "../events/event";
import type { ApplyContext, Projection } from "../events/projection";
import { normaliseEmail, normalisePhone } from "./address";
import { readBirthDate, stateBirthDate } from "./birth-date";
import { withBrowser } from "./browsers";
import { applyChange, CHANGED } from "./change";
import type { Consents } from "./consent";
import { applyEntry, confirmClaims, refusesFiles, stateConsent, statedConsents } from "./consent";
import { DELIVERY_EVENTS } from "./delivery-events";
import { isGuests, verifiedEmail } from "./identity";
import type { TakenProfile } from "./merge";
import { mergeProfiles, unmergeProfiles } from "./merge";
import { namesOf } from "./names";
import type { Profile } from "./profile";
import { emptyProfile, setField as set } from "./profile";
import { proofOf, putConsent } from "./proof";
import { tellSaid } from "./said";
import { OWN_EVENTS } from "./subscription";
import { readTraits } from "./traits";

/** Profile, identities and consents out of events. */
export const contactsProjection: Projection<Profile> = {
  empty: emptyProfile,
  copy: (profile) => ({ ...profile, changed: false }),
  apply(profile, context) {
    const { event } = context;
    const { consents, attributes } = profile;
    if (profile.createdAt === 0) profile.createdAt = event.at;
    const isOutdated = event.state === true && event.at < (profile.statedAt ?? event.at);
    if (event.state === true && !isOutdated) set(profile, "statedAt", event.at);
    if (profile.anonymousId === null && event.anon !== undefined) set(profile, "anonymousId", event.anon);
    if (bringsBrowser(profile, context)) set(profile, "browsers", withBrowser(profile.browsers, context.receivedAt));
    // Of our own events only those that name an address vouch for it.
    const isVouchedFor = isTrusted(event) && (event.type !== "internal" || event.email !== undefined);
    if (isVouchedFor && !isGuests(event)) verify(profile, context);
    if (event.type === "internal") applyInternal(profile, context);
    if (event.traits && !isOutdated) applyTraits(profile, context);
    tellSaid({ consents, attributes }, profile, context);
  },
  forget(profile, { event, record, rows, happen }) {
    const { request, bars } = event.properties ?? {};
    const names = JSON.stringify(namesOf(profile));
    const row = [record.id, request, event.at, bars === false ? 0 : 1, names];
    // Emptied again, as after a restore: what it was known by then is gone, and what was noted first stays.
    rows.put("erased_contacts", record.id, row);
    if (profile.tracked) happen({ type: "erased", at: event.at });
    return { ...emptyProfile(), status: bars === false ? "expired" : "erased", createdAt: event.at };
  },
  absorb(profile, visitor, context) {
    visitor.status = "merged";
    visitor.mergedInto = context.record.id;
    visitor.changed = true;
    const email = verifiedEmail(context.event);
    if (visitor.claimedEmail !== null && (visitor.claimedEmail === profile.email || visitor.claimedEmail === email)) {
      const { consents, attributes } = profile;
      takeClaims(profile, visitor.consents, context);
      tellSaid({ consents, attributes }, profile, context);
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
  // Whoever was found by an address that was theirs goes by another one since.
  const isFormer = event.user === undefined && event.contact === undefined && !context.links.includes(`e:${email}`);
  if (profile.email !== null && isFormer) return;
  // An order of long ago, told now, bears the address of then.
  if (profile.email !== null && event.at < (profile.statedAt ?? event.at)) return;
  const claimed = profile.claimedEmail === email;
  set(profile, "email", email);
  set(profile, "claimedEmail", null);
  if (claimed) takeClaims(profile, profile.consents, context);
}

function takeClaims(profile: Profile, claims: Consents, context: ApplyContext): void {
  const proof = { ...proofOf(context.event), wording: null, source: "verified address" };
  for (const entry of confirmClaims(claims).entries) {
    // An address says nothing of a number: text messages have a confirmation of their own.
    if (entry.key === "sms") continue;
    const consents = applyEntry(profile.consents, entry);
    // A claim that is older than a word given since changes nothing.
    if (consents === profile.consents) continue;
    set(profile, "consents", consents);
    putConsent(entry, context, proof);
  }
}

function applyTraits(profile: Profile, context: ApplyContext): void {
  const { event } = context;
  const trusted = isTrusted(event);
  const traits = readTraits(event.traits ?? {}, isFromServer(event));
  const fills = event.fills === true;
  for (const [key, value] of traits.fields) if (!fills || profile[key] === null) set(profile, key, value);
  if (Object.keys(traits.attributes).length > 0) {
    set(profile, "attributes", { ...profile.attributes, ...traits.attributes, ...(fills && profile.attributes) });
  }
  const phone = normalisePhone(event.traits?.["phone"], profile.country);
  if (phone !== null && mayMove(profile, event)) set(profile, "phone", phone);
  if (!trusted) claimEmail(profile, event);
  else applyBirthDate(profile, context);
  for (const [key, given] of statedConsents(event.traits?.["consent"])) {
    if (given && isHistory(event) && refusesFiles(profile.consents, key)) continue;
    const at = consentTime(event, given);
    const { consents, entry } = stateConsent(profile.consents, key, given, trusted, at, event.dated);
    const changed = consents !== profile.consents;
    if (changed) set(profile, "consents", consents);
    if (entry) putConsent(entry, context, proofOf(event));
    if (changed && !given) context.happen({ type: "withdrawal", at: event.at, key });
  }
}

/** A number that messages go to is moved by nobody but its owner, the shop's server or an import; never by a guest. */
function mayMove({ phone, consents, status }: Profile, event: LedgerEvent): boolean {
  if (isTrusted(event) && event.fills !== true) return true;
  const isSettled = consents.sms?.state === "granted" || (phone !== null && status === "verified");
  return !isSettled && (event.fills !== true || phone === null);
}

function applyBirthDate(profile: Profile, { event, receivedAt }: ApplyContext): void {
  const { birth_date: own, birthDate: camel, birthday: segment } = event.traits ?? {};
  const date = readBirthDate(own ?? camel ?? segment, receivedAt);
  if (date === null) return;
  // A client may say that it said so a month ago: what it states stands from when it came. An import is history.
  const stated = stateBirthDate(profile, date, event.trust === "import" ? event.at : receivedAt);
  for (const key of ["birthDate", "birthDateSetAt", "birthDateRefused"] as const) set(profile, key, stated[key]);
}

/**
 * An import states when its consents were given, and a refusal that it does not date is as old as can be; elsewhere a
 * consent is as old as its event.
 */
function consentTime(event: LedgerEvent, given: boolean): number {
  if (!isHistory(event)) return event.at;
  const stated = event.traits?.["consent_at"];
  return typeof stated === "number" ? stated : given ? event.at : 0;
}

function claimEmail(profile: Profile, event: LedgerEvent): void {
  const email = normaliseEmail(event.traits?.["email"]);
  if (email !== null && email !== profile.email) set(profile, "claimedEmail", email);
}

/** Whether one of our own events gives or takes back a consent. */
const GIVEN: Readonly<Record<string, boolean>> = { "consent.granted": true, "consent.withdrawn": false };

/** Our own events: what a person did through a link of ours, or an admin through the API, who states the proof. */
function applyInternal(profile: Profile, context: ApplyContext): void {
  const { name, at, trust, properties } = context.event;
  if (name === CHANGED) applyChange(profile, properties ?? {});
  if (Object.hasOwn(OWN_EVENTS, name)) OWN_EVENTS[name]?.(profile, context);
  if (Object.hasOwn(DELIVERY_EVENTS, name)) DELIVERY_EVENTS[name]?.(profile, context);
  const given = GIVEN[name];
  const key = properties?.["consent"];
  // An unknown form may tell us of itself in an event of our own; it does not state what others agree to.
  if (given === undefined || typeof key !== "string" || trust === "write") return;
  for (const [stated] of statedConsents({ [key]: given })) {
    const { consents, entry } = stateConsent(profile.consents, stated, given, true, at);
    set(profile, "consents", consents);
    if (entry) putConsent(entry, context, proofOf(context.event));
    if (!given) context.happen({ type: "withdrawal", at, key: stated });
  }
}
