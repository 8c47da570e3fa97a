import type { Context } from "hono";
import { isbot } from "isbot";
import type { Scope } from "../platform/auth";
import { keyOf } from "../platform/auth";
import { problem } from "../platform/http";
import { Fault } from "../shared/fault";
import { shortAgent } from "../shared/trace";
import { CORS } from "./client-routes";
import type { Sender } from "./input";
import type { Caller } from "./intake";
import { sourceOf, UNKNOWN } from "./source";

/** What the door of the event routes needs of the rest. */
export interface DoorDeps {
  readonly scopeOf: (key: string) => Promise<Scope | null>;
  /** Hears of what is not taken and leaves no row, by reason: for statistics alone. */
  readonly refused: (source: string, reasons: Readonly<Record<string, number>>) => void;
  /** Keyed hash of a network address, for budgets. */
  readonly originOf: (address: string) => string;
  /** Keyed hash of the truncated address, which is kept with a consent as its proof. */
  readonly networkOf: (address: string) => string;
  readonly claimsAreTrusted: boolean;
  readonly now: () => number;
}

/** A refusal that a browser may read. */
export function refuse(response: Response): Response {
  for (const [name, value] of Object.entries(CORS)) response.headers.set(name, value);
  return response;
}

/** Who sent a request, and how far they are trusted. */
export interface Door {
  readonly source: string;
  readonly sender: Sender;
  readonly caller: Caller | null;
}

/** Finds out who sent a request. Throws unauthorized without a valid key, forbidden for an admin's. */
export async function openDoor(
  context: Context,
  deps: DoorDeps,
  body: { writeKey?: unknown; sentAt?: unknown },
  shared: Sender["context"],
  first: unknown,
): Promise<Door> {
  const inBody = typeof body.writeKey === "string" ? body.writeKey : null;
  const key = keyOf(context.req.header("Authorization")) ?? inBody ?? context.req.query("writeKey") ?? "";
  const scope = key === "" ? null : await deps.scopeOf(key);
  if (scope === null)
    throw new Fault(
      "unauthorized",
      "Send a write key or a secret key: as Basic user name, Bearer token, `writeKey` in the body, or in the query of the beacon route.",
    );
  if (scope === "admin")
    throw new Fault("forbidden", "An admin key does not send events; use a write key or a secret key.");
  const receivedAt = deps.now();
  const source = sourceOf(scope, first, shared);
  if (scope === "secret") {
    return {
      source,
      caller: null,
      sender: { trust: "secret", receivedAt, sentAt: body.sentAt, context: shared, origin: null, bot: false },
    };
  }
  const address = context.req.header("CF-Connecting-IP") ?? "local";
  const userAgent = context.req.header("User-Agent");
  const trust = deps.claimsAreTrusted ? "token" : "write";
  const proof = { origin: deps.networkOf(address), agent: shortAgent(userAgent) };
  return {
    source,
    caller: { key, origin: deps.originOf(address) },
    sender: { trust, receivedAt, sentAt: body.sentAt, context: shared, ...proof, bot: isbot(userAgent) },
  };
}

/** What is found out about a request on the way, for whoever counts it in the end. */
interface Known {
  source?: string;
  events?: number;
}

/** Runs what answers a request. A refusal is counted, and answered so that a browser can read it. */
export async function guarded(
  context: Context,
  deps: DoorDeps,
  run: (known: Known) => Promise<Response>,
): Promise<Response> {
  const known: Known = {};
  try {
    return await run(known);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const source = known.source ?? (await sourceOfKey(context, deps));
    deps.refused(source, { [error.code]: known.events ?? 1 });
    // Here rather than in the app's mapping: a browser only sees an error that allows its origin.
    return refuse(problem(error.code, error.detail, error.errors, error.retryAfterSeconds));
  }
}

/** All that is known of a request that cannot be read. */
async function sourceOfKey(context: Context, deps: DoorDeps): Promise<string> {
  const key = keyOf(context.req.header("Authorization")) ?? context.req.query("writeKey") ?? "";
  const scope = key === "" ? null : await deps.scopeOf(key);
  return scope === null || scope === "admin" ? UNKNOWN : sourceOf(scope, null, null);
}
