import { createHmac } from "node:crypto";

/** The secret of .dev.vars.example: the one of Svix's documentation. */
export const RESEND_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/** The signature of a delivery, as Svix makes it. `at`: epoch seconds. */
export function svixSignature(id: string, at: number, body: string, secret = RESEND_SECRET): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  return `v1,${createHmac("sha256", key).update(`${id}.${at}.${body}`).digest("base64")}`;
}

let count = 0;

interface Told {
  readonly type: string;
  readonly data?: Readonly<Record<string, unknown>>;
  /** Delivery's own id; one of its own for each call where it is left out. */
  readonly id?: string;
  /** When it was signed, epoch ms. */
  readonly signedAt?: number;
  /** When it happened, epoch ms. */
  readonly at?: number;
  readonly secret?: string;
}

/** A delivery of Resend's as a request. */
export function resendDelivery({
  type,
  data = {},
  id = `msg_${++count}`,
  signedAt = Date.now(),
  at = signedAt,
  secret,
}: Told): { method: "POST"; headers: Record<string, string>; body: string } {
  const body = JSON.stringify({ type, created_at: new Date(at).toISOString(), data });
  const seconds = Math.floor(signedAt / 1_000);
  const headers = {
    "content-type": "application/json",
    "svix-id": id,
    "svix-timestamp": String(seconds),
    "svix-signature": svixSignature(id, seconds, body, secret),
  };
  return { method: "POST", headers, body };
}

/** The signature of a form, as Twilio makes it. */
export function twilioSignature(url: string, fields: Readonly<Record<string, string>>, token: string): string {
  const text = Object.keys(fields)
    .sort()
    .map((name) => name + (fields[name] ?? ""))
    .join("");
  return createHmac("sha1", token)
    .update(url + text)
    .digest("base64");
}
