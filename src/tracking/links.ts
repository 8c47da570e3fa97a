import { OPTIN, OPTIN_DAYS } from "../contacts/subscription";
import type { PermitRow } from "../decisions/permit";
import type { FeedbackKind, MessageLinks } from "../sends/message";
import { FEEDBACK_KINDS } from "../sends/message";
import type { FrozenData } from "../sends/send-row";
import { withUtm } from "../sends/utm";
import { DAY } from "../shared/clock";
import type { LinkPurpose } from "../shared/token";
import { readToken, signCode, signToken } from "../shared/token";
import { shortCode } from "./short";

/** Purposes of links that belong to one message. */
export type MessagePurpose = Exclude<LinkPurpose, "optin" | "form" | "export" | "short" | "mid">;

/** Whose message a link belongs to. */
export interface LinkSubject {
  readonly contact: number;
  readonly send: string;
  readonly channel: string;
  /** Which link of the message, or what it is for; null where the message has one of the kind. */
  readonly place: string | null;
  /** Epoch ms; null for what never runs out. */
  readonly until: number | null;
}

/** As long as anybody reads an old mail again. A link that is older leads to the shop. */
export const LINK_DAYS = 395;
/** The place of the link that nobody sees. */
export const TRAP = "x";
/** The place of the way out among the short links of a text. */
export const STOP_PLACE = "u";

/** What addresses are made of. */
export interface LinkTerms {
  /** Without a trailing slash. */
  readonly publicUrl: string;
  readonly shopUrl: string;
  readonly secret: string;
}

/** What of a row its links follow from. */
type LinkedRow = Pick<PermitRow, "contact" | "id" | "channel" | "class" | "run" | "created_at">;

/**
 * The addresses that one message carries. Clicks and opens are individual only with consent to tracking; what the reader
 * needs (unsubscribe, preferences, web version, landing and feedback pages) is functional and always there. They follow
 * from the row alone, so that every attempt carries the same.
 */
export function linksFor(row: LinkedRow, data: Pick<FrozenData, "tracking" | "links">, terms: LinkTerms): MessageLinks {
  const { publicUrl, secret } = terms;
  const subject = [row.contact, row.id, row.channel];
  const basic = {
    get unsubscribe() {
      return `${publicUrl}/u/${signToken(secret, "unsubscribe", subject)}`;
    },
    preferences: row.class === "marketing" ? `${publicUrl}/p/${signToken(secret, "preferences", subject)}` : null,
    optin: row.run === OPTIN ? optinLinks(row, publicUrl, secret) : null,
    open: data.tracking && row.channel === "email" ? `${publicUrl}/o/${signToken(secret, "open", subject)}` : null,
  };
  // By descriptors: what is signed on demand must not be read here.
  if (data.links) {
    const more = moreLinks(row, data, terms);
    return Object.defineProperties(basic, Object.getOwnPropertyDescriptors(more)) as typeof basic & typeof more;
  }
  const click = (destination: string, index: number): string =>
    data.tracking ? `${publicUrl}/c/${signToken(secret, "click", [...subject, index])}` : destination;
  return { ...basic, click };
}

