import type { FailureCode } from "./failure";

/** Where the computation of segments stands. `night` is a shop-local day, `nightAfter` null where no night is under way. */
export interface Progress {
  readonly version: number;
  readonly followed: number;
  readonly night: string;
  readonly nightAt: number;
  /** When the night before began, epoch ms. */
  readonly nightBefore: number;
  readonly nightAfter: number | null;
}

/** Where a family stands; `pass` is why it is computed anew over everybody, null where it is not. */
export interface FamilyState {
  readonly computedAt: number | null;
  readonly pass: "first" | "rule" | null;
  readonly passAt: number;
  readonly passAfter: number;
  /** Why it cannot be computed, and since when, epoch ms; null where it can. */
  readonly failure: FailureCode | null;
  readonly failedAt: number | null;
}

const PROGRESS_SQL =
  "SELECT version, followed, night, night_at AS nightAt, night_before AS nightBefore, " +
  "night_after AS nightAfter FROM segment_progress WHERE id = 1";

export function selectProgress(db: D1Database): D1PreparedStatement {
  return db.prepare(PROGRESS_SQL);
}

/**
 * Fails the batch that it stands in unless nobody has written members since `version` was read: NULL breaks the NOT
 * NULL of the column.
 */
export function guardVersion(db: D1Database, version: number): D1PreparedStatement {
  const sql = "UPDATE segment_progress SET version = CASE WHEN version = ?1 THEN version + 1 END WHERE id = 1";
  return db.prepare(sql).bind(version);
}

/** Whoever has read members and not written yet has to read them again. */
export function overtake(db: D1Database): D1PreparedStatement {
  return db.prepare("UPDATE segment_progress SET version = version + 1 WHERE id = 1");
}

/** Whether a batch failed because somebody else wrote members meanwhile. */
export function isOvertaken(error: unknown): boolean {
  return String(error).includes("segment_progress.version");
}

/** Moves the place in the journal up to which changed contacts were looked at; never back. */
export function moveFollowed(db: D1Database, to: number): D1PreparedStatement {
  return db.prepare("UPDATE segment_progress SET followed = ?1 WHERE id = 1 AND followed < ?1").bind(to);
}

/** Begins the night of a shop-local day, unless it was begun. */
export function beginNight(db: D1Database, day: string, at: number): D1PreparedStatement {
  const sql =
    "UPDATE segment_progress SET night = ?1, night_before = night_at, night_at = ?2, night_after = 0 " +
    "WHERE id = 1 AND night <> ?1";
  return db.prepare(sql).bind(day, at);
}

/** Moves a night on; `to` null is its end. */
export function moveNight(db: D1Database, day: string, to: number | null): D1PreparedStatement {
  return db.prepare("UPDATE segment_progress SET night_after = ?2 WHERE id = 1 AND night = ?1").bind(day, to);
}

/** Selects the states of all families that were ever computed or are to be. */
export function selectFamilyStates(db: D1Database): D1PreparedStatement {
  return db.prepare(
    "SELECT family, computed_at AS computedAt, pass, coalesce(pass_at, 0) AS passAt, pass_after AS passAfter, " +
      "failure, failed_at AS failedAt FROM segment_families",
  );
}

export function readFamilyStates(rows: readonly unknown[]): ReadonlyMap<string, FamilyState> {
  return new Map((rows as (FamilyState & { family: string })[]).map(({ family, ...state }) => [family, state]));
}

/**
 * Has a family computed over everybody: for the first time, or because its rule changed. Where it is the first of all
 * families, changed contacts are followed from now on. Whoever computes by the rule of before cannot write any more.
 */
export function beginPass(db: D1Database, family: string, pass: "first" | "rule", at: number): D1PreparedStatement[] {
  const first =
    "UPDATE segment_progress SET version = version + 1, followed = CASE WHEN EXISTS (SELECT 1 FROM segment_families) " +
    "THEN followed ELSE max(followed, (SELECT applied FROM cursor)) END WHERE id = 1";
  const begin =
    "INSERT INTO segment_families (family, computed_at, pass, pass_at, pass_after) VALUES (?1, NULL, ?2, ?3, 0) " +
    // Who has never been computed is still to be, for the first time.
    "ON CONFLICT (family) DO UPDATE SET pass = CASE WHEN computed_at IS NULL THEN 'first' ELSE excluded.pass END, " +
    "pass_at = excluded.pass_at, pass_after = 0, failed_at = NULL, failure = NULL";
  return [db.prepare(first), db.prepare(begin).bind(family, pass, at)];
}

/**
 * Notes of families that they cannot be computed. Who changes meanwhile is not looked at, so they are to be computed over
 * everybody as soon as that can be done.
 */
export function noteFailures(
  db: D1Database,
  failures: readonly (readonly [family: string, code: FailureCode])[],
  at: number,
): D1PreparedStatement {
  const sql =
    "INSERT INTO segment_families (family, computed_at, pass, pass_at, pass_after, failed_at, failure) " +
    "SELECT value ->> 0, NULL, 'first', ?2, 0, ?2, value ->> 1 FROM json_each(?1) WHERE true ON CONFLICT (family) DO UPDATE SET " +
    "pass = CASE WHEN computed_at IS NULL THEN 'first' ELSE coalesce(pass, 'rule') END, pass_at = excluded.pass_at, " +
    "pass_after = 0, failed_at = coalesce(failed_at, excluded.failed_at), failure = excluded.failure";
  return db.prepare(sql).bind(JSON.stringify(failures), at);
}

/** Moves a family's pass on; `to` null is its end, at `at`. */
export function movePass(db: D1Database, family: string, to: number | null, at: number): D1PreparedStatement {
  const sql =
    "UPDATE segment_families SET pass = CASE WHEN ?2 IS NULL THEN NULL ELSE pass END, " +
    "computed_at = CASE WHEN ?2 IS NULL THEN coalesce(computed_at, ?3) ELSE computed_at END, " +
    "pass_after = coalesce(?2, 0), failed_at = NULL, failure = NULL WHERE family = ?1 AND pass IS NOT NULL";
  return db.prepare(sql).bind(family, to, at);
}

/** The range of the next contacts behind a row, `most` at a time, and whether there are none behind it. */
export async function nextRange(
  db: D1Database,
  after: number,
  most: number,
): Promise<{ readonly after: number; readonly upTo: number; readonly isLast: boolean }> {
  const sql =
    "SELECT max(id) AS upTo, count(*) AS rows FROM (SELECT id FROM contacts WHERE id > ?1 ORDER BY id LIMIT ?2)";
  const row = await db.prepare(sql).bind(after, most).first<{ upTo: number | null; rows: number }>();
  return { after, upTo: row?.upTo ?? after, isLast: (row?.rows ?? 0) < most };
}

/** Counts who is in which segment of a family as of a shop-local day, the empty ones too; once more corrects it. */
export function countSizes(
  db: D1Database,
  { key, ranks }: { readonly key: string; readonly ranks: readonly string[] },
  day: string,
): D1PreparedStatement {
  const sql =
    "INSERT INTO segment_sizes (family, day, segment, contacts) SELECT ?1, ?2, p.value, coalesce(n.contacts, 0) " +
    "FROM json_each(?3) AS p LEFT JOIN (SELECT segment, count(*) AS contacts FROM segment_members WHERE family = ?1 " +
    "GROUP BY segment) AS n ON n.segment = p.value WHERE true ON CONFLICT (family, day, segment) DO UPDATE SET " +
    "contacts = excluded.contacts WHERE contacts <> excluded.contacts";
  return db.prepare(sql).bind(key, day, JSON.stringify(ranks));
}
