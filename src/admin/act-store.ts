/** Something that a run had done beside messages, with what came of it. Times are epoch ms. */
export interface ActRow {
  /** The contact that the run began with. */
  readonly contact: number;
  readonly id: string;
  readonly run: string;
  readonly scenario: string;
  readonly block: string;
  readonly kind: string;
  /** Plain JSON. */
  readonly details: string;
  readonly at: number;
  readonly state: string;
  readonly attempts: number;
  readonly nextAt: number;
  readonly result: string | null;
  readonly doneAt: number | null;
}

/** What is open, what could not or may not be done, what was left out of a run that was stopped or measured, what is done. */
export const ACT_CHOICES = ["open", "failed", "left_out", "done"] as const;
export type ActChoice = (typeof ACT_CHOICES)[number];

/** What a person is to do, and what is done. */
export const TASK_CHOICES = ["open", "done"] as const;
export type TaskChoice = (typeof TASK_CHOICES)[number];

export interface ActFilter {
  readonly choice: ActChoice;
  readonly kind: string | null;
  readonly scenario: string | null;
}

/** Where a list goes on. */
export interface ActPlace {
  readonly at: number;
  readonly contact: number;
  readonly id: string;
}

const COLUMNS =
  "a.contact, a.id, a.run, a.scenario, a.block, a.kind, a.details, a.at, a.state, a.attempts, a.next_at AS nextAt, " +
  "a.result, a.done_at AS doneAt";

// Each has an index, in these very words; that of open ones is in the order of their next attempts, and they are few.
const CHOSEN: Readonly<Record<ActChoice, string>> = {
  open: "a.state = 'pending'",
  failed: "a.state IN ('failed', 'refused')",
  left_out: "a.state = 'left_out'",
  done: "a.state = 'done'",
};
const TASKS: Readonly<Record<TaskChoice, string>> = {
  open: "a.kind = 'task.create' AND a.result = 'created'",
  done: "a.kind = 'task.create' AND a.result = 'closed'",
};

// A condition that may be off would keep the index from being entered at the place.
const behind = (after: ActPlace | null): string =>
  after === null ? "?1 IS NULL AND ?2 = 0 AND ?3 = ''" : "(a.at, a.contact, a.id) < (?1, ?2, ?3)";
const ORDER = "ORDER BY a.at DESC, a.contact DESC, a.id DESC LIMIT ?4";

const placed = (after: ActPlace | null): (number | string | null)[] => [
  after?.at ?? null,
  after?.contact ?? 0,
  after?.id ?? "",
];

/** Acts, the latest first. */
export async function listActs(
  db: D1Database,
  { choice, kind, scenario }: ActFilter,
  after: ActPlace | null,
  limit: number,
): Promise<ActRow[]> {
  const sql =
    `SELECT ${COLUMNS} FROM acts a WHERE ${CHOSEN[choice]} AND ${behind(after)} AND (?5 IS NULL OR a.kind = ?5) ` +
    `AND (?6 IS NULL OR a.scenario = ?6) ${ORDER}`;
  const values = [...placed(after), limit, kind, scenario];
  return (
    await db
      .prepare(sql)
      .bind(...values)
      .all<ActRow>()
  ).results;
}

/** Tasks, the latest first. */
export async function listTasks(
  db: D1Database,
  choice: TaskChoice,
  after: ActPlace | null,
  limit: number,
): Promise<ActRow[]> {
  const sql = `SELECT ${COLUMNS} FROM acts a WHERE ${TASKS[choice]} AND ${behind(after)} ${ORDER}`;
  return (
    await db
      .prepare(sql)
      .bind(...placed(after), limit)
      .all<ActRow>()
  ).results;
}

/** A task by its id, open or done; null where there is none. */
export async function findTask(db: D1Database, id: string): Promise<ActRow | null> {
  const sql = `SELECT ${COLUMNS} FROM acts a WHERE a.kind = 'task.create' AND a.id = ?1 LIMIT 1`;
  return db.prepare(sql).bind(id).first<ActRow>();
}

/** An act by its id alone; null where there is none. */
export async function findAct(db: D1Database, id: string): Promise<ActRow | null> {
  const by = (condition: string): D1PreparedStatement =>
    db.prepare(`SELECT ${COLUMNS} FROM acts a WHERE ${condition} AND a.id = ?1 LIMIT 1`).bind(id);
  // Those that failed are the ones that are asked for; only to explain a refusal is the whole table read.
  return (await by(CHOSEN.failed).first<ActRow>()) ?? (await by("true").first<ActRow>());
}

/** An act by its whole key: what anybody knows who has read it before. */
export async function rereadAct(
  db: D1Database,
  { contact, id }: Pick<ActRow, "contact" | "id">,
): Promise<ActRow | null> {
  const sql = `SELECT ${COLUMNS} FROM acts a WHERE a.contact = ?1 AND a.id = ?2`;
  return db.prepare(sql).bind(contact, id).first<ActRow>();
}

/** What some runs had done, in the order in which they came to it. */
export async function listRunActs(
  db: D1Database,
  runs: readonly { readonly contact: number; readonly id: string }[],
): Promise<ActRow[]> {
  const sql =
    `SELECT ${COLUMNS} FROM json_each(?1) AS w CROSS JOIN acts a ON a.contact = w.value ->> 0 ` +
    "AND a.run = w.value ->> 1 ORDER BY a.at, a.id";
  const keys = JSON.stringify(runs.map(({ contact, id }) => [contact, id]));
  return (await db.prepare(sql).bind(keys).all<ActRow>()).results;
}

/**
 * Puts calls to the outside that failed, or may be allowed by now, back in line; the address is asked at once, even one
 * that is given up. The count of attempts begins anew, as somebody has taken the decision to repeat it. False where the act
 * has moved on meanwhile.
 */
export async function reviveCall(db: D1Database, { contact, id, details }: ActRow, now: number): Promise<boolean> {
  const [revived] = await db.batch([
    db
      .prepare(
        "UPDATE acts SET state = 'pending', attempts = 0, next_at = ?3, result = 'retried', done_at = NULL " +
          "WHERE contact = ?1 AND id = ?2 AND state IN ('failed', 'refused')",
      )
      .bind(contact, id, now),
    db.prepare("UPDATE webhook_endpoints SET tried_at = 0 WHERE url = ?1 ->> 'url'").bind(details),
  ]);
  return (revived?.meta.changes ?? 0) > 0;
}
