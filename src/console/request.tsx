import type { Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { readText } from "../platform/body";
import type { Services } from "../services";
import { Fault } from "../shared/fault";
import type { Access, Visitor } from "./access";
import { MessagePage } from "./pages/message";
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

/** Answers that there is nothing of the kind. */
export function nothing(context: ConsoleContext, text: string): Response | Promise<Response> {
  const { view } = context.var;
  return pageOf(context, <MessagePage view={view} title={view.say("Nothing found", "Rien trouvé")} text={text} />, 404);
}

/**
 * The fields of a posted form of at most `most` bytes; behind the door one that carries its session's token. Throws invalid-input for another
 * kind of body, forbidden for a form that is not this visitor's.
 *
 * @param most bytes of the body
 */
export async function formOf(context: ConsoleContext, most = MAX_FORM): Promise<URLSearchParams> {
  const type = context.req.header("Content-Type") ?? "";
  const text = await readText(context.req.raw, most);
  if (text !== "" && !type.startsWith("application/x-www-form-urlencoded")) {
    throw new Fault("invalid-input", "Post the fields of the form as application/x-www-form-urlencoded.");
  }
  const form = new URLSearchParams(text);
  checkForm(context, form.get("_token"));
  return form;
}

/** Throws forbidden where a form's token is not this visitor's; before the door there is none. */
export function checkForm({ var: { visitor, access } }: ConsoleContext, token: string | null | undefined): void {
  if (visitor && !access.ownsForm(visitor, token)) {
    throw new Fault("forbidden", "This form belongs to another session. Open the page again and repeat.");
  }
}

/** A form that does one thing and leads back to a page. */
export function act(
  app: ConsoleApp,
  path: string,
  page: string,
  run: (context: ConsoleContext, form: URLSearchParams) => Promise<unknown>,
): void {
  app.post(path, async (context) => {
    await run(context, await formOf(context));
    return context.redirect(page, 303);
  });
}
