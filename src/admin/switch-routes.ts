import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { readSetting } from "../platform/settings";
import type { ChannelKey } from "../sends/channels";
import { CHANNELS } from "../sends/channels";
import type { Services } from "../services";
import { changeSettings } from "../services/revision";
import { offerOpenSends } from "../services/sweep";
import type { ServicesFor } from "./api";
import { answer, body, newApi, REFUSALS } from "./api";

const channels = Object.keys(CHANNELS) as [ChannelKey, ...ChannelKey[]];

const killInput = z
  .strictObject({
    on: z.boolean(),
    channel: z
      .enum(channels)
      .optional()
      .openapi({ description: "Only this channel. Left out: every channel, or with `on: false` the whole switch." }),
  })
  .openapi("KillSwitch");

const switches = z
  .object({ killed: z.array(z.string()).openapi({ description: "Channels that send nothing; `all` is every one." }) })
  .openapi("Switches");

const routes = {
  get: createRoute({
    method: "get",
    path: "/api/switches",
    tags: ["Operation"],
    summary: "What is switched off",
    request: { query: z.strictObject({}) },
    responses: { 200: answer("The switches.", switches), ...REFUSALS },
  }),
  kill: createRoute({
    method: "post",
    path: "/api/switches/kill",
    tags: ["Operation"],
    summary: "Hold every message, or let them go on",
    request: { body: body(killInput) },
    responses: { 200: answer("The switches as they are now.", switches), ...REFUSALS },
  }),
};

/** What the kill switch holds. */
async function readKilled(db: D1Database): Promise<string[]> {
  return JSON.parse((await readSetting(db, "kill")) ?? "[]") as string[];
}

// One statement each, so that two hands on the switch cannot undo each other.
const HOLD_SQL =
  "INSERT INTO settings (key, value) VALUES ('kill', json_array(?1)) ON CONFLICT (key) DO UPDATE SET value = " +
  "(SELECT json_group_array(value) FROM (SELECT value FROM json_each(settings.value) UNION SELECT ?1))";
const RELEASE_SQL =
  "UPDATE settings SET value = (SELECT json_group_array(value) FROM json_each(settings.value) " +
  "WHERE ?1 <> 'all' AND value <> ?1) WHERE key = 'kill'";

/**
 * Holds or releases a channel, or all. The permit reads the switch itself, so it holds from this write on; what waited
 * is offered to the queues again.
 */
export async function switchKill(services: Services, on: boolean, channel: ChannelKey | "all"): Promise<string[]> {
  const { DB } = services.env;
  await changeSettings(services, [DB.prepare(on ? HOLD_SQL : RELEASE_SQL).bind(channel)]);
  if (!on) await offerOpenSends(services, services.clock.now());
  return readKilled(DB);
}

/** Switches for operators. */
export function switchRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.get, async (c) => c.json({ killed: await readKilled(servicesFor(c).env.DB) }, 200));
  app.openapi(routes.kill, async (c) => {
    const { on, channel } = c.req.valid("json");
    return c.json({ killed: await switchKill(servicesFor(c), on, channel ?? "all") }, 200);
  });
  return app;
}
