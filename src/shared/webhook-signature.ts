import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";

const PREFIX = "whsec_";

/** A secret for signing webhooks, as receivers type it in: the same parts give the same one. */
export function webhookSecret(key: string, ...parts: readonly string[]): string {
  return PREFIX + base64(hmac(sha256, utf8ToBytes(key), utf8ToBytes(["webhook", ...parts].join("|"))));
}

/** What a call of ours is named and when it is made, so that a receiver can tell a repeat and refuse an old one. */
export interface SignedCall {
  readonly id: string;
  /** Epoch seconds of this attempt. */
  readonly timestamp: number;
  readonly body: string;
}

/**
 * The three headers of Standard Webhooks (standardwebhooks.com): HMAC-SHA256 over `id.timestamp.body`, so that neither
 * can be changed, and a copy is known by its id.
 */
export function signedHeaders(secret: string, { id, timestamp, body }: SignedCall): Readonly<Record<string, string>> {
  const key = Uint8Array.from(atob(secret.slice(PREFIX.length)), (letter) => letter.charCodeAt(0));
  const signature = base64(hmac(sha256, key, utf8ToBytes(`${id}.${timestamp}.${body}`)));
  return { "webhook-id": id, "webhook-timestamp": String(timestamp), "webhook-signature": `v1,${signature}` };
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
