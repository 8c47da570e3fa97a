import { readdirSync, readFileSync } from "node:fs";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import type { Timeline } from "./timeline";

const SCHEMA = readdirSync("migrations")
  .filter((name) => name.endsWith(".sql"))
  .sort()
  .map((name) => readFileSync(`migrations/${name}`, "utf8"))
  .join("\n");

/** Rewrites SQL on its way: how a breakage takes a safeguard out. */
export type Mutation = (sql: string) => string;

/** Tables take longer to make than a run takes to fill them: what a run wrote is rolled back, and the next one goes on. */
const made = new WeakMap<Mutation, DatabaseFile>();

/** SQL as the product writes it. */
export const asIs: Mutation = (sql) => sql;

/** A database file: it stays when the process goes. */
export class DatabaseFile {
  readonly db = new DatabaseSync(":memory:");
  private readonly statements = new Map<string, StatementSync>();

  constructor(
    private readonly mutate: Mutation,
    schema = "",
  ) {
    this.db.exec(mutate(schema));
  }

  /** The product's database with nothing in it. One run at a time has it: the next one takes it away. */
  static d1(mutate: Mutation = asIs): DatabaseFile {
    const file = made.get(mutate) ?? new DatabaseFile(mutate, SCHEMA);
    made.set(mutate, file);
    file.rewind();
    return file;
  }

  /** Forgets everything since the last time, or since it was made. */
  rewind(): void {
    if (this.db.isTransaction) this.db.exec("ROLLBACK");
    this.db.exec("BEGIN");
  }

  all<Row>(sql: string, values: readonly unknown[] = []): Row[] {
    let statement = this.statements.get(sql);
    if (!statement) {
      statement = this.db.prepare(this.mutate(sql));
      this.statements.set(sql, statement);
    }
    return statement.all(...(values as SQLInputValue[])) as Row[];
  }

  transaction<T>(run: () => T): T {
    this.db.exec("SAVEPOINT one");
    try {
      return run();
    } catch (error) {
      this.db.exec("ROLLBACK TO one");
      throw error;
    } finally {
      this.db.exec("RELEASE one");
    }
  }
}

interface Statement {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** What a step on the database is called in the counts. */
function nameOf(statements: readonly Statement[]): string {
  const sql = statements[0]?.sql.trimStart() ?? "";
  if (sql.startsWith("UPDATE cursor SET woken = max")) return "ledger batch";
  if (sql.startsWith("WITH asked")) return "permit";
  if (sql.startsWith("UPDATE sends")) return "settle";
  if (statements.some((one) => /^INSERT INTO (runs|stops|decisions|sends) /.test(one.sql))) return "outbox copy";
  return "read";
}

/** The part of D1's interface that the product uses, over a file and a timeline. */
export function d1Over(file: DatabaseFile, timeline: Timeline): D1Database {
  const execute = ({ sql, values }: Statement) => {
    const results = file.all<Record<string, unknown>>(sql, values);
    if (sql.startsWith("SELECT")) return { results, meta: { changes: 0 } };
    const changes = file.all<{ changes: number }>("SELECT changes() AS changes")[0]?.changes ?? 0;
    return { results, meta: { changes } };
  };
  const prepared = (sql: string, values: readonly unknown[]) => {
    const statement = { sql, values };
    const ask = <T>(read: (answer: ReturnType<typeof execute>) => T) =>
      timeline.step(nameOf([statement]), () => read(execute(statement)));
    return {
      ...statement,
      bind: (...bound: unknown[]) => prepared(sql, bound),
      first: (column?: string) => ask(({ results: [row] }) => (column === undefined ? row : row?.[column]) ?? null),
      all: () => ask((answer) => answer),
      run: () => ask((answer) => answer),
    };
  };
  const batch = (statements: readonly Statement[]) =>
    timeline.step(nameOf(statements), () => file.transaction(() => statements.map(execute)));
  return { prepare: (sql: string) => prepared(sql, []), batch } as unknown as D1Database;
}

const disks = new Map<string, DatabaseFile>();

/** An object's own storage: its tables and its alarm. */
export class ObjectDisk {
  alarm: number | null = null;

  private constructor(readonly file: DatabaseFile) {}

  /** An object's empty disk; as with databases, one run at a time has that of a name. */
  static named(name: string): ObjectDisk {
    const file = disks.get(name) ?? new DatabaseFile(asIs);
    disks.set(name, file);
    file.rewind();
    return new ObjectDisk(file);
  }

  /** The interface that the object is given; `armed` is told when an alarm is set. */
  storage(armed: () => void): DurableObjectStorage {
    const exec = (sql: string, ...values: unknown[]) => {
      const rows = this.file.all(sql, values);
      return { toArray: () => rows, one: () => rows[0], [Symbol.iterator]: () => rows[Symbol.iterator]() };
    };
    return {
      sql: { exec },
      transactionSync: <T>(run: () => T) => this.file.transaction(run),
      getAlarm: async () => this.alarm,
      setAlarm: async (at: number) => {
        const before = this.alarm;
        this.alarm = at;
        try {
          armed();
        } catch (error) {
          this.alarm = before;
          throw error;
        }
      },
    } as unknown as DurableObjectStorage;
  }
}
