import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import type { Campaign } from "../sends/campaigns/campaign-store";
import { listCampaigns } from "../sends/campaigns/campaign-store";
import type { Services } from "../services";
import {
  campaignOf,
  cancelCampaign,
  confirmCampaign,
  countAudience,
  draftCampaign,
  pauseCampaign,
  resumeCampaign,
} from "../services/campaigns/confirm";
import { reportOf } from "../services/campaigns/report";
import type { ServicesFor } from "./api";
import { answer, body, newApi, REFUSALS } from "./api";
import {
  campaignBody,
  campaignOut,
  campaignPath,
  campaignShown,
  confirmBody,
  draftOut,
  reportOut,
  reportShown,
} from "./campaign-schema";
import { idempotencyHeader, newId } from "./idempotency";
import { listOf, Pager, pageQuery } from "./page";

const tags = ["Campaigns"];
const none = z.strictObject({});
const list = "/api/campaigns";

/** A route that moves a campaign on. */
function move<Path extends string>(path: Path, summary: string) {
  return createRoute({
    method: "post",
    path,
    tags,
    summary,
    request: {
      params: campaignPath,
      headers: idempotencyHeader,
      body: { required: false, content: body(none).content },
    },
    responses: { 200: answer("The campaign.", campaignOut), ...REFUSALS },
  });
}

const routes = {
  create: createRoute({
    method: "post",
    path: list,
    tags,
    summary: "Draft a campaign: one message to a segment or to whom a rule holds for",
    request: { headers: idempotencyHeader, body: body(campaignBody) },
    responses: { 201: answer("The draft, with how many it is for.", draftOut), ...REFUSALS },
  }),
  list: createRoute({
    method: "get",
    path: list,
    tags,
    summary: "Every campaign, the newest first",
    request: { query: z.strictObject(pageQuery) },
    responses: { 200: answer("A page of campaigns.", listOf(campaignOut)), ...REFUSALS },
  }),
  find: createRoute({
    method: "get",
    path: "/api/campaigns/{id}",
    tags,
    summary: "A campaign, and how many are in its audience now",
    request: { params: campaignPath, query: none },
    responses: { 200: answer("The campaign.", draftOut), ...REFUSALS },
  }),
  send: createRoute({
    method: "post",
    path: "/api/campaigns/{id}/send",
    tags,
    summary:
      "Confirm a campaign by the number of its contacts; its first message leaves ten minutes later at the earliest",
    request: { params: campaignPath, headers: idempotencyHeader, body: body(confirmBody) },
    responses: { 200: answer("The campaign, confirmed.", campaignOut), ...REFUSALS },
  }),
  pause: move("/api/campaigns/{id}/pause", "Stop a campaign where it is"),
  resume: move("/api/campaigns/{id}/resume", "Go on with a campaign that is paused"),
  cancel: move("/api/campaigns/{id}/cancel", "End a campaign: what has not left never will"),
  report: createRoute({
    method: "get",
    path: "/api/reports/campaigns/{id}",
    tags: ["Reports"],
    summary: "What came of a campaign: its messages, its test, its control group",
    request: { params: campaignPath, query: none },
    responses: { 200: answer("The report, as of now.", reportOut), ...REFUSALS },
  }),
};

type Act = (services: Services, id: string) => Promise<Campaign>;

/** Campaigns: to draft, to confirm, to follow and to end them. */
export function campaignRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.create, async (c) => {
    const services = servicesFor(c);
    const campaign = await draftCampaign(services, newId(c, "cmp"), c.req.valid("json"));
    return c.json(await withAudience(services, campaign), 201);
  });
  app.openapi(routes.list, async (c) => {
    const services = servicesFor(c);
    const { LINK_SECRET } = services.config;
    const pager = new Pager<Campaign>(LINK_SECRET, list, c.req.valid("query"), (row) => [row.createdAt, row.id]);
    const [at, id] = pager.after ?? [];
    const after = at === undefined ? null : { createdAt: Number(at), id: String(id) };
    const rows = await listCampaigns(services.env.DB, after, pager.limit + 1);
    return c.json(pager.page(rows, campaignShown), 200);
  });
  app.openapi(routes.find, async (c) => {
    const services = servicesFor(c);
    return c.json(await withAudience(services, await campaignOf(services, c.req.valid("param").id)), 200);
  });
  app.openapi(routes.send, async (c) => {
    const { id } = c.req.valid("param");
    return c.json(campaignShown(await confirmCampaign(servicesFor(c), id, c.req.valid("json").confirm_count)), 200);
  });
  const acts = { pause: pauseCampaign, resume: resumeCampaign, cancel: cancelCampaign } as const satisfies Record<
    string,
    Act
  >;
  for (const name of ["pause", "resume", "cancel"] as const) {
    app.openapi(routes[name], async (c) =>
      c.json(campaignShown(await acts[name](servicesFor(c), c.req.valid("param").id)), 200),
    );
  }
  app.openapi(routes.report, async (c) => {
    const services = servicesFor(c);
    const campaign = await campaignOf(services, c.req.valid("param").id);
    return c.json(reportShown(campaign, await reportOf(services, campaign), services.config.SHOP_CURRENCY), 200);
  });
  return app;
}

async function withAudience(services: Services, campaign: Campaign): Promise<z.output<typeof draftOut>> {
  return { ...campaignShown(campaign), audience: await countAudience(services, campaign.definition) };
}
