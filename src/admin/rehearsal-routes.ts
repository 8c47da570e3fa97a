import type { Context } from "hono";
import { Hono } from "hono";
import * as z from "zod";
import { readProgramme } from "../commerce/loyalty-store";
import { requireAdmin } from "../platform/auth";
import { readJson } from "../platform/body";
import type { ScenarioDefinition } from "../scenarios/definition";
import { withDefaults } from "../scenarios/live";
import type { PastEvent, Rehearsal } from "../scenarios/rehearsal";
import { withWinners } from "../scenarios/winner";
import { listWinners } from "../scenarios/winner-store";
import type { Services } from "../services";
import { alone, makeRehearsal, readNumbers, readPast, readRowsOfToday } from "../services/rehearse";
import { Fault } from "../shared/fault";
import { readPeriod as periodOf } from "./period";

const input = z.strictObject({ from: z.iso.datetime({ offset: true }), to: z.iso.datetime({ offset: true }) });

const EVENTS_PER_STEP = 2_000;

/** `POST /api/scenarios/{id}/rehearse`: the draft over past events. Writes nothing. */
export function rehearsalRoutes(servicesFor: (context: Context) => Services): Hono {
  const app = new Hono();
  app.use("/api/scenarios/:id/rehearse", async (context, next) =>
    requireAdmin(() => servicesFor(context).keyring)(context, next),
  );
  app.post("/api/scenarios/:id/rehearse", async (context) => {
    const services = servicesFor(context);
    const { from, to } = readPeriod(await readJson(context.req.raw, 4_096));
    const { version, definition } = await readDraft(services.env.DB, context.req.param("id"));
    const programme = await readProgramme(services.env.DB);
    const past = await readPast(services, to);
    const period = { from, to, programme };
    const today = {
      ...(await readRowsOfToday(services, [definition], past, period)),
      numbers: await readNumbers(services.env.DB, past),
    };
    const rehearsal = makeRehearsal(services, alone(context.req.param("id"), version, definition), period, today);
    if ((context.req.header("Accept") ?? "").includes("application/x-ndjson"))
      return stream(rehearsal, past, today.kinds);
    for (const event of past) rehearsal.play(event);
    return context.json({ ...rehearsal.finish(), read_as_of_today: today.kinds });
  });
  return app;
}

function readPeriod(body: unknown): { from: number; to: number } {
  const parsed = input.safeParse(body);
  if (!parsed.success) {
    const errors = parsed.error.issues.map(({ path, message }) => ({ pointer: `/${path.join("/")}`, detail: message }));
    throw new Fault("invalid-input", "Give `from` and `to` as ISO 8601 times.", errors);
  }
  return periodOf(parsed.data.from, parsed.data.to);
}

async function readDraft(db: D1Database, id: string): Promise<{ version: number; definition: ScenarioDefinition }> {
  const sql =
    "SELECT v.version, v.definition FROM scenarios s JOIN scenario_versions v ON v.scenario = s.id " +
    "AND v.version = s.draft_version WHERE s.id = ?1";
  const row = await db.prepare(sql).bind(id).first<{ version: number; definition: string }>();
  if (!row) throw new Fault("not-found", "There is no scenario of this id.");
  const { version } = row;
  const winners = (await listWinners(db, id)).filter((winner) => winner.version === version);
  return { version, definition: withWinners(withDefaults(JSON.parse(row.definition) as ScenarioDefinition), winners) };
}

/** One JSON object a line: progress, entries as they end, what is pending, and at last the totals. */
function stream(rehearsal: Rehearsal, past: readonly PastEvent[], today: readonly string[]): Response {
  const encoder = new TextEncoder();
  let played = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const line = (value: object): void => controller.enqueue(encoder.encode(`${JSON.stringify(value)}\n`));
      const step = past.slice(played, played + EVENTS_PER_STEP);
      for (const event of step) rehearsal.play(event);
      played += step.length;
      line({ progress: { events: played, of: past.length } });
      for (const entry of rehearsal.takeFinished()) line({ entry });
      if (played < past.length) return;
      const { entries, pending, totals } = rehearsal.finish();
      for (const entry of rehearsal.takeFinished()) line({ entry });
      for (const entry of entries) if (entry.outcome === null) line({ entry });
      for (const timer of pending) line({ pending: timer });
      line({ totals, read_as_of_today: today });
      controller.close();
    },
  });
  return new Response(body, { headers: { "Content-Type": "application/x-ndjson", "Cache-Control": "no-store" } });
}
