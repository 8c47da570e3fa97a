import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";

/** Capitals and digits that nobody mistakes for one another: no I, L, O or U. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/** Five bits each. */
const LETTERS = 16;
const encoder = new TextEncoder();

/**
 * A code of 80 bits that follows from a secret and what it is for: the same parts give the same code for ever, and
 * without the secret one code says nothing about the next.
 */
export function secretCode(secret: string, ...parts: readonly (string | number)[]): string {
  const text = parts.map((part) => `${String(part).length}:${part}`).join("|");
  const digest = hmac(sha256, encoder.encode(secret), encoder.encode(`code.${text}`));
  let code = "";
  for (let index = 0; index < LETTERS; index++) code += ALPHABET[(digest[index] ?? 0) & 31];
  return code;
}

/** A code as a person may have typed it, in the form that it was made in: `abcd-efgh 1o` is `ABCDEFGH10`. */
export function readCode(text: string): string {
  return text.toUpperCase().replaceAll(/[\s-]/g, "").replaceAll("O", "0").replaceAll(/[IL]/g, "1");
}
