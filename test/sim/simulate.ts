import { localClock } from "../../src/local/clock";
import { faults } from "../../src/local/faults";
import type { ScenarioDefinition } from "../../src/scenarios/definition";
import { MINUTE, SECOND } from "../../src/shared/clock";
import { GUNZIP, GZIP } from "./bucket";
import { asIs } from "./database";
import { judge } from "./judge";
import { OFFER, SCENARIOS, Shoppers } from "./shoppers";
import { System } from "./system";
import { randomOf, Timeline } from "./timeline";

/** What is taken out of the product, to see that the simulation notices. */
export interface Breakage {
  readonly sweeps?: boolean;
  readonly idempotencyKeys?: boolean;
  readonly permitWaits?: false;
  readonly mutate?: (sql: string) => string;
  readonly alarmsCatch?: false;
  readonly rendersAgain?: true;
  /** The types of blocks that scenarios are made of; all, where it is left out. */
  readonly blocks?: readonly string[] | undefined;
}

export interface Verdict {
  readonly seed: number;
  readonly faults: readonly string[];
  readonly happened: ReadonlyMap<string, number>;
}

/** What the log says where something lies until somebody comes. */
const LEFT_TO_THE_SWEEP = ["ledger not reached", "change not told to everybody"];

/** One run: shoppers and mishaps, then calm until nothing is left to do, then judgement. */
export async function simulate(
  seed: number,
  breakage: Breakage = {},
  trace?: (line: string) => void,
): Promise<Verdict> {
  const timeline = new Timeline(randomOf(seed), trace);
  const restore = await takeTime(timeline);
  faults.permitWaits = breakage.permitWaits ?? true;
  try {
    const { sweeps = true, idempotencyKeys = true, mutate = asIs } = breakage;
    const system = new System(timeline, { sweeps, idempotencyKeys, mutate });
    addScenarios(system);
    const shoppers = new Shoppers(timeline, system);
    await busyDay(timeline, system, shoppers);
    await heal(timeline, system);
    const verdict = judge(system, shoppers.given);
    timeline.happened.set("events", shoppers.given.length);
    timeline.happened.set("messages", system.provider.accepted.length);
    return { seed, faults: verdict, happened: timeline.happened };
  } catch (error) {
    return { seed, faults: [String(error)], happened: timeline.happened };
  } finally {
    faults.permitWaits = true;
    restore();
  }
}

async function busyDay(timeline: Timeline, system: System, shoppers: Shoppers): Promise<void> {
  let over = false;
  void shoppers.live().then(() => {
    over = true;
  });
  const cron = () => {
    if (over || timeline.calm) return;
    void system.sweep();
    timeline.after(9 * SECOND, cron, null);
  };
  timeline.after(4 * SECOND, cron, null);
  await timeline.run(() => over);
}

/** No more mishaps: what was lost must be found by the sweeps alone. */
async function heal(timeline: Timeline, system: System): Promise<void> {
  timeline.calm = true;
  for (let sweeps = 0; sweeps < 3; sweeps++) {
    // The cron comes before what is due in a day.
    await timeline.run(() => timeline.isQuiet(5 * MINUTE));
    timeline.now += 5 * MINUTE;
    void system.sweep();
  }
  await timeline.run();
}

export function addScenarios(
  { database }: System,
  scenarios: Readonly<Record<string, ScenarioDefinition>> = SCENARIOS,
  since = 0,
): void {
  for (const [id, definition] of Object.entries(scenarios)) {
    database.all(
      "INSERT INTO scenarios (id, name, state, draft_version, live_version, created_at, updated_at) " +
        "VALUES (?1, ?1, 'active', 1, 1, ?2, ?2)",
      [id, since],
    );
    const sql = "INSERT INTO scenario_versions (scenario, version, definition, created_at) VALUES (?1, 1, ?2, 0)";
    database.all(sql, [id, JSON.stringify(definition)]);
  }
  const terms = { name: "Gift", kind: "percent", value: 10, valid_for: "P14D", ends_at: null, starts_at: null };
  const offer = JSON.stringify({ ...terms, codes: "own", limit: null, occasion: null });
  database.all("INSERT INTO offers (key, definition, updated_at) VALUES (?1, ?2, 0)", [OFFER, offer]);
  database.all("INSERT INTO settings (key, value) VALUES ('revision', '1')");
}

/** Puts virtual time in the place of the machine's, and silence in the place of the log. */
export async function takeTime(timeline: Timeline): Promise<() => void> {
  // Read once for the whole process: a world's database must not be the one that is asked.
  await localClock.load({ prepare: () => ({ bind: () => ({ first: async () => null }) }) } as unknown as D1Database);
  const { setTimeout } = globalThis;
  const streams = Object.fromEntries(
    ["CompressionStream", "DecompressionStream"].map((name) => [name, Reflect.get(globalThis, name)]),
  );
  const real = { now: Date.now, log: console.log, fetch: globalThis.fetch };
  const answer = (): Response => new Response(null, { status: timeline.chance(0.2) ? 500 : 204 });
  globalThis.fetch = () => timeline.step("webhook call", answer);
  Object.assign(globalThis, { CompressionStream: GZIP, DecompressionStream: GUNZIP });
  Date.now = () => timeline.now;
  globalThis.setTimeout = ((fire: () => void, ms = 0) => timeline.after(ms, fire)) as unknown as typeof setTimeout;
  console.log = (line: string) => {
    const what = /"message":"([^"]*)"/.exec(line)?.[1] ?? line;
    timeline.count(`log: ${what}`, line);
    if (LEFT_TO_THE_SWEEP.includes(what)) timeline.excuse(timeline.now, null);
  };
  return () => {
    Date.now = real.now;
    Object.assign(globalThis, { setTimeout, fetch: real.fetch, ...streams });
    console.log = real.log;
  };
}
