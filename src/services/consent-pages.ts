import type { Context } from "hono";
import { normaliseEmail, normalisePhone } from "../contacts/address";
import type { ConsentKey } from "../contacts/consent";
import type { PreferencesChange } from "../contacts/preferences";
import { preferencesOf } from "../contacts/preferences";
import type { Profile } from "../contacts/profile";
import { readContact, readHeads, selectContacts } from "../contacts/store";
import { pendingOf } from "../contacts/subscription";
import type { LedgerEvent } from "../events/event";
import { keyOf } from "../platform/auth";
import { addressOf } from "../platform/http";
import type { Services } from "../services";
import { HOUR } from "../shared/clock";
import { derivedId } from "../shared/ids";
import type { Language } from "../shared/language";
import { readToken, signToken } from "../shared/token";
import { networkOf, pageAddress, shortAgent } from "../shared/trace";
import type { PersonFile } from "../tracking/file";
import { lastWords, readFrozen, thingsOf } from "../tracking/file";
import { readLink } from "../tracking/links";
import type { OptinDeps } from "../tracking/optin-routes";
import type { LedgerLine } from "../tracking/pending";
import { masked } from "../tracking/pending";
import type { PreferenceDeps } from "../tracking/preference-routes";
import type { SentMessage } from "../tracking/preference-store";
import { readTopics, selectCartLines, selectSent } from "../tracking/preference-store";
import type { SubscribeDeps } from "../tracking/subscribe-routes";
import { selectLedger } from "../tracking/subscription-store";
import type { Asked } from "../tracking/wordings";
import { isAsked, wordingOf } from "../tracking/wordings";
import { hashOrigin, preferencesUrl } from "./links";
import type { Trace } from "./subscriptions";
import { Subscriptions } from "./subscriptions";

const FORM_HOURS = 24;
/** How a form was filled in, by the scope of the key that brought it. */
const WAYS: Readonly<Record<string, Trace["way"]>> = { hosted: "hosted_form", secret: "server", write: "browser" };

function traceOf(services: Services, context: Context, way: Trace["way"], source: string): Trace {
  const { PUBLIC_URL, LINK_SECRET } = services.config;
  const paths = { hosted_form: "/subscribe", preference_centre: "/p" } as const;
  const own = way === "hosted_form" || way === "preference_centre" ? PUBLIC_URL + paths[way] : null;
  return {
    way,
    source,
    // A page of the shop names itself by the browser's word, which ends at its host under the usual policy.
    form: own ?? pageAddress(context.req.header("Referer")),
    agent: shortAgent(context.req.header("User-Agent")),
    origin: hashOrigin(networkOf(addressOf(context)), LINK_SECRET),
  };
}

/** What the forms are made of. */
export function subscribeDeps(services: Services): SubscribeDeps {
  const { config, clock, env } = services;
  const subscriptions = new Subscriptions(services);
  return {
    shop: services.shop,
    topics: () => readTopics(env.DB),
    email: normaliseEmail,
    phone: normalisePhone,
    stamp: () => signToken(config.LINK_SECRET, "form", [clock.now()]),
    isFresh(stamp) {
      const age = clock.now() - Number(readToken(config.LINK_SECRET, "form", stamp)?.[0] ?? Number.NaN);
      return age >= 0 && age < FORM_HOURS * HOUR;
    },
    async scopeOf(context, inBody) {
      const key = keyOf(context.req.header("Authorization")) ?? (typeof inBody === "string" ? inBody : "");
      return key === "" ? null : services.keyring.scopeOf(key);
    },
    async subscribe(context, said, { scope, key }) {
      const { email, phone, consents, wordings, wording, first_name, language, topics } = said;
      const about = { first_name, language, wordings: { ...wordings }, ...(wording !== null && { wording }) };
      const mail = {
        ...about,
        address: email,
        phone,
        topics: [...topics],
        consents: consents.filter((consent) => consent !== "sms"),
      };
      const text = { ...about, channel: "sms" as const, address: phone ?? "", consents: ["sms" as const] };
      const way = WAYS[scope] ?? "browser";
      const trace = traceOf(services, context, way, said.source);
      const origin = hashOrigin(addressOf(context), config.LINK_SECRET);
      const caller = scope === "secret" ? null : { key, origin, isForm: true };
      const id = derivedId("sub", said.id ?? crypto.randomUUID(), email);
      await subscriptions.request(id, phone === null ? [mail] : [mail, text], trace, caller);
    },
  };
}

/** What the pages of a confirmation link are made of. */
export function optinDeps(services: Services): OptinDeps {
  const subscriptions = new Subscriptions(services);
  return {
    shop: services.shop,
    async open(token) {
      const opened = await subscriptions.open(token);
      // A number has no link: its code is typed on the page of an address.
      if (opened?.message.channel !== "email") return null;
      const { message, claims, profile } = opened;
      const phone = pendingOf(profile).phone ?? null;
      return {
        address: message.address,
        isExpired: opened.isExpired,
        wordings: (language) => claims.texts.map(([key, text]) => text ?? shownText(key, services.shop.name, language)),
        isPending: claims.consents.length > 0,
        shown: claims.latest,
        wasConfirmed: claims.wasConfirmed,
        confirm: (language) => subscriptions.confirm(opened, (key) => shownText(key, services.shop.name, language)),
        again: () => subscriptions.again(opened),
        phone: async () => (phone !== null && (await subscriptions.awaitsCode(phone)) ? phone : null),
        confirmPhone: async (code) =>
          phone !== null && !opened.isExpired && subscriptions.confirmPhone(phone, message.address, code),
        async preferences() {
          const owner = await subscriptions.ownerOf(message.address);
          return owner === null ? null : preferencesUrl(services, owner, opened.send);
        },
      };
    },
  };
}

