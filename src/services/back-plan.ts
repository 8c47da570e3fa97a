import * as z from "zod";
import { DAY, HOUR } from "../shared/clock";

/**
 * How those are let into a scenario who were past its beginning when it was switched on: `perDay` at most, an hour's share
 * at a time, in the order of their rows. Times are epoch ms.
 */
const backPlan = z.object({
  v: z.literal(1),
  perDay: z.number().int(),
  /** How many there were when it began. */
  total: z.number().int(),
  begunAt: z.number(),
  letIn: z.number().int(),
  /** The last contact that was looked at. */
  behind: z.number().int(),
  nextAt: z.number(),
  /** How many were let in on the day that is so many days behind the beginning. */
  day: z.number().int(),
  today: z.number().int(),
  done: z.boolean(),
});

export type BackPlan = z.output<typeof backPlan>;

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

/** A plan that begins at `now`. */
export function newPlan(total: number, perDay: number, now: number): BackPlan {
  return { v: 1, perDay, total, begunAt: now, letIn: 0, behind: 0, nextAt: now, day: 0, today: 0, done: total === 0 };
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

/** The plan after `count` were let in at `now`, up to the contact `behind`; null where there was nobody any more. */
export function planAfter(plan: BackPlan, count: number, behind: number | null, now: number): BackPlan {
  const day = dayAt(plan.begunAt, now);
  const today = (day === plan.day ? plan.today : 0) + count;
  const place = { behind: behind ?? plan.behind, done: behind === null };
  return { ...plan, ...place, letIn: plan.letIn + count, day, today, nextAt: now + HOUR };
}

/** Days of 24 hours from the beginning on: no clock makes one longer. */
function dayAt(begunAt: number, now: number): number {
  return Math.floor((now - begunAt) / DAY);
}
