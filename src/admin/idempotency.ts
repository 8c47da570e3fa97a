import type { Context, MiddlewareHandler } from "hono";
import * as z from "zod";
import { HOUR, MINUTE } from "../shared/clock";
import { Fault } from "../shared/fault";
import { derivedId } from "../shared/ids";
import type { ServicesFor } from "./api";
import { isStreamed } from "./api";

const KEPT = 48 * HOUR;
/** A request that has had no answer for so long has died on the way; its repeat takes its place. */
const GIVEN_UP = MINUTE;

/** The header, for the routes that honour it. */
export const idempotencyHeader = z.object({
  "idempotency-key": z
    .string()
    .min(1)
    .max(255)
    .optional()
    .openapi({ description: "A repeat with the same key and body gets the first answer and changes nothing." }),
});

interface Claim {
  readonly fingerprint: string;
  readonly status: number | null;
  readonly body: string | null;
}

/** Answers a repeated request with the first one's answer. Keys are kept for 48 hours, as hashes. */
export function idempotent(servicesFor: ServicesFor): MiddlewareHandler {
  return async (context, next) => {
    const key = context.req.header("Idempotency-Key");
    if (key === undefined || key === "" || context.req.method !== "POST" || isStreamed(context)) return next();
    const { env, clock } = servicesFor(context);
    const id = requestId(context, key);
    const fingerprint = derivedId("fp", await context.req.text());
    const known = await claim(env.DB, id, fingerprint, clock.now());
    if (known) return repeat(known, fingerprint);
    await next();
    // Only what was done is remembered: a refusal may be mended and sent again.
    const sql = context.res.ok
      ? "UPDATE idempotency SET status = ?2, body = ?3 WHERE id = ?1"
      : "DELETE FROM idempotency WHERE id = ?1 AND ?2 <> ?3";
    const body = context.res.ok ? await context.res.clone().text() : "";
    await env.DB.prepare(sql).bind(id, context.res.status, body).run();
  };
}

/** An id that a repeat of the request makes again, so that a crash after the creation doubles nothing. */
export function newId(context: Context, prefix: string): string {
  const key = context.req.header("Idempotency-Key");
  return derivedId(prefix, key ? requestId(context, key) : crypto.randomUUID());
}

function requestId(context: Context, key: string): string {
  return derivedId("idem", context.req.method, context.req.path, key);
}

/** Null where the request is ours to carry out, else what is known of the first one. */
async function claim(db: D1Database, id: string, fingerprint: string, now: number): Promise<Claim | null> {
  const take =
    "INSERT INTO idempotency (id, fingerprint, at) VALUES (?1, ?2, ?3) ON CONFLICT (id) DO UPDATE SET at = ?3 " +
    "WHERE idempotency.status IS NULL AND idempotency.at < ?4 AND idempotency.fingerprint = ?2";
  const [, taken, known] = await db.batch([
    db.prepare("DELETE FROM idempotency WHERE at < ?1").bind(now - KEPT),
    db.prepare(take).bind(id, fingerprint, now, now - GIVEN_UP),
    db.prepare("SELECT fingerprint, status, body FROM idempotency WHERE id = ?1").bind(id),
  ]);
  return (taken?.meta.changes ?? 0) > 0 ? null : (known?.results[0] as Claim);
}

function repeat(known: Claim, fingerprint: string): Response {
  if (known.fingerprint !== fingerprint) {
    throw new Fault("unprocessable", "This Idempotency-Key was used for another request. Use a new one.");
  }
  if (known.status === null) throw new Fault("conflict", "The first request with this Idempotency-Key is at work.");
  const headers = { "Content-Type": "application/json", "Idempotent-Replayed": "true" };
  return new Response(known.body, { status: known.status, headers });
}
