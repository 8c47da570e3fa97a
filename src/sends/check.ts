import type { Language, Words } from "../shared/language";
import { LANGUAGES } from "../shared/language";
import { WORDS_OF_FINDINGS } from "./check-words";
import type { Content, EmailText } from "./content";
import { ContentFault } from "./content";
import type { MessageLinks, RenderedMessage } from "./message";
import { isOfShop } from "./own-address";
import { renderMessage } from "./render";
import type { Person } from "./sample";
import { PEOPLE, sampleOf } from "./sample";
import type { Shop } from "./scope";
import { sellingWords } from "./selling-words";
import { measureSms } from "./sms";
import { spamWordsIn } from "./spam-words";
import { usesOf } from "./uses";

/** What is wrong, or might be, with a content. An `error` keeps it from being published. */
export interface Finding {
  readonly level: "error" | "warning";
  readonly code: keyof typeof WORDS_OF_FINDINGS;
  /** The language that it is about; null where it is about all of it. */
  readonly language: Language | null;
  /** What it was found at: a variable, an address, a word. Never anything of a contact's. */
  readonly at: string;
}

/** Mail programs clip what is longer. */
export const CLIPPED_AT = 102 * 1024;
const NEARLY_CLIPPED = 90 * 1024;
const PUSH_BYTES = 4_096;

/** Around what a message is rendered for a check. */
export interface CheckGround {
  readonly shop: Shop;
  readonly links: MessageLinks;
  /** Epoch ms. */
  readonly now: number;
}

type Found = Omit<Finding, "language">;

const error = (code: Finding["code"], at = ""): Found => ({ level: "error", code, at });
const warning = (code: Finding["code"], at = ""): Found => ({ level: "warning", code, at });

/** A finding in words. */
export function findingWords({ code, at }: Pick<Finding, "code" | "at">): Words {
  const { en, fr } = WORDS_OF_FINDINGS[code];
  return { en: en.replace("{at}", at), fr: fr.replace("{at}", at) };
}

/** Everything that can be said of a content before it is sent to anybody, errors first. */
export function checkContent(content: Content, ground: CheckGround): readonly Finding[] {
  const languages = LANGUAGES.filter((language) => content.texts[language] !== undefined);
  const found: Finding[] = [
    ...namesFound(content).map((one) => ({ ...one, language: null })),
    ...LANGUAGES.filter((language) => !languages.includes(language)).map((language) => ({
      ...warning("language_missing"),
      language,
    })),
    ...languages.flatMap((language) => foundIn(content, language, ground).map((one) => ({ ...one, language }))),
    ...(isSameInAll(content) ? [{ ...warning("languages_equal"), language: null }] : []),
  ];
  return found.sort((left, right) => Number(left.level === "warning") - Number(right.level === "warning"));
}

function isSameInAll({ texts: { en, fr } }: Content): boolean {
  return en !== undefined && fr !== undefined && JSON.stringify(en) === JSON.stringify(fr);
}

function namesFound(content: Content): Found[] {
  const { names, unknown } = usesOf(content);
  const isService = content.class === "transactional";
  const isPromotion = isService && names.some((name) => /^(coupon|reco|viewed)\b|^product\.was$/.test(name));
  const selling = isService ? sellingWords(content.texts) : null;
  return [
    ...unknown.map((name) => error("variable_unknown", name)),
    ...(isPromotion ? [error("promotion_in_transactional")] : []),
    // A receipt may well name a discount that was given: that is for a person to judge.
    ...(selling === null ? [] : [warning("selling_in_transactional", selling)]),
  ];
}

function foundIn(content: Content, language: Language, ground: CheckGround): Found[] {
  const text = content.texts[language];
  const source = Object.values(text ?? {}).join("\n");
  return [
    ...linksFound(source),
    ...(content.channel === "push" ? tapFound(content.texts[language]?.url, ground) : []),
    ...rendered(content, language, ground),
    ...(content.channel === "email" ? subjectFound(content.texts[language], language) : []),
  ];
}