/** What the page shows for a consent that came without its wording. */
function shownText(key: ConsentKey, shop: string, language: Language): string {
  return isAsked(key) ? wordingOf(key, shop, language).text : key;
}

/** What the preference centre is made of. */
export function preferenceDeps(services: Services): PreferenceDeps {
  const { config, clock, env } = services;
  const subscriptions = new Subscriptions(services);
  const profileOf = (contact: number) => readProfile(env.DB, contact);
  const append = (events: readonly Partial<LedgerEvent>[]) => appendOwn(services, events);
  return {
    shop: services.shop,
    async contactOf(token) {
      const link = readLink(config.LINK_SECRET, "preferences", token);
      const head = link && (await readHeads(env.DB, [link.contact])).get(link.contact);
      if (!head) return null;
      return (await profileOf(head))?.status === "verified" ? head : null;
    },
    file: (contact) => readFile(env.DB, contact),
    topics: () => readTopics(env.DB),
    async withdraw(contact, keys: readonly ConsentKey[]) {
      if (keys.length === 0) return;
      const said = { source: "preference centre", way: "preference_centre" };
      await append(keys.map((consent) => ({ name: "consent.withdrawn", contact, properties: { consent, ...said } })));
    },
    async change(contact, change: PreferencesChange) {
      await append([{ name: "preferences.changed", contact, properties: { ...change } }]);
    },
    async widen(context, contact, keys, language) {
      const profile = await profileOf(contact);
      const asked = profile ? askedOf(profile, keys, services.shop.name, language) : [];
      const trace = traceOf(services, context, "preference_centre", "preference centre");
      const caller = { key: "preferences", origin: hashOrigin(addressOf(context), config.LINK_SECRET) };
      await subscriptions.request(derivedId("sub", crypto.randomUUID()), asked, trace, caller);
      return asked.map(({ channel }) => (channel === "sms" ? "code" : "mail"));
    },
    async request(contact, kind) {
      const day = new Date(clock.now()).toISOString().slice(0, 10);
      const id = `privacy.${kind}.${contact}.${day}`;
      await append([{ id, name: "privacy.requested", contact, properties: { kind, way: "preference_centre" } }]);
    },
    async awaitedPhone(contact) {
      const phone = (await profileOf(contact))?.phone ?? null;
      return phone !== null && (await subscriptions.awaitsCode(phone)) ? masked(phone) : null;
    },
    async confirmPhone(contact, code) {
      const profile = await profileOf(contact);
      if (!profile?.phone || !profile.email) return false;
      return subscriptions.confirmPhone(profile.phone, profile.email, code);
    },
    now: () => clock.now(),
  };
}

/** What is asked of each address of a contact, with the texts that the page shows beside the boxes. */
/** What a confirmation asks somebody for, at the addresses that they have. */
export function askedOf(profile: Profile, keys: readonly Asked[], shop: string, language: Language) {
  const wordings = Object.fromEntries(keys.map((key) => [key, wordingOf(key, shop, language)]));
  const mail = keys.filter((key) => key !== "sms");
  const about = { language, wordings };
  return [
    ...(mail.length > 0 && profile.email !== null
      ? [{ ...about, channel: "email" as const, address: profile.email, consents: mail }]
      : []),
    ...(keys.includes("sms") && profile.phone !== null
      ? [{ ...about, channel: "sms" as const, address: profile.phone, consents: ["sms" as const] }]
      : []),
  ];
}

async function appendOwn(services: Services, events: readonly Partial<LedgerEvent>[]): Promise<void> {
  const at = services.clock.now();
  const whole = events.map((event): LedgerEvent => {
    return { id: `own.${crypto.randomUUID()}`, type: "internal", name: "", at, trust: "internal", ...event };
  });
  await services.say(whole, "It could not be stored. Try again.");
}

async function readProfile(db: D1Database, contact: number): Promise<Profile | null> {
  const row = await selectContacts(db, JSON.stringify([contact])).first();
  return row === null ? null : readContact(row).profile;
}

async function readFile(db: D1Database, contact: number): Promise<PersonFile | null> {
  const [people, ledger, sent, carts] = await db.batch([
    selectContacts(db, JSON.stringify([contact])),
    selectLedger(db, contact),
    selectSent(db, contact),
    selectCartLines(db, contact),
  ]);
  const person = people?.results[0];
  if (person === undefined) return null;
  const { profile } = readContact(person);
  const messages = ((sent?.results ?? []) as SentMessage[]).map((row) => ({ ...row, ...readFrozen(row.frozen) }));
  const baskets = ((carts?.results ?? []) as { lines: string }[]).map(({ lines }) => JSON.parse(lines) as []);
  const own = new Set(["preferences", "topics", "hidden", "optin"]);
  return {
    contact,
    email: profile.email === null ? null : masked(profile.email),
    phone: profile.phone === null ? null : masked(profile.phone),
    firstName: profile.firstName,
    lastInitial: profile.lastName === null ? null : `${profile.lastName.slice(0, 1)}.`,
    language: profile.language,
    country: profile.country,
    consents: profile.consents,
    preferences: preferencesOf(profile),
    words: lastWords((ledger?.results ?? []) as LedgerLine[]),
    received: messages.map(({ channel, at, because, scenario }) => ({ channel, at, because, scenario })),
    things: thingsOf([...messages.map(({ lines }) => lines), ...baskets]),
    attributes: Object.keys(profile.attributes).filter((name) => !own.has(name)),
    since: profile.createdAt,
  };
}
