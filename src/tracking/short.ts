import { textNumber } from "../shared/ids";
import { base64url, base64urlBytes, keyedBytes, sameText } from "../shared/mac";

/** What a short code names. Which message it is follows from the contact's own: `tail` is a number of its id. */
export interface ShortSubject {
  readonly contact: number;
  readonly tail: number;
  readonly place: string;
}

const MAC = 6;
const TAIL = 4;

/**
 * A code of twenty characters for a link of a text: contact, message and place under a MAC of 48 bits, which nobody can try
 * out over a network. It needs no row of its own, so nothing is written for it and nothing has to be erased.
 */
export function shortCode(
  secret: string,
  send: { readonly contact: number; readonly id: string },
  place: string,
): string {
  const payload = [...varint(send.contact), ...bytesOf(tailOf(send.id), TAIL), ...new TextEncoder().encode(place)];
  return base64url(Uint8Array.from([...macOf(secret, payload), ...payload]));
}

/** What a code stands for; null where we did not make it. */
export function readShort(secret: string, code: string): ShortSubject | null {
  if (!/^[\w-]{16,40}$/.test(code) || code.length % 4 === 1) return null;
  const bytes = [...base64urlBytes(code)];
  const payload = bytes.slice(MAC);
  const mac = base64url(Uint8Array.from(bytes.slice(0, MAC)));
  if (!sameText(mac, base64url(macOf(secret, payload)))) return null;
  // The last letter of a code may hold bits that stand for nothing: only the spelling that was sent out is one.
  if (base64url(Uint8Array.from(bytes)) !== code) return null;
  const end = payload.findIndex((byte) => byte < 128) + 1;
  const contact = payload.slice(0, end).reduceRight((sum, byte) => sum * 128 + (byte & 127), 0);
  const tail = payload.slice(end, end + TAIL).reduce((sum, byte) => sum * 256 + byte, 0);
  return { contact, tail, place: new TextDecoder().decode(Uint8Array.from(payload.slice(end + TAIL))) };
}

/** Tells the messages of one contact apart. */
export function tailOf(send: string): number {
  return textNumber(send) % 2 ** 32;
}

function macOf(secret: string, payload: readonly number[]): Uint8Array {
  return keyedBytes(secret, `short.${payload.join(".")}`, MAC);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

function bytesOf(value: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => Math.floor(value / 256 ** (count - 1 - index)) % 256);
}
