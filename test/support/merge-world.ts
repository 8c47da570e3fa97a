import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { LedgerEvent } from "../../src/events/event";
import { LedgerCore } from "../../src/events/ledger";
import { JournalStore } from "../../src/events/store";
import { type WakeItem, WakeLines } from "../../src/events/wake-lines";
import type { Receipt } from "../../src/scenarios/shard-port";
import type { ShardStore } from "../../src/scenarios/shard-store";
import { type ContactState, EMPTY_STATE } from "../../src/scenarios/state";
import { Services } from "../../src/services";
import type { Env } from "../../src/services/env";
import { COUNTER_TABLES, liveParts, lookUp, NO_TERMS, ROW_TABLES } from "../../src/services/records";
import { shardOf } from "../../src/shared/ids";
import { scenario } from "../unit/scenarios/scenario";

export const real = env as unknown as Env;
export const { DB } = real;

/** A contact of the scenario "waiter" gets a message an hour after the event of this name. */
export const WAITER = "Waiter";
const waiter = scenario({
  start: { type: "start.event", params: { event: WAITER }, next: { next: "wait" } },
  wait: { type: "wait.for", params: { duration: "PT1H" }, next: { next: "send" } },
  send: { type: "send.email", params: { content: "second_purchase_thanks" } },
});

/** Makes the scenario live. */
export async function startWaiter(): Promise<void> {
  const insert =
    "INSERT OR IGNORE INTO scenarios (id, name, state, draft_version, live_version, created_at, updated_at)";
  const version = "INSERT OR IGNORE INTO scenario_versions (scenario, version, definition, created_at)";
  await DB.batch([
    DB.prepare(`${insert} VALUES ('waiter', 'waiter', 'active', 1, 1, 0, 0)`),
    DB.prepare(`${version} VALUES ('waiter', 1, ?1, 0)`).bind(JSON.stringify(waiter)),
    DB.prepare("INSERT OR REPLACE INTO settings (key, value) VALUES ('revision', '3')"),
  ]);
}

/** Where the process goes: before or after the step of this number. */
export interface Crash {
  readonly step: number;
  readonly when: "before" | "after";
}

/** A ledger over the real database and the real shards, in which nothing finishes a merge unless it is told to. */
export class MergeWorld {
  readonly core: LedgerCore;
  private readonly lines: WakeLines;
  private readonly receipts = new Map<number, Receipt>();
  /** While true, wakes neither succeed nor fail. */
  holdsWakes = false;

  constructor() {
    const shards = new Services(real).config.CONTACT_SHARDS;
    this.lines = new WakeLines(shards, {
      call: (shard, items) => this.wake(shard, items),
      defer: (ms) => new Promise((resolve) => setTimeout(resolve, Math.min(ms, 5))),
      failed: () => undefined,
    });
    const interest = { carts: true, activity: false, events: new Set([WAITER]) };
    this.core = new LedgerCore(
      {
        journal: new JournalStore(DB, ROW_TABLES, COUNTER_TABLES),
        parts: liveParts("EUR", () => interest, NO_TERMS),
        lookUp: (keys, ids) => lookUp(DB, keys, ids),
        pause: async () => undefined,
        owner: () => crypto.randomUUID(),
        log: () => undefined,
      },
      this.lines,
    );
  }

  private async wake(shard: number, items: readonly WakeItem[]): Promise<void> {
    if (this.holdsWakes) throw new Error("the wakes are held");
    const entries = items.map((item) => ({ ...item, facts: null }));
    const services = new Services(real);
    const owed = await services
      .shard(shard)
      .wake({ v: 2, revision: 3, entries, receipt: this.receipts.get(shard) ?? null });
    if (owed.rows.length > 0) this.receipts.set(shard, await services.ledger.copy(owed));
  }

  /** Takes events in and waits until the shards have heard of them. */
  async give(...events: Partial<LedgerEvent>[]): Promise<void> {
    const now = Date.now();
    const whole = events.map((event) => ({
      id: crypto.randomUUID(),
      type: "track",
      at: now,
      trust: "secret",
      ...event,
    }));
    const intake = { receivedAt: now, events: whole as LedgerEvent[] };
    const answer = await this.core.append(intake, 100);
    if (answer.status !== "stored") throw new Error(answer.status);
    if (!this.holdsWakes) await this.core.settled("all");
  }

  /** Services whose process dies at a step of a merge: a call, or a write of how far it is. */
  services(crash: Crash | null = null): { services: Services; steps: string[] } {
    const steps: string[] = [];
    const at = async <T>(name: string, run: () => Promise<T>): Promise<T> => {
      const number = steps.push(name) - 1;
      if (crash?.step === number && crash.when === "before") throw new Error("killed");
      const answer = await run();
      if (crash?.step === number && crash.when === "after") throw new Error("killed");
      if (crash && crash.step < number) throw new Error("dead already");
      return answer;
    };
    const { SHARDS } = real;
    const shards = {
      idFromName: (name: string) => SHARDS.idFromName(name),
      get: (id: DurableObjectId) => {
        const stub = SHARDS.get(id);
        return {
          handOver: (ask: { step: string }) => at(ask.step, async () => (await stub.handOver(ask as never)) as unknown),
        };
      },
    };
    const ledger = { settled: (contacts: readonly number[]) => at("settle", () => this.core.settled(contacts)) };
    const from = { ...real, SHARDS: shards, LEDGER: { idFromName: () => "one", get: () => ledger } };
    return { services: new Services(from as unknown as Env), steps };
  }

  contact(identity: string): Promise<number> {
    const sql = "SELECT contact FROM identities WHERE identity = ?1";
    return DB.prepare(sql).bind(identity).first<number>("contact").then(Number);
  }
}

/** A shard object as a test sees it. */
interface Shard {
  ports: { now: () => number };
  readonly store: ShardStore;
  tick(): Promise<void>;
}

/** Runs something inside the shard object of a contact. */
export function inShardOf<T>(contact: number, run: (shard: Shard) => Promise<T> | T): Promise<T> {
  const services = new Services(real);
  const stub = services.shard(shardOf(contact, services.config.CONTACT_SHARDS));
  return runInDurableObject(stub as unknown as DurableObjectStub, (instance) => run(instance as unknown as Shard));
}

/** What a contact's shard keeps of them. */
export function stateOf(contact: number): Promise<ContactState> {
  return inShardOf(contact, ({ store }) => store.read([contact]).get(contact)?.state ?? EMPTY_STATE);
}

/** Lets what is due within some hours fire in a contact's shard. */
export function passHours(contact: number, hours: number): Promise<void> {
  return inShardOf(contact, async (shard) => {
    const { ports } = shard;
    shard.ports = { ...ports, now: () => Date.now() + hours * 3_600_000 };
    await shard.tick();
    shard.ports = ports;
  });
}
