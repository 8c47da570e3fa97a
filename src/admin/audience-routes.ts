import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { contactId } from "../shared/ids";
import type { ServicesFor } from "./api";
import { answer, newApi, REFUSALS, time, timeText } from "./api";
import type { AudienceMember } from "./audience-store";
import { listAudienceMembers, listAudiences } from "./audience-store";
import { listOf, Pager, pageQuery } from "./page";

const tags = ["Audiences"];

const audience = z.object({ audience: z.string(), members: z.number().int() }).openapi("Audience");
const member = z.object({ contact_id: z.string(), since: time }).openapi("AudienceMember");

const routes = {
  list: createRoute({
    method: "get",
    path: "/api/audiences",
    tags,
    summary: "Audiences that anybody is in, with their sizes",
    request: { query: z.strictObject({}) },
    responses: { 200: answer("Every audience, by name.", z.object({ data: z.array(audience) })), ...REFUSALS },
  }),
  members: createRoute({
    method: "get",
    path: "/api/audiences/{audience}/members",
    tags,
    summary: "Who is in an audience now",
    request: { params: z.object({ audience: z.string().min(1).max(60) }), query: z.strictObject(pageQuery) },
    responses: { 200: answer("A page of contacts.", listOf(member)), ...REFUSALS },
  }),
};

/** Who is in the audiences that scenarios fill. */
export function audienceRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.list, async (c) => c.json({ data: await listAudiences(servicesFor(c).env.DB) }, 200));
  app.openapi(routes.members, async (c) => {
    const { env, config } = servicesFor(c);
    const query = c.req.valid("query");
    const pager = new Pager<AudienceMember>(config.LINK_SECRET, c.req.path, query, ({ contact }) => [contact]);
    const behind = Number(pager.after?.[0] ?? 0);
    const rows = await listAudienceMembers(env.DB, c.req.valid("param").audience, behind, pager.limit + 1);
    const show = ({ head, since }: AudienceMember) => ({ contact_id: contactId(head), since: timeText(since) });
    return c.json(pager.page(rows, show), 200);
  });
  return app;
}
