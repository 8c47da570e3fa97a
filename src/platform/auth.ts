import type { MiddlewareHandler } from "hono";
import { Fault } from "../shared/fault";
import { hex } from "../shared/mac";
import { digestOf } from "./digest";

/** What a key may do. */
export type Scope = "write" | "secret" | "admin";

/** Keys of the deployment by scope. Compares digests, so that neither length nor prefix shows in the time taken. */
export class Keyring {
  private digests: Promise<{ scope: Scope; digest: ArrayBuffer }[]> | null = null;
  private readonly known = new Map<string, Scope | null>();

  constructor(private readonly keys: Readonly<Record<Scope, readonly string[]>>) {}

  /** The scope of a key, or null for an unknown one. */
  async scopeOf(key: string): Promise<Scope | null> {
    const cached = this.known.get(key);
    if (cached !== undefined) return cached;
    this.digests ??= this.digestAll();
    const given = await digestOf(key);
    let scope: Scope | null = null;
    for (const known of await this.digests) if (crypto.subtle.timingSafeEqual(known.digest, given)) scope = known.scope;
    // Only real keys are remembered: unknown ones would let anybody fill the memory.
    if (scope !== null) this.known.set(key, scope);
    return scope;
  }

  private async digestAll(): Promise<{ scope: Scope; digest: ArrayBuffer }[]> {
    const entries = Object.entries(this.keys) as [Scope, readonly string[]][];
    const all = entries.flatMap(([scope, keys]) => keys.map((key) => ({ scope, key })));
    return Promise.all(all.map(async ({ scope, key }) => ({ scope, digest: await digestOf(key) })));
  }
}

/** The key of an Authorization header: `Bearer key`, or Basic with the key as user name. Null where there is none. */
export function keyOf(header: string | undefined): string | null {
  if (header === undefined) return null;
  const [scheme, value] = header.split(" ", 2);
  if (value === undefined || value === "") return null;
  if (scheme?.toLowerCase() === "bearer") return value;
  if (scheme?.toLowerCase() !== "basic") return null;
  try {
    return atob(value).split(":", 1)[0] ?? null;
  } catch {
    return null;
  }
}

/** What a key is called where it must not be told: the beginning of its digest. */
export async function keyIdOf(key: string): Promise<string> {
  return keyIdOfDigest(new Uint8Array(await digestOf(key)));
}

/** The same of a key's SHA-256. */
export function keyIdOfDigest(digest: Uint8Array): string {
  return `key_${hex(digest.slice(0, 10))}`;
}

/** Lets only admin keys pass. */
export function requireAdmin(keyring: () => Keyring): MiddlewareHandler {
  return async (context, next) => {
    const key = keyOf(context.req.header("Authorization"));
    const scope = key === null ? null : await keyring().scopeOf(key);
    if (scope === null) throw new Fault("unauthorized", "Send an admin key as `Authorization: Bearer <key>`.");
    if (scope !== "admin")
      throw new Fault("forbidden", "This key is for sending events; the admin API needs an admin key.");
    await next();
  };
}
