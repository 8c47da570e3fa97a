/** What becomes of one call of the database: it fails before or after it had its effect, or goes well. */
export type Fate = "well" | "overloaded" | "answer lost" | "too long" | "no value";

const ERRORS: Readonly<Record<Exclude<Fate, "well">, string>> = {
  overloaded: "D1_ERROR: D1 DB is overloaded. Requests queued for too long.",
  "answer lost": "D1_ERROR: Network connection lost.",
  "too long": "D1_ERROR: D1 DB exceeded its CPU time limit and was reset.",
  "no value": "D1_ERROR: NOT NULL constraint failed: some.column: SQLITE_CONSTRAINT",
};

interface Wrapped {
  readonly sql: string;
  readonly inner: D1PreparedStatement;
}

/** A database binding that fails as `fate` says, which is asked before each call with the statements in it. */
export function faultyD1(db: D1Database, fate: (sql: string) => Fate): D1Database {
  const guarded = async <T>(sql: string, call: () => Promise<T>): Promise<T> => {
    const outcome = fate(sql);
    if (outcome !== "well" && outcome !== "answer lost") throw new Error(ERRORS[outcome]);
    const result = await call();
    if (outcome === "answer lost") throw new Error(ERRORS[outcome]);
    return result;
  };
  const wrap = (sql: string, inner: D1PreparedStatement): Wrapped & Record<string, unknown> => ({
    sql,
    inner,
    bind: (...values: unknown[]) => wrap(sql, inner.bind(...values)),
    first: (column?: string) =>
      guarded(sql, () => (column === undefined ? inner.first() : inner.first<unknown>(column))),
    all: () => guarded(sql, () => inner.all()),
    run: () => guarded(sql, () => inner.run()),
  });
  const batch = (statements: readonly Wrapped[]) =>
    guarded(statements.map(({ sql }) => sql).join(";\n"), () => db.batch(statements.map(({ inner }) => inner)));
  return { prepare: (sql: string) => wrap(sql, db.prepare(sql)), batch } as unknown as D1Database;
}

/** Bytes of one value that D1 and the storage of objects take in production; the local ones take twice as much. */
const VALUE_BYTES = 2_000_000;

/** Throws as D1 does where a value is larger than it takes. */
export function checkValues(values: readonly unknown[]): void {
  for (const value of values) {
    if (typeof value === "string" && new TextEncoder().encode(value).length > VALUE_BYTES)
      throw new Error("D1_ERROR: string or blob too big: SQLITE_TOOBIG");
  }
}

/** A database binding that refuses what D1 in production refuses. */
export function strictD1(db: D1Database): D1Database {
  const checked = (statement: D1PreparedStatement, values: readonly unknown[]): D1PreparedStatement =>
    new Proxy(statement, {
      get: (of, name) => {
        if (name === "inner") return of;
        if (name === "values") return values;
        if (name === "bind") return (...bound: unknown[]) => checked(of.bind(...bound), bound);
        const method = of[name as "all"] as (...args: unknown[]) => unknown;
        return async (...args: unknown[]) => {
          checkValues(values);
          return method.apply(of, args);
        };
      },
    });
  const batch = async (
    statements: readonly (D1PreparedStatement & { values: unknown[]; inner: D1PreparedStatement })[],
  ) => {
    for (const { values } of statements) checkValues(values);
    return db.batch(statements.map(({ inner }) => inner));
  };
  return { prepare: (sql: string) => checked(db.prepare(sql), []), batch } as unknown as D1Database;
}
