import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import type { CouponRefusal, Offer } from "../commerce/coupon";
import { offerInput } from "../commerce/coupon";
import type { CouponRow } from "../commerce/coupon-store";
import { addCodes, couponsOf, findOffer, listOffers, offerFigures, putOffer } from "../commerce/coupon-store";
import type { Services } from "../services";
import { issueCoupon } from "../services/coupons";
import { Fault } from "../shared/fault";
import type { ServicesFor } from "./api";
import { answer, body, newApi, REFUSALS, time, timeText } from "./api";
import { contactOf, contactPath, rowOf } from "./contact-path";
import { idempotencyHeader } from "./idempotency";

const tags = ["Coupons"];
const none = z.strictObject({});
const key = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, "must be lower-case letters, digits and _");
const offerPath = z.object({ key });

const offer = z.object({ key: z.string(), ...offerInput.shape }).openapi("Offer");
const figures = offer
  .extend({
    issued: z.number().int(),
    free: z.number().int().openapi({ description: "Uploaded codes that nobody has yet." }),
    redeemed: z.number().int(),
    redeemed_foreign: z.number().int().openapi({ description: "By somebody else than whom they were for." }),
  })
  .openapi("OfferWithFigures");

const codesInput = z.strictObject({ codes: z.array(z.string().trim().min(1).max(80)).min(1).max(5_000) });

const coupon = z
  .object({
    code: z.string(),
    offer: z.string(),
    occasion: z.string(),
    valid_from: time,
    valid_to: time,
    issued_at: time,
    redeemed_at: time.nullable(),
    redeemed_order: z.string().nullable(),
    redeemed_foreign: z.boolean(),
  })
  .openapi("Coupon");

const couponInput = z
  .strictObject({
    offer: key,
    occasion: z
      .string()
      .regex(/^[a-z0-9][a-z0-9_.:-]{0,79}$/, "must be lower-case letters, digits and _ . : -")
      .openapi({
        description: "What it is for: asked again for the same, the same coupon is the answer.",
        example: "birthday-2026",
      }),
  })
  .openapi("CouponRequest");

const routes = {
  list: createRoute({
    method: "get",
    path: "/api/offers",
    tags,
    summary: "Every offer that coupons are made of",
    request: { query: none },
    responses: { 200: answer("All offers.", z.object({ data: z.array(offer), next_cursor: z.null() })), ...REFUSALS },
  }),
  get: createRoute({
    method: "get",
    path: "/api/offers/{key}",
    tags,
    summary: "An offer, and how its coupons stand",
    request: { params: offerPath, query: none },
    responses: { 200: answer("The offer.", figures), ...REFUSALS },
  }),
  put: createRoute({
    method: "put",
    path: "/api/offers/{key}",
    tags,
    summary: "Make or change an offer",
    request: { params: offerPath, body: body(offerInput) },
    responses: { 200: answer("The offer.", offer), ...REFUSALS },
  }),
  codes: createRoute({
    method: "post",
    path: "/api/offers/{key}/codes",
    tags,
    summary: "Add the shop's own codes to an offer's pool; each goes to one contact",
    request: { params: offerPath, headers: idempotencyHeader, body: body(codesInput) },
    responses: {
      201: answer("How many were new.", z.object({ added: z.number().int(), known: z.number().int() })),
      ...REFUSALS,
    },
  }),
  issue: createRoute({
    method: "post",
    path: "/api/contacts/{id}/coupons",
    tags,
    summary: "Give a contact a coupon for an occasion, once",
    request: { params: contactPath, headers: idempotencyHeader, body: body(couponInput) },
    responses: { 201: answer("The coupon.", coupon), ...REFUSALS },
  }),
  coupons: createRoute({
    method: "get",
    path: "/api/contacts/{id}/coupons",
    tags,
    summary: "A contact's coupons, newest first",
    request: { params: contactPath, query: none },
    responses: {
      200: answer("The newest 200.", z.object({ data: z.array(coupon), next_cursor: z.null() })),
      ...REFUSALS,
    },
  }),
};

const REASONS: Readonly<Record<CouponRefusal, string>> = {
  not_verified: "The contact is not a verified one, or another took it over.",
  offer_over: "The offer is over.",
  birth_date_unsettled: "The birth date is not known, or was set less than 30 days ago.",
  limit_reached: "The offer has as many coupons as it may have.",
  no_code_left: "The offer's pool has no code left.",
};

function showCoupon(row: CouponRow, contact: number): z.output<typeof coupon> {
  const { redeemed_by: by, ...rest } = row;
  return {
    ...rest,
    valid_from: timeText(row.valid_from),
    valid_to: timeText(row.valid_to),
    issued_at: timeText(row.issued_at),
    redeemed_at: timeText(row.redeemed_at),
    redeemed_foreign: by !== null && by !== contact,
  };
}

async function offerOf(services: Services, wanted: string): Promise<Offer> {
  const found = await findOffer(services.env.DB, wanted);
  if (!found) throw new Fault("not-found", "No offer has this key.");
  return found;
}

/** Offers and the coupons that are made of them. */
export function offerRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.list, async (c) => {
    return c.json({ data: await listOffers(servicesFor(c).env.DB), next_cursor: null }, 200);
  });
  app.openapi(routes.get, async (c) => {
    const services = servicesFor(c);
    const found = await offerOf(services, c.req.valid("param").key);
    const { foreign, ...counted } = await offerFigures(services.env.DB, found.key);
    return c.json({ ...found, ...counted, redeemed_foreign: foreign }, 200);
  });
  app.openapi(routes.put, async (c) => {
    const { env, clock } = servicesFor(c);
    const made = { key: c.req.valid("param").key, ...c.req.valid("json") };
    await putOffer(env.DB, made, clock.now());
    return c.json(made, 200);
  });
  app.openapi(routes.codes, async (c) => {
    const services = servicesFor(c);
    const found = await offerOf(services, c.req.valid("param").key);
    if (found.codes !== "pool") throw new Fault("unprocessable", "This offer makes its own codes: its `codes` is own.");
    const codes = [...new Set(c.req.valid("json").codes)];
    const added = await addCodes(services.env.DB, found.key, codes);
    return c.json({ added, known: codes.length - added }, 201);
  });
  app.openapi(routes.issue, async (c) => {
    const services = servicesFor(c);
    const { offer: wanted, occasion } = c.req.valid("json");
    const receiver = await contactOf(services, c.req.valid("param").id);
    const issued = await issueCoupon(services, await offerOf(services, wanted), receiver, occasion);
    if (typeof issued === "string") throw new Fault("unprocessable", REASONS[issued]);
    return c.json(showCoupon(issued, receiver.id), 201);
  });
  app.openapi(routes.coupons, async (c) => {
    const services = servicesFor(c);
    const contact = await rowOf(services, c.req.valid("param").id);
    const data = (await couponsOf(services.env.DB, contact)).map((row) => showCoupon(row, contact));
    return c.json({ data, next_cursor: null }, 200);
  });
  return app;
}
