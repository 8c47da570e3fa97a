import { normaliseEmail } from "../contacts/address";
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
  const data = messageData(known, { cartUrl: services.shop.cartUrl, told: undefined });
  const extra = await readExtra(services, content, { contact: row, data });
  return { ...data, language: wanted ?? data.language, ...(extra && { extra }) };
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

function marked({ message, language }: Preview): RenderedMessage {
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

/** One test of an email to some of the shop's own people. Throws unprocessable for anybody else's address. */
export async function sendTest(
  services: Services,
  content: Content,
  to: readonly string[],
  shown: Shown,
  wanted: Language | null,
): Promise<readonly { readonly to: string; readonly outcome: string }[]> {
  if (content.channel !== "email") throw new Fault("unprocessable", "Only emails can be sent as a test so far.");
  const allowed = new Set(services.config.ADMIN_EMAILS.map((address) => normaliseEmail(address) ?? ""));
  const errors = to.flatMap((address, index) =>
    allowed.has(normaliseEmail(address) ?? "-")
      ? []
      : [{ pointer: `/to/${index}`, detail: "is not one of ADMIN_EMAILS, the shop's own people" }],
  );
  if (errors.length > 0) throw new Fault("unprocessable", "Tests go to the shop's own people alone.", errors);
  const preview = await previewContent(services, content, shown, wanted);
  const now = services.clock.now();
  const message = marked(preview);
  return Promise.all(
    [...new Set(to)].map(async (address) => {
      const outcome = await services.channel("email").send({
        ...message,
        id: derivedId("tst", content.key, content.version, address, now),
        to: address,
        from: services.shop.emailFrom,
        contactId: "",
        scenario: null,
        block: null,
        campaign: null,
        sentAt: now,
      });
      return { to: address, outcome: outcome.state };
    }),
  );
}
