import type { BulkTable, RowStatement } from "../platform/d1";
import { bulk, bulkInsert, isTransient } from "../platform/d1";
import type { Delivery, LedgerEvent } from "./event";
import type { NumberedDelivery, Wake } from "./fold";
import type {
  Cursor,
  EventChange,
  EventMove,
  GroupChange,
  JournalPort,
  Move,
  RawGroup,
  Rejection,
  SideRow,
  Written,
} from "./journal-port";
import type { RowBuffer } from "./projection";

const REJECTIONS: BulkTable = {
  name: "rejected_events",
  columns: ["received_at", "stage", "message_id", "reason", "body", "source", "code"],
  conflict: "",
};
/** Rows of a statement: four parameters each, of the hundred that D1 takes. */
const JOURNAL_ROWS = 25;
const REJECTIONS_SQL = bulkInsert(REJECTIONS);

// NULL breaks the NOT NULL of `applied` and with it the whole batch. An UPDATE that merely matched no row would
// let the rest of the batch pass.
const advanceSql = (guard: string): string =>
  `UPDATE cursor SET woken = max(woken, ?4), applied = CASE WHEN ${guard} THEN ?3 END WHERE id = 1`;
const HELD = "owner = ?1 AND applied = ?2";
const ADVANCE_SQL = advanceSql(HELD);
// What was accepted beside the ledger comes before what the ledger accepted since.
const ADVANCE_IN_ORDER_SQL = advanceSql(`${HELD} AND NOT EXISTS (SELECT 1 FROM side_journal WHERE id <= ?5)`);

const PAGE = 200;

/** The journal, the cursor and the rows of the projections in D1. `tables` has the statement of each row table. */
export class JournalStore implements JournalPort {
  constructor(
    private readonly db: D1Database,
    private readonly tables: Readonly<Record<string, string | RowStatement>>,
    private readonly counterTables: Readonly<Record<string, string>>,
  ) {}

  async claim(owner: string): Promise<Cursor> {
    const sql = "UPDATE cursor SET owner = ?1 WHERE id = 1 RETURNING epoch, applied, woken";
    const cursor = await this.db.prepare(sql).bind(owner).first<Cursor>();
    if (!cursor) throw new Error("the cursor row is missing: run the migrations");
    return cursor;
  }

  async counters(): Promise<Record<string, number>> {
    const columns = Object.entries(this.counterTables).map(
      ([name, table]) => `(SELECT max(id) FROM ${table}) AS ${name}`,
    );
    const row = await this.db.prepare(`SELECT ${columns.join(", ")}`).first<Record<string, number | null>>();
    return Object.fromEntries(Object.keys(this.counterTables).map((name) => [name, row?.[name] ?? 0]));
  }

  async enterEpoch(owner: string, from: number, to: number): Promise<void> {
    // What the shards had not heard of is still owed to them.
    await this.advance({ owner, from, to, woken: 0 }).run();
  }

  async noteWoken(owner: string, woken: number): Promise<void> {
    const sql = "UPDATE cursor SET woken = ?2 WHERE id = 1 AND owner = ?1 AND woken < ?2";
    await this.db.prepare(sql).bind(owner, woken).run();
  }

  async write(change: GroupChange): Promise<Written> {
    const rows = change.deliveries
      .filter(({ events }) => events.length > 0)
      .map(({ seq, receivedAt, events, wakes, text }) => journalRow(seq, receivedAt, events, wakes, text));
    const written = await this.commit(change, [
      ...this.dropSide(change.sides),
      this.db.prepare(ADVANCE_IN_ORDER_SQL).bind(...moveValues(change), change.behindSide),
      ...this.journal(rows),
      ...this.rows(change.rows),
      ...this.rejections(change.rejections),
    ]);
    return written === "poisoned" && (await this.overtakes(change)) ? "overtaking" : written;
  }

  async storeAlone(group: RawGroup): Promise<void> {
    const rows = group.deliveries.map(({ seq, receivedAt, events, text }) =>
      journalRow(seq, receivedAt, events, [], text),
    );
    const still = { owner: group.owner, from: group.at, to: group.at, woken: 0 };
    await this.db.batch([
      this.advance(still),
      ...this.journal(rows),
      ...this.rejections(group.rejections),
      ...this.dropSide(group.sides),
    ]);
  }

  async applyOne(change: EventChange): Promise<Written> {
    const wakes = this.db.prepare("UPDATE journal SET wakes = ?2 WHERE seq = ?1");
    return this.commit(change, [
      this.advance(change),
      ...this.rows(change.rows),
      ...(change.wakes.length > 0 ? [wakes.bind(change.seq, JSON.stringify(change.wakes))] : []),
    ]);
  }

  async setAside(move: EventMove, event: LedgerEvent, delivery: Delivery, reason: string): Promise<void> {
    const body = JSON.stringify(event);
    const { receivedAt, source } = delivery;
    const of = { ...(source !== undefined && { source }), code: "not-applied" };
    const rejection: Rejection = { receivedAt, stage: "apply", messageId: event.id, reason, body, ...of };
    await this.db.batch([this.advance(move), ...this.rejections([rejection])]);
  }

