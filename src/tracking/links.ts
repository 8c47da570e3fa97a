import type { PermitRow } from "../decisions/permit";
import type { MessageLinks } from "../sends/message";
import { readToken, signToken } from "../shared/token";

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
    open: tracking && row.channel === "email" ? `${publicUrl}/o/${signToken(secret, "open", subject)}` : null,
    click: (destination, index) =>
      tracking ? `${publicUrl}/c/${signToken(secret, "click", [...subject, index])}` : destination,
  };
}

/** The subject of a link's token, or null where the token was not signed for this purpose. */
export function readLink(secret: string, purpose: "click" | "open" | "unsubscribe", token: string): LinkSubject | null {
  const parts = readToken(secret, purpose, token);
  const [contact, send, channel, index] = parts ?? [];
  if (contact === undefined || send === undefined || channel === undefined) return null;
  return { contact: Number(contact), send, channel, index: index === undefined ? null : Number(index) };
}
