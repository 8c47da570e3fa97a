/**
 * Counts what Cloudflare bills, by wrapping the bindings: rows of D1 out of its own `meta`, rows of objects out of
 * their cursors, calls of objects at the stubs, and what passes the queues. Nothing of it is in the product.
 */
export interface Counts {
  /** Statements and round trips, for whoever wants to know why. */
  d1: { calls: number; statements: number; read: number; written: number; lookUpMs: number };
  objects: { read: number; written: number; alarmsSet: number; alarmsRun: number };
  /** Requests to objects by class and method. */
  requests: Record<string, number>;
  queue: { written: number; delivered: number };
  /** Rows written by statement: its first words. */
  writers: Record<string, number>;
}

export let counts = emptyCounts();

export function emptyCounts(): Counts {
  return {
    d1: { calls: 0, statements: 0, read: 0, written: 0, lookUpMs: 0 },
    objects: { read: 0, written: 0, alarmsSet: 0, alarmsRun: 0 },
    requests: {},
    queue: { written: 0, delivered: 0 },
    writers: {},
  };
}

export function resetCounts(): void {
  counts = emptyCounts();
}

function countWriter(place: string, sql: string, rows: number): void {
  if (rows === 0) return;
  const key = `${place} ${/^\s*(?:WITH\s.*?\)\s*)?(INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM|CREATE \w+)\s+(\w+)/s.exec(sql)?.slice(1, 3).join(" ") ?? sql.slice(0, 30)}`;
  counts.writers[key] = (counts.writers[key] ?? 0) + rows;
}

class MeteredStatement {
  constructor(
    private readonly inner: D1PreparedStatement,
    readonly sql: string,
  ) {}

  bind(...values: unknown[]): MeteredStatement {
    return new MeteredStatement(this.inner.bind(...values), this.sql);
  }

  async all<Row>(): Promise<D1Result<Row>> {
    counts.d1.calls++;
    return this.note(await this.inner.all<Row>());
  }

  run<Row>(): Promise<D1Result<Row>> {
    return this.all<Row>();
  }

  /** D1 tells nothing of what `first` cost, so all rows are asked for. */
  async first<Row extends Record<string, unknown>>(column?: string): Promise<unknown> {
    const row = (await this.all<Row>()).results[0];
    return (column === undefined ? row : row?.[column]) ?? null;
  }

  raw(): never {
    throw new Error("raw() tells nothing of what it cost");
  }

  note<Row>(result: D1Result<Row>): D1Result<Row> {
    const { rows_read: read, rows_written: written, duration } = result.meta;
    if (/^\s*SELECT/.test(this.sql)) counts.d1.lookUpMs += duration;
    counts.d1.statements++;
    counts.d1.read += read;
    counts.d1.written += written;
    countWriter("d1", this.sql, written);
    return result;
  }

  static innerOf(statement: MeteredStatement): D1PreparedStatement {
    return statement.inner;
  }
}

function meteredDatabase(db: D1Database): D1Database {
  const metered = {
    prepare: (sql: string) => new MeteredStatement(db.prepare(sql), sql),
    async batch(statements: MeteredStatement[]) {
      counts.d1.calls++;
      const results = await db.batch(statements.map((statement) => MeteredStatement.innerOf(statement)));
      return results.map((result, index) => statements[index]?.note(result));
    },
    exec() {
      throw new Error("exec() tells nothing of what it cost");
    },
  };
  return metered as unknown as D1Database;
}

type Methods = Record<string, (...values: unknown[]) => unknown>;

function meteredNamespace(name: string, namespace: DurableObjectNamespace): object {
  return {
    idFromName: (id: string) => namespace.idFromName(id),
    get: (id: DurableObjectId) =>
      new Proxy(namespace.get(id), {
        get(stub, method) {
          if (typeof method !== "string" || method === "then") return undefined;
          return (...values: unknown[]) => {
            const key = `${name}.${method}`;
            counts.requests[key] = (counts.requests[key] ?? 0) + 1;
            return (stub as unknown as Methods)[method]?.(...values);
          };
        },
      }),
  };
}

function meteredQueue(queue: Queue): object {
  return {
    send(body: unknown, options?: QueueSendOptions) {
      counts.queue.written++;
      return queue.send(body, options);
    },
    sendBatch(messages: MessageSendRequest[]) {
      counts.queue.written += messages.length;
      return queue.sendBatch(messages);
    },
  };
}

const METERED: Readonly<Record<string, (binding: never) => object>> = {
  DB: meteredDatabase,
  LEDGER: (binding) => meteredNamespace("ledger", binding),
  SHARDS: (binding) => meteredNamespace("shard", binding),
  EMAIL_QUEUE: meteredQueue,
  SMS_QUEUE: meteredQueue,
  ACT_QUEUE: meteredQueue,
  CAMPAIGN_QUEUE: meteredQueue,
  IMPORT_QUEUE: meteredQueue,
  REHEARSAL_QUEUE: meteredQueue,
};

const environments = new WeakMap<object, object>();

/** The environment with its bindings wrapped; the same one for the same environment. */
export function metered<Env extends object>(env: Env): Env {
  const known = environments.get(env);
  if (known) return known as Env;
  const made = { ...env } as Record<string, unknown>;
  for (const [name, wrap] of Object.entries(METERED)) made[name] = wrap(made[name] as never);
  environments.set(env, made);
  return made as Env;
}

let last: { sql: string; cursor: SqlStorageCursor<Record<string, SqlStorageValue>> } | null = null;

/** Takes over what the last statement of an object cost: a cursor knows it once it has been read. */
export function settleCursor(): void {
  if (!last) return;
  counts.objects.read += last.cursor.rowsRead;
  counts.objects.written += last.cursor.rowsWritten;
  countWriter("object", last.sql, last.cursor.rowsWritten);
  last = null;
}

let patched = false;

/** Counts what objects do with their storage. A state cannot be wrapped, so the methods of its kind are replaced. */
export function meterStorage(storage: DurableObjectStorage): void {
  if (patched) return;
  patched = true;
  const sql = Object.getPrototypeOf(storage.sql) as SqlStorage;
  const { exec } = sql;
  sql.exec = function metering(this: SqlStorage, query: string, ...values: unknown[]) {
    settleCursor();
    const cursor = exec.call(this, query, ...values);
    last = { sql: query, cursor };
    return cursor;
  } as SqlStorage["exec"];
  const kind = Object.getPrototypeOf(storage) as DurableObjectStorage;
  const { setAlarm } = kind;
  kind.setAlarm = function metering(this: DurableObjectStorage, ...values: Parameters<typeof setAlarm>) {
    counts.objects.alarmsSet++;
    return setAlarm.apply(this, values);
  };
}
