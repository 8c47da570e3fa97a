import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { keyIdOf, keyOf } from "../platform/auth";
import { systemClock } from "../platform/clock";
import { addressOf } from "../platform/http";
import { readSetting } from "../platform/settings";
import type { Services } from "../services";
import { Fault } from "../shared/fault";
import { sameText } from "../shared/mac";
import { Attempts } from "./attempts";
import type { Session } from "./session";
import { newSessionId, SESSION_LIFE, Sessions } from "./session";

/** Who asks: somebody with a session's cookie, or a program with the admin key in its header. */
export interface Visitor {
  readonly session: Session | null;
  /** What the forms of this visitor carry; null for a program, which has no forms. */
  readonly formToken: string | null;
  /** Id of the admin key that they came in with. */
  readonly keyId: string;
}

// Real time, not ours: a demo that moves its clock on by a day must not sign its visitor out.
const now = (): number => systemClock.now();

/** The console's door: cookies, keys, wrong tries and where a form came from. One for each environment. */
export class Access {
  private readonly sessions: Sessions;
  private readonly attempts = new Attempts();

  constructor(private readonly services: Services) {
    this.sessions = new Sessions(services.config);
  }

  /** Who asks, or null. Throws a Fault for a key in the header that is no admin key: no form would help there. */
  async visitor(context: Context): Promise<Visitor | null> {
    const key = keyOf(context.req.header("Authorization"));
    if (key !== null) {
      const scope = await this.services.keyring.scopeOf(key);
      if (scope === null) throw new Fault("unauthorized", "This key is not known here.");
      if (scope !== "admin")
        throw new Fault("forbidden", "This key is for sending events; the console needs an admin key.");
      return { session: null, formToken: null, keyId: await keyIdOf(key) };
    }
    const session = await this.sessions.read(getCookie(context, this.cookieName(context)) ?? "", now());
    if (!session || (await this.isSignedOut(session))) return null;
    return { session, formToken: await this.sessions.formToken(session), keyId: session.keyId };
  }

  /** Whether a form's token is this visitor's. A program with the key needs none: no browser sends its header. */
  ownsForm({ session, formToken }: Visitor, given: unknown): boolean {
    return session === null || (typeof given === "string" && formToken !== null && sameText(given, formToken));
  }

  /** Seconds until a login from this address is looked at again; 0 for now. */
  wait(context: Context): number {
    return this.attempts.wait(addressOf(context), now());
  }

  /** Signs in with a key. False for any that is no admin key, in the same words and the same time. */
  async signIn(context: Context, key: string): Promise<boolean> {
    if ((await this.services.keyring.scopeOf(key)) !== "admin") {
      this.attempts.note(addressOf(context), now());
      return false;
    }
    const token = await this.sessions.issue(key, newSessionId(), now());
    setCookie(context, this.cookieName(context), token, {
      ...this.cookieOptions(context),
      maxAge: SESSION_LIFE / 1_000,
    });
    return true;
  }

  /** Ends a session everywhere: its token is worth nothing from now on, wherever a copy of it lies. */
  async signOut(context: Context, session: Session): Promise<void> {
    const { DB } = this.services.env;
    const name = signedOutKey(session);
    const kept = "INSERT INTO settings (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO NOTHING";
    const past =
      "DELETE FROM settings WHERE key >= 'signed_out:' AND key < 'signed_out;' AND CAST(value AS INTEGER) < ?1";
    await DB.batch([DB.prepare(kept).bind(name, String(session.expiresAt)), DB.prepare(past).bind(now())]);
    deleteCookie(context, this.cookieName(context), this.cookieOptions(context));
  }

  private async isSignedOut(session: Session): Promise<boolean> {
    return (await readSetting(this.services.env.DB, signedOutKey(session))) !== null;
  }

  /** The `__Host-` name binds a cookie to this host over TLS; a developer's machine serves without. */
  private cookieName(context: Context): string {
    return this.isSecure(context) ? "__Host-relance" : "relance_console";
  }

  private cookieOptions(context: Context) {
    return { path: "/", httpOnly: true, sameSite: "Strict", secure: this.isSecure(context) } as const;
  }

  private isSecure(context: Context): boolean {
    return !this.services.isLocal || new URL(context.req.url).protocol === "https:";
  }
}

function signedOutKey({ id }: Session): string {
  return `signed_out:${id}`;
}

/**
 * Throws unless a form was sent from one of our own pages. Browsers state the origin of every POST; a program that
 * states none must bring its key in the header, which no page of another site can do.
 */
export function checkOrigin(context: Context): void {
  const origin = context.req.header("Origin");
  const site = context.req.header("Sec-Fetch-Site");
  const own = new URL(context.req.url).origin;
  const stated = origin !== undefined || site !== undefined;
  const fromHere = (origin === undefined || origin === own) && (site === undefined || site === "same-origin");
  if (fromHere && (stated || keyOf(context.req.header("Authorization")) !== null)) return;
  throw new Fault("forbidden", "This form was not sent from the console. Open the page again and repeat.");
}

/** A path of the console to go to after the login; anything else leads to the overview. */
export function safeNext(given: unknown): string {
  return typeof given === "string" && /^\/admin(?:\/[\w./-]*)?$/.test(given) && !given.includes("//")
    ? given
    : "/admin";
}
