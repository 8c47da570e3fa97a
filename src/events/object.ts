import { DurableObject } from "cloudflare:workers";
import type { BookCache } from "./book";
import { Budget } from "./budget";
import type { LedgerEvent } from "./event";
import type { AppendAnswer, Caller, Intake, PackedIntake } from "./intake";
import { LedgerCore } from "./ledger";
import type { LedgerPorts } from "./ledger-port";
import type { ContactRecord } from "./projection";
import type { SourceNote } from "./tally";
import type { WakeItem } from "./wake-lines";
import { WakeLines } from "./wake-lines";

/** What passes through the ledger object without its looking inside: permits, what shards owe, what they ask about. */
interface Carried {
  readonly key: unknown;
  readonly row: unknown;
  readonly owed: unknown;
  readonly receipt: unknown;
  readonly sheet: unknown;
}

type RecordOf = (id: number) => ContactRecord | undefined;

/** What the ledger object needs beside its core. */
export interface LedgerObjectPorts<Cargo extends Carried> {
  readonly core: LedgerPorts;
  readonly shards: number;
  readonly now: () => number;
  readonly wake: (shard: number, items: readonly WakeItem[], recordOf: RecordOf) => Promise<void>;
  /** Copies to the database what a shard owes to it. */
  readonly copy: (owed: Cargo["owed"]) => Promise<Cargo["receipt"]>;
  /** What is known of contacts; those that are not in memory are looked up. */
  readonly facts: (contacts: readonly number[], recordOf: RecordOf) => Promise<Cargo["sheet"]>;
  readonly permit: (keys: readonly Cargo["key"][], owner: string, now: number) => Promise<readonly Cargo["row"][]>;
  /** The permit's contacts, whose shards must know of everything first. */
  readonly contactsOf: (keys: readonly Cargo["key"][], recordOf: RecordOf) => readonly number[] | "all";
  /** Seconds that a request of a public key has to wait for its contacts' sake; 0 where it need not. */
  readonly crowding: (events: readonly LedgerEvent[], cache: BookCache, now: number) => number;
  /** Counts what comes from each source. */
  readonly watch: { readonly note: (note: SourceNote) => void; readonly flush: () => Promise<void> };
  /** Resolves when everything that hangs on the contacts changed before the call was computed anew. */
  readonly follow: () => Promise<void>;
  /** Reads scenarios and switches anew. */
  readonly refresh: () => Promise<void>;
  /** False only where a test shows what the wait for the wakes is worth. */
  readonly permitWaits: () => boolean;
}

const DEFER_CAP = 5_000;

