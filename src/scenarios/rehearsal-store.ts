import { bulk } from "../platform/d1";
import type { PartResult, RehearsalPlan, RehearsalStep, RehearsalSum } from "./rehearsal-plan";
import { BEGINNING } from "./rehearsal-plan";
import type { EntryOf, RehearsalMessage } from "./rehearsal-report";

export type RehearsalStatus = "running" | "done" | "cancelled" | "failed";

/** How a rehearsal stands. Times are epoch ms. */
export interface RehearsalRow {
  readonly id: string;
  readonly scenario: string;
  readonly status: RehearsalStatus;
  readonly plan: RehearsalPlan;
  /** Null once nothing is left to do. */
  readonly step: RehearsalStep | null;
  readonly steps: number;
  readonly attempts: number;
  /** Events up to the end of the period that were found so far. */
  readonly events: number;
  readonly result: RehearsalSum | null;
  readonly reason: string | null;
  readonly createdAt: number;
  readonly touchedAt: number;
  readonly finishedAt: number | null;
}

type Json = "plan" | "step" | "result";
type Stored = Omit<RehearsalRow, Json> & Record<Json, string | null>;

const SELECT =
  "SELECT id, scenario, status, plan, step, steps, attempts, events, result, reason, created_at AS createdAt, " +
  "touched_at AS touchedAt, finished_at AS finishedAt FROM rehearsals";

function read(row: Stored): RehearsalRow {
  const parsed = <T>(text: string | null): T => JSON.parse(text ?? "null") as T;
  return { ...row, plan: parsed(row.plan), step: parsed(row.step), result: parsed(row.result) };
}

export async function findRehearsal(db: D1Database, id: string): Promise<RehearsalRow | null> {
  const row = await db.prepare(`${SELECT} WHERE id = ?1`).bind(id).first<Stored>();
  return row && read(row);
}

/** The latest rehearsals of a scenario. */
export async function listRehearsals(db: D1Database, scenario: string, most: number): Promise<RehearsalRow[]> {
  const sql = `${SELECT} WHERE scenario = ?1 ORDER BY created_at DESC LIMIT ?2`;
  return (await db.prepare(sql).bind(scenario, most).all<Stored>()).results.map(read);
}

/** Rehearsals that are not at their end. */
export async function openRehearsals(db: D1Database): Promise<string[]> {
  const { results } = await db.prepare("SELECT id FROM rehearsals WHERE step IS NOT NULL").all<{ id: string }>();
  return results.map(({ id }) => id);
}

/** Writes a new rehearsal down; one that is there already stays as it is. */
export async function noteRehearsal(
  db: D1Database,
  { id, scenario, plan, createdAt }: Pick<RehearsalRow, "id" | "scenario" | "plan" | "createdAt">,
): Promise<void> {
  const step: RehearsalStep = { phase: "look", point: BEGINNING, files: 0 };
  const sql =
    "INSERT INTO rehearsals (id, scenario, status, plan, step, created_at, touched_at) VALUES (?1, ?2, 'running', ?3, ?4, ?5, ?5) " +
    "ON CONFLICT DO NOTHING";
  await db.prepare(sql).bind(id, scenario, JSON.stringify(plan), JSON.stringify(step), createdAt).run();
}

/** What a step changes of a rehearsal. */
export type StepChange = Partial<Pick<RehearsalRow, "status" | "step" | "events" | "result" | "reason" | "finishedAt">>;

/**
 * Notes a step together with what it wrote, all or nothing. False where another has noted one since, or it was cancelled:
 * then nothing of it counts.
 */
export async function noteStep(
  db: D1Database,
  before: RehearsalRow,
  change: StepChange,
  now: number,
  writes: readonly D1PreparedStatement[] = [],
): Promise<boolean> {
  const row = { ...before, ...change };
  const sql =
    "UPDATE rehearsals SET status = ?3, step = ?4, events = ?5, result = ?6, reason = ?7, finished_at = ?8, touched_at = ?9, " +
    "attempts = 0, steps = steps + 1 WHERE id = ?1 AND steps = ?2";
  const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));
  const values = [row.status, json(row.step), row.events, json(row.result), row.reason, row.finishedAt, now];
  const noted = db.prepare(sql).bind(row.id, before.steps, ...values);
  const [, ...rest] = await db.batch([...writes, noted]).then((results) => [null, ...results]);
  return (rest.at(-1)?.meta.changes ?? 0) > 0;
}

/** Ends a rehearsal that is under way; its files go with the next step. False where it is over. */
export async function endRehearsal(
  db: D1Database,
  id: string,
  status: "cancelled" | "failed",
  reason: string | null,
  now: number,
): Promise<boolean> {
  const step: RehearsalStep = { phase: "clean", parts: 0 };
  const sql =
    "UPDATE rehearsals SET status = ?2, reason = ?3, step = ?4, finished_at = ?5, touched_at = ?5, attempts = 0, steps = steps + 1 " +
    "WHERE id = ?1 AND status = 'running'";
  const { meta } = await db.prepare(sql).bind(id, status, reason, JSON.stringify(step), now).run();
  return meta.changes > 0;
}

