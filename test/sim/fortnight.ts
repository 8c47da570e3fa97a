import { programmeInput } from "../../src/commerce/loyalty-programme";
import { activation, archiving, insertVersion, pausing, takingOver } from "../../src/scenarios/admin-store";
import { changeSettings } from "../../src/services/revision";
import { DAY, HOUR, MINUTE, SECOND } from "../../src/shared/clock";
import { audit } from "./audit";
import { Chance } from "./chance";
import { asIs } from "./database";
import { OFFER, randomScenario } from "./graphs";
import type { Breakage, Verdict } from "./simulate";
import { takeTime } from "./simulate";
import { System } from "./system";
import { randomOf, Timeline } from "./timeline";
import { DAYS, script, Visitors } from "./visitors";

/** Days before something that clocks and calendars do: both changes of the hour, 29 February, the turn of a year. */
const BEGINNINGS = ["2026-03-18", "2026-10-18", "2028-02-18", "2026-12-22", "2027-02-24", "2026-06-01"] as const;
const SCENARIOS = 3;
const PROGRAMME = programmeInput.parse({ validity: "P1Y", rules: [] });

/** What one world came to, for a comparison with a world without mishaps. */
export interface Chronicle extends Verdict {
  readonly steady: readonly string[] | null;
}

/** Sixteen days of some people under scenarios that chance made, with mishaps or without; then calm, then judgement. */
export async function fortnight(
  seed: number,
  { sweeps = true, idempotencyKeys = true, mutate = asIs, blocks, ...broken }: Breakage = {},
  trace?: (line: string) => void,
  mishaps = true,
): Promise<Chronicle> {
  const world = new Chance(randomOf(seed));
  const timeline = new Timeline(randomOf(seed + 0x5eed), trace, 0.5);
  timeline.now = Date.parse(`${world.pick(BEGINNINGS)}T00:00:00Z`) + world.below(24 * 60) * MINUTE;
  timeline.calm = !mishaps;
  const restore = await takeTime(timeline);
  try {
    const system = new System(timeline, { sweeps, idempotencyKeys, mutate, harsh: true, ...broken });
    const isQuiet = seed % 4 === 0;
    found(system, world, isQuiet, blocks);
    const visitors = new Visitors(timeline, system, timeline.now);
    await settleIn(timeline, visitors, world, mishaps);
    const ruler = isQuiet ? null : () => rule(timeline, system, world, blocks);
    await lifeOf(timeline, system, visitors, world, ruler);
    await heal(timeline, system);
    const verdict = audit(system, visitors.answered, timeline);
    timeline.happened.set("messages", system.provider.accepted.length);
    return { seed, happened: timeline.happened, ...verdict };
  } catch (error) {
    return { seed, faults: [String((error as Error).stack)], happened: timeline.happened, steady: null };
  } finally {
    restore();
  }
}

/** What the mishaps of a seed changed of what became of those whom they may not concern; empty where nothing. */
export async function twinFaults(chronicle: Chronicle, blocks?: Breakage["blocks"]): Promise<string[]> {
  if (chronicle.seed % 8 !== 0 || chronicle.steady === null) return [];
  const { steady, faults } = await fortnight(chronicle.seed, { blocks }, undefined, false);
  if (faults.length > 0 || steady === null) return faults.map((fault) => `without mishaps: ${fault}`);
  const [one, other] = [chronicle.steady, steady];
  const isSame = one.length > 0 && one.join() === other.join();
  if (isSame) (chronicle.happened as Map<string, number>).set("a result is the same as without mishaps", 1);
  const lost = other.filter((line) => !one.includes(line)).map((line) => `mishaps took away: ${line}`);
  return [...lost, ...one.filter((line) => !other.includes(line)).map((line) => `mishaps brought about: ${line}`)];
}

function found({ database }: System, world: Chance, silent: boolean, blocks: Breakage["blocks"]): void {
  for (let index = 0; index < SCENARIOS; index++) {
    const id = `s${index}`;
    // Now and then they begin each other in a circle.
    const next = world.one(0.1) ? "s0" : `s${index + 1}`;
    const definition = randomScenario({ chance: world, name: id, next, silent, blocks });
    database.all(
      "INSERT INTO scenarios (id, name, state, draft_version, live_version, created_at, updated_at) VALUES (?1, ?1, 'active', 1, 1, 0, 0)",
      [id],
    );
    const sql = "INSERT INTO scenario_versions (scenario, version, definition, created_at) VALUES (?1, 1, ?2, 0)";
    database.all(sql, [id, JSON.stringify(definition)]);
  }
  const terms = { name: "Gift", kind: "percent", value: 10, valid_for: "P14D", ends_at: null, starts_at: null };
  const offer = JSON.stringify({ ...terms, codes: "own", limit: null, occasion: null });
  database.all("INSERT INTO offers (key, definition, updated_at) VALUES (?1, ?2, 0)", [OFFER, offer]);
  const settings = { revision: "1", loyalty: JSON.stringify(PROGRAMME) };
  for (const [key, value] of Object.entries(settings)) {
    database.all("INSERT INTO settings (key, value) VALUES (?1, ?2)", [key, value]);
  }
}

