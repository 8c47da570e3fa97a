import { normaliseEmail } from "../contacts/address";
import { addressFor } from "../decisions/channel";
import type { FactSheet } from "../scenarios/shard-port";
import type { Content } from "../sends/content";
import { ContentFault, languageFor } from "../sends/content";
import type { MessageData, RenderedMessage } from "../sends/message";
import { renderMessage } from "../sends/render";
import type { Person } from "../sends/sample";
import { previewLinks, sampleOf } from "../sends/sample";
import { messageData } from "../sends/send-row";
import type { SmsSize } from "../sends/sms";
import { measureSms } from "../sends/sms";
import { escapeHtml } from "../sends/template";
import type { Services } from "../services";
import { readExtra } from "../services/contents/extras";
import { Fault } from "../shared/fault";
import { contactRow, derivedId } from "../shared/ids";
import type { Language } from "../shared/language";
import { contactOf } from "./contact-path";
import { findContacts } from "./contact-store";

/** Whom a content is shown to: somebody made up, or a contact by their id. */
export type Shown = { readonly person: Person } | { readonly contact: string };

/** A content as somebody would get it. */
export interface Preview {
  readonly language: Language;
  readonly message: RenderedMessage;
  readonly bytes: number;
  /** Of a text message. */
  readonly sms: SmsSize | null;
}

async function dataOf(
  services: Services,
  content: Content,
  shown: Shown,
  wanted: Language | null,
): Promise<MessageData> {
  const now = services.clock.now();
  if ("person" in shown) return sampleOf(shown.person, wanted ?? "en", services.shop.url, now);
  await contactOf(services, shown.contact);
  const row = contactRow(shown.contact) ?? 0;
  // The stub's own type gives up on values of any kind.
  const { facts } = await (services.ledger.facts([row]) as unknown as Promise<FactSheet>);
  const known = facts.find(({ contact }) => contact === row);
  if (!known) throw new Fault("not-found", "Nothing is known of this contact.");
  const theirs = messageData(known, { cartUrl: services.shop.cartUrl, told: undefined });
  const data = { ...theirs, language: wanted ?? theirs.language };
  const extra = await readExtra(services, content, { contact: row, data });
  return { ...data, ...(extra && { extra }) };
}

/**
 * Renders a content for somebody as their message would be, with links that lead nowhere of theirs.
 * Throws not-found for a contact that there is none of, unprocessable where their message could not be made.
 */
export async function previewContent(
  services: Services,
  content: Content,
  shown: Shown,
  wanted: Language | null,
): Promise<Preview> {
  const data = await dataOf(services, content, shown, wanted);
  const { shop, config } = services;
  const ground = shop.postalAddress === "" ? { ...shop, postalAddress: "—" } : shop;
  try {
    const message = renderMessage(content, data, previewLinks(config.PUBLIC_URL), ground);
    const bytes = new TextEncoder().encode(content.channel === "email" ? message.html : message.text).length;
    const sms = content.channel === "sms" ? measureSms(message.text) : null;
    return { language: languageFor(content, data.language), message, bytes, sms };
  } catch (fault) {
    if (!(fault instanceof ContentFault)) throw fault;
    const detail = `No message would leave: ${fault.message}.`;
    throw new Fault("unprocessable", detail, [{ pointer: "", detail: fault.message }]);
  }
}

const MARK: Readonly<Record<Language, string>> = {
  en: "Test message: nobody else was sent it.",
  fr: "Message de test : personne d’autre ne l’a reçu.",
};
const BANNER =
  "margin:0;padding:10px 16px;background:#7a1f1f;color:#ffffff;font:bold 13px/20px Arial,sans-serif;text-align:center";

function marked({ channel }: Content, { message, language }: Preview): RenderedMessage {
  // Where every character is paid for, one word says it.
  if (channel === "sms") return { ...message, text: `[Test] ${message.text}` };
  const banner = `<div style="${BANNER}">${escapeHtml(MARK[language])}</div>`;
  return {
    ...message,
    subject: `[Test] ${message.subject}`,
    html: message.html.replace(/<body[^>]*>/i, (tag) => tag + banner),
    text: `${MARK[language]}\n\n${message.text}`,
    // Whoever gets a test has not subscribed to anything that the header could end.
    headers: {},
  };
}

/** Where a test for one of the shop's own people goes on a channel, by their email address; null where it does not reach them. */
async function testAddress(services: Services, channel: Content["channel"], email: string): Promise<string | null> {
  if (channel === "email") return email;
  const [row] = await findContacts(services.env.DB, { email }, null, 1);
  if (row === undefined) return null;
  // The stub's own type gives up on values of any kind.
  const { facts } = await (services.ledger.facts([row]) as unknown as Promise<FactSheet>);
  const known = facts.find(({ contact }) => contact === row);
  return known ? addressFor(known.profile, channel) : null;
}

/**
 * One test of a content to some of the shop's own people, each named by their email address. On other channels it goes
 * where the contact with that address is reached. Throws unprocessable for anybody else's address, for somebody whom the
 * channel does not reach, and for a channel that is not set up.
 */
export async function sendTest(
  services: Services,
  content: Content,
  to: readonly string[],
  shown: Shown,
  wanted: Language | null,
): Promise<readonly { readonly to: string; readonly outcome: string }[]> {
  const { channel } = content;
  if (!services.briefing.ready.includes(channel)) {
    throw new Fault("unprocessable", `Nothing sends ${channel} here yet: the channel is not set up.`);
  }
  const allowed = new Set(services.config.ADMIN_EMAILS.map((address) => normaliseEmail(address) ?? ""));
  const errors = to.flatMap((address, index) =>
    allowed.has(normaliseEmail(address) ?? "-")
      ? []
      : [{ pointer: `/to/${index}`, detail: "is not one of ADMIN_EMAILS, the shop's own people" }],
  );
  if (errors.length > 0) throw new Fault("unprocessable", "Tests go to the shop's own people alone.", errors);
  const people = [...new Set(to)];
  const addresses = await Promise.all(people.map((email) => testAddress(services, channel, email)));
  const lost = addresses.flatMap((address, index) =>
    address === null
      ? [
          {
            pointer: `/to/${to.indexOf(people[index] ?? "")}`,
            detail: `is no contact who can be reached by ${channel}`,
          },
        ]
      : [],
  );
  if (lost.length > 0) {
    throw new Fault("unprocessable", "Whoever is to get the test needs a contact that the channel reaches.", lost);
  }
  const preview = await previewContent(services, content, shown, wanted);
  const now = services.clock.now();
  const message = marked(content, preview);
  const { emailFrom, name } = services.shop;
  return Promise.all(
    people.map(async (email, index) => {
      const outcome = await services.channel(channel).send({
        ...message,
        id: derivedId("tst", content.key, content.version, email, now),
        to: addresses[index] ?? "",
        from: channel === "email" ? emailFrom : name,
        contactId: "",
        scenario: null,
        block: null,
        campaign: null,
        sentAt: now,
      });
      return { to: email, outcome: outcome.state };
    }),
  );
}
