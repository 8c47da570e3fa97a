import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { normaliseEmail } from "../contacts/address";
import { Fault } from "../shared/fault";
import type { ServicesFor } from "./api";
import { answer, body, newApi, REFUSALS } from "./api";
import { consentInput, stateConsents } from "./consent-actions";
import { changeContact, changeInput, contactTag } from "./contact-change";
import { contactOf, contactPath, livingOf } from "./contact-path";
import { contact, showContact } from "./contact-schema";
import type { ContactRow } from "./contact-store";
import { findContacts, readContacts } from "./contact-store";
import { idempotencyHeader, newId } from "./idempotency";
import { listOf, Pager, pageQuery } from "./page";
import { showTimeline, timeline } from "./timeline";
import type { Place } from "./timeline-store";
import { NEWEST, readTimeline } from "./timeline-store";

const tags = ["Contacts"];
const identity = z.string().min(1).max(255).optional();

const routes = {
  list: createRoute({
    method: "get",
    path: "/api/contacts",
    tags,
    summary: "Find contacts by an identity, or list them all, newest first",
    request: {
      query: z.strictObject({
        ...pageQuery,
        email: identity.openapi({ description: "Verified or claimed." }),
        external_id: identity,
        anonymous_id: identity,
      }),
    },
    responses: { 200: answer("A page of contacts.", listOf(contact)), ...REFUSALS },
  }),
  get: createRoute({
    method: "get",
    path: "/api/contacts/{id}",
    tags,
    summary: "Read a contact",
    request: { params: contactPath, query: z.strictObject({}) },
    responses: { 200: answer("The contact.", contact), ...REFUSALS },
  }),
  change: createRoute({
    method: "patch",
    path: "/api/contacts/{id}",
    tags,
    summary: "Change a contact's profile and attributes",
    description: "What is left out stays, null takes a value away. With `If-Match`, only if nobody changed it since.",
    request: {
      params: contactPath,
      headers: z.object({
        "if-match": z.string().max(200).optional().openapi({ description: "The ETag that was read." }),
      }),
      body: body(changeInput),
    },
    responses: { 200: answer("The contact as it is now.", contact), ...REFUSALS },
  }),
  timeline: createRoute({
    method: "get",
    path: "/api/contacts/{id}/timeline",
    tags,
    summary: "What a contact did and was sent, newest first",
    description:
      "Events are looked for in the newest 2,000 journal rows, by the identities that the contact has now; " +
      "`next_cursor` goes further back, also where a page holds nothing. `scanned` says how far this page looked. What " +
      "has gone to the archive is in `/export`.",
    request: { params: contactPath, query: z.strictObject(pageQuery) },
    responses: { 200: answer("A page of the timeline.", timeline), ...REFUSALS },
  }),
  consent: createRoute({
    method: "post",
    path: "/api/contacts/{id}/consents",
    tags,
    summary: "State what a person agreed to, with the proof, or took back",
    request: { params: contactPath, headers: idempotencyHeader, body: body(consentInput) },
    responses: { 201: answer("The contact as it is now.", contact), ...REFUSALS },
  }),
};

/** Contacts, and what they agreed to. */
export function contactRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.list, async (c) => {
    const services = servicesFor(c);
    const { env, config } = services;
    const { email, external_id: externalId, anonymous_id: anonymousId, ...query } = c.req.valid("query");
    if (email !== undefined && normaliseEmail(email) === null) {
      throw new Fault("invalid-input", "The address cannot be one.", [{ pointer: "/email", detail: "is no address" }]);
    }
    const list = `${c.req.path}?${JSON.stringify([email, externalId, anonymousId])}`;
    const pager = new Pager<ContactRow>(config.LINK_SECRET, list, query, ({ id }) => [id]);
    const below = pager.after === null ? null : Number(pager.after[0]);
    const ids = await findContacts(env.DB, { email, externalId, anonymousId }, below, pager.limit + 1);
    const page = pager.page(await readContacts(env.DB, ids), (row) => showContact(row, services));
    return c.json(page, 200);
  });
  app.openapi(routes.get, async (c) => {
    const services = servicesFor(c);
    const row = await contactOf(services, c.req.valid("param").id);
    return c.json(showContact(row, services), 200, { ETag: contactTag(row) });
  });
  app.openapi(routes.change, async (c) => {
    const services = servicesFor(c);
    const { id } = c.req.valid("param");
    const row = await changeContact(services, id, c.req.valid("json"), c.req.header("If-Match"));
    return c.json(showContact(row, services), 200, { ETag: contactTag(row) });
  });
  app.openapi(routes.timeline, async (c) => {
    const services = servicesFor(c);
    const { id, profile } = await contactOf(services, c.req.valid("param").id);
    const place = ({ seq, key, at }: Place): number[] => [seq, key, at];
    const pager = new Pager<Place>(services.config.LINK_SECRET, c.req.path, c.req.valid("query"), place);
    const [seq, key, at] = (pager.after ?? place(NEWEST)).map(Number);
    const from = { seq: seq ?? 0, key: key ?? 0, at: at ?? 0 };
    const page = await readTimeline(services.env.DB, id, profile, from, pager.limit);
    return c.json({ ...showTimeline(page), next_cursor: page.next && pager.cursor(page.next) }, 200);
  });
  app.openapi(routes.consent, async (c) => {
    const services = servicesFor(c);
    const { id } = await livingOf(services, c.req.valid("param").id);
    await stateConsents(services, id, c.req.valid("json"), newId(c, "cns"));
    const row = await contactOf(services, c.req.valid("param").id);
    return c.json(showContact(row, services), 201);
  });
  return app;
}
