import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";

const encoder = new TextEncoder();

/** The state of the last secret, ready for a text: half of the work of a short text's MAC is to take the secret in. */
let keyed: { readonly secret: string; readonly state: ReturnType<typeof hmac.create> } | undefined;

/**
 * The first `length` bytes (32 at most) of the HMAC-SHA-256 of a text. The text begins with what it is for, so that what
 * was made for one purpose serves no other.
 */
export function keyedBytes(secret: string, text: string, length = 32): Uint8Array {
  if (keyed?.secret !== secret) keyed = { secret, state: hmac.create(sha256, encoder.encode(secret)) };
  return keyed.state.clone().update(encoder.encode(text)).digest().slice(0, length);
}

/** Two lower-case digits a byte. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Base 64 as URLs take it, without padding. */
export function base64url(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The bytes of such a text. Throws where it is none. */
export function base64urlBytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}

/** Whether two texts are equal, in a time that tells nothing but their length. */
export function sameText(left: string, right: string): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let index = 0; index < left.length; index++) difference |= left.charCodeAt(index) ^ right.charCodeAt(index);
  return difference === 0;
}
