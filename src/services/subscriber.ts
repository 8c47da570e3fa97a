import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";

const PREFIX = "sub_";

/** Whether an identity names a subscriber. */
export function isSubscriber(identity: string): boolean {
  return identity.startsWith(`a:${PREFIX}`);
}

/** The browser id that stands for the subscriber of an address: nobody can make it up without our secret. */
export function subscriberOf(address: string, secret: string): string {
  const encoder = new TextEncoder();
  const digest = hmac(sha256, encoder.encode(secret), encoder.encode(`subscriber.${address}`));
  return `${PREFIX}${Array.from(digest.slice(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
