import { Resend } from "resend";
import type { BatchOutcome, Channel, Outcome, OutgoingMessage } from "../message";
import { wrongHeader } from "../sender";

export interface ResendSettings {
  readonly apiKey: string;
  /** Without a trailing slash; Resend's own address where it is left out. */
  readonly baseUrl?: string | undefined;
  /** Milliseconds for one call. */
  readonly timeoutMs?: number | undefined;
  /** 0 for as many as there are. */
  readonly callsPerSecond?: number | undefined;
}

/** What the package gives back. `statusCode` is null where no answer came. */
interface Answer {
  readonly data: { readonly id?: string } | null;
  readonly error: { readonly statusCode?: number | null; readonly name?: string } | null;
  readonly headers?: Readonly<Record<string, string>> | null;
}

const TIMEOUT_MS = 15_000;
const DAY_MS = 24 * 60 * 60_000;
/** A wrong key or an unverified domain is mended by a person, so that asking every second helps nobody. */
const ACCOUNT_MS = 5 * 60_000;
const QUOTA_MS = 60 * 60_000;

// Nothing of these is about one message: all wait for the account to be set right, and none is lost.
const ACCOUNT_STATUS: ReadonlySet<number> = new Set([401, 403, 404, 405]);
const UNCLEAR_STATUS: ReadonlySet<number> = new Set([408, 425]);

/** Milliseconds that the provider asks to wait, or null. Its own `Date` is the clock for an absolute time. */
function waitOf(headers: Answer["headers"]): number | null {
  const after = headers?.["retry-after"] ?? headers?.["ratelimit-reset"];
  if (headers === null || headers === undefined || after === undefined) return null;
  const ms = /^\d+(?:\.\d+)?$/.test(after)
    ? Number(after) * 1_000
    : Date.parse(after) - Date.parse(headers["date"] ?? "");
  return Number.isFinite(ms) ? Math.min(Math.max(Math.ceil(ms), 0), DAY_MS) : null;
}

function retry(reason: string, afterMs: number | null = null): Outcome {
  return { state: "retry", reason, afterMs };
}

/** Reasons are names of errors: the provider's sentences may quote an address. */
function refusal(error: NonNullable<Answer["error"]>, headers: Answer["headers"]): Outcome {
  const status = typeof error.statusCode === "number" ? error.statusCode : null;
  const name = typeof error.name === "string" && /^[a-z_]{1,60}$/.test(error.name) ? error.name : "unnamed_error";
  // Resend keeps what it accepted under a key, so that a repeat after no answer at all is safe.
  if (status === null) return retry("network");
  if (status === 429) return retry(name, waitOf(headers) ?? (name.endsWith("quota_exceeded") ? QUOTA_MS : null));
  if (status === 409) {
    // The key was used for another body: that message went out, and this one must not follow it.
    return name === "invalid_idempotent_request" ? { state: "unknown", reason: name } : retry(name, waitOf(headers));
  }
  if (status >= 500 || status < 400 || UNCLEAR_STATUS.has(status)) return retry(`${name}_${status}`, waitOf(headers));
  if (ACCOUNT_STATUS.has(status)) return retry(`${name}_${status}`, ACCOUNT_MS);
  return { state: "failed", reason: `${name}_${status}` };
}

function outcomeOf({ data, error, headers }: Answer): Outcome {
  if (error !== null && error !== undefined) return refusal(error, headers);
  return typeof data?.id === "string" && data.id !== ""
    ? { state: "accepted", providerId: data.id }
    : retry("answer_without_id");
}

/** Resend takes ASCII letters, digits, underscores and dashes in tags, and returns them with every webhook. */
function tagsOf(message: OutgoingMessage): { name: string; value: string }[] {
  const { id, contactId: contact, scenario, block, campaign } = message;
  return Object.entries({ send: id, contact, scenario, block, campaign })
    .filter((tag): tag is [string, string] => tag[1] !== null && tag[1] !== "")
    .map(([name, value]) => ({ name, value: value.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, 256) }));
}

