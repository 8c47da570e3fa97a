import { base64url, keyedBytes, sameText } from "./mac";

/** What a signed link is for. The purpose is part of the MAC: a token for one opens no other. */
export type LinkPurpose =
  | "click"
  | "open"
  | "unsubscribe"
  | "optin"
  | "preferences"
  | "web"
  | "landing"
  | "feedback"
  | "short"
  | "mid"
  | "form"
  | "export";

function mac(secret: string, purpose: LinkPurpose, payload: string): string {
  // 128 bits are beyond guessing and keep links short.
  return base64url(keyedBytes(secret, `${purpose}.${payload}`, 16));
}

/** A token `parts…~mac`; parts must be free of `~`. Deterministic: the same send always gets the same link. */
export function signToken(secret: string, purpose: LinkPurpose, parts: readonly (string | number)[]): string {
  const payload = parts.join("~");
  return `${payload}~${mac(secret, purpose, payload)}`;
}

/** Eight digits that follow from the parts under the MAC, for a person to type. Guessing must be bounded elsewhere. */
export function signCode(secret: string, purpose: LinkPurpose, parts: readonly (string | number)[]): string {
  const bytes = keyedBytes(secret, `${purpose}.code.${parts.join("~")}`, 6);
  const number = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  return String(number % 100_000_000).padStart(8, "0");
}

/** The parts of a token that was signed for this purpose, or null. Takes the same time for any wrong MAC. */
export function readToken(secret: string, purpose: LinkPurpose, token: string): string[] | null {
  if (token.length > 512) return null;
  const cut = token.lastIndexOf("~");
  if (cut < 1) return null;
  const payload = token.slice(0, cut);
  return sameText(token.slice(cut + 1), mac(secret, purpose, payload)) ? payload.split("~") : null;
}
