import { keyedBytes } from "./mac";

/** Capitals and digits that nobody mistakes for one another: no I, L, O or U. */
export const CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/** Five bits each. */
export const CODE_LETTERS = 16;

/**
 * A code of 80 bits that follows from a secret and what it is for: the same parts give the same code for ever, and
 * without the secret one code says nothing about the next.
 */
export function secretCode(secret: string, ...parts: readonly (string | number)[]): string {
  const text = parts.map((part) => `${String(part).length}:${part}`).join("|");
  return Array.from(keyedBytes(secret, `code.${text}`, CODE_LETTERS), (byte) => CODE_ALPHABET[byte & 31]).join("");
}

/** A code as a person may have typed it, in the form that it was made in: `abcd-efgh 1o` is `ABCDEFGH10`. */
export function readCode(text: string): string {
  return text.toUpperCase().replaceAll(/[\s-]/g, "").replaceAll("O", "0").replaceAll(/[IL]/g, "1");
}
