import * as z from "zod";
import type { Beginning } from "../scenarios/begin";
import type { JournalPoint } from "../scenarios/rehearsal-plan";
import { DAY, HOUR } from "../shared/clock";

const journalPoint = z
  .object({ key: z.string(), seq: z.number().int(), isLive: z.literal(true).optional() })
  .transform(({ isLive, ...place }): JournalPoint => ({ ...place, ...(isLive && { isLive }) }));

/** `start_changed`: a later version starts on something else, of which the plan knows nobody. */
export const ENDED = ["start_changed"] as const;

/**
 * How those are let into a scenario who were past its beginning when it was switched on: `perDay` at most, an hour's share
 * at a time, in the order of their rows. Times are epoch ms.
 */
const backPlan = z.object({
  v: z.literal(1),
  perDay: z.number().int(),
  /** What the scenario started on when it began; plans of before do not say. */
  start: z.string().optional(),
  /** How many there were when it began. */
  total: z.number().int(),
  begunAt: z.number(),
  /** What began longer before is let lie, ms. */
  within: z.number().default(30 * DAY),
  /** How many were brought to the door, and how many of them it is known that the door refused. */
  letIn: z.number().int(),
  refused: z.number().int().default(0),
  /** When those come whom a step lets in that is not over, and when those of the last one did, whose refusals are not counted. */
  comingAt: z.number().optional(),
  cameAt: z.number().optional(),
  /** The last contact that was looked at. */
  behind: z.number().int(),
  /** Where events of the past let in: the last row of the journal that counts, and the event that was looked at last. */
  journal: z.object({ until: z.number().int(), point: journalPoint, index: z.number().int() }).optional(),
  nextAt: z.number(),
  /** How many were let in on the day that is so many days behind the beginning. */
  day: z.number().int(),
  today: z.number().int(),
  done: z.boolean(),
  /** Why it ended before all were in. */
  ended: z.literal(ENDED).optional(),
});

export type BackPlan = z.output<typeof backPlan>;

/** Where in the journal a plan stands: everything up to this event has been looked at. */
export type JournalPlace = NonNullable<BackPlan["journal"]>;

/** A plan as it was read: whoever moves it says what it was. */
export interface StoredPlan {
  readonly scenario: string;
  readonly text: string;
  readonly plan: BackPlan;
}

const PREFIX = "back:";

export function planKey(scenario: string): string {
  return `${PREFIX}${scenario}`;
}

/** Every plan, those that are done as well. */
export async function readPlans(db: D1Database): Promise<readonly StoredPlan[]> {
  const sql = "SELECT key, value FROM settings WHERE key >= 'back:' AND key < 'back;'";
  const { results } = await db.prepare(sql).all<{ key: string; value: string }>();
  return results.flatMap(({ key, value }) => {
    const parsed = backPlan.safeParse(JSON.parse(value));
    return parsed.success ? [{ scenario: key.slice(PREFIX.length), text: value, plan: parsed.data }] : [];
  });
}

/** A plan that begins at `now`, for whose beginning was at most `within` ms before. */
export function newPlan(
  { start, total, perDay, within }: Pick<BackPlan, "start" | "total" | "perDay" | "within">,
  now: number,
): BackPlan {
  const begun = { letIn: 0, refused: 0, behind: 0, nextAt: now, day: 0, today: 0, done: total === 0 };
  return { v: 1, start, perDay, total, begunAt: now, within, ...begun };
}

/** How many were refused of those who came to a scenario's door at a time. */
export async function refusedAt(db: D1Database, scenario: string, at: number | undefined): Promise<number> {
  if (at === undefined) return 0;
  const sql = "SELECT count(*) AS n FROM runs WHERE scenario = ?1 AND entered_at = ?2 AND outcome = 'refused'";
  return (await db.prepare(sql).bind(scenario, at).first<number>("n")) ?? 0;
}

/**
 * Stores a plan for a scenario whose first version has begun to run, once: an activation that came to nothing leaves no plan
 * behind, and one that comes at the same time begins none anew.
 */
export function putPlan(db: D1Database, scenario: string, version: number, plan: BackPlan): D1PreparedStatement {
  const sql =
    "INSERT INTO settings (key, value) SELECT ?1, ?2 FROM scenarios WHERE id = ?3 AND live_version = ?4 " +
    "AND state = 'active' ON CONFLICT (key) DO NOTHING";
  return db.prepare(sql).bind(planKey(scenario), JSON.stringify(plan), scenario, version);
}

/** How many may be let in at `now`: an hour's share, of what is left of the day. */
export function shareAt({ perDay, begunAt, day, today }: BackPlan, now: number): number {
  const left = perDay - (dayAt(begunAt, now) === day ? today : 0);
  return Math.max(0, Math.min(left, Math.ceil(perDay / 24)));
}

/** How far a step came: to a contact or an event, or to the end. */
export type Reached = { readonly done: true } | { readonly behind: number } | Required<Pick<BackPlan, "journal">>;

/** Somebody who is let in late, and what a run of theirs is about. */
export interface LateEntry extends Beginning {
  readonly contact: number;
}

/** Who is let in at a time. */
export interface LateStep {
  readonly entries: readonly LateEntry[];
  readonly reached: Reached;
}

/** The plan before a step at `now`, with those who were refused of the last one. A step that is repeated keeps its time. */
export function planBefore(plan: BackPlan, refused: number, now: number): BackPlan {
  const { cameAt: _, ...rest } = plan;
  return { ...rest, refused: plan.refused + refused, comingAt: plan.comingAt ?? now };
}

/** The plan after a step at `now`. One that only read on, and found nobody yet, has another right behind it. */
export function planAfter(plan: BackPlan, { entries, reached }: LateStep, now: number): BackPlan {
  const day = dayAt(plan.begunAt, now);
  const today = (day === plan.day ? plan.today : 0) + entries.length;
  const readsOn = entries.length === 0 && "journal" in reached;
  const { comingAt, cameAt = comingAt, ...rest } = plan;
  const nextAt = readsOn ? now : now + HOUR;
  return { ...rest, cameAt, ...reached, letIn: plan.letIn + entries.length, day, today, nextAt };
}

/** Days of 24 hours from the beginning on: no clock makes one longer. */
function dayAt(begunAt: number, now: number): number {
  return Math.floor((now - begunAt) / DAY);
}
