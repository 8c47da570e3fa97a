import type { ConsentKey } from "../contacts/consent";
import type { Profile } from "../contacts/profile";
import { readContact, selectContacts } from "../contacts/store";
import type { Confirmed, Proven, Requested } from "../contacts/subscription";
import { pendingOf } from "../contacts/subscription";
import { Budget } from "../events/budget";
import type { LedgerEvent } from "../events/event";
import type { Caller } from "../events/intake";
import { refuseUnstored } from "../events/intake";
import { optinSendId } from "../sends/optin";
import type { Services } from "../services";
import { DAY } from "../shared/clock";
import { Fault } from "../shared/fault";
import { sameText } from "../shared/mac";
import { optinCode, readOptin } from "../tracking/links";
import type { LedgerLine, PendingClaims } from "../tracking/pending";
import { pendingClaims } from "../tracking/pending";
import type { Confirmation } from "../tracking/subscription-store";
import {
  contactBehind,
  lastConfirmation,
  livingBehind,
  selectConfirmation,
  selectLedger,
} from "../tracking/subscription-store";
import { subscriberOf } from "./subscriber";

/** Where and with what somebody said something. */
export interface Trace {
  readonly form: string | null;
  readonly agent: string | null;
  readonly origin: string | null;
  readonly way: "hosted_form" | "browser" | "server" | "preference_centre";
  readonly source: string;
}

/** What a form asks for on behalf of an address. */
export type Subscription = Omit<Requested, "channel"> & { readonly channel?: "email" | "sms" };

/** A confirmation link that was opened. */
export interface Opened {
  readonly subscriber: number;
  readonly send: string;
  readonly isExpired: boolean;
  readonly message: Confirmation;
  readonly profile: Profile;
  readonly claims: PendingClaims;
}

/** Guesses of a code: five at once, then one a minute. */
const guesses = new Budget(5, 1 / 60);

/** Double opt-in, from the form to the grant. Everything goes through the ledger. */
export class Subscriptions {
  constructor(private readonly services: Services) {}

  /**
   * Records claims for addresses and sends each its confirmation, at most one a day. Says the same whoever the address
   * belongs to. Throws too-many-requests or unavailable.
   */
  async request(id: string, asked: readonly Subscription[], trace: Trace, caller: Caller | null): Promise<void> {
    const now = this.services.clock.now();
    const events = asked.map((said, index): LedgerEvent => {
      const { form, agent, origin, way, source } = trace;
      const channel = said.channel ?? "email";
      return {
        id: `${id}.${index}`,
        type: "internal",
        name: "subscription.requested",
        at: now,
        // A claim, whoever stated it: the address has not spoken yet.
        trust: "write",
        anon: this.subscriber(said.address),
        properties: { ...said, channel, way, source },
        ...(form !== null && { form }),
        ...(agent !== null && { agent }),
        ...(origin !== null && { origin }),
      };
    });
    await this.append(events, caller);
    for (const [index, { address, channel = "email" }] of asked.entries()) {
      await this.wake(address, channel, optinSendId(`${id}.${index}`));
    }
  }

  /** What a confirmation link stands for; null where it is none of ours or too old to be known. */
  async open(token: string): Promise<Opened | null> {
    const { config, clock } = this.services;
    const link = readOptin(config.LINK_SECRET, token);
    if (!link) return null;
    const found = await this.subscriberAndMessage(link.contact, link.send);
    return found && { ...found, subscriber: link.contact, send: link.send, isExpired: clock.now() > link.expiresAt };
  }

  /**
   * The button of the page: what was claimed becomes a grant of whoever has the address. Twice is once. `shown` is what
   * the page said of a consent that came without its wording.
   */
  async confirm(opened: Opened, shown: (key: ConsentKey) => string): Promise<void> {
    const { subscriber, send, message, profile, claims } = opened;
    if (claims.consents.length === 0) return;
    const said = {
      first_name: profile.firstName,
      language: profile.language,
      topics: pendingOf(profile).topics ?? null,
    };
    const id = `optin.${send}.${claims.latest}`;
    await this.settle(id, subscriber, message.address, {
      ...said,
      channel: "email",
      consents: claims.consents.map((one) => {
        return one.wording_id === null && one.wording === null ? { ...one, wording: shown(one.key) } : one;
      }),
      sent_at: message.sentAt,
      clicked_at: this.services.clock.now(),
      topics: said.topics && [...said.topics],
    });
  }

