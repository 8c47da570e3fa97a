import type { LoyaltyTerms } from "../../../src/commerce/loyalty-projection";
import type { LedgerEvent } from "../../../src/events/event";
import { LedgerCore } from "../../../src/events/ledger";
import { JournalStore } from "../../../src/events/store";
import { WakeLines } from "../../../src/events/wake-lines";
import { COUNTER_TABLES, liveParts, lookUp, NO_TERMS, ROW_TABLES } from "../../../src/services/records";
import { DatabaseFile } from "../../sim/database";

export const NOW = Date.UTC(2026, 0, 5, 10);

interface Bound {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** A database in a file, as much of D1 as the ledger uses, without a crash or a wait. */
function d1(file: DatabaseFile): D1Database {
  const run = ({ sql, values }: Bound) => ({ results: file.all<Record<string, unknown>>(sql, values), meta: {} });
  const prepared = (sql: string, values: readonly unknown[] = []): object => ({
    sql,
    values,
    bind: (...bound: unknown[]) => prepared(sql, bound),
    first: async () => run({ sql, values }).results[0] ?? null,
    all: async () => run({ sql, values }),
    run: async () => run({ sql, values }),
  });
  const batch = async (statements: readonly Bound[]) => file.transaction(() => statements.map(run));
  return { prepare: (sql: string) => prepared(sql), batch } as unknown as D1Database;
}

/** The real ledger over a real schema; every request comes a second after the one before. */
export class LedgerFile {
  readonly file = DatabaseFile.d1();
  readonly db = d1(this.file);
  core = this.open();
  private requests = 0;

  /** Another process over the same file: it knows nothing but what is written. */
  restart(): void {
    this.core = this.open();
  }

  get now(): number {
    return NOW + this.requests * 1_000;
  }

  async take(...events: Partial<LedgerEvent>[]): Promise<LedgerEvent[]> {
    this.requests++;
    const whole = events.map((event, index) => ({
      id: `e-${this.requests}-${index}`,
      type: "track",
      name: "Viewed",
      at: this.now,
      trust: "secret",
      ...event,
    })) as LedgerEvent[];
    const { status } = await this.core.append({ receivedAt: this.now, events: whole }, 100);
    if (status !== "stored") throw new Error(status);
    return whole;
  }

  rows<Row>(sql: string, ...values: unknown[]): Row[] {
    return this.file.all<Row>(sql, values);
  }

  contact(identity: string): number | null {
    return (
      this.rows<{ contact: number }>("SELECT contact FROM identities WHERE identity = ?", identity)[0]?.contact ?? null
    );
  }

  /** The shop's loyalty programme; it has none unless a test says so. */
  protected get loyalty(): LoyaltyTerms | null {
    return null;
  }

  private open(): LedgerCore {
    const lines = new WakeLines(2, {
      call: async () => undefined,
      defer: async () => undefined,
      failed: () => undefined,
    });
    const interest = { carts: true, activity: false, events: new Set<string>() };
    let owners = 0;
    const ports = {
      journal: new JournalStore(this.db, ROW_TABLES, COUNTER_TABLES),
      parts: liveParts("EUR", () => interest, { ...NO_TERMS, loyalty: this.loyalty ?? NO_TERMS.loyalty }),
      lookUp: (keys: readonly string[], ids: readonly number[]) =>
        lookUp(this.db, keys, ids, { loyalty: this.loyalty !== null, seal: null }),
      pause: async () => undefined,
      owner: () => `owner-${Math.random()}-${++owners}`,
      log: (message: string, details: object) => {
        throw new Error(`${message} ${JSON.stringify(details)}`);
      },
    };
    return new LedgerCore(ports, lines);
  }
}