  async after(seq: number): Promise<readonly NumberedDelivery[]> {
    const sql = "SELECT seq, received_at, body, wakes FROM journal WHERE seq > ?1 ORDER BY seq LIMIT ?2";
    const { results } = await this.db
      .prepare(sql)
      .bind(seq, PAGE)
      .all<{ seq: number; received_at: number; body: string; wakes: string | null }>();
    return results.map((row) => ({
      seq: row.seq,
      receivedAt: row.received_at,
      events: JSON.parse(row.body) as LedgerEvent[],
      wakes: JSON.parse(row.wakes ?? "[]") as Wake[],
    }));
  }

  async wakesBetween(after: number, upTo: number): Promise<readonly { seq: number; wakes: readonly Wake[] }[]> {
    const sql =
      "SELECT seq, wakes FROM journal WHERE seq > ?1 AND seq <= ?2 AND wakes IS NOT NULL ORDER BY seq LIMIT ?3";
    const { results } = await this.db.prepare(sql).bind(after, upTo, PAGE).all<{ seq: number; wakes: string }>();
    return results.map(({ seq, wakes }) => ({ seq, wakes: JSON.parse(wakes) as Wake[] }));
  }

  async side(limit: number, bytes: number): Promise<readonly SideRow[]> {
    const sql =
      "SELECT id, body FROM (SELECT id, body, sum(length(body)) OVER (ORDER BY id) - length(body) AS before " +
      "FROM side_journal ORDER BY id LIMIT ?1) WHERE before < ?2";
    return (await this.db.prepare(sql).bind(limit, bytes).all<SideRow>()).results;
  }

  private async overtakes({ sides, behindSide }: GroupChange): Promise<boolean> {
    const sql = "SELECT 1 FROM side_journal WHERE id <= ?1 AND id NOT IN (SELECT value FROM json_each(?2)) LIMIT 1";
    return (await this.db.prepare(sql).bind(behindSide, JSON.stringify(sides)).first()) !== null;
  }

  /** Writes a batch that holds the cursor's guard and finds out what an error meant. */
  private async commit(move: Move, statements: D1PreparedStatement[]): Promise<Exclude<Written, "overtaking">> {
    try {
      await this.db.batch(statements);
      return "written";
    } catch (error) {
      const sql = "SELECT owner, applied FROM cursor WHERE id = 1";
      const cursor = await this.db.prepare(sql).first<{ owner: string; applied: number }>();
      // The answer was lost, the batch was not.
      if (move.to !== move.from && cursor?.owner === move.owner && cursor.applied === move.to) return "written";
      if (cursor?.owner !== move.owner || cursor.applied !== move.from || isTransient(error)) throw error;
      return "poisoned";
    }
  }

  private advance(move: Move): D1PreparedStatement {
    return this.db.prepare(ADVANCE_SQL).bind(...moveValues(move));
  }

  private rows(buffer: RowBuffer): D1PreparedStatement[] {
    for (const table of buffer.tables.keys()) {
      if (this.tables[table] === undefined) throw new Error(`no statement for rows of ${table}`);
    }
    // In the catalog's order: what changes a row comes after what makes it, whichever was put first.
    return Object.entries(this.tables).flatMap(([table, known]) => {
      const rows = buffer.tables.get(table);
      if (rows === undefined || rows.size === 0) return [];
      const all = [...rows.values()];
      const { sql, rows: put } = typeof known === "string" ? { sql: known, rows: all } : known(all);
      return bulk(this.db, sql, put);
    });
  }

  private rejections(rejections: readonly Rejection[]): D1PreparedStatement[] {
    const rows = rejections.map(({ receivedAt, stage, messageId, reason, body, source = null, code = null }) => [
      receivedAt,
      stage,
      messageId,
      reason,
      body,
      source,
      code,
    ]);
    return bulk(this.db, REJECTIONS_SQL, rows);
  }

  private dropSide(ids: readonly number[]): D1PreparedStatement[] {
    if (ids.length === 0) return [];
    const sql = "DELETE FROM side_journal WHERE id IN (SELECT value FROM json_each(?1))";
    return [this.db.prepare(sql).bind(JSON.stringify(ids))];
  }

  /** Rows as parameters rather than as one JSON: SQLite would read each body three times over. */
  private journal(rows: readonly (readonly unknown[])[]): D1PreparedStatement[] {
    const statements: D1PreparedStatement[] = [];
    for (let from = 0; from < rows.length; from += JOURNAL_ROWS) {
      const some = rows.slice(from, from + JOURNAL_ROWS);
      const sql = `INSERT INTO journal (seq, received_at, body, wakes) VALUES ${some.map(() => "(?, ?, ?, ?)").join(", ")}`;
      statements.push(this.db.prepare(sql).bind(...some.flat()));
    }
    return statements;
  }
}

function moveValues({ owner, from, to, woken }: Move): [string, number, number, number] {
  return [owner, from, to, woken];
}

function journalRow(
  seq: number,
  receivedAt: number,
  events: readonly LedgerEvent[],
  wakes: readonly Wake[],
  text: string | undefined,
): unknown[] {
  return [seq, receivedAt, text ?? JSON.stringify(events), wakes.length > 0 ? JSON.stringify(wakes) : null];
}

/** Stores a request where the ledger cannot be reached; the ledger takes it in when it is back. */
export async function writeSideJournal(db: D1Database, body: string): Promise<void> {
  await db.prepare("INSERT INTO side_journal (body) VALUES (?1)").bind(body).run();
}
