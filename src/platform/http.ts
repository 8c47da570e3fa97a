import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { FaultCode, FieldError } from "../shared/fault";
import { Fault } from "../shared/fault";
import { log } from "./log";

/** The one table from a fault's code to its status and title. */
const PROBLEMS: Readonly<Record<FaultCode | "internal", { status: ContentfulStatusCode; title: string }>> = {
  "invalid-input": { status: 400, title: "The request is not valid" },
  "invalid-json": { status: 400, title: "The body is not JSON" },
  "invalid-email": { status: 400, title: "That is not one email address" },
  "invalid-phone": { status: 400, title: "That is not a mobile number we can write to" },
  unauthorized: { status: 401, title: "A valid key is needed" },
  forbidden: { status: 403, title: "This key may not do that" },
  "server-only-event": { status: 403, title: "Only the shop's server may send this event" },
  "not-found": { status: 404, title: "There is nothing here" },
  conflict: { status: 409, title: "The request conflicts with what is there" },
  "precondition-failed": { status: 412, title: "It was changed by somebody else" },
  "too-large": { status: 413, title: "The body is too large" },
  unprocessable: { status: 422, title: "The request cannot be carried out as it is" },
  "too-many-requests": { status: 429, title: "Too many requests" },
  unavailable: { status: 503, title: "Not available at the moment" },
  internal: { status: 500, title: "Something went wrong on our side" },
};

/** An RFC 9457 answer. `type` is stable; `detail` and `errors` say what to do. */
export function problem(
  code: FaultCode | "internal",
  detail: string,
  errors: readonly FieldError[] = [],
  retryAfterSeconds: number | null = null,
): Response {
  const { status, title } = PROBLEMS[code];
  const body = { type: `https://relance.dev/problems/${code}`, title, status, detail, errors };
  const headers = new Headers({ "Content-Type": "application/problem+json", "Cache-Control": "no-store" });
  if (retryAfterSeconds !== null) headers.set("Retry-After", String(retryAfterSeconds));
  if (status === 401) headers.set("WWW-Authenticate", "Bearer");
  return new Response(JSON.stringify(body), { status, headers });
}

/** What a fault is answered with. */
export function problemOf({ code, detail, errors, retryAfterSeconds }: Fault): Response {
  return problem(code, detail, errors, retryAfterSeconds);
}

/** The network address that a request came from; the same for all where nobody says. */
export function addressOf(context: Context): string {
  return context.req.header("CF-Connecting-IP") ?? "local";
}

/** Hono's error mapping for the whole app: faults keep their words, anything else says nothing of itself. */
export function onError(error: Error, context: Context): Response {
  if (error instanceof Fault) return problemOf(error);
  if (error instanceof HTTPException) {
    const code = error.status === 413 ? "too-large" : error.status === 401 ? "unauthorized" : "invalid-input";
    return problem(code, "The request could not be read.");
  }
  log("unexpected error", { path: context.req.routePath, name: error.name, error: error.message.slice(0, 300) });
  return problem(
    "internal",
    "The error was logged. Try again; if it stays, tell the operator the time of the request.",
  );
}

export function notFound(): Response {
  return problem("not-found", "Check the address and the method.");
}
