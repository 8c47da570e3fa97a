import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { listOffers } from "../commerce/coupon-store";
import type { Programme } from "../commerce/loyalty-programme";
import { programmeInput } from "../commerce/loyalty-programme";
import { programmeChange, readAccountOf, readProgramme } from "../commerce/loyalty-store";
import { readHeads } from "../contacts/store";
import { ownEvent } from "../events/event";
import type { Services } from "../services";
import { changeSettings } from "../services/revision";
import { Fault } from "../shared/fault";
import { contactId } from "../shared/ids";
import type { ServicesFor } from "./api";
import { answer, body, newApi, REFUSALS } from "./api";
import { contactOf, contactPath } from "./contact-path";
import { idempotencyHeader, newId } from "./idempotency";
import { account, showAccount } from "./loyalty-schema";

const tags = ["Loyalty"];
const none = z.strictObject({});

const movementInput = z
  .strictObject({
    kind: z.enum(["earn", "spend", "adjust"]),
    points: z.number().int().min(-10_000_000).max(10_000_000).openapi({ description: "Below 0 only to adjust." }),
    reason: z.string().min(1).max(500).optional(),
    id: z.string().min(1).max(200).optional().openapi({ description: "The shop's own id: it counts once for ever." }),
  })
  .refine(({ kind, points }) => points !== 0 && (kind === "adjust" || points > 0), {
    path: ["points"],
    message: "must be above 0",
  })
  .openapi("LoyaltyMovement");

const NAMES = { earn: "loyalty.earned", spend: "loyalty.redeemed", adjust: "loyalty.adjusted" } as const;

const routes = {
  get: createRoute({
    method: "get",
    path: "/api/settings/loyalty",
    tags,
    summary: "The loyalty programme",
    request: { query: none },
    responses: { 200: answer("The programme; without one it is not enabled.", programmeInput), ...REFUSALS },
  }),
  put: createRoute({
    method: "put",
    path: "/api/settings/loyalty",
    tags,
    summary: "Set the loyalty programme: validity of points, rules, tiers, referrals",
    description:
      "A rule earns points for each unit of an order's net value (`on: order`), or a fixed number for an event of the " +
      "shop's server, such as a review. What a browser says earns nothing. It holds for what comes from now on.",
    request: { body: body(programmeInput) },
    responses: { 200: answer("The programme as it is now.", programmeInput), ...REFUSALS },
  }),
  account: createRoute({
    method: "get",
    path: "/api/contacts/{id}/loyalty",
    tags,
    summary: "A contact's points, lots, movements, tier and badges",
    request: { params: contactPath, query: none },
    responses: { 200: answer("The account.", account), ...REFUSALS },
  }),
  move: createRoute({
    method: "post",
    path: "/api/contacts/{id}/loyalty/movements",
    tags,
    summary: "Let somebody earn or spend points, or put an account right",
    description: "Points are spent as a whole or not at all: with too few the answer is 422 and nothing changes.",
    request: { params: contactPath, headers: idempotencyHeader, body: body(movementInput) },
    responses: { 201: answer("The account as it is now.", account), ...REFUSALS },
  }),
};

/** A shop without a programme has this one. */
const NO_PROGRAMME: Programme = programmeInput.parse({ enabled: false });

/** Throws unprocessable where the programme rewards with an offer that there is none of. */
async function checkOffers({ env }: Services, { referral }: Programme): Promise<void> {
  const named = { "/referral/reward/offer": referral?.reward.offer, "/referral/friend_offer": referral?.friend_offer };
  const keys = new Set((await listOffers(env.DB)).map(({ key }) => key));
  const errors = Object.entries(named).flatMap(([pointer, key]) =>
    key === undefined || keys.has(key) ? [] : [{ pointer, detail: "is no offer: make it at /api/offers first" }],
  );
  if (errors.length > 0) throw new Fault("unprocessable", "The programme names an offer that is not there.", errors);
}

/** Moves points as one event of our own. Throws unprocessable where there is no programme, or too few points to spend. */
async function move(
  services: Services,
  contact: number,
  { id, ...input }: z.output<typeof movementInput>,
  fallbackId: string,
): Promise<void> {
  const { env, clock } = services;
  if (!(await readProgramme(env.DB))?.enabled) {
    throw new Fault("unprocessable", "There is no loyalty programme: set one at /api/settings/loyalty.");
  }
  const own = id ?? fallbackId;
  const properties = { points: input.points, reason: input.reason, id: own, whole: input.kind === "spend" };
  const event = ownEvent(`${input.kind}.${own}`, NAMES[input.kind], clock.now(), contact, properties);
  await services.say([event], "The points could not be stored. Send them again.");
  const made = await env.DB.prepare("SELECT 1 FROM loyalty_movements WHERE contact = ?1 AND id = ?2")
    .bind(contact, event.id)
    .first();
  if (made) return;
  const errors = [{ pointer: "/points", detail: "is more than the account holds" }];
  throw new Fault("unprocessable", "There are not enough points.", errors);
}

/** The loyalty programme and its accounts. */
export function loyaltyRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  const show = async (services: Services, contact: number) =>
    showAccount(await readAccountOf(services.env.DB, contact), services.clock.now());
  app.openapi(routes.get, async (c) => c.json((await readProgramme(servicesFor(c).env.DB)) ?? NO_PROGRAMME, 200));
  app.openapi(routes.put, async (c) => {
    const services = servicesFor(c);
    const input = c.req.valid("json");
    await checkOffers(services, input);
    await changeSettings(services, [programmeChange(services.env.DB, input)]);
    return c.json(input, 200);
  });
  app.openapi(routes.account, async (c) => {
    const services = servicesFor(c);
    const { id } = await contactOf(services, c.req.valid("param").id);
    return c.json(await show(services, (await readHeads(services.env.DB, [id])).get(id) ?? id), 200);
  });
  app.openapi(routes.move, async (c) => {
    const services = servicesFor(c);
    const { id: contact, profile } = await contactOf(services, c.req.valid("param").id);
    if (profile.mergedInto !== null) {
      throw new Fault("conflict", `This contact was merged into ${contactId(profile.mergedInto)}.`);
    }
    await move(services, contact, c.req.valid("json"), newId(c, "mov"));
    return c.json(await show(services, contact), 201);
  });
  return app;
}
