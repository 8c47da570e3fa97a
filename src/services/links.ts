import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { Services } from "../services";
import { signToken } from "../shared/token";

/** Keyed hash of a network or of an address in it. */
export function hashOrigin(address: string, secret: string): string {
  const encoder = new TextEncoder();
  const digest = hmac(sha256, encoder.encode(secret), encoder.encode(`origin.${address}`));
  return Array.from(digest.slice(0, 12), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The address of a contact's preference centre. A path, so that it holds behind any proxy. */
export function preferencesUrl({ config }: Services, contact: number, send: string): string {
  return `/p/${signToken(config.LINK_SECRET, "preferences", [contact, send, "email"])}`;
}
