import { DurableObject } from "cloudflare:workers";
import type { Facts } from "../segments/facts";
import { SECOND } from "../shared/clock";
import type { HandoverAnswer, HandoverAsk } from "./handover-object";
import { answerHandover } from "./handover-object";
import { dueOf, playRound } from "./shard";
import type { Briefing, ShardPorts, WakeCall, WakeEntry } from "./shard-port";
import { ShardStore } from "./shard-store";

const PAGE = 300;
const PAGES_PER_ALARM = 20;
const RETRY = 5 * SECOND;

/** How one shard stands, for sweeps and operators. */
export interface ShardStatus {
  readonly earliest: number | null;
  readonly owed: number;
  readonly parked: number;
}

/**
 * Makes the Durable Object class that holds the scenario state of a share of the contacts. It is woken by the ledger
 * with what happened and by its one alarm for what is due; it decides, commits, and copies what it owes to D1.
 */
export function contactShardClass<Env>(portsOf: (env: Env) => Promise<ShardPorts>) {
  return class ContactShard extends DurableObject<Env> {
    readonly store: ShardStore;
    ports!: ShardPorts;
    briefing: Briefing | null = null;
    /** The revision that the stored due times follow; a wake may bring in a newer briefing first. */
    duesRevision: number | null = null;
    /** Real time of the alarm; null when none is set. */
    alarmAt: number | null = null;
    flushing: Promise<void> | null = null;

    constructor(state: DurableObjectState, env: Env) {
      super(state, env);
      this.store = new ShardStore(state.storage);
      void state.blockConcurrencyWhile(async () => {
        this.store.migrate();
        this.ports = await portsOf(env);
        this.alarmAt = await state.storage.getAlarm();
      });
    }

    /** Takes in a round of wakes. Returns when it is committed and what it decided is in D1. */
    async wake(call: WakeCall): Promise<void> {
      if (call.v !== 1) throw new Error(`a wake of version ${String(call.v)} is not understood`);
      const briefing = await this.brief(call.revision);
      const unknown = call.entries.filter(({ facts }) => facts === null).map(({ contact }) => contact);
      const missing = [...unknown, ...this.store.origins(call.entries.map(({ contact }) => contact))];
      const facts = missing.length > 0 ? (await this.ports.facts(missing)).facts : new Map<number, Facts>();
      this.play(call.entries, facts, briefing);
      await this.flush();
      await this.setAlarm();
    }

    override async alarm(): Promise<void> {
      this.alarmAt = null;
      await this.tick();
    }

    /** Handles everything that is due and sets the next alarm itself, whatever happens. */
    async tick(): Promise<void> {
      let retryAt: number | null = null;
      try {
        await this.flush();
        for (let page = 0; page < PAGES_PER_ALARM; page++) {
          const due = this.store.due(this.ports.now(), PAGE);
          if (due.length === 0) break;
          const { revision, facts } = await this.ports.facts([...due, ...this.store.origins(due)]);
          const briefing = await this.brief(revision);
          this.play(
            due.map((contact) => ({ contact, seq: -1, happenings: [], facts: null })),
            facts,
            briefing,
          );
          await this.flush();
        }
      } catch (error) {
        // A handler that throws is tried six times and then forgotten; the timers must not be.
        this.ports.log("shard tick failed", { error: String(error) });
        retryAt = this.ports.now() + RETRY;
      }
      await this.setAlarm(retryAt);
    }

    /** Repeats what may have been lost: the outbox, the alarm, parked contacts, due times under changed scenarios. */
    async sweep(revision: number): Promise<ShardStatus> {
      await this.refresh(revision);
      const briefing = await this.brief(revision);
      const contacts = [...this.store.parkedContacts()];
      if (contacts.length > 0) {
        const { facts } = await this.ports.facts([...contacts, ...this.store.origins(contacts)]);
        this.replayParked(contacts, facts, briefing);
      }
      this.alarmAt = await this.ctx.storage.getAlarm();
      await this.tick();
      return this.status();
    }

    /** One step of a merge's scenario state on its way from shard to shard. */
    async handOver(ask: HandoverAsk): Promise<HandoverAnswer> {
      return answerHandover(this, ask);
    }

    /** Sets the alarm anew: the relation of our time to real time has changed. */
    async rearm(): Promise<void> {
      this.alarmAt = null;
      await this.setAlarm();
    }

    /** Looks at every due time again under another revision of the scenarios. */
    async refresh(revision: number): Promise<void> {
      if (this.duesRevision === revision) return;
      const briefing = await this.brief(revision);
      for (let after = -1; ; ) {
        const page = this.store.all(after, 1_000);
        const last = page.at(-1);
        if (last === undefined) break;
        const known = this.store.read(page);
        const changes = [...known].map(([contact, { seq, state }]) => ({
          contact,
          seq,
          state,
          due: dueOf(state, briefing),
        }));
        this.store.commit(changes, null, []);
        after = last;
      }
      this.duesRevision = briefing.revision;
      await this.setAlarm();
    }

    /** Removes every trace of contacts; what was owed about them is in D1 before it returns. */
    async forget(contacts: readonly number[]): Promise<void> {
      await this.flush();
      this.store.forget(contacts);
    }

    /** Every row about contacts by table; nothing of them is still owed to D1. */
    async rowsOf(contacts: readonly number[]): Promise<ReturnType<ShardStore["rowsOf"]>> {
      await this.flush();
      return this.store.rowsOf(contacts);
    }

    status(): ShardStatus {
      return {
        earliest: this.store.earliestDue(),
        owed: this.store.outbox(1).length,
        parked: this.store.parkedContacts().size,
      };
    }

    play(
      entries: readonly WakeEntry[],
      facts: ReadonlyMap<number, Facts>,
      briefing: Briefing,
      unparked: number[] = [],
    ): void {
      // No await from reading to committing: nothing can come between.
      const known = this.store.read(entries.map(({ contact }) => contact));
      const round = playRound(entries, known, facts, this.store.parkedContacts(), briefing, this.ports.now());
      for (const { contact, error } of round.errors) this.ports.log("contact parked", { contact, error });
      const stillParked = new Set(round.parked.map(({ contact }) => contact));
      const free = unparked.filter((contact) => !stillParked.has(contact));
      const empty = { v: 1 as const, runs: [], stops: [], decisions: [], sends: [], parked: [], unparked: free };
      const bundle = free.length > 0 ? { ...(round.bundle ?? empty), unparked: free } : round.bundle;
      if (round.changes.length > 0 || bundle || round.parked.length > 0)
        this.store.commit(round.changes, bundle, round.parked);
    }

    replayParked(contacts: number[], facts: ReadonlyMap<number, Facts>, briefing: Briefing): void {
      // No await here either: a wake that was parked a moment ago is replayed with the others or stays parked.
      const known = new Set(contacts);
      const wakes = this.store.parked().filter(({ contact }) => known.has(contact));
      this.store.transaction(() => {
        this.store.unpark(contacts);
        this.play(
          wakes.map((wake) => ({ ...wake, facts: null })),
          facts,
          briefing,
          contacts,
        );
      });
    }

    async brief(revision: number): Promise<Briefing> {
      if (this.briefing?.revision !== revision) this.briefing = await this.ports.briefing();
      return this.briefing;
    }

    /** Copies the outbox to D1 and then forgets it. Calls that come meanwhile wait for a copy that has their rows. */
    async flush(): Promise<void> {
      while (this.flushing) await this.flushing;
      if (this.store.outbox(1).length === 0) return;
      this.flushing = this.copyOutbox();
      try {
        await this.flushing;
      } finally {
        this.flushing = null;
      }
    }

    async copyOutbox(): Promise<void> {
      for (let rows = this.store.outbox(50); rows.length > 0; rows = this.store.outbox(50)) {
        await this.ports.write(rows.map(({ bundle }) => bundle));
        const sends = rows.flatMap(({ bundle }) => bundle.sends);
        const ids = sends.map(([contact, id, , , , channel]) => ({
          contact: Number(contact),
          id: String(id),
          channel: String(channel),
        }));
        if (ids.length > 0) await this.ports.enqueue(ids);
        this.store.settle(rows.at(-1)?.id ?? 0);
      }
    }

    async setAlarm(retryAt: number | null = null): Promise<void> {
      const due = this.store.earliestDue();
      const owed = this.store.outbox(1).length > 0 ? this.ports.now() + RETRY : null;
      const times = [due, owed, retryAt].filter((time) => time !== null);
      if (times.length === 0) return;
      const wanted = retryAt ?? Math.min(...times);
      const real = Math.ceil(this.ports.realTimeOf(wanted));
      // An alarm that comes too early costs a look; setting it for every change would cost a row.
      if (this.alarmAt !== null && this.alarmAt <= real) return;
      this.alarmAt = real;
      await this.ctx.storage.setAlarm(real);
    }
  };
}