const LINK = /https?:\/\/[^\s"'<>]*/gi;

function linksFound(source: string): Found[] {
  const links = [...new Set(source.match(LINK) ?? [])].filter((link) => !link.startsWith("http://www.w3.org/"));
  return [
    ...links
      .filter((link) => /[?&][^=]*=[^&]*(?:@|%40|\{\{[^}]*(?:email|phone))/i.test(link))
      .map((link) => error("address_in_link", link)),
    ...links
      .filter((link) => /^https?:\/\/(?:localhost|127\.|10\.|192\.168\.)/i.test(link))
      .map((link) => error("link_local", link)),
    ...links
      .filter((link) => /^http:\/\//i.test(link) && !/^http:\/\/(?:localhost|127\.)/.test(link))
      .map((link) => warning("link_insecure", link)),
    ...(/href=["'](?:#|\s*)["']/i.test(source) ? [warning("link_empty")] : []),
  ];
}

/** Renders for each of the people that a draft must be fit for, and looks at what came out. */
function rendered(content: Content, language: Language, { shop, links, now }: CheckGround): Found[] {
  const found = PEOPLE.flatMap((person) => {
    const data = sampleOf(person, language, shop.url, now);
    try {
      const message = renderMessage(content, data, links, shop);
      const isTapLost = person === "typical" && message.url === undefined && hasTap(content, language);
      return [...foundInMessage(content, message, shop, person), ...(isTapLost ? [warning("push_tap_lost")] : [])];
    } catch (fault) {
      if (!(fault instanceof ContentFault)) throw fault;
      if (fault.reason === "data_missing") return [];
      return [
        error(
          fault.reason === "sms_too_long" ? "sms_too_long" : "not_rendered",
          `${fault.reason}${fault.detail && ` (${fault.detail})`}`,
        ),
      ];
    }
  });
  return [...new Map(found.map((one) => [`${one.code} ${one.at}`, one])).values()];
}

function hasTap({ channel, texts }: Content, language: Language): boolean {
  const text = texts[language];
  return channel === "push" && text !== undefined && "url" in text && text.url !== undefined;
}

const LEFT_OVER = /\{\{|\{%|%\}|\}\}|\[\[|\]\]|\bundefined\b|\bnull\b|\bNaN\b|\[object|lorem ipsum/i;

function foundInMessage(content: Content, message: RenderedMessage, shop: Shop, person: Person): Found[] {
  const visible = `${message.subject}\n${message.text}`;
  const left = LEFT_OVER.exec(visible)?.[0];
  return [
    ...(left === undefined ? [] : [error("left_over", left)]),
    // "Hello," to whoever is not known is a greeting; "Hello ," shows the hole.
    ...(person === "emptiest" && /\p{L} ,|, ,|\bnull\b/u.test(visible) ? [error("hole_in_text")] : []),
    ...channelFound(content, message, shop),
  ];
}

function channelFound(content: Content, message: RenderedMessage, shop: Shop): Found[] {
  if (content.channel === "email") return emailFound(message);
  if (content.channel === "sms") {
    const { segments, encoding } = measureSms(message.text);
    return [
      ...(segments > 1 ? [warning("sms_segments", String(segments))] : []),
      ...(encoding === "UCS-2" ? [warning("sms_costly_letters")] : []),
    ];
  }
  if (content.channel !== "push") return [];
  const { subject: title, text: body, url } = message;
  const bytes = new TextEncoder().encode(JSON.stringify({ title, body, url })).length;
  const foreign = message.links.filter((link) => !isOfShop(link, shop.url));
  return [
    ...(bytes > PUSH_BYTES ? [error("push_too_large", String(bytes))] : []),
    ...foreign.map((link) => error("push_leads_away", link)),
  ];
}

/** Where a tap would lead: as far as that stands fast, it must be the shop. */
function tapFound(url: string | undefined, { shop }: CheckGround): Found[] {
  if (url === undefined || /^\s*\{/.test(url)) return [];
  return isOfShop(url.replace(/\{[\s\S]*$/, ""), shop.url) ? [] : [error("push_leads_away", url)];
}

function emailFound({ html, text }: RenderedMessage): Found[] {
  const bytes = new TextEncoder().encode(html).length;
  const pictures = html.match(/<img\b[^>]*>/gi) ?? [];
  return [
    ...(bytes > CLIPPED_AT ? [error("clipped", `${Math.ceil(bytes / 1024)} KB`)] : []),
    ...(bytes <= CLIPPED_AT && bytes > NEARLY_CLIPPED
      ? [warning("nearly_clipped", `${Math.ceil(bytes / 1024)} KB`)]
      : []),
    ...(pictures.some((picture) => !/\salt=/i.test(picture)) ? [warning("picture_without_words")] : []),
    ...(pictures.length > 0 && text.replace(/https?:\S+/g, "").length < 200 ? [warning("pictures_alone")] : []),
  ];
}

function subjectFound(text: EmailText | undefined, language: Language): Found[] {
  if (text === undefined) return [];
  const plain = text.subject.replace(/\{%[\s\S]*?%\}|\{\{[\s\S]*?\}\}/g, "");
  const letters = plain.replace(/\P{L}/gu, "");
  return [
    ...(plain.length > 70 ? [warning("subject_long", String(plain.length))] : []),
    ...(letters.length > 8 && letters === letters.toUpperCase() ? [warning("subject_shouts")] : []),
    ...(/[!?]{2,}|!.*!/.test(plain) ? [warning("subject_marks")] : []),
    ...spamWordsIn(`${plain}\n${text.preheader}`, language).map((word) => warning("spam_word", word)),
    ...(text.preheader.trim() === text.subject.trim() ? [warning("preheader_repeats")] : []),
  ];
}
