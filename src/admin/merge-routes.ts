import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { contactId } from "../shared/ids";
import type { ServicesFor } from "./api";
import { answer, body, newApi, REFUSALS, time, timeText } from "./api";
import { contactPath, rowOf } from "./contact-path";
import { idempotencyHeader, newId } from "./idempotency";
import { mergeInto, undoMerge } from "./merge-actions";
import type { DuplicateRow, MergeRow } from "./merge-store";
import { listDuplicates, listMerges } from "./merge-store";
import { listOf, Pager, pageQuery } from "./page";

const tags = ["Merges"];

const merge = z
  .object({
    id: z.string(),
    into: z.string().openapi({ description: "The contact that remains." }),
    contact_id: z.string().openapi({ description: "The contact that became part of it." }),
    cause: z.enum(["verified_address", "alias", "admin", "guest_order"]).openapi({
      description: "`guest_order`: an order of nobody's, for which the shop named its customer later.",
    }),
    by: z.string(),
    at: time,
    state: z
      .enum(["moving", "received", "done"])
      .openapi({ description: "How far scenarios and timers have come; no message leaves before they have." }),
    undone_at: time.nullable(),
  })
  .openapi("Merge");

const duplicate = z
  .object({ email: z.string(), contact_ids: z.array(z.string()) })
  .openapi("Duplicate", { description: "Contacts that share a verified address and are different users of the shop." });

const mergePath = z.object({ id: z.string().min(1).max(80) });

const routes = {
  merge: createRoute({
    method: "post",
    path: "/api/contacts/{id}/merge",
    tags,
    summary: "Make a contact part of another",
    description:
      "Orders, figures, identities, scenarios and timers are the other's from then on. Consents are never widened: a " +
      "withdrawal counts, a grant only for the same address. Nothing is rewritten, and the merge can be undone.",
    request: {
      params: contactPath,
      headers: idempotencyHeader,
      body: body(z.strictObject({ into: z.string().max(80) })),
    },
    responses: { 201: answer("The merge.", merge), ...REFUSALS },
  }),
  undo: createRoute({
    method: "post",
    path: "/api/merges/{id}/undo",
    tags,
    summary: "Take a merge back",
    request: { params: mergePath, headers: idempotencyHeader },
    responses: { 200: answer("The merge.", merge), ...REFUSALS },
  }),
  list: createRoute({
    method: "get",
    path: "/api/merges",
    tags,
    summary: "The log of merges of a contact, newest first",
    request: { query: z.strictObject({ ...pageQuery, contact_id: contactPath.shape.id }) },
    responses: { 200: answer("A page of merges.", listOf(merge)), ...REFUSALS },
  }),
  duplicates: createRoute({
    method: "get",
    path: "/api/contacts/duplicates",
    tags,
    summary: "Contacts that may be one person: the same verified address under different user ids",
    request: { query: z.strictObject(pageQuery) },
    responses: { 200: answer("A page of addresses.", listOf(duplicate)), ...REFUSALS },
  }),
};

function show(row: MergeRow): z.output<typeof merge> {
  return {
    id: row.id,
    into: contactId(row.winner),
    contact_id: contactId(row.loser),
    cause: row.cause as z.output<typeof merge>["cause"],
    by: row.by,
    at: timeText(row.at),
    state: row.step as z.output<typeof merge>["state"],
    undone_at: timeText(row.undoneAt),
  };
}

/** Contacts that become one, and two again. */
export function mergeRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.merge, async (c) => {
    const { into } = c.req.valid("json");
    const row = await mergeInto(servicesFor(c), c.req.valid("param").id, into, newId(c, "mev"));
    return c.json(show(row), 201);
  });
  app.openapi(routes.undo, async (c) => c.json(show(await undoMerge(servicesFor(c), c.req.valid("param").id)), 200));
  app.openapi(routes.list, async (c) => {
    const services = servicesFor(c);
    const { contact_id: id, ...query } = c.req.valid("query");
    const contact = await rowOf(services, id);
    const place = (row: MergeRow): (string | number)[] => [row.seq, row.id];
    const pager = new Pager<MergeRow>(services.config.LINK_SECRET, `${c.req.path}?${contact}`, query, place);
    const below = pager.after && { seq: Number(pager.after[0]), id: String(pager.after[1]) };
    return c.json(pager.page(await listMerges(services.env.DB, contact, below, pager.limit + 1), show), 200);
  });
  app.openapi(routes.duplicates, async (c) => {
    const { env, config } = servicesFor(c);
    const pager = new Pager<DuplicateRow>(config.LINK_SECRET, c.req.path, c.req.valid("query"), ({ email }) => [email]);
    const rows = await listDuplicates(env.DB, String(pager.after?.[0] ?? ""), pager.limit + 1);
    const page = pager.page(rows, ({ email, contacts }) => ({ email, contact_ids: contacts.map(contactId) }));
    return c.json(page, 200);
  });
  return app;
}