  /** The digits of a text message: true where they are right. `owner` is the address whose link or page it is. */
  async confirmPhone(phone: string, owner: string, digits: string): Promise<boolean> {
    const { env, config, clock } = this.services;
    const now = clock.now();
    const subscriber = await contactBehind(env.DB, `a:${this.subscriber(phone)}`);
    const last = subscriber === null ? null : await lastConfirmation(env.DB, subscriber, "sms");
    if (subscriber === null || !last || now - last.sentAt > 7 * DAY) return false;
    const wait = guesses.take(last.id, 1, now);
    if (wait > 0) throw new Fault("too-many-requests", "Too many codes were tried. Wait a moment.", [], wait);
    if (!sameText(digits.replace(/\D/g, ""), optinCode(config.LINK_SECRET, subscriber, last.id))) return false;
    const found = await this.subscriberAndMessage(subscriber, last.id);
    if (!found || found.claims.consents.length === 0) return found?.claims.wasConfirmed ?? false;
    const { claims } = found;
    const times = { sent_at: last.sentAt, clicked_at: now };
    const said: Confirmed = { channel: "sms", phone, consents: [...claims.consents], ...times };
    await this.settle(`optin.${last.id}.${claims.latest}`, subscriber, owner, said);
    return true;
  }

  /** A new mail to the address that the old one went to; what was claimed stays as it was. */
  async again({ message, profile, send }: Opened): Promise<void> {
    const { topics } = pendingOf(profile);
    const day = Math.floor(this.services.clock.now() / DAY);
    const said = { address: message.address, consents: [], ...(topics && { topics: [...topics] }) };
    const trace = { form: null, agent: null, origin: null, way: "hosted_form", source: "expired link" } as const;
    await this.request(`again.${send}.${day}`, [said], trace, null);
  }

  /** The subscribers of somebody's addresses that are not empty, whatever their age. */
  livingOf(addresses: readonly string[]): Promise<readonly number[]> {
    const identities = addresses.map((address) => `a:${this.subscriber(address)}`);
    return livingBehind(this.services.env.DB, identities);
  }

  /** The contact that has a verified address by now. */
  ownerOf(address: string): Promise<number | null> {
    return contactBehind(this.services.env.DB, `e:${address}`);
  }

  /** True where a number waits for its code. */
  async awaitsCode(phone: string): Promise<boolean> {
    const subscriber = await contactBehind(this.services.env.DB, `a:${this.subscriber(phone)}`);
    if (subscriber === null) return false;
    const { results } = await selectLedger(this.services.env.DB, subscriber).all<LedgerLine>();
    return pendingClaims(results).consents.length > 0;
  }

  private subscriber(address: string): string {
    return subscriberOf(address, this.services.config.LINK_SECRET);
  }

  private async subscriberAndMessage(contact: number, send: string) {
    const { DB } = this.services.env;
    const [people, messages, lines] = await DB.batch([
      selectContacts(DB, JSON.stringify([contact])),
      selectConfirmation(DB, contact, send),
      selectLedger(DB, contact),
    ]);
    const person = people?.results[0];
    const message = messages?.results[0] as Confirmation | undefined;
    if (person === undefined || message === undefined) return null;
    const claims = pendingClaims((lines?.results ?? []) as LedgerLine[]);
    return { profile: readContact(person).profile, message, claims };
  }

  /** Grant and end of the claims in one request, so that neither is without the other. */
  private settle(id: string, subscriber: number, owner: string, said: Confirmed): Promise<void> {
    const keys = (said.consents as readonly Proven[]).map(({ key }): ConsentKey => key);
    return this.append(
      [
        { ...this.internal("subscription.confirmed", id, { properties: { ...said } }), email: owner },
        this.internal("subscription.done", `${id}.done`, { contact: subscriber, properties: { consents: keys } }),
      ],
      null,
    );
  }

  private internal(name: string, id: string, about: Partial<LedgerEvent>): LedgerEvent {
    return { id, type: "internal", name, at: this.services.clock.now(), trust: "internal", ...about };
  }

  private async append(events: readonly LedgerEvent[], caller: Caller | null): Promise<void> {
    const { services } = this;
    refuseUnstored(await services.append({ receivedAt: services.clock.now(), source: "form", events }, caller));
  }

  /** The row is in D1: what is not offered now, the sweep offers. */
  private async wake(address: string, channel: string, id: string): Promise<void> {
    const contact = await contactBehind(this.services.env.DB, `a:${this.subscriber(address)}`).catch(() => null);
    if (contact !== null) await this.services.offer([{ contact, id, channel }]);
  }
}
