import { writeFileSync } from "node:fs";
import type { LedgerEvent } from "../../src/events/event";
import { localClock } from "../../src/local/clock";
import { runTo } from "../../src/local/clock-runner";
import type { ScenarioDefinition } from "../../src/scenarios/definition";
import type { Hearing, LiveScenario, Playbook } from "../../src/scenarios/live";
import { hearingOf } from "../../src/scenarios/live";
import type { TakeOver } from "../../src/scenarios/publishing";
import type { PastEvent } from "../../src/scenarios/rehearsal";
import type { RehearsalResult } from "../../src/scenarios/rehearsal-report";
import type { Services } from "../../src/services";
import { makeRehearsal, readNumbers, readPast, readRowsOfToday } from "../../src/services/rehearse";
import { changeSettings } from "../../src/services/revision";
import { DAY } from "../../src/shared/clock";
import { over } from "./histories";
import { Dice, nextVersion, randomScenario, SCENARIO_IDS } from "./rehearsed-scenarios";
import type { Coming } from "./shop-days";
import { ShopDays } from "./shop-days";
import { addScenarios, takeTime } from "./simulate";
import { System } from "./system";
import { randomOf, Timeline } from "./timeline";

/** What differs between a world as it was lived and as it was rehearsed, and how much there was to compare. */
export interface Comparison {
  readonly seed: number;
  readonly differences: readonly string[];
  readonly decisions: number;
  readonly runs: number;
  /** Types of the blocks that runs have been through. */
  readonly blocks: ReadonlySet<string>;
}

const START = Date.UTC(2026, 2, 20);
/** One scenario gets a second version in the middle. */
const CHANGED = SCENARIO_IDS[0];

/** The scenarios of a world, and what comes of one of them in the middle. */
interface Plan {
  readonly scenarios: Readonly<Record<string, ScenarioDefinition>>;
  readonly second: ScenarioDefinition;
  readonly takesOver: TakeOver[];
  /** Epoch ms. */
  readonly changesAt: number;
  readonly until: number;
}

function planOf(dice: Dice, days: number): Plan {
  const scenarios = Object.fromEntries(SCENARIO_IDS.map((id) => [id, randomScenario(dice, id)]));
  const second = nextVersion(dice, scenarios[CHANGED] as ScenarioDefinition);
  const unmatched = dice.pick(["stay", "exit"] as const);
  const takesOver = dice.chance(0.5) ? [{ version: 2, blocks: {}, unmatched }] : [];
  const changesAt = START + Math.floor(days / 2) * DAY + 45_000_001;
  return { scenarios, second, takesOver, changesAt, until: START + days * DAY };
}

/** Lives through days of a shop with scenarios at random, and rehearses each of them over the journal that is left. */
export async function compare(seed: number, days: number, people: number): Promise<Comparison> {
  const dice = new Dice(randomOf(seed));
  const timeline = new Timeline(randomOf(seed));
  timeline.calm = true;
  timeline.instant = true;
  const restore = await takeTime(timeline);
  try {
    localClock.move(START - DAY, 0);
    const system = new System(timeline, { sweeps: false, idempotencyKeys: true, mutate: (sql) => sql });
    const plan = planOf(dice, days);
    const trace = process.env["RELANCE_TRACE"];
    if (trace) writeFileSync(trace, JSON.stringify(plan));
    const world = new World(timeline, system);
    const coming = new ShopDays(dice, START, days).everything(people);
    await world.take(coming, Number.NEGATIVE_INFINITY, START);
    await world.goTo(START);
    addScenarios(system, plan.scenarios, START);
    await world.work("publishing", (services) => changeSettings(services, []));
    await world.take(coming, START, plan.changesAt);
    await world.goTo(plan.changesAt);
    await world.change(plan);
    await world.take(coming, plan.changesAt, plan.until);
    await world.goTo(plan.until);
    return await judged(seed, world, plan);
  } finally {
    localClock.move(Date.now(), 1);
    restore();
  }
}

/** A shop that is lived in, one thing after the other. */
class World {
  constructor(
    private readonly timeline: Timeline,
    readonly system: System,
  ) {}

  /** Moves the clock, by way of everything that falls due before. */
  async goTo(at: number): Promise<void> {
    await this.work("moving the clock", (services) => runTo(services, at));
    // It stands still until it is moved again: nothing here takes time.
    localClock.move(at, 0);
  }

