import { SignJWT } from "jose";
import { hex } from "../../shared/mac";

const LIFETIME_SECONDS = 300;

async function digest(text: string): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))));
}

/** The shop's id of a customer. A real shop has a row for it; here it follows from the address. */
export async function userIdOf(email: string): Promise<string> {
  return `demo-${(await digest(email.toLowerCase())).slice(0, 16)}`;
}

/** The number of an order follows from its cart, so that a form sent twice places one order. */
export async function orderIdOf(cartId: string): Promise<string> {
  return `ML-${(await digest(cartId)).slice(0, 8).toUpperCase()}`;
}

/**
 * Signs that this address belongs to this customer. A real shop signs only the address of the session that it
 * has logged in itself; the demo believes its visitor, who can only read this machine's inbox.
 *
 * @param now epoch milliseconds
 */
export async function signSession(
  secret: string,
  session: { readonly userId: string; readonly email: string },
  now: number,
): Promise<{ token: string; expiresAt: string }> {
  const issued = Math.floor(now / 1000);
  const token = await new SignJWT({ email: session.email })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setSubject(session.userId)
    .setIssuedAt(issued)
    .setExpirationTime(issued + LIFETIME_SECONDS)
    .sign(new TextEncoder().encode(secret));
  return { token, expiresAt: new Date((issued + LIFETIME_SECONDS) * 1000).toISOString() };
}