/** What messages carry since their links run out, say where a visit comes from, and are short in texts. */
function moreLinks(
  row: LinkedRow,
  { tracking, links }: Pick<FrozenData, "tracking" | "links">,
  { publicUrl, shopUrl, secret }: LinkTerms,
): Omit<MessageLinks, "preferences" | "optin" | "open"> {
  const until = Math.floor(row.created_at / DAY) + LINK_DAYS;
  const address = (path: string, purpose: MessagePurpose, place: string | number): string =>
    `${publicUrl}/${path}/${signToken(secret, purpose, [row.contact, row.id, row.channel, place, until])}`;
  const short = (place: string | number): string => `${publicUrl}/s/${shortCode(secret, row, String(place))}`;
  const own = ["u", "p", "w", "f", "optin"].map((path) => `${publicUrl}/${path}/`);
  const isOwn = (destination: string): boolean => own.some((start) => destination.startsWith(start));
  const isLanding = (destination: string): boolean => destination.startsWith(`${publicUrl}/l/`);
  const isText = row.channel === "sms";
  const utm = links?.utm ?? null;
  return {
    unsubscribe: isText
      ? short(STOP_PLACE)
      : `${publicUrl}/u/${signToken(secret, "unsubscribe", [row.contact, row.id, row.channel])}`,
    unsubscribeMail: links?.mailbox ? mailAsking(links.mailbox, row, secret) : null,
    get web() {
      return address("w", "web", "");
    },
    get landing() {
      return address("l", "landing", "");
    },
    feedback: feedbackLinks((kind) => address("f", "feedback", kind)),
    trap: tracking && row.channel === "email" ? address("c", "click", TRAP) : null,
    tag: (destination) => (utm === null ? destination : withUtm(destination, utm, shopUrl)),
    // Where every character is paid for, the reader's own pages have short addresses too.
    isOwn: (destination) => !isText && isOwn(destination),
    click(destination, index) {
      if (isText) return tracking || isOwn(destination) || isLanding(destination) ? short(index) : destination;
      return tracking ? address("c", "click", index) : destination;
    },
  };
}

/** A mail that ends the subscription by its subject, which holds the same as the link. */
function mailAsking(mailbox: string, { contact, id, channel }: LinkedRow, secret: string): string {
  return `mailto:${mailbox}?subject=unsubscribe%20${signToken(secret, "unsubscribe", [contact, id, channel])}`;
}

/** What a mail to that inbox ends, by its subject; null where it names nothing of ours. Programs put words before it. */
export function readMailAsking(secret: string, subject: string): LinkSubject | null {
  const words = subject.slice(0, 2_000).split(/[\s<>]+/);
  return words.map((word) => readLink(secret, "unsubscribe", word)).find((found) => found !== null) ?? null;
}

function feedbackLinks(make: (kind: FeedbackKind) => string): Readonly<Record<FeedbackKind, string>> {
  const links = {};
  for (const kind of FEEDBACK_KINDS) Object.defineProperty(links, kind, { get: () => make(kind), enumerable: true });
  return links as Record<FeedbackKind, string>;
}

function optinLinks(
  { contact, id, created_at }: LinkedRow,
  publicUrl: string,
  secret: string,
): NonNullable<MessageLinks["optin"]> {
  const token = signToken(secret, "optin", [contact, id, created_at + OPTIN_DAYS * DAY]);
  const code = optinCode(secret, contact, id);
  return { url: `${publicUrl}/optin/${token}`, code: `${code.slice(0, 4)} ${code.slice(4)}` };
}

/** The digits that confirm a phone number, by the message that carries them. */
export function optinCode(secret: string, contact: number, send: string): string {
  return signCode(secret, "optin", [contact, send]);
}

/** What a confirmation link names. */
export interface OptinLink {
  /** The subscriber. */
  readonly contact: number;
  readonly send: string;
  /** Epoch ms. */
  readonly expiresAt: number;
}

/** What an opt-in token stands for, expired or not; null where it was not signed for this. */
export function readOptin(secret: string, token: string): OptinLink | null {
  const [contact, send, expiresAt] = readToken(secret, "optin", token) ?? [];
  if (contact === undefined || send === undefined || expiresAt === undefined) return null;
  return { contact: Number(contact), send, expiresAt: Number(expiresAt) };
}

/** The subject of a link's token, run out or not; null where the token was not signed for this purpose. */
export function readLink(secret: string, purpose: MessagePurpose, token: string): LinkSubject | null {
  const parts = readToken(secret, purpose, token);
  const [contact, send, channel, place, until] = parts ?? [];
  if (contact === undefined || send === undefined || channel === undefined) return null;
  return {
    contact: Number(contact),
    send,
    channel,
    place: place === undefined || place === "" ? null : place,
    until: until === undefined ? null : Number(until) * DAY,
  };
}
