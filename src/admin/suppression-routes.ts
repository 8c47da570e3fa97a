import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { SUPPRESSION_KINDS } from "../contacts/delivery";
import { liftSuppressions } from "../services/lift-suppressions";
import type { SuppressionFilter, SuppressionRow } from "../services/suppressions";
import { listSuppressions } from "../services/suppressions";
import { Fault } from "../shared/fault";
import { contactId, contactRow } from "../shared/ids";
import type { ServicesFor } from "./api";
import { answer, body, newApi, REFUSALS, statedTime, time, timeText } from "./api";
import { idempotencyHeader } from "./idempotency";
import { listOf, Pager, pageQuery } from "./page";

const tags = ["Suppressions"];
const source = z.string().min(1).max(40).openapi({ description: "By whose word.", example: "resend" });
const kind = z.enum(SUPPRESSION_KINDS);
const filter = {
  source: source.optional(),
  kind: kind.optional(),
  contact: z.string().optional(),
  since: statedTime.optional(),
  before: statedTime.optional(),
};

const suppression = z
  .object({
    contact: z
      .string()
      .nullable()
      .openapi({ description: "Null where the contact was erased: the address stays a hash." }),
    channel: z.string(),
    kind,
    source: z.string(),
    message: z.string(),
    at: time,
  })
  .openapi("Suppression");

/** Which suppressions are to be lifted: something has to be said of them. */
export const liftInput = z
  .strictObject(filter)
  .refine((given) => Object.values(given).some((value) => value !== undefined), "says which: `source`, for one")
  .openapi("SuppressionLift");

const routes = {
  list: createRoute({
    method: "get",
    path: "/api/suppressions",
    tags,
    summary: "Who is not written to any more, and why, newest first",
    request: { query: z.strictObject({ ...pageQuery, ...filter }) },
    responses: { 200: answer("A page of suppressions that stand.", listOf(suppression)), ...REFUSALS },
  }),
  lift: createRoute({
    method: "post",
    path: "/api/suppressions/lift",
    tags,
    summary: "End suppressions in bulk, as after forged webhooks",
    request: { headers: idempotencyHeader, body: body(liftInput) },
    responses: { 200: answer("How many ended.", z.object({ lifted: z.number().int() })), ...REFUSALS },
  }),
};

/** The filter that a request states. */
export function filterOf(given: z.output<typeof liftInput>): SuppressionFilter {
  const { contact, since, before, ...rest } = given;
  const row = contact === undefined ? undefined : contactRow(contact);
  if (row === null)
    throw new Fault("invalid-input", "That is no id of a contact.", [
      { pointer: "/contact", detail: "is no id of a contact" },
    ]);
  const at = (text: string | undefined) => (text === undefined ? undefined : Date.parse(text));
  return { ...rest, contact: row, since: at(since), before: at(before) };
}

function shown({ contact, channel, kind: why, source: by, send, at }: SuppressionRow) {
  return {
    contact: contact === null ? null : contactId(contact),
    channel,
    kind: why,
    source: by,
    message: send,
    at: timeText(at),
  };
}

/** Suppressions for operators. */
export function suppressionRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.list, async (c) => {
    const { limit, cursor, ...given } = c.req.valid("query");
    const services = servicesFor(c);
    const pager = new Pager<SuppressionRow>(
      services.config.LINK_SECRET,
      "suppressions",
      { limit, cursor },
      ({ at, hash, kind: why }) => [at, hash, why],
    );
    const [at, hash, why] = pager.after ?? [];
    const after = at === undefined ? null : { at: Number(at), hash: String(hash), kind: String(why) };
    const rows = await listSuppressions(services.env.DB, filterOf(given), after, pager.limit + 1);
    return c.json(pager.page(rows, shown), 200);
  });
  app.openapi(routes.lift, async (c) => {
    const lifted = await liftSuppressions(servicesFor(c), filterOf(c.req.valid("json")), "admin");
    return c.json({ lifted }, 200);
  });
  return app;
}
