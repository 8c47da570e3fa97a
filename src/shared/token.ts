import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";

/** What a signed link is for. The purpose is part of the MAC: a token for one opens no other. */
export type LinkPurpose = "click" | "open" | "unsubscribe" | "optin" | "preferences" | "form" | "export";

const encoder = new TextEncoder();

function base64url(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function mac(secret: string, purpose: LinkPurpose, payload: string): string {
  // 128 bits are beyond guessing and keep links short.
  return base64url(hmac(sha256, encoder.encode(secret), encoder.encode(`${purpose}.${payload}`)).slice(0, 16));
}

/** A token `parts…~mac`; parts must be free of `~`. Deterministic: the same send always gets the same link. */
export function signToken(secret: string, purpose: LinkPurpose, parts: readonly (string | number)[]): string {
  const payload = parts.join("~");
  return `${payload}~${mac(secret, purpose, payload)}`;
}

/** Eight digits that follow from the parts under the MAC, for a person to type. Guessing must be bounded elsewhere. */
export function signCode(secret: string, purpose: LinkPurpose, parts: readonly (string | number)[]): string {
  const digest = hmac(sha256, encoder.encode(secret), encoder.encode(`${purpose}.code.${parts.join("~")}`));
  const number = digest.slice(0, 6).reduce((sum, byte) => sum * 256 + byte, 0);
  return String(number % 100_000_000).padStart(8, "0");
}

/** The parts of a token that was signed for this purpose, or null. Takes the same time for any wrong MAC. */
export function readToken(secret: string, purpose: LinkPurpose, token: string): string[] | null {
  if (token.length > 512) return null;
  const cut = token.lastIndexOf("~");
  if (cut < 1) return null;
  const payload = token.slice(0, cut);
  const given = token.slice(cut + 1);
  const wanted = mac(secret, purpose, payload);
  if (given.length !== wanted.length) return null;
  let difference = 0;
  for (let index = 0; index < wanted.length; index++) difference |= wanted.charCodeAt(index) ^ given.charCodeAt(index);
  return difference === 0 ? payload.split("~") : null;
}