/** A message as Resend's client takes it. */
function payloadOf(message: OutgoingMessage) {
  const { from, to, subject, html, text, headers, replyTo } = message;
  return { from, to, subject, html, text, headers: { ...headers }, tags: tagsOf(message), ...(replyTo && { replyTo }) };
}

/** The JSON of a message in a batch, as it is kept and as it goes over the wire: a repeat has the very same bytes. */
function bodyOf(message: OutgoingMessage): string {
  const { replyTo: reply_to, ...payload } = payloadOf(message);
  return JSON.stringify({ ...payload, ...(reply_to && { reply_to }) });
}

/** Resend's limit, and how many calls a second it allows an account that has not asked for more. */
const MOST = 100;
const RESEND_CALLS_PER_SECOND = 2;

/** Answers that leave open whether the call was carried out. */
function isUnclear(error: NonNullable<Answer["error"]>): boolean {
  const status = error.statusCode;
  return typeof status !== "number" || status >= 500 || status < 400 || status === 409 || UNCLEAR_STATUS.has(status);
}

interface BatchAnswer {
  readonly data: { readonly data?: readonly { readonly id?: string }[] } | null;
  readonly error: Answer["error"];
  readonly headers?: Answer["headers"];
}

function batchOutcomeOf({ data, error, headers }: BatchAnswer, count: number): BatchOutcome {
  if (error === null || error === undefined) {
    const ids = (data?.data ?? []).flatMap(({ id }) => (typeof id === "string" && id !== "" ? [id] : []));
    if (ids.length === count) return { state: "accepted", providerIds: ids };
    return { state: "retry", reason: "answer_without_id", afterMs: null, unclear: true };
  }
  const outcome = refusal(error, headers);
  if (outcome.state === "unknown") return { state: "changed" };
  if (outcome.state === "retry") return { ...outcome, unclear: isUnclear(error) };
  return { state: "failed", reason: outcome.state === "failed" ? outcome.reason : "refused" };
}

/**
 * Email through Resend. The send's id is the idempotency key, so that a call whose answer was lost is repeated
 * and not doubled; after 24 hours the provider has forgotten it, and the caller must not ask again.
 * The package calls the global `fetch`; `baseUrl` is what points it at another server.
 */
export function resendEmail(settings: ResendSettings): Channel {
  const { apiKey, baseUrl, timeoutMs = TIMEOUT_MS, callsPerSecond = RESEND_CALLS_PER_SECOND } = settings;
  const client = new Resend(apiKey, baseUrl === undefined ? {} : { baseUrl: baseUrl.replace(/\/+$/, "") });
  const optionsOf = (idempotencyKey: string) => ({ idempotencyKey, signal: AbortSignal.timeout(timeoutMs) });
  return {
    key: "email",
    callsPerSecond,
    async send(message: OutgoingMessage): Promise<Outcome> {
      const wrong = wrongHeader(message);
      if (wrong !== null) return { state: "failed", reason: `header_invalid: ${wrong}` };
      try {
        return outcomeOf(await client.emails.send(payloadOf(message), optionsOf(message.id)));
      } catch {
        return retry("network");
      }
    },
    async forgive(addresses) {
      for (let from = 0; from < addresses.length; from += MOST) {
        const emails = addresses.slice(from, from + MOST);
        const { error } = await client.suppressions.batch.remove({ emails }).catch(() => ({ error: true }));
        if (error) return false;
      }
      return true;
    },
    batches: {
      most: MOST,
      freeze: bodyOf,
      async send(wire, count, key): Promise<BatchOutcome> {
        const headers = {
          Authorization: `Bearer ${apiKey}`,
          "Content-Type": "application/json",
          "User-Agent": client.userAgent,
          "Idempotency-Key": key,
          "x-batch-validation": "strict",
        };
        // Not by `batch.send`, which takes objects: to read a megabyte of JSON so that it be written again is no small work.
        const request = {
          method: "POST",
          headers,
          body: wire,
          signal: AbortSignal.timeout(timeoutMs),
        };
        try {
          return batchOutcomeOf(await client.fetchRequest("/emails/batch", request), count);
        } catch {
          return { state: "retry", reason: "network", afterMs: null, unclear: true };
        }
      },
    },
  };
}
