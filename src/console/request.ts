import type { Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { readText } from "../platform/body";
import type { Services } from "../services";
import { Fault } from "../shared/fault";
import type { Access, Visitor } from "./access";
import type { View } from "./view";

/** What the console's middleware leaves for its pages. `visitor` is set behind the door only. */
export interface ConsoleEnv {
  Variables: { services: Services; access: Access; view: View; visitor: Visitor | undefined };
}

export type ConsoleContext = Context<ConsoleEnv>;
export type ConsoleApp = Hono<ConsoleEnv>;

const MAX_FORM = 4_096;

/** Answers with a page. */
export function pageOf(
  context: ConsoleContext,
  page: unknown,
  status: ContentfulStatusCode = 200,
): Response | Promise<Response> {
  return context.html(page as string, status);
}

/**
 * The fields of a posted form; behind the door one that carries its session's token. Throws invalid-input for another
 * kind of body, forbidden for a form that is not this visitor's.
 */
export async function formOf(context: ConsoleContext): Promise<URLSearchParams> {
  const type = context.req.header("Content-Type") ?? "";
  const text = await readText(context.req.raw, MAX_FORM);
  if (text !== "" && !type.startsWith("application/x-www-form-urlencoded")) {
    throw new Fault("invalid-input", "Post the fields of the form as application/x-www-form-urlencoded.");
  }
  const form = new URLSearchParams(text);
  const { visitor, access } = context.var;
  if (visitor && !access.ownsForm(visitor, form.get("_token"))) {
    throw new Fault("forbidden", "This form belongs to another session. Open the page again and repeat.");
  }
  return form;
}
