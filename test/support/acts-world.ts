// A shop whose scenarios have things done, on the real runtime: ledger, shards, queue and database.
import { env } from "cloudflare:workers";
import type { LedgerEvent } from "../../src/events/event";
import type { ScenarioDefinition } from "../../src/scenarios/definition";
import { servicesOf } from "../../src/services";
import { performDue } from "../../src/services/acts/perform";
import type { Env } from "../../src/services/env";
import { scenario } from "../unit/scenarios/scenario";
import { track } from "./chaos-ledger";

export const services = servicesOf(env as unknown as Env);
export const { DB } = services.env;

export const give = (...events: LedgerEvent[]) => services.append({ receivedAt: Date.now(), events }, null);

export function of(id: string, user: string, name: string, properties: Record<string, unknown> = {}): LedgerEvent {
  return { ...track(id, user, name, properties), at: Date.now() };
}

/** Begins on an event, has one thing done, and ends by the way that it went. */
export function doing(event: string, type: string, params: object, ways: readonly string[] = ["next"]) {
  const next = Object.fromEntries(ways.map((way) => [way, `end_${way}`]));
  const ends = Object.fromEntries(
    ways.map((way) => [`end_${way}`, { type: "exit", params: { outcome: "completed", reason: way } }]),
  );
  const start = { type: "start.event", params: { event }, next: { next: "act" } };
  return scenario({ start, act: { type, params, next }, ...ends });
}

let revision = 0;

/** Makes these scenarios live, and no others. */
export async function live(scenarios: Readonly<Record<string, ScenarioDefinition>>): Promise<void> {
  const insert = "INSERT INTO scenarios (id, name, state, draft_version, live_version, created_at, updated_at)";
  await DB.batch([
    DB.prepare("DELETE FROM scenarios"),
    DB.prepare("DELETE FROM scenario_versions"),
    ...Object.entries(scenarios).flatMap(([id, graph]) => [
      DB.prepare(`${insert} VALUES (?1, ?1, 'active', 1, 1, 0, 0)`).bind(id),
      DB.prepare(
        "INSERT INTO scenario_versions (scenario, version, definition, created_at) VALUES (?1, 1, ?2, 0)",
      ).bind(id, JSON.stringify(graph)),
    ]),
    DB.prepare("INSERT OR REPLACE INTO settings (key, value) VALUES ('revision', ?1)").bind(
      String(Date.now() + revision++),
    ),
  ]);
  await services.ledger.refresh();
  // Runs that wait in a scenario which is not live any more are not due.
  const { revision: current } = await services.briefings.read();
  await Promise.all(services.shards().map((shard) => shard.refresh(current)));
}

/** Resolves when ledger and shards are quiet and everything that was to be done has been tried. */
export async function quiet(): Promise<void> {
  for (;;) {
    await services.ledger.settled();
    if ((await performDue(services, Date.now())) === 0) return;
  }
}

interface ActLine {
  readonly contact: number;
  readonly id: string;
  readonly run: string;
  readonly kind: string;
  readonly state: string;
  readonly result: string | null;
  readonly attempts: number;
  readonly next_at: number;
  readonly done_at: number | null;
}

/** What was to be done for somebody, in the order in which runs came to it. */
export async function actsOf(user: string): Promise<ActLine[]> {
  const sql =
    "SELECT a.* FROM acts a JOIN contacts c ON c.id = a.contact WHERE c.external_id = ?1 ORDER BY a.at, a.block";
  return (await DB.prepare(sql).bind(user).all<ActLine>()).results;
}

export interface RunLine {
  readonly scenario: string;
  readonly entry_key: string;
  readonly outcome: string | null;
  readonly reason: string | null;
}

export async function runsOf(user: string): Promise<RunLine[]> {
  const sql =
    "SELECT r.scenario, r.entry_key, r.outcome, r.reason FROM runs r JOIN contacts c ON c.id = r.contact " +
    "WHERE c.external_id = ?1 ORDER BY r.entered_at, r.scenario";
  return (await DB.prepare(sql).bind(user).all<RunLine>()).results;
}

/** The row of whoever goes by a user id. */
export async function contactOf(user: string): Promise<number> {
  return (await DB.prepare("SELECT id FROM contacts WHERE external_id = ?1").bind(user).first<number>("id")) ?? -1;
}
