import { attempt, type Browser, type Chance } from "./environment";
import type { Keep } from "./keep";

/** Who this browser says it is. */
export interface Identity {
  readonly anonymousId: string;
  readonly userId?: string | undefined;
}

export interface Visitor {
  get(): Identity;
  /** Takes on `userId`. Another person on the same device starts from a new anonymous id. */
  become(userId: string): void;
  /** Forgets the person and their answer on tracking: the next event comes from someone new. */
  forget(): void;
  /** Writes the identity again, to where the visitor's answer on tracking now wants it. */
  settle(): void;
  holdToken(token: string): void;
  /** The shop's token while it is valid, else nothing. */
  token(): string | undefined;
}

/** A version 4 UUID. `crypto.randomUUID` is missing on plain http, `getRandomValues` is not. */
export function uuid(browser: Browser): string {
  const hex = Array.from(browser.crypto.getRandomValues(new Uint8Array(16)), (byte, index) => {
    const value = index === 6 ? (byte & 15) | 64 : index === 8 ? (byte & 63) | 128 : byte;
    return (value + 256).toString(16).slice(1);
  }).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/**
 * How long a token holds, in milliseconds, by its own `exp - iat`: the clock of the visitor's device may be
 * hours off, so its reading is not compared with `exp` unless `iat` is missing.
 */
function lifetime(token: string, now: number): number {
  const claims = attempt(() => {
    const part = (token.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/");
    return JSON.parse(atob(part)) as { exp?: number; iat?: number };
  }, {});
  return (claims.exp ?? 0) * 1000 - (claims.iat ? claims.iat * 1000 : now);
}

/**
 * The identity of this browser. It is read anew each time, so that a choice made in another tab counts here.
 * The token stays in memory: it proves an address and must not outlive the page.
 */
export function createVisitor(browser: Browser, chance: Chance, keep: Keep): Visitor {
  let held: { token: string; until: number } | undefined;

  function save(identity: Identity): Identity {
    keep.write("visitor", JSON.stringify(identity));
    return identity;
  }

  function get(): Identity {
    const stored = attempt(() => JSON.parse(keep.read("visitor")[0] ?? "null") as Identity | null, null);
    return stored?.anonymousId ? stored : save({ anonymousId: uuid(browser) });
  }

  function forget(): void {
    held = undefined;
    keep.choose("tracking", undefined);
    keep.choose("profiling", undefined);
    save({ anonymousId: uuid(browser) });
  }

  return {
    get,
    forget,
    become(userId) {
      const known = get().userId;
      if (known && known !== userId) forget();
      save({ anonymousId: get().anonymousId, userId });
    },
    settle: () => void save(get()),
    holdToken(token) {
      held = { token, until: chance.now() + lifetime(token, chance.now()) };
    },
    token: () => (held && chance.now() < held.until ? held.token : undefined),
  };
}
