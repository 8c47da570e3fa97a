import { OPTIN, OPTIN_DAYS } from "../contacts/subscription";
import type { PermitRow } from "../decisions/permit";
import type { MessageLinks } from "../sends/message";
import { DAY } from "../shared/clock";
import type { LinkPurpose } from "../shared/token";
import { readToken, signCode, signToken } from "../shared/token";

/** Whose message a link belongs to. */
export interface LinkSubject {
  readonly contact: number;
  readonly send: string;
  readonly channel: string;
  /** Which link of the message; only for clicks. */
  readonly index: number | null;
}

/**
 * The addresses that one message carries. Clicks and opens are individual only with consent to tracking; the
 * unsubscribe link is functional and always there.
 */
export function linksFor(row: PermitRow, tracking: boolean, publicUrl: string, secret: string): MessageLinks {
  const subject = [row.contact, row.id, row.channel];
  return {
    unsubscribe: `${publicUrl}/u/${signToken(secret, "unsubscribe", subject)}`,
    preferences: row.class === "marketing" ? `${publicUrl}/p/${signToken(secret, "preferences", subject)}` : null,
    optin: row.run === OPTIN ? optinLinks(row, publicUrl, secret) : null,
    open: tracking && row.channel === "email" ? `${publicUrl}/o/${signToken(secret, "open", subject)}` : null,
    click: (destination, index) =>
      tracking ? `${publicUrl}/c/${signToken(secret, "click", [...subject, index])}` : destination,
  };
}

function optinLinks(
  { contact, id, created_at }: PermitRow,
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

/** The subject of a link's token, or null where the token was not signed for this purpose. */
export function readLink(
  secret: string,
  purpose: Exclude<LinkPurpose, "optin" | "form" | "export">,
  token: string,
): LinkSubject | null {
  const parts = readToken(secret, purpose, token);
  const [contact, send, channel, index] = parts ?? [];
  if (contact === undefined || send === undefined || channel === undefined) return null;
  return { contact: Number(contact), send, channel, index: index === undefined ? null : Number(index) };
}
