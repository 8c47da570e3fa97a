import { digestOf } from "./digest";

const encoder = new TextEncoder();

/**
 * Whether a form bears Twilio's signature under a token: HMAC-SHA1 of its address and of all fields in the order of their
 * names. Digests are compared, in constant time.
 */
export async function isTwilioSigned(
  url: string,
  form: URLSearchParams,
  signature: string,
  tokens: readonly string[],
): Promise<boolean> {
  const fields = [...form].sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
  const text = url + fields.map(([name, value]) => name + value).join("");
  const claimed = await digestOf(signature.trim());
  let signed = false;
  for (const token of tokens) {
    const usage = { name: "HMAC", hash: "SHA-1" };
    const key = await crypto.subtle.importKey("raw", encoder.encode(token), usage, false, ["sign"]);
    const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(text)));
    const expected = await digestOf(btoa(String.fromCharCode(...mac)));
    if (crypto.subtle.timingSafeEqual(expected, claimed)) signed = true;
  }
  return signed;
}
