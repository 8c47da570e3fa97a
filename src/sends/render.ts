import type { Language } from "../shared/language";
import { compileEmail, compileNotice, compileSms } from "./compile";
import {
  type Content,
  ContentFault,
  type EmailContent,
  languageFor,
  type Notice,
  type NoticeContent,
  type SmsContent,
} from "./content";
import { LinkBook, matchText, rewriteHtml, rewriteText, withTrap } from "./links";
import type { MessageData, MessageLinks, RenderedMessage } from "./message";
import { isOfShop } from "./own-address";
import { tidyText } from "./plain-text";
import { printable, type Scope, type Shop, scopeOf } from "./scope";
import { economical, measureSms } from "./sms";
import { escapeHtml, renderTemplate } from "./template";

/** Characters of a subject; RFC 5322 ends a line at 998 bytes, and no mail program shows more than this. */
const MAX_SUBJECT = 250;
const MAX_SEGMENTS = 3;

const STOP: Readonly<Record<Language, string>> = { en: "STOP: ", fr: "STOP SMS : " };

/** A header is one line: what would end it is gone, and so is what would reverse how it reads. */
function subjectOf(rendered: string): string {
  const line = printable(rendered).replace(/\s+/g, (space) => (space === "\u00a0" ? space : " "));
  if (line === "") throw new ContentFault("subject_empty");
  if (line.length <= MAX_SUBJECT) return line;
  // `toWellFormed` mends an emoji that the cut has halved.
  return `${line
    .slice(0, MAX_SUBJECT - 1)
    .toWellFormed()
    .replace(/\ufffd$/, "")
    .trimEnd()}…`;
}

function checkNeeds(content: Content, data: MessageData): void {
  for (const need of content.needs) {
    if (data[need] === null) throw new ContentFault(need === "cart" ? "cart_missing" : "order_missing");
  }
  if (content.needs.includes("cart") && data.cart?.lines.length === 0) throw new ContentFault("cart_empty");
}

function checkUnsubscribe(links: MessageLinks): void {
  if (!/^https?:\/\/[^\s<>"]+$/.test(links.unsubscribe)) throw new ContentFault("unsubscribe_missing");
}

function checkMarketing(html: string, scope: Scope): void {
  if (scope.shop.postal_address === "") throw new ContentFault("postal_address_missing");
  const visible = html.includes(`href="${escapeHtml(scope.link.unsubscribe)}"`);
  if (!visible) throw new ContentFault("unsubscribe_missing");
  if (!html.includes(escapeHtml(scope.shop.postal_address))) throw new ContentFault("postal_address_missing");
}

/**
 * RFC 8058: one POST to this address, without any cookie or context, ends the subscription. A mail to the other one does so
 * too, for programs that know nothing else (RFC 2369); the first that a program understands is the one that it takes.
 */
function unsubscribeHeaders({ unsubscribe, unsubscribeMail }: MessageLinks): Record<string, string> {
  return {
    "List-Unsubscribe": `<${unsubscribe}>${unsubscribeMail ? `, <${unsubscribeMail}>` : ""}`,
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
  };
}

function renderEmail(content: EmailContent, scope: Scope, links: MessageLinks): RenderedMessage {
  const compiled = compileEmail(content, scope.language);
  const subject = subjectOf(renderTemplate(compiled.subject, scope, "text"));
  const book = new LinkBook(links);
  const html = withTrap(rewriteHtml(renderTemplate(compiled.html, scope, "html"), book), links.trap);
  const text = matchText(tidyText(renderTemplate(compiled.text, scope, "text")), book);
  if (text === "") throw new ContentFault("body_empty");
  const isMarketing = content.class === "marketing";
  if (isMarketing) checkMarketing(html, scope);
  return { subject, html, text, headers: isMarketing ? unsubscribeHeaders(links) : {}, links: book.destinations };
}

function renderSms(content: SmsContent, scope: Scope, links: MessageLinks): RenderedMessage {
  const { body } = compileSms(content, scope.language);
  const words = renderTemplate(body, scope, "text")
    .replace(/<\/?[a-z!][^<>]*>/gi, "")
    .replace(/\s+/g, " ")
    .trim();
  if (words === "") throw new ContentFault("body_empty");
  const book = new LinkBook(links);
  const stop = content.class === "marketing" ? `\n${STOP[scope.language]}${links.unsubscribe}` : "";
  const text = economical(rewriteText(words, book) + stop);
  const { segments, encoding } = measureSms(text);
  if (segments > MAX_SEGMENTS) throw new ContentFault("sms_too_long", `${segments} segments of ${encoding}`);
  return { subject: "", html: "", text, headers: {}, links: book.destinations };
}

const CHOICES: Readonly<Record<Language, string>> = { en: "What we may write to you: ", fr: "Ce que vous recevez : " };

function renderNotice(content: NoticeContent, scope: Scope, links: MessageLinks): RenderedMessage {
  const compiled = compileNotice(content, scope.language);
  const subject = subjectOf(renderTemplate(compiled.title, scope, "text"));
  const words = tidyText(renderTemplate(compiled.body, scope, "text"));
  if (words === "") throw new ContentFault("body_empty");
  const book = new LinkBook(links);
  // Telephones have a switch for what comes to them; a letter has none.
  const needsChoices = content.channel === "print" && content.class === "marketing" && scope.link.preferences !== null;
  const choices = needsChoices ? `\n\n${CHOICES[scope.language]}${scope.link.preferences}` : "";
  const text = rewriteText(words, book) + choices;
  const url = compiled.url && tapped(renderTemplate(compiled.url, scope, "text"), scope, book);
  return { subject, html: "", text, headers: {}, links: book.destinations, ...(url && { url }) };
}

/** Where a tap leads; null for what is no address of the shop, whoever stated it. */
function tapped(rendered: string, { shop, link }: Scope, book: LinkBook): string | null {
  const address = printable(rendered);
  const isOurs = [link.landing, link.web, link.preferences].includes(address) || isOfShop(address, shop.url);
  return isOurs && !/\s/.test(address) ? book.wrap(address) : null;
}

type ContentOf<Of extends Content["channel"]> = Of extends Notice ? NoticeContent : Extract<Content, { channel: Of }>;

/** How contents of each channel become messages. */
const RENDERERS: {
  readonly [Of in Content["channel"]]: (content: ContentOf<Of>, scope: Scope, links: MessageLinks) => RenderedMessage;
} = {
  email: renderEmail,
  sms: renderSms,
  push: renderNotice,
  wallet: renderNotice,
  print: renderNotice,
};

/**
 * Turns a content and the data frozen with a send into the message that a channel is given. The same arguments
 * give the same bytes, so that a retry under one idempotency key repeats its body.
 *
 * Marketing email carries both unsubscribe headers, a visible unsubscribe link and the postal address; marketing
 * SMS a STOP mention. The open pixel stands in only where `links.open` is given.
 * @throws ContentFault when the content cannot be personalised: the send is suppressed with its reason
 */
export function renderMessage(content: Content, data: MessageData, links: MessageLinks, shop: Shop): RenderedMessage {
  checkNeeds(content, data);
  if (content.class === "marketing") checkUnsubscribe(links);
  // Whoever reads another language than the content has is written to in one that it has, amounts and dates included.
  const scope = scopeOf({ ...data, language: languageFor(content, data.language) }, links, shop);
  return RENDERERS[content.channel](content as never, scope, links);
}
