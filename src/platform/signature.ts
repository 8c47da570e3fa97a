import { hex } from "../shared/mac";
import { digestOf } from "./digest";

const encoder = new TextEncoder();

/**
 * Whether a text is the HMAC-SHA256 of these bytes under one of the secrets. Digests of both are compared, in constant
 * time and for every secret: a text of another length is merely wrong.
 */
export async function isSigned(
  bytes: Uint8Array,
  given: string,
  secrets: readonly string[],
  encoding: "base64" | "hex",
): Promise<boolean> {
  const claimed = await digestOf(given.trim());
  let signed = false;
  for (const secret of secrets) {
    const mac = await macOf(secret, bytes);
    const expected = await digestOf(encoding === "hex" ? hex(mac) : btoa(String.fromCharCode(...mac)));
    if (crypto.subtle.timingSafeEqual(expected, claimed)) signed = true;
  }
  return signed;
}

async function macOf(secret: string, bytes: Uint8Array): Promise<Uint8Array> {
  const usage = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), usage, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, bytes));
}
