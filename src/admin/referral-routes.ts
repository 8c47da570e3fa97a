import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { readProgramme } from "../commerce/loyalty-store";
import { REFERRAL_STATES, referralCode } from "../commerce/referral";
import { referralsOf } from "../commerce/referral-store";
import { ownEvent } from "../events/event";
import type { Services } from "../services";
import { Fault } from "../shared/fault";
import { contactId } from "../shared/ids";
import type { ServicesFor } from "./api";
import { answer, newApi, REFUSALS, time, timeText } from "./api";
import { contactPath, rowOf } from "./contact-path";
import { idempotencyHeader } from "./idempotency";

const tags = ["Loyalty"];

const referrals = z
  .object({
    code: z.string(),
    link: z.string().openapi({ description: "To share. Nobody is written to at an address that somebody else typed." }),
    state: z.enum(REFERRAL_STATES).nullable().openapi({ description: "Of the link itself; null until it is shared." }),
    friends: z.array(
      z.object({
        contact: z.string(),
        state: z.enum(REFERRAL_STATES),
        flags: z.array(z.string()).openapi({ description: "Why nothing is rewarded." }),
        order_id: z.string().nullable(),
        at: time,
        due: time.nullable().openapi({ description: "When it is looked at again." }),
      }),
    ),
  })
  .openapi("Referrals");

const routes = {
  get: createRoute({
    method: "get",
    path: "/api/contacts/{id}/referrals",
    tags,
    summary: "A contact's referral link, and who came by it",
    request: { params: contactPath, query: z.strictObject({}) },
    responses: { 200: answer("The link and the friends.", referrals), ...REFUSALS },
  }),
  share: createRoute({
    method: "post",
    path: "/api/contacts/{id}/referrals",
    tags,
    summary: "Give a contact their referral link",
    description: "The shop's server sends the code of a friend's order as its property `referral_code`.",
    request: { params: contactPath, headers: idempotencyHeader },
    responses: { 201: answer("The link and the friends.", referrals), ...REFUSALS },
  }),
};

async function show({ env, config }: Services, contact: number): Promise<z.output<typeof referrals>> {
  const code = referralCode(config.LINK_SECRET, contact);
  const rows = await referralsOf(env.DB, code);
  return {
    code,
    link: `${config.PUBLIC_URL}/ref/${code}`,
    state: rows.find(({ friend }) => friend === 0)?.state ?? null,
    friends: rows
      .filter(({ friend }) => friend !== 0)
      .map(({ friend, state, flags, order_id, at, due }) => ({
        contact: contactId(friend),
        state,
        flags: JSON.parse(flags) as string[],
        order_id,
        at: timeText(at),
        due: timeText(due),
      })),
  };
}

/** Who referred whom. */
export function referralRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.get, async (c) => {
    const services = servicesFor(c);
    return c.json(await show(services, await rowOf(services, c.req.valid("param").id)), 200);
  });
  app.openapi(routes.share, async (c) => {
    const services = servicesFor(c);
    const { env, clock } = services;
    const contact = await rowOf(services, c.req.valid("param").id);
    const programme = await readProgramme(env.DB);
    if (!programme?.enabled || programme.referral === null) {
      throw new Fault("unprocessable", "There is no referral programme: set one at /api/settings/loyalty.");
    }
    const event = ownEvent(`referral.shared.${contact}`, "referral.shared", clock.now(), contact);
    await services.say([event], "The link could not be stored. Ask again.");
    return c.json(await show(services, contact), 201);
  });
  return app;
}
