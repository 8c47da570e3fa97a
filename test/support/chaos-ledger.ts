import type { LoyaltyTerms } from "../../src/commerce/loyalty-projection";
import type { LedgerEvent, Properties } from "../../src/events/event";
import type { FoldParts } from "../../src/events/fold";
import { LedgerCore } from "../../src/events/ledger";
import { JournalStore } from "../../src/events/store";
import { type WakeItem, WakeLines } from "../../src/events/wake-lines";
import { COUNTER_TABLES, liveParts, lookUp, NO_TERMS, ROW_TABLES } from "../../src/services/records";

/** A scenario listens for the event "Trigger", so that it wakes a contact's shard. */
const INTEREST = { carts: true, activity: false, events: new Set(["Trigger"]) };

export interface TestLedger {
  readonly core: LedgerCore;
  /** Every contact that a shard was called for, in the order of the calls. */
  readonly woken: WakeItem[];
  readonly said: string[];
  /** While false, calls to shards neither succeed nor fail. */
  answerWakes: boolean;
}

/**
 * A ledger over a database, as the object makes one; `change` replaces parts of what it folds with, `loyalty` is the
 * shop's programme.
 */
export function ledgerOver(
  db: D1Database,
  change: (parts: FoldParts) => FoldParts = (parts) => parts,
  loyalty?: LoyaltyTerms,
): TestLedger {
  const waiting: (() => void)[] = [];
  const woken: WakeItem[] = [];
  const said: string[] = [];
  let answers = true;
  const lines = new WakeLines(4, {
    async call(_, items) {
      if (!answers) await new Promise<void>((resolve) => waiting.push(resolve));
      woken.push(...items);
    },
    defer: () => Promise.resolve(),
    failed: () => undefined,
  });
  const ports = {
    journal: new JournalStore(db, ROW_TABLES, COUNTER_TABLES),
    parts: change(liveParts("EUR", () => INTEREST, { ...NO_TERMS, ...(loyalty && { loyalty }) })),
    lookUp: (keys: readonly string[], ids: readonly number[]) =>
      lookUp(db, keys, ids, { loyalty: loyalty !== undefined, seal: null }),
    pause: async () => undefined,
    owner: () => crypto.randomUUID(),
    log: (message: string) => said.push(message),
  };
  return {
    core: new LedgerCore(ports, lines),
    woken,
    said,
    get answerWakes() {
      return answers;
    },
    set answerWakes(value) {
      answers = value;
      if (value) for (const resolve of waiting.splice(0)) resolve();
    },
  };
}

export const NOW = Date.UTC(2026, 0, 5, 10);

/** An event of the shop's server. */
export function track(id: string, user: string, name: string, properties: Properties = {}): LedgerEvent {
  return { id, type: "track", name, at: NOW, trust: "secret", user, properties };
}

/** Hands in one request. */
export async function give(ledger: TestLedger, ...events: LedgerEvent[]): Promise<string> {
  const body = { receivedAt: NOW, events };
  return (await ledger.core.append(body, JSON.stringify(body).length)).status;
}

/** The ids of the journal's events in their order. */
export async function journalIds(db: D1Database): Promise<string[]> {
  const sql = "SELECT e.value ->> 'id' AS id FROM journal j, json_each(j.body) e ORDER BY j.seq, e.key";
  return (await db.prepare(sql).all<{ id: string }>()).results.map(({ id }) => id);
}
