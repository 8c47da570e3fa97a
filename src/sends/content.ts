import type { ContentNeed } from "../decisions/question";
import type { Language } from "../shared/language";
import { LANGUAGES } from "../shared/language";

/** One language of an email. Each field is Liquid; `html` may be a whole document or a fragment of one. */
export interface EmailText {
  readonly subject: string;
  readonly preheader: string;
  readonly html: string;
  /** The MJML that `html` was compiled from when the version was published; for editors alone. */
  readonly mjml?: string | undefined;
}

/** One language of an SMS. `body` is Liquid; the renderer adds the STOP mention itself. */
export interface SmsText {
  readonly body: string;
}

/** Channels of a few plain words: a notification, what a pass in a wallet says, a letter by post. */
export const NOTICES = ["push", "wallet", "print"] as const;
export type Notice = (typeof NOTICES)[number];

/** One language of such a message. Both are Liquid; the body of a letter may have several paragraphs. */
export interface NoticeText {
  readonly title: string;
  readonly body: string;
  /** Where a tap on a notification leads: Liquid that makes one address of the shop. Left out, it opens the shop. */
  readonly url?: string | undefined;
}

/** What must stand in a message's data before the content can be sent at all. The gate asks it too. */
export type Need = ContentNeed;

interface Described<Channel extends string, Text> {
  /** Lower case, digits and underscores: `cart_1`. */
  readonly key: string;
  readonly channel: Channel;
  /** Rises with every published change; a send names the version that it used. */
  readonly version: number;
  /** Marketing carries unsubscribe headers, a visible link and the postal address; transactional does not. */
  readonly class: "marketing" | "transactional";
  readonly needs: readonly Need[];
  /** At least one; a language without its own is given another's (`languageFor`). */
  readonly texts: { readonly [One in Language]?: Text | undefined };
}

export type EmailContent = Described<"email", EmailText>;
export type SmsContent = Described<"sms", SmsText>;
export type NoticeContent = Described<Notice, NoticeText>;
export type Content = EmailContent | SmsContent | NoticeContent;
export type ContentText = EmailText | SmsText | NoticeText;

/** The language that a content is read in by whoever wants this one: money, dates and fixed words follow it. */
export function languageFor({ texts }: Pick<Content, "texts">, wanted: Language): Language {
  return texts[wanted] ? wanted : (LANGUAGES.find((language) => texts[language]) ?? wanted);
}

/** The text of that language. @throws ContentFault where there is none in any. */
export function textIn<Text>(texts: { readonly [One in Language]?: Text | undefined }, language: Language): Text {
  const text = texts[language];
  if (text === undefined) throw new ContentFault("template_invalid", `no text in ${language}`);
  return text;
}

/** Why a content cannot become a message for this contact. Stored with the suppressed send. */
export type ContentFaultReason =
  | "template_invalid"
  | "template_failed"
  | "template_too_heavy"
  | "cart_missing"
  | "cart_empty"
  | "order_missing"
  | "subject_empty"
  | "body_empty"
  | "money_invalid"
  | "date_invalid"
  | "postal_address_missing"
  | "unsubscribe_missing"
  | "sms_too_long"
  | "push_too_large"
  /** A block said that without its data there is nothing to say. */
  | "data_missing";

/**
 * A content that cannot be personalised: the send is suppressed as `content_cannot_be_personalised`.
 * `detail` is about the template alone and never holds a contact's data.
 */
export class ContentFault extends Error {
  override readonly name = "ContentFault";
  readonly reason: ContentFaultReason;
  readonly detail: string;

  constructor(reason: ContentFaultReason, detail = "") {
    super(detail === "" ? reason : `${reason}: ${detail}`);
    this.reason = reason;
    this.detail = detail;
  }
}
