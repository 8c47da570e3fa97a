/** What becomes of one call of the database: it fails before or after it had its effect, or goes well. */
export type Fate = "well" | "overloaded" | "answer lost";

const ERRORS: Readonly<Record<Exclude<Fate, "well">, string>> = {
  overloaded: "D1_ERROR: D1 DB is overloaded. Requests queued for too long.",
  "answer lost": "D1_ERROR: Network connection lost.",
};

interface Wrapped {
  readonly sql: string;
  readonly inner: D1PreparedStatement;
}

/** A database binding that fails as `fate` says, which is asked before each call with the statements in it. */
export function faultyD1(db: D1Database, fate: (sql: string) => Fate): D1Database {
  const guarded = async <T>(sql: string, call: () => Promise<T>): Promise<T> => {
    const outcome = fate(sql);
    if (outcome === "overloaded") throw new Error(ERRORS.overloaded);
    const result = await call();
    if (outcome === "answer lost") throw new Error(ERRORS["answer lost"]);
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
