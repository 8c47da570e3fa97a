import type { Services } from "../services";
import { hex, keyedBytes } from "../shared/mac";
import { signToken } from "../shared/token";

/** Keyed hash of a network or of an address in it. */
export function hashOrigin(address: string, secret: string): string {
  return hex(keyedBytes(secret, `origin.${address}`, 12));
}

/** The address of a contact's preference centre. A path, so that it holds behind any proxy. */
export function preferencesUrl({ config }: Services, contact: number, send: string): string {
  return `/p/${signToken(config.LINK_SECRET, "preferences", [contact, send, "email"])}`;
}