/** Nothing goes wrong before everybody is there, so that everybody is the same contact in either world. */
async function settleIn(timeline: Timeline, visitors: Visitors, world: Chance, mishaps: boolean): Promise<void> {
  let over = false;
  timeline.calm = true;
  void visitors.arrive(world).then(() => {
    over = true;
  });
  await timeline.run(() => over);
  timeline.calm = !mishaps;
}

async function lifeOf(
  timeline: Timeline,
  system: System,
  visitors: Visitors,
  world: Chance,
  ruler: (() => Promise<void>) | null,
): Promise<void> {
  const begin = timeline.now;
  let over = false;
  // Drawn before anything happens: mishaps do not change what people and admins want.
  const deeds = script(world);
  const rounds = Array.from({ length: DAYS }, () => 6 * HOUR + Math.floor(world.random() ** 3 * 6 * DAY));
  const cron = (index: number): void => {
    if (over) return;
    void system.sweep();
    timeline.after(rounds[index % DAYS] ?? DAY, () => cron(index + 1), null);
  };
  const all = [visitors.live(deeds), timeline.sleep(DAYS * DAY), ...(ruler ? [ruler(), jump(timeline, world)] : [])];
  void Promise.all(all).then(() => {
    over = true;
  });
  timeline.after(HOUR, () => cron(0), null);
  await timeline.run(() => over);
  timeline.count("days", String((timeline.now - begin) / DAY));
}

/** What an admin does to scenarios meanwhile. */
async function rule(timeline: Timeline, system: System, world: Chance, blocks: Breakage["blocks"]): Promise<void> {
  for (let acts = world.below(4); acts > 0; acts--) {
    const id = `s${world.below(SCENARIOS)}`;
    const what = world.pick(["publishes", "publishes", "pauses", "pauses", "archives"]);
    const wait = Math.floor(world.random() * 5 * DAY);
    const definition = randomScenario({ chance: world, name: id, next: "s2", silent: false, blocks });
    const choice = { blocks: world.one(0.3) ? { b1: "b2" } : {}, unmatched: world.pick(["stay", "exit"] as const) };
    const takesOver = world.one(0.6);
    await timeline.sleep(wait);
    const at = timeline.now;
    await until(timeline, system, what, async (services) => {
      const { DB } = services.env;
      if (what === "pauses") await changeSettings(services, [pausing(DB, id, at)]);
      if (what === "archives") await changeSettings(services, archiving(DB, id, at));
      if (what !== "publishes") return true;
      const version =
        system.database.all<{ v: number }>("SELECT draft_version AS v FROM scenarios WHERE id = ?1", [id])[0]?.v ?? 1;
      await insertVersion(DB, id, version, definition, at);
      const over = takesOver ? [takingOver(DB, id, version + 1, choice)] : [];
      await changeSettings(services, [...over, activation(DB, id, version + 1, at)]);
      return true;
    });
    if (what !== "pauses") continue;
    const held = timeline.now;
    await timeline.sleep(Math.floor(world.random() * 2 * DAY));
    await until(timeline, system, "resumes", async (services) => {
      const sql = "UPDATE scenarios SET state = 'active' WHERE id = ?1 AND state = 'paused'";
      await changeSettings(services, [services.env.DB.prepare(sql).bind(id)]);
      return true;
    });
    timeline.excuse(held, null);
  }
}

async function until(
  timeline: Timeline,
  system: System,
  what: string,
  work: Parameters<System["attempt"]>[1],
): Promise<void> {
  while (!(await system.attempt(what, work))) await timeline.sleep(SECOND);
  timeline.count(`an admin ${what}`);
  // A wake that is repeated after a crash meets the versions of that time, and lets in by them.
  timeline.excuse(Number.NEGATIVE_INFINITY, null);
}

/** A machine sleeps for hours, or its clock is set back. */
async function jump(timeline: Timeline, world: Chance): Promise<void> {
  for (let jumps = world.below(3); jumps > 0; jumps--) {
    const by = world.one(0.5) ? world.below(3 * 60) * MINUTE : -world.below(10) * MINUTE;
    await timeline.sleep(Math.floor(world.random() * 6 * DAY));
    if (timeline.calm) continue;
    timeline.excuse(timeline.now + Math.min(0, by), timeline.now + Math.abs(by));
    timeline.now += by;
    timeline.count(by < 0 ? "clock set back" : "clock jumps forward");
  }
}

/** No more mishaps: what was lost must be found by the sweeps alone. */
async function heal(timeline: Timeline, system: System): Promise<void> {
  timeline.calm = true;
  for (const pause of [6 * MINUTE, 65 * MINUTE, 7 * HOUR, 65 * MINUTE]) await sweepAfter(timeline, system, pause);
  // Calls to slow addresses are few to a sweep, which comes every five minutes: a day's worth takes hours.
  const due = "SELECT count(*) AS n FROM acts WHERE state = 'pending' AND next_at < ?1";
  const isBehind = (): boolean => (system.database.all<{ n: number }>(due, [timeline.now - HOUR])[0]?.n ?? 0) > 0;
  for (let rounds = 0; rounds < 100 && isBehind(); rounds++) await sweepAfter(timeline, system, 6 * MINUTE);
  await timeline.run(() => timeline.isQuiet(4 * MINUTE));
}

async function sweepAfter(timeline: Timeline, system: System, pause: number): Promise<void> {
  let over = false;
  const end = (): void => {
    over = true;
  };
  timeline.after(pause, end, null);
  await timeline.run(() => over);
  void system.sweep();
}
