import { digestOf } from "./digest";

/** How far a signature's time may lie from ours. */
const WINDOW_MS = 5 * 60_000;
/** A header holds a signature for each secret that is good by now; more than these is an attempt to keep us busy. */
const MOST_SIGNATURES = 8;

const encoder = new TextEncoder();

/** The headers of a delivery, as Standard Webhooks and Svix name them. */
export interface SignedHeaders {
  readonly id: string;
  /** Epoch seconds, as text. */
  readonly timestamp: string;
  /** `v1,` and base 64; several are parted by spaces. */
  readonly signature: string;
}

/**
 * Whether a delivery bears the signature of one of the secrets (`whsec_…`) over its raw bytes, made within five minutes of
 * `now` (epoch ms). Digests are compared, in constant time and for every secret and signature: what has another length is
 * merely wrong.
 */
export async function isSvixSigned(
  body: Uint8Array,
  { id, timestamp, signature }: SignedHeaders,
  secrets: readonly string[],
  now: number,
): Promise<boolean> {
  const at = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) * 1_000 : Number.NaN;
  if (id === "" || !(Math.abs(now - at) <= WINDOW_MS)) return false;
  const given = signature.split(" ").slice(0, MOST_SIGNATURES);
  const claimed = await Promise.all(given.filter((one) => one.startsWith("v1,")).map((one) => digestOf(one.slice(3))));
  const head = encoder.encode(`${id}.${timestamp}.`);
  const content = new Uint8Array(head.length + body.length);
  content.set(head);
  content.set(body, head.length);
  let signed = false;
  for (const secret of secrets) {
    const expected = await digestOf(await macOf(secret, content));
    for (const one of claimed) if (crypto.subtle.timingSafeEqual(expected, one)) signed = true;
  }
  return signed;
}

async function macOf(secret: string, content: Uint8Array): Promise<string> {
  const usage = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", keyOf(secret), usage, false, ["sign"]);
  return btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.sign("HMAC", key, content))));
}

/** The bytes behind `whsec_…`; a secret that is no base 64 stands for itself. */
function keyOf(secret: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(secret.replace(/^whsec_/, "")), (letter) => letter.charCodeAt(0));
  } catch {
    return Uint8Array.from(encoder.encode(secret));
  }
}