/** Makes the Durable Object class of the ledger: the one writer of a D1 database. */
export function ledgerClass<Env, Cargo extends Carried>(portsOf: (env: Env) => Promise<LedgerObjectPorts<Cargo>>) {
  return class Ledger extends DurableObject<Env> {
    ports!: LedgerObjectPorts<Cargo>;
    core!: LedgerCore;
    readonly recordOf: RecordOf = (id) => this.core.cache.records.get(id);
    readonly contactBudget = new Budget(300, 50);
    readonly originBudget = new Budget(10_000, 1_000);
    readonly formBudget = new Budget(30, 1 / 60);
    readonly keyBudget = new Budget(50_000, 10_000);
    readonly growthBudget = new Budget(100_000, 20);

    constructor(state: DurableObjectState, env: Env) {
      super(state, env);
      void state.blockConcurrencyWhile(async () => {
        this.ports = await portsOf(env);
        const { core, shards, wake } = this.ports;
        const lines = new WakeLines(shards, {
          call: (shard, items) => wake(shard, items, this.recordOf),
          defer: (ms) => new Promise((resolve) => setTimeout(resolve, Math.min(ms, DEFER_CAP))),
          failed: (shard, error) => core.log("wake failed", { shard, error: String(error) }),
        });
        this.core = new LedgerCore(core, lines);
      });
    }

    /** Takes one request in. Resolves when it is on disk, or with why it is not. */
    async append(packed: PackedIntake, caller: Caller | null): Promise<AppendAnswer> {
      const intake: Intake = { ...packed, events: JSON.parse(packed.text) as LedgerEvent[] };
      const wait = caller ? this.spend(intake, caller) : 0;
      if (wait > 0) return { status: "limited", retryAfter: wait };
      return this.core.append(intake, packed.text.length);
    }

    /** Permits sends behind everything accepted until now, and claims their rows. */
    async permit(keys: readonly Cargo["key"][]): Promise<readonly Cargo["row"][]> {
      const contacts = this.ports.permitWaits() ? this.ports.contactsOf(keys, this.recordOf) : [];
      const ask = () => this.core.permit(contacts, (owner) => this.ports.permit(keys, owner, this.ports.now()));
      const rows = await ask();
      // Something lay in the side journal: once it is in, the question can be asked again.
      return rows.length > 0 || !(await this.core.sweep()) ? rows : ask();
    }

    /** Copies what a shard owes for what fell due; resolves when it is in the database. */
    copy(owed: Cargo["owed"]): Promise<Cargo["receipt"]> {
      return this.ports.copy(owed);
    }

    /** What is known of contacts by now, with everything that was accepted before the call and is on disk. */
    facts(contacts: readonly number[]): Promise<Cargo["sheet"]> {
      return this.ports.facts(contacts, this.recordOf);
    }

    /**
     * What is known of contacts and of `others` before time passes for the former, and which of their wakes have not
     * reached their shard yet: it waits for none of them, since a shard asks in the midst of its work.
     */
    async catchUp(contacts: readonly number[], others: readonly number[]) {
      // First: what is known must not be older than what is heard.
      const owed = await this.core.owed(contacts);
      const sheet: Cargo["sheet"] = await this.ports.facts([...contacts, ...others], this.recordOf);
      return { sheet, owed };
    }

    /** Takes over what was stored beside the ledger and starts wakes that were lost. */
    async sweep(): Promise<void> {
      await this.ports.refresh();
      await this.core.sweep();
      await this.ports.watch.flush();
      // It tries again by itself, and nobody waits for it.
      const failed = (error: unknown) => this.ports.core.log("contacts not followed", { error: String(error) });
      await this.ports.follow().catch(failed);
    }

    /** Resolves when all that was accepted before the call is applied, and what is computed of it too. */
    async followed(): Promise<void> {
      await this.core.settled([]);
      await this.ports.follow();
    }

    /** Counts what was refused at the door. */
    async note(notes: readonly SourceNote[]): Promise<void> {
      for (const note of notes) this.ports.watch.note(note);
    }

    /** Where the ledger stands; what was counted of the sources is in the database by then. */
    async standing(): Promise<LedgerCore["position"]> {
      await this.core.settled([]);
      await this.ports.watch.flush();
      return this.core.position;
    }

    /** Scenarios or switches have changed. */
    async refresh(): Promise<void> {
      await this.ports.refresh();
    }

    /** Resolves when all that was accepted before the call is applied and these contacts' shards know of it. */
    async settled(contacts?: readonly number[]): Promise<void> {
      await this.core.settled(contacts ?? "all");
    }

    spend(intake: Intake, caller: Caller): number {
      const now = this.ports.now();
      const counts = new Map<string, number>();
      for (const { anon, user, email, contact: row } of intake.events) {
        const contact = anon ?? user ?? email ?? String(row ?? "");
        counts.set(contact, (counts.get(contact) ?? 0) + 1);
      }
      // The narrowest first, so that what one contact is refused draws on nobody else's share.
      let wait = this.ports.crowding(intake.events, this.core.cache, now);
      for (const [contact, count] of counts) if (wait === 0) wait = this.contactBudget.take(contact, count, now);
      if (wait === 0 && caller.isForm) wait = this.formBudget.take(caller.origin, 1, now);
      if (wait === 0) wait = this.originBudget.take(caller.origin, intake.events.length, now);
      if (wait === 0) wait = this.keyBudget.take(caller.key, intake.events.length, now);
      if (wait === 0) wait = this.growthBudget.take(caller.key, this.strangers(intake), now);
      return wait;
    }

    /** How many in a request we have not seen lately: each may become rows that stay. */
    strangers(intake: Intake): number {
      const { resolver } = this.ports.core.parts;
      const keys = new Set(intake.events.flatMap((event) => resolver.keys(event).slice(0, 1)));
      return [...keys].filter((key) => !this.core.cache.identities.get(key)).length;
    }
  };
}