  /** Whatever comes from a moment on, up to another. */
  async take(coming: readonly Coming[], from: number, until: number): Promise<void> {
    for (const { at, event } of coming) {
      if (at < from || at >= until) continue;
      await this.goTo(at);
      const answer = await this.work("append", (services) =>
        services.append({ receivedAt: at, events: [event] }, null),
      );
      if (answer.status !== "stored") throw new Error(`${event.id} was not taken: ${answer.status}`);
    }
  }

  async change({ second, takesOver }: Plan): Promise<void> {
    const { database } = this.system;
    const sql =
      "INSERT INTO scenario_versions (scenario, version, definition, created_at, takes_over) VALUES (?1, 2, ?2, 0, ?3)";
    const [taken] = takesOver;
    const { version: _version, ...choice } = taken ?? {};
    database.all(sql, [CHANGED, JSON.stringify(second), taken ? JSON.stringify(choice) : null]);
    database.all("UPDATE scenarios SET live_version = 2, draft_version = 2 WHERE id = ?1", [CHANGED]);
    await this.work("publishing", (services) => changeSettings(services, []));
  }

  async work<T>(what: string, work: (services: Services) => Promise<T>): Promise<T> {
    const done = await over(this.timeline, this.system.attempt(what, work));
    if (done === null) throw new Error(`${what} failed`);
    return done;
  }
}

/** The scenarios as they are by a moment of the replay. */
class Calendar implements Playbook {
  isChanged = false;

  constructor(private readonly plan: Plan) {}

  get live(): readonly LiveScenario[] {
    return Object.keys(this.plan.scenarios).map((id) => {
      const version = id === CHANGED && this.isChanged ? 2 : 1;
      return { id, version, state: "active", definition: this.definition(id, version) as ScenarioDefinition };
    });
  }

  get hears(): Hearing {
    const all = [...Object.values(this.plan.scenarios), this.plan.second].map(hearingOf);
    return {
      events: all.flatMap(({ events }) => events),
      everything: all.some(({ everything }) => everything),
      visits: all.some(({ visits }) => visits === true),
    };
  }

  definition = (id: string, version: number): ScenarioDefinition | undefined =>
    version === 2 ? this.plan.second : this.plan.scenarios[id];

  takeOvers = (id: string): readonly TakeOver[] => (id === CHANGED && this.isChanged ? this.plan.takesOver : []);
}

async function rehearse(services: Services, plan: Plan, id: string): Promise<RehearsalResult> {
  const past = await readPast(services, plan.until);
  const definition = plan.scenarios[id] as ScenarioDefinition;
  const span = { from: START, to: plan.until, programme: null };
  const today = await readRowsOfToday(services, [definition], past, span);
  const playbook = new Calendar(plan);
  const rehearsal = makeRehearsal(services, { id, version: 1, playbook }, span, {
    ...today,
    numbers: await readNumbers(services.env.DB, past),
  });
  const isBefore = ({ at }: PastEvent): boolean => at < plan.changesAt;
  for (const event of past.filter(isBefore)) rehearsal.play(event);
  // Whatever is due by then goes by the version of before.
  rehearsal.play({ at: plan.changesAt, seq: -2, index: 0, event: nothing(plan.changesAt) });
  playbook.isChanged = true;
  for (const event of past.filter((one) => !isBefore(one))) rehearsal.play(event);
  return rehearsal.finish();
}

function nothing(at: number): LedgerEvent {
  return { id: "nothing", type: "page", name: "", at, trust: "write", anon: "nobody" };
}

async function judged(seed: number, world: World, plan: Plan): Promise<Comparison> {
  const { system } = world;
  const differences: string[] = [];
  let [decisions, runs] = [0, 0];
  const before = changesOf(system);
  for (const id of Object.keys(plan.scenarios)) {
    const { entries } = await world.work("rehearsal", (services) => rehearse(services, plan, id));
    const was = livedLines(system, id);
    differences.push(...differing(id, was, rehearsedLines(system, entries)));
    runs += was.filter((line) => line.includes(" entered ")).length;
    decisions += was.filter((line) => line.includes(" message ")).length;
  }
  if (changesOf(system) !== before) differences.push("a rehearsal has written something");
  return { seed, differences, decisions, runs, blocks: passedBlocks(system, plan) };
}

/** How many rows have been written, in the database and by every object. */
function changesOf({ database, disks }: System): number {
  const files = [database, ...[...disks.values()].map(({ file }) => file)];
  return files.reduce((sum, file) => sum + (file.all<{ n: number }>("SELECT total_changes() AS n")[0]?.n ?? 0), 0);
}