/** Counts a try, before it: whoever dies of it says nothing afterwards. Returns how many there were since a step was noted. */
export async function noteAttempt(db: D1Database, id: string): Promise<number> {
  const sql = "UPDATE rehearsals SET attempts = attempts + 1 WHERE id = ?1 RETURNING attempts";
  return (await db.prepare(sql).bind(id).first<number>("attempts")) ?? 0;
}

/** What writes down what a part came to. Doing it again changes nothing. */
export function putPart(
  db: D1Database,
  { id, createdAt }: RehearsalRow,
  part: number,
  result: PartResult,
  sides: readonly (readonly EntryOf[])[],
): D1PreparedStatement[] {
  const rows = sides.flatMap((entries, side) =>
    entries.map(({ run, contact, entry }) => [
      side,
      Date.parse(entry.entered_at),
      run,
      contact,
      entry.entry_key,
      entry.exited_at === null ? null : Date.parse(entry.exited_at),
      entry.outcome,
      entry.reason,
      JSON.stringify(entry.messages),
    ]),
  );
  const values = Array.from({ length: 9 }, (_, index) => `value ->> ${index}`).join(", ");
  const sql =
    "INSERT OR REPLACE INTO rehearsal_entries (side, entered_at, run, contact, entry_key, exited_at, outcome, reason, messages, " +
    `rehearsal, created_at) SELECT ${values}, ?2, ?3 FROM json_each(?1)`;
  const put = "INSERT OR REPLACE INTO rehearsal_parts (rehearsal, part, result) VALUES (?1, ?2, ?3)";
  return [...bulk(db, sql, rows, id, createdAt), db.prepare(put).bind(id, part, JSON.stringify(result))];
}

/** What parts came to, page by page in their order. */
export async function* partResults(db: D1Database, id: string): AsyncGenerator<readonly PartResult[]> {
  const sql = "SELECT part, result FROM rehearsal_parts WHERE rehearsal = ?1 AND part > ?2 ORDER BY part LIMIT 20";
  for (let after = -1; ; ) {
    const { results } = await db.prepare(sql).bind(id, after).all<{ part: number; result: string }>();
    const last = results.at(-1);
    if (!last) return;
    yield results.map(({ result }) => JSON.parse(result) as PartResult);
    after = last.part;
  }
}

/** Forgets what only serves to go on, and of one that was not done its entries too. */
export function forgetParts(db: D1Database, id: string, andEntries: boolean): D1PreparedStatement[] {
  const tables = ["rehearsal_parts", ...(andEntries ? ["rehearsal_entries"] : [])];
  return tables.map((table) => db.prepare(`DELETE FROM ${table} WHERE rehearsal = ?1`).bind(id));
}

/** An entry as it is listed, with whose it is today. */
export interface EntryRow {
  readonly side: number;
  readonly enteredAt: number;
  readonly run: string;
  readonly contact: number;
  readonly external_id: string | null;
  readonly anonymous_id: string | null;
  readonly entry_key: string;
  readonly exitedAt: number | null;
  readonly outcome: string | null;
  readonly reason: string | null;
  readonly messages: readonly RehearsalMessage[];
}

/** Which entries are listed. `outcome` may be `running`. */
export interface EntryFilter {
  readonly side: number;
  readonly outcome?: string | undefined;
  readonly reason?: string | undefined;
  /** Why a message of it was withheld. */
  readonly withheld?: string | undefined;
}

/** Entries behind a place in the order of their times. */
export async function listEntries(
  db: D1Database,
  id: string,
  { side, outcome, reason, withheld }: EntryFilter,
  after: readonly [number, string],
  most: number,
): Promise<EntryRow[]> {
  const sql =
    "SELECT e.side, e.entered_at AS enteredAt, e.run, e.contact, c.external_id, c.anonymous_id, e.entry_key, " +
    "e.exited_at AS exitedAt, e.outcome, e.reason, e.messages FROM rehearsal_entries e LEFT JOIN contacts c ON c.id = e.contact " +
    "WHERE e.rehearsal = ?1 AND e.side = ?2 AND (e.entered_at, e.run) > (?3, ?4) " +
    "AND (?5 IS NULL OR coalesce(e.outcome, 'running') = ?5) AND (?6 IS NULL OR e.reason = ?6) " +
    "AND (?7 IS NULL OR EXISTS (SELECT 1 FROM json_each(e.messages) m WHERE m.value ->> 'reason' = ?7 AND m.value ->> 'decision' <> 'send')) " +
    "ORDER BY e.entered_at, e.run LIMIT ?8";
  const { results } = await db
    .prepare(sql)
    .bind(id, side, ...after, outcome ?? null, reason ?? null, withheld ?? null, most)
    .all<Omit<EntryRow, "messages"> & { messages: string }>();
  return results.map((row) => ({ ...row, messages: JSON.parse(row.messages) as RehearsalMessage[] }));
}
