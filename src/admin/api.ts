import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import * as z from "zod";
import { depthOfJson, parseJson, readText } from "../platform/body";
import type { Services } from "../services";
import { Fault } from "../shared/fault";
import { pointersOf } from "../shared/pointer";

/** How a route comes to the services of its request. */
export type ServicesFor = (context: Context) => Services;

const MAX_BODY_BYTES = 512 * 1024;
/** A rule of twenty groups within a scenario needs half of it. */
const MAX_DEPTH = 100;

/** An app whose requests are checked against their schemas; what does not fit is refused with its places. */
export function newApi(): OpenAPIHono {
  return new OpenAPIHono({
    defaultHook: (result) => {
      if (result.success) return;
      throw new Fault("invalid-input", "The request does not fit: see `errors`.", pointersOf(result.error));
    },
  });
}

/**
 * Reads a body as JSON whatever its type says, as no page of another site can send our key; an empty one is an
 * empty object. Bounded, so that no handler sees a body that is too large.
 */
export const jsonBody: MiddlewareHandler = async (context, next) => {
  const { raw } = context.req;
  if (raw.method !== "GET" && raw.method !== "HEAD" && !isStreamed(context)) {
    const text = (await readText(raw, MAX_BODY_BYTES)).trim() || "{}";
    if (depthOfJson(text) > MAX_DEPTH)
      throw new Fault("invalid-input", `The body is nested deeper than ${MAX_DEPTH} levels.`);
    parseJson(text);
    const headers = new Headers(raw.headers);
    headers.set("Content-Type", "application/json");
    headers.delete("Content-Length");
    headers.delete("Content-Encoding");
    context.req.raw = new Request(raw.url, { method: raw.method, headers, body: text });
  }
  await next();
};

/** True for the bodies that are read as they come and are no JSON. */
export function isStreamed(context: Context): boolean {
  return /^\/api\/imports(\/|$)/.test(context.req.path);
}

/** A time as every answer writes it. */
export const time = z.string().openapi({ format: "date-time", example: "2026-11-21T09:30:00.000Z" });

/** Minor units with their currency. */
export const money = z
  .object({ amount: z.number().int(), currency: z.string() })
  .openapi("Money", { description: "An amount in minor units.", example: { amount: 1990, currency: "EUR" } });

/** A currency that a request names. */
export const currencyCode = z.string().regex(/^[A-Z]{3}$/, "is not a currency as in EUR");

/** The same words in every language of the product. */
export const words = z.object({ en: z.string(), fr: z.string() }).openapi("Words");

const problem = z
  .object({
    type: z.string().openapi({ example: "https://relance.dev/problems/invalid-input" }),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })),
  })
  .openapi("Problem", { description: "RFC 9457. `type` is stable; each pointer leads into the request." });

/** A refusal of any route. */
export const PROBLEM_CONTENT = { "application/problem+json": { schema: problem } } as const;

/** What a route answers when all is well. */
export function answer<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { description, content: { "application/json": { schema } } };
}

/** Every refusal of a route, whatever its status: one shape. */
export const REFUSALS = { default: { description: "A problem (RFC 9457).", content: PROBLEM_CONTENT } } as const;

/** A JSON body of a route. */
export function body<Schema extends z.ZodType>(schema: Schema) {
  return { required: true, content: { "application/json": { schema } } } as const;
}

/** An epoch time as answers write it. */
export function timeText(at: number): string;
export function timeText(at: number | null): string | null;
export function timeText(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

/** A time that somebody states in a request. */
export const statedTime = z.iso.datetime({ offset: true, error: "is not an ISO 8601 time with its zone" });
