import type { MessageClass } from "../decisions/question";

/** Who writes, by what for: each purpose may have a subdomain of its own, so that one's name does not stain another's. */
export interface Senders {
  /** `Name <address>` for whatever has none of its own. */
  readonly emailFrom: string;
  readonly emailFromTransactional?: string;
  readonly emailFromNotice?: string;
  readonly emailReplyTo?: string;
}

/** The compiler asks whether there is such a class. */
const PURPOSES: Readonly<Partial<Record<MessageClass, keyof Senders>>> = {
  transactional: "emailFromTransactional",
  service: "emailFromNotice",
};

/** The sender of a message of a class, as headers have it. */
export function senderOf(
  senders: Senders,
  messageClass: MessageClass,
): { readonly from: string; readonly replyTo?: string } {
  const key = Object.hasOwn(PURPOSES, messageClass) ? PURPOSES[messageClass] : undefined;
  const from = (key && senders[key]) || senders.emailFrom;
  return { from, ...(senders.emailReplyTo && { replyTo: senders.emailReplyTo }) };
}

// Controls end a header; the marks that turn the direction of text around show another sender than there is.
const FORBIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
/** RFC 5322: a line holds 998 characters. */
const LONGEST = 998;

/** The first header of a message that must not leave as it is; null where all may. */
export function wrongHeader(message: {
  readonly from: string;
  readonly to: string;
  readonly replyTo?: string;
  readonly subject: string;
  readonly headers: Readonly<Record<string, string>>;
}): string | null {
  const { from, to, replyTo = "", subject, headers } = message;
  const all = Object.entries({ From: from, To: to, "Reply-To": replyTo, Subject: subject, ...headers });
  for (const [name, value] of all) {
    if (!/^[\x21-\x39\x3b-\x7e]{1,76}$/.test(name)) return "name";
    if (FORBIDDEN.test(value) || value.length > LONGEST || !value.isWellFormed()) return name.toLowerCase();
  }
  return null;
}
