import { windowStart } from "../segments/rfm/figures";
import { figuresSql } from "../segments/rfm/figures-sql";
import { guardRun, isOutrun, noteLook, readRuns, statement } from "../segments/rfm/rfm-store";
import type { OpenRun } from "../segments/rfm/run";
import { HOUR } from "../shared/clock";
import { LATE } from "./rfm";
import { figureTerms, refreshed, scored } from "./rfm-statements";
import type { Scoring } from "./rfm-terms";
import { calendarOf } from "./rfm-terms";

const TRIES = 8;
/** Contacts who grew older that are handed on in one go. */
const AGED_AT_ONCE = 1_000;
const EVERYBODY = { above: -1, upTo: Number.MAX_SAFE_INTEGER };
/** How often it is written down that contacts were looked at. */
const NOTED = HOUR;

/**
 * Brings contacts up to date by the bounds that are in force: those who changed, and where a day has begun since, those
 * whose age crosses a bound or whose oldest order leaves the window. What others do moves no bound until the next run over
 * everybody. An order that is still to come counts from that run on. While a run is under way, its own terms hold.
 *
 * @param contacts rows; of a merge both sides
 * @returns who else came to another segment by growing older
 */
export async function rescore(services: Scoring, contacts: readonly number[]): Promise<readonly number[]> {
  const { DB } = services.env;
  const buyers = await buyersAmong(DB, contacts);
  for (let tries = 1; ; tries++) {
    const state = (await readRuns(DB)).live;
    const { done, open } = state;
    const days = calendarOf(services);
    const now = services.clock.now();
    const isAnotherDay = open === null && done !== null && days.of(done.lookedAt) !== days.of(now);
    if ((done === null && open === null) || (buyers === null && !isAnotherDay)) return [];
    const run = open ?? {
      ...(done as NonNullable<typeof done>),
      asOf: now,
      now,
      because: null,
      before: null,
      settled: false,
    };
    const since = (done?.lookedAt ?? 0) - LATE;
    const isDue = open === null && done !== null && (isAnotherDay || now - done.lookedAt >= NOTED);
    try {
      await DB.batch([
        guardRun(DB, state),
        ...(await statementsFor(services, { ...run, since, until: Math.max(run.asOf, now) }, buyers, isAnotherDay)),
        ...(isDue ? [noteLook(DB, now)] : []),
      ]);
    } catch (error) {
      if (!isOutrun(error) || tries === TRIES) throw error;
      continue;
    }
    return isAnotherDay ? movedAt(DB, now) : [];
  }
}

type Terms = Pick<OpenRun, "definition" | "asOf" | "now" | "since" | "because" | "rulers" | "before" | "settled"> & {
  readonly until: number;
};

async function statementsFor(
  services: Scoring,
  run: Terms,
  contacts: string | null,
  isAnotherDay: boolean,
): Promise<D1PreparedStatement[]> {
  const { DB } = services.env;
  const terms = await figureTerms(services, run);
  const wanted = { contacts: contacts ?? "[]" };
  const scores = (scope: Parameters<typeof scored>[2]): D1PreparedStatement[] =>
    // Before a run has made its bounds it scores everybody later.
    run.rulers ? [scored(services, "live", scope, run, run)] : [];
  const own = [...refreshed(DB, "live", wanted, terms), ...scores(wanted)];
  if (!isAnotherDay) return own;
  const leaving = { leaving: windowStart(terms) };
  return [...own, statement(DB, figuresSql("rfm_scores", leaving, terms)), ...scores(EVERYBODY)];
}

/** Who of these ever bought anything, as a JSON array: of all others there is nothing to say. Null where nobody did. */
async function buyersAmong(db: D1Database, contacts: readonly number[]): Promise<string | null> {
  const sql =
    "SELECT nullif(json_group_array(contact), '[]') AS buyers FROM contact_metrics " +
    "WHERE contact IN (SELECT value FROM json_each(?1))";
  return db.prepare(sql).bind(JSON.stringify(contacts)).first<string>("buyers");
}

/** Of many the rest is found in the night: nobody who waits for an event is to wait for them. */
async function movedAt(db: D1Database, at: number): Promise<number[]> {
  const { results } = await db
    .prepare("SELECT contact FROM rfm_scores WHERE changed_at = ?1 LIMIT ?2")
    .bind(at, AGED_AT_ONCE)
    .all<{ contact: number }>();
  return results.map(({ contact }) => contact);
}
