import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import type { ConsentProof } from "../contacts/consent-store";
import { readConsentProof } from "../contacts/consent-store";
import { WAYS } from "../contacts/proof";
import { putSetting } from "../platform/settings";
import { Fault } from "../shared/fault";
import { contactId, contactRow } from "../shared/ids";
import { readTopics } from "../tracking/preference-store";
import type { ServicesFor } from "./api";
import { answer, body, newApi, REFUSALS, time, timeText } from "./api";

const tags = ["Consent"];
const text = z.string().nullable();

const proof = z
  .object({
    send_id: z.string(),
    contact_id: z.string(),
    address: z.string(),
    channel: z.string(),
    sent_at: time,
    basis: z.enum(["consent", "transactional", "none"]).openapi({
      description: "`transactional`: the message needed none.",
    }),
    consent: z
      .object({
        action: z.enum(["grant", "confirm", "confirm_doi"]),
        given_at: time,
        recorded_at: time,
        wording: z.object({ id: text, key: text, version: text, language: text, text }),
        source: text,
        form_url: text,
        way: z.enum(WAYS),
        ip_hash: text.openapi({ description: "Keyed hash of the network (/24, /48)." }),
        user_agent: text,
        double_opt_in: z
          .object({ claimed_at: time, sent_at: time, clicked_at: time })
          .nullable()
          .openapi({ description: "Null where the address was vouched for in another way." }),
      })
      .nullable(),
  })
  .openapi("ConsentProof");

const topic = z.strictObject({
  key: z
    .string()
    .regex(/^[a-z0-9_-]{1,40}$/)
    .openapi({ example: "lamps" }),
  en: z.string().min(1).max(80).openapi({ example: "Lamps" }),
  fr: z.string().min(1).max(80).openapi({ example: "Luminaires" }),
});

const topics = z
  .strictObject({
    topics: z
      .array(topic)
      .max(30)
      .refine((list) => new Set(list.map(({ key }) => key)).size === list.length, "names a key twice"),
  })
  .openapi("Topics");

const routes = {
  proof: createRoute({
    method: "get",
    path: "/api/sends/{id}/consent",
    tags,
    summary: "The consent behind a message, as of the moment it was sent",
    request: {
      params: z.object({ id: z.string().min(1).max(80) }),
      query: z.strictObject({
        contact_id: z.string().max(80).optional().openapi({ description: "Makes the look-up quick." }),
      }),
    },
    responses: { 200: answer("Who, when, to what, where and how.", proof), ...REFUSALS },
  }),
  readTopics: createRoute({
    method: "get",
    path: "/api/settings/topics",
    tags,
    summary: "What people may say they are interested in",
    request: { query: z.strictObject({}) },
    responses: { 200: answer("The topics.", topics), ...REFUSALS },
  }),
  putTopics: createRoute({
    method: "put",
    path: "/api/settings/topics",
    tags,
    summary: "Set the topics of the newsletter form and the preference centre",
    request: { body: body(topics) },
    responses: { 200: answer("The topics as they are now.", topics), ...REFUSALS },
  }),
};

function show(row: ConsentProof): z.output<typeof proof> {
  const { claimedAt, confirmationSentAt: sentAt, confirmationClickedAt: clickedAt } = row;
  const isGiven = row.action !== null && row.givenAt !== null && row.recordedAt !== null && row.way !== null;
  return {
    send_id: row.send,
    contact_id: contactId(row.contact),
    address: row.address,
    channel: row.channel,
    sent_at: timeText(row.sentAt),
    basis: row.class === "transactional" ? "transactional" : isGiven ? "consent" : "none",
    consent: isGiven
      ? {
          action: row.action as "grant",
          given_at: timeText(row.givenAt),
          recorded_at: timeText(row.recordedAt),
          wording: {
            id: row.wordingId,
            key: row.wordingKey,
            version: row.wordingVersion,
            language: row.wordingLanguage,
            text: row.wordingText,
          },
          source: row.source,
          form_url: row.form,
          way: row.way as "browser",
          ip_hash: row.origin,
          user_agent: row.agent,
          double_opt_in:
            claimedAt !== null && sentAt !== null && clickedAt !== null
              ? { claimed_at: timeText(claimedAt), sent_at: timeText(sentAt), clicked_at: timeText(clickedAt) }
              : null,
        }
      : null,
  };
}

/** The proof of any message's consent, and the topics that people choose from. */
export function consentRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.proof, async (c) => {
    const { env } = servicesFor(c);
    const { contact_id: contact } = c.req.valid("query");
    const row = contact === undefined ? null : contactRow(contact);
    const found = await readConsentProof(env.DB, c.req.valid("param").id, row);
    if (!found) throw new Fault("not-found", "No send has this id.");
    return c.json(show(found), 200);
  });
  app.openapi(routes.readTopics, async (c) => {
    return c.json({ topics: [...(await readTopics(servicesFor(c).env.DB))] }, 200);
  });
  app.openapi(routes.putTopics, async (c) => {
    const { env } = servicesFor(c);
    const chosen = c.req.valid("json");
    await putSetting(env.DB, "topics", JSON.stringify(chosen.topics)).run();
    return c.json(chosen, 200);
  });
  return app;
}
