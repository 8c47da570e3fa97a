import { sha256 } from "@noble/hashes/sha2.js";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const TAIL_CODES = new TextEncoder().encode("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_");
const encoder = new TextEncoder();

/** `ct_` and the row's integer in base 32, padded so that ids sort as their rows do. */
export function contactId(row: number): string {
  let text = "";
  for (let rest = row; text.length < 10; rest = Math.floor(rest / 32)) text = ALPHABET[rest % 32] + text;
  return `ct_${text}`;
}

/** The row behind a contact's public id, or null if the text is none. */
export function contactRow(id: string): number | null {
  if (!/^ct_[0-9a-hjkmnp-tv-z]{10}$/.test(id)) return null;
  let row = 0;
  for (const letter of id.slice(3)) row = row * 32 + ALPHABET.indexOf(letter);
  return Number.isSafeInteger(row) ? row : null;
}

/**
 * An id that follows from what the thing is: prefix and 100 bits of SHA-256 over the parts.
 * The same parts give the same id for ever, so a repeat after a crash names the same row.
 */
export function derivedId(prefix: string, ...parts: readonly (string | number)[]): string {
  const digest = sha256(encoder.encode(parts.map((part) => `${String(part).length}:${part}`).join("|")));
  let text = "";
  for (let index = 0; index < 20; index++) text += ALPHABET[(digest[index] ?? 0) & 31];
  return `${prefix}_${text}`;
}

/**
 * An id of something within a thing that has a derived id: that one's 100 bits, and 52 of the parts (cyrb53), in base 32. For
 * what is worked out at every step, where SHA-256 takes longer than the step.
 */
export function idWithin(prefix: string, whole: string, ...parts: readonly (string | number)[]): string {
  let rest = textNumber(parts.join("|"));
  let text = "";
  for (let index = 0; index < 11; index++) {
    text += ALPHABET[rest % 32];
    rest = Math.floor(rest / 32);
  }
  return `${prefix}_${whole.slice(whole.indexOf("_") + 1)}${text}`;
}

/**
 * Seven characters that stand for a message id among the last ids of one contact (cyrb53, 42 of 53 bits).
 * Not for anything an attacker could gain by a collision: at worst their own event counts as a repeat.
 */
export function idTail(messageId: string): string {
  const [high, low] = hash64(messageId);
  return String.fromCharCode(
    TAIL_CODES[high & 63] ?? 0,
    TAIL_CODES[(high >>> 6) & 63] ?? 0,
    TAIL_CODES[(high >>> 12) & 63] ?? 0,
    TAIL_CODES[(high >>> 18) & 63] ?? 0,
    TAIL_CODES[low & 63] ?? 0,
    TAIL_CODES[(low >>> 6) & 63] ?? 0,
    TAIL_CODES[(low >>> 12) & 63] ?? 0,
  );
}

/** A whole number below 2^52 that follows from a text (cyrb53). Fast, and no secret: whoever wants a collision finds one. */
export function textNumber(text: string): number {
  const [high, low] = hash64(text);
  return (high >>> 12) * 2 ** 32 + (low >>> 0);
}

function hash64(text: string): [high: number, low: number] {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return [high, low];
}

/** Which of `count` shard objects holds a contact (Knuth's multiplicative hash, so that neighbours spread). */
export function shardOf(contact: number, count: number): number {
  return (Math.imul(contact, 2654435761) >>> 7) % count;
}

/** Contacts by the shard object that holds them. */
export function byShard(contacts: readonly number[], count: number): ReadonlyMap<number, readonly number[]> {
  return Map.groupBy(contacts, (contact) => shardOf(contact, count));
}

/** A number in [0, 1) that follows from the parts alone: the same person is in the same share for ever. */
export function stableFraction(...parts: readonly (string | number)[]): number {
  const digest = sha256(encoder.encode(parts.join("|")));
  return (((digest[0] ?? 0) << 16) | ((digest[1] ?? 0) << 8) | (digest[2] ?? 0)) / 2 ** 24;
}
