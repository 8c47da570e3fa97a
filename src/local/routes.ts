import type { Context } from "hono";
import { Hono } from "hono";
import * as z from "zod";
import { readJson } from "../platform/body";
import { readSetting } from "../platform/settings";
import type { Services } from "../services";
import { parseDuration } from "../shared/duration";
import { Fault } from "../shared/fault";
import { localClock } from "./clock";
import { runTo, setScale, setTime } from "./clock-runner";
import { loadDemo } from "./demo-history";
import { faults } from "./faults";
import { inboxPages } from "./inbox-page";
import { readInbox } from "./inbox-store";

const clockInput = z.union([
  z.strictObject({ advance: z.string() }),
  z.strictObject({ scale: z.number().min(0).max(100_000) }),
  z.strictObject({ set: z.string() }),
]);

const faultsInput = z.strictObject({
  wakeDelayMs: z.number().min(0).max(10_000).optional(),
  permitWaits: z.boolean().optional(),
  wakesAreTold: z.boolean().optional(),
  pauseAt: z.string().nullable().optional(),
});

/** Everything under /dev. */
export function localRoutes(servicesFor: (context: Context) => Services): Hono {
  const app = new Hono();
  app.get("/dev/inbox.json", async (context) => {
    const { env } = servicesFor(context);
    const messages = await readInbox(env.DB, context.req.query("channel") ?? null, context.req.query("to") ?? null);
    const data = messages.map((message) => ({
      id: message.id,
      channel: message.channel,
      to: message.to,
      subject: message.subject,
      html: message.html,
      text: message.text,
      headers: message.headers,
      sent_at: new Date(message.sentAt).toISOString(),
      contact_id: message.contactId,
      scenario: message.scenario,
      block: message.block,
      campaign: message.campaign,
      idempotency_key: message.id,
    }));
    return context.json({ data });
  });
  app.get("/dev/clock", (context) => context.json(clockAnswer(servicesFor(context))));
  app.post("/dev/clock", async (context) => moveClock(context, servicesFor(context)));
  app.post("/dev/demo", async (context) => context.json({ loaded: await loadDemo(servicesFor(context)) }));
  app.post("/dev/faults", async (context) => {
    const parsed = faultsInput.safeParse(await readJson(context.req.raw, 4_096));
    if (!parsed.success) throw new Fault("invalid-input", "Give wakeDelayMs, permitWaits, wakesAreTold or pauseAt.");
    Object.assign(faults, parsed.data);
    return context.json(faults);
  });
  app.route(
    "/",
    inboxPages(servicesFor, (services, advance) => inTurn(services, { advance })),
  );
  return app;
}

function clockAnswer(services: Services): { now: string; scale: number } {
  return { now: new Date(services.clock.now()).toISOString(), scale: localClock.scale };
}

// One move at a time: two would each believe that time stands still for them.
let moving: Promise<unknown> = Promise.resolve();

async function moveClock(context: Context, services: Services): Promise<Response> {
  const parsed = clockInput.safeParse(await readJson(context.req.raw, 4_096));
  if (!parsed.success) {
    throw new Fault("invalid-input", 'Send {"advance": "PT4H"}, {"scale": 3600} or {"set": "2022-08-01T00:00:00Z"}.');
  }
  await inTurn(services, parsed.data);
  return context.json(clockAnswer(services));
}

async function inTurn(services: Services, move: z.output<typeof clockInput>): Promise<void> {
  const turn = moving.then(() => apply(services, move));
  moving = turn.catch(() => undefined);
  await turn;
}

async function apply(services: Services, move: z.output<typeof clockInput>): Promise<void> {
  if ("scale" in move) return setScale(services, move.scale);
  if ("advance" in move) {
    const ms = parseDuration(move.advance);
    if (ms === null)
      throw new Fault("invalid-input", "advance is not a duration such as PT4H or P3D.", [
        { pointer: "/advance", detail: "is not an ISO 8601 duration" },
      ]);
    return runTo(services, services.clock.now() + ms);
  }
  const to = Date.parse(move.set);
  if (Number.isNaN(to))
    throw new Fault("invalid-input", "set is not a time.", [{ pointer: "/set", detail: "is not an ISO 8601 time" }]);
  const events = await services.env.DB.prepare("SELECT max(seq) AS last FROM journal").first<{ last: number | null }>();
  const demo = await readSetting(services.env.DB, "demo_seq");
  if ((events?.last ?? 0) > Number(demo ?? 0)) {
    throw new Fault("conflict", "Time can only be set before the first event; afterwards use advance.");
  }
  return setTime(services, to);
}