function passedBlocks({ database }: System, { scenarios, second }: Plan): ReadonlySet<string> {
  type Row = { scenario: string; version: number; path: string };
  const rows = database.all<Row>("SELECT scenario, version, path FROM runs WHERE path IS NOT NULL");
  const types = rows.flatMap(({ scenario, version, path }) => {
    const blocks = (version === 2 ? second : scenarios[scenario])?.blocks ?? {};
    return (JSON.parse(path) as [string][]).flatMap(([block]) => blocks[block]?.type ?? []);
  });
  return new Set(types);
}

interface RunRow {
  readonly contact: number;
  readonly id: string;
  readonly entry_key: string;
  readonly entered_at: number;
  readonly exited_at: number | null;
  readonly outcome: string | null;
  readonly reason: string | null;
}

interface DecisionRow {
  readonly contact: number;
  readonly run: string;
  readonly block: string;
  readonly channel: string;
  readonly outcome: string;
  readonly reason: string;
  readonly at: number;
}

const iso = (at: number): string => new Date(at).toISOString();

/** Who stands for a contact, by the name that the shop has for them. */
function whoIs({ database }: System, contact: number): string {
  const sql = "SELECT external_id, anonymous_id, merged_into FROM contacts WHERE id = ?1";
  type Row = { external_id: string | null; anonymous_id: string | null; merged_into: number | null };
  const row = database.all<Row>(sql, [contact])[0];
  if (row?.merged_into != null) return whoIs({ database } as System, row.merged_into);
  return row?.external_id ?? row?.anonymous_id ?? "nobody";
}

/** What came of a scenario, line by line: every run with its end, every decision on a message. */
function livedLines(system: System, scenario: string): string[] {
  const runs = system.database.all<RunRow>("SELECT * FROM runs WHERE scenario = ?1", [scenario]);
  const keys = new Map(runs.map(({ id, entry_key: key }) => [id, key]));
  const made = system.database.all<DecisionRow>(
    "SELECT * FROM decisions WHERE scenario = ?1 AND id NOT LIKE '%.last'",
    [scenario],
  );
  return [
    ...runs.flatMap((run) => {
      const who = `${whoIs(system, run.contact)} ${run.entry_key}`;
      // Whoever was refused may have been refused again and again: one row stands for all.
      if (run.outcome === "refused") return [];
      const entered = `${who} entered ${iso(run.entered_at)}`;
      return run.exited_at === null
        ? [entered]
        : [entered, `${who} left ${iso(run.exited_at)} ${run.outcome} ${run.reason}`];
    }),
    ...made.map(({ contact, run, block, channel, outcome, reason, at }) => {
      return `${whoIs(system, contact)} ${keys.get(run)} message ${iso(at)} ${block} ${channel} ${outcome} ${reason}`;
    }),
  ];
}

function rehearsedLines(
  system: System,
  entries: ReturnType<ReturnType<typeof makeRehearsal>["finish"]>["entries"],
): string[] {
  const owner = (anonymous: string): string => {
    const sql = "SELECT contact FROM identities WHERE identity = ?1";
    const row = system.database.all<{ contact: number }>(sql, [`a:${anonymous}`])[0];
    return row ? whoIs(system, row.contact) : anonymous;
  };
  return entries.flatMap((entry) => {
    if (entry.outcome === "refused") return [];
    const who = `${entry.external_id ?? owner(entry.anonymous_id ?? "")} ${entry.entry_key}`;
    const left = entry.exited_at === null ? [] : [`${who} left ${entry.exited_at} ${entry.outcome} ${entry.reason}`];
    const messages = entry.messages.map(({ at, block, channel, decision, reason }) => {
      return `${who} message ${at} ${block} ${channel} ${decision} ${reason}`;
    });
    return [`${who} entered ${entry.entered_at}`, ...left, ...messages];
  });
}

function differing(scenario: string, was: readonly string[], is: readonly string[]): string[] {
  const [lived, rehearsed] = [[...was], [...is]];
  for (const line of is) {
    const place = lived.indexOf(line);
    if (place >= 0) {
      lived.splice(place, 1);
      rehearsed.splice(rehearsed.indexOf(line), 1);
    }
  }
  return [
    ...lived.map((line) => `${scenario} only lived: ${line}`),
    ...rehearsed.map((line) => `${scenario} only rehearsed: ${line}`),
  ];
}
