import { keyIdOfDigest } from "../platform/auth";
import { digestOf } from "../platform/digest";
import type { Config } from "../platform/env";
import { HOUR } from "../shared/clock";
import { base64url, base64urlBytes, hex, sameText } from "../shared/mac";

/** How long a login lasts, in real time. */
export const SESSION_LIFE = 12 * HOUR;

/** Who is looking: one login, by its own id. */
export interface Session {
  readonly id: string;
  /** Real epoch ms. */
  readonly expiresAt: number;
  /** Id of the admin key that was typed. */
  readonly keyId: string;
}

const encoder = new TextEncoder();

/** Makes and reads session tokens: `id.expiry.digest of the key.mac`. Nothing in them is secret but the mac's key. */
export class Sessions {
  private key: Promise<CryptoKey> | null = null;

  constructor(private readonly config: Pick<Config, "LINK_SECRET" | "ADMIN_KEYS">) {}

  /** A token for whoever typed this admin key; `id` must be new for each login, so that none can be planted. */
  async issue(adminKey: string, id: string, now: number): Promise<string> {
    const payload = `${id}.${now + SESSION_LIFE}.${await digestText(adminKey)}`;
    return `${payload}.${await this.mac(`session.${payload}`)}`;
  }

  /** The session of a token; null for one that is not ours, has run out, or whose admin key is one no more. */
  async read(token: string, now: number): Promise<Session | null> {
    const parts = /^([0-9a-f]{32})\.(\d{1,16})\.([\w-]{43})\.([\w-]{43})$/.exec(token);
    const [, id, expiry, digest, mac] = parts ?? [];
    if (id === undefined || digest === undefined || mac === undefined) return null;
    if (!sameText(mac, await this.mac(`session.${id}.${expiry}.${digest}`))) return null;
    const known = await Promise.all(this.config.ADMIN_KEYS.map(digestText));
    const expiresAt = Number(expiry);
    return expiresAt > now && known.some((other) => sameText(other, digest))
      ? { id, expiresAt, keyId: keyIdOfDigest(base64urlBytes(digest)) }
      : null;
  }

  /** What every form of a session carries: a page of another site can send the cookie, but cannot know this. */
  formToken(session: Session): Promise<string> {
    return this.mac(`form.${session.id}`);
  }

  private async mac(text: string): Promise<string> {
    this.key ??= crypto.subtle.importKey(
      "raw",
      // A purpose of its own: no token of a link can pass for one of the console.
      encoder.encode(`console.${this.config.LINK_SECRET}`),
      { name: "HMAC", hash: "SHA-256" },
      false,
      ["sign"],
    );
    return base64url(new Uint8Array(await crypto.subtle.sign("HMAC", await this.key, encoder.encode(text))));
  }
}

/** A login's id: 128 bits of chance. */
export function newSessionId(): string {
  return hex(crypto.getRandomValues(new Uint8Array(16)));
}

async function digestText(key: string): Promise<string> {
  return base64url(new Uint8Array(await digestOf(key)));
}
