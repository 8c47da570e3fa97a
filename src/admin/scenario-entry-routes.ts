import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { headsOfUsers } from "../contacts/head-store";
import { isEmptied } from "../contacts/profile";
import { ownEvent } from "../events/event";
import { findVersion } from "../scenarios/admin-store";
import { API_KEY } from "../scenarios/begin";
import { triggerOf } from "../scenarios/live";
import type { Services } from "../services";
import { Fault } from "../shared/fault";
import { contactId, derivedId } from "../shared/ids";
import type { ServicesFor } from "./api";
import { answer, body, newApi, REFUSALS } from "./api";
import { contactOf, contactPath } from "./contact-path";
import type { ContactRow } from "./contact-store";
import { idempotencyHeader, newId } from "./idempotency";
import { scenarioOf } from "./scenario-actions";
import { scenarioPath } from "./scenario-routes";

const MOST_PROPERTIES = 40;

const entry = z
  .strictObject({
    contact: contactPath.shape.id.optional(),
    external_id: z.string().min(1).max(255).optional(),
    key: z.string().min(1).max(200).optional().openapi({
      description: "What makes the run unique, such as a ticket's number: the same contact comes in with it once.",
      example: "ticket-4711",
    }),
    properties: z
      .record(z.string().min(1).max(80), z.union([z.string().max(200), z.number(), z.boolean()]))
      .refine((known) => Object.keys(known).length <= MOST_PROPERTIES, `has more than ${MOST_PROPERTIES} properties`)
      .default({})
      .openapi({ description: "What the run is about, as if an event had said it." }),
  })
  .refine(({ contact, external_id: user }) => (contact === undefined) !== (user === undefined), {
    message: "names the contact by `contact` or by `external_id`",
  })
  .openapi("ScenarioEntry");

const entered = z.object({
  contact: z.string(),
  entry_key: z.string().openapi({ description: "The run's, or the refusal's, among `GET …/runs`." }),
});

const route = createRoute({
  method: "post",
  path: "/api/scenarios/{id}/enter",
  tags: ["Scenarios"],
  summary: "Let a contact into a scenario that starts by the API",
  description:
    "The scenario's filter and re-entry rules decide, as they do for anybody else; what became of it stands in `runs`. " +
    "A repeat with the same `key`, or the same Idempotency-Key, lets nobody in again.",
  request: { params: scenarioPath, headers: idempotencyHeader, body: body(entry) },
  responses: { 202: answer("It is stored, and the contact is at the door.", entered), ...REFUSALS },
});

async function subjectOf(services: Services, { contact, external_id: user }: z.output<typeof entry>) {
  if (contact !== undefined) return contactOf(services, contact);
  const head = (await headsOfUsers(services.env.DB, [user ?? ""])).get(user ?? "");
  if (head === undefined) throw new Fault("not-found", "No contact has this external_id.");
  return contactOf(services, contactId(head));
}

function mayEnter({ profile }: ContactRow): void {
  if (isEmptied(profile)) throw new Fault("conflict", "This contact was erased and stays so.");
  if (profile.status === "verified" || profile.status === "merged") return;
  throw new Fault("conflict", "Nobody has vouched for who this contact is: identify it with the secret key first.");
}

/** Throws a Fault where nobody can be let into the scenario from here. */
async function mayTake(services: Services, id: string): Promise<void> {
  const { state, liveVersion } = await scenarioOf(services, id);
  if (state !== "active" || liveVersion === null)
    throw new Fault("conflict", "Only an active scenario lets people in.");
  const definition = await findVersion(services.env.DB, id, liveVersion);
  if (definition && triggerOf(definition)?.kind === "api") return;
  throw new Fault("conflict", "This scenario does not start by the API: its start block is another one.");
}

/** The one start of a scenario that is somebody's call. */
export function scenarioEntryRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(route, async (c) => {
    const services = servicesFor(c);
    const { id: scenario } = c.req.valid("param");
    const asked = c.req.valid("json");
    await mayTake(services, scenario);
    const subject = await subjectOf(services, asked);
    mayEnter(subject);
    const key = `${API_KEY}${asked.key ?? newId(c, "entry")}`;
    const properties = { scenario, key, about: asked.properties };
    const id = derivedId("enter", scenario, subject.id, key);
    const event = ownEvent(id, "scenario.enter", services.clock.now(), subject.id, properties);
    await services.say([event], "The entry could not be stored. Send it again.");
    return c.json({ contact: contactId(subject.id), entry_key: key }, 202);
  });
  return app;
}
