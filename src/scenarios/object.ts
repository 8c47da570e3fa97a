import { DurableObject } from "cloudflare:workers";
import type { Facts } from "../segments/facts";
import { SECOND } from "../shared/clock";
import { emptyBundle } from "./bundle";
import type { HandoverAnswer, HandoverAsk } from "./handover-object";
import { answerHandover } from "./handover-object";
import { Outbox } from "./outbox-object";
import { dueOf, playRound, timePassing } from "./shard";
import type { Briefing, Owed, ShardPorts, WakeCall, WakeEntry } from "./shard-port";
import { ShardStore } from "./shard-store";
import type { Position } from "./take-over";
import { positionsOf } from "./take-over";

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
 * with what happened and by its one alarm for what is due; it decides, commits, and has the ledger copy what it owes to
 * D1: as the answer to a wake, or by a call of its own.
 */
export function contactShardClass<Env>(portsOf: (env: Env) => Promise<ShardPorts>) {
  return class ContactShard extends DurableObject<Env> {
    readonly store: ShardStore;
    outbox!: Outbox;
    ports!: ShardPorts;
    briefing: Briefing | null = null;
    /** The revision that the stored due times follow; a wake may bring in a newer briefing first. */
    duesRevision: number | null = null;
    /** Real time of the alarm; null when none is set. */
    alarmAt: number | null = null;

    constructor(state: DurableObjectState, env: Env) {
      super(state, env);
      this.store = new ShardStore(state.storage);
      void state.blockConcurrencyWhile(async () => {
        this.store.migrate();
        this.ports = await portsOf(env);
        this.outbox = new Outbox(this.store, (owed) => this.ports.copy(owed), this.ports.newLife());
        this.alarmAt = await state.storage.getAlarm();
      });
    }

    /** Takes in a round of wakes. Returns, when it is committed, what the caller has to copy to D1 for it. */
    async wake(call: WakeCall): Promise<Owed> {
      if (call.v !== 2) throw new Error(`a wake of version ${String(call.v)} is not understood`);
      const briefing = await this.brief(call.revision);
      const unknown = call.entries.filter(({ facts }) => facts === null).map(({ contact }) => contact);
      const missing = [...unknown, ...this.store.origins(call.entries.map(({ contact }) => contact))];
      const facts = missing.length > 0 ? (await this.ports.facts(missing)).facts : [];
      this.outbox.settle(call.receipt);
      this.play(call.entries, facts, briefing);
      const owed = await this.outbox.handOut();
      await this.setAlarm();
      return owed;
    }

    override async alarm(): Promise<void> {
      this.alarmAt = null;
      await this.tick();
    }

    /** Handles everything that is due and sets the next alarm itself, whatever happens. */
    async tick(drains = false): Promise<void> {
      let retryAt: number | null = null;
      try {
        await (drains ? this.outbox.drain() : this.outbox.flush());
        for (let page = 0; page < PAGES_PER_ALARM; page++) {
          const due = this.store.due(this.ports.now(), PAGE);
          if (due.length === 0) break;
          const { sheet, owed } = await this.ports.catchUp(due, this.store.origins(due));
          const briefing = await this.brief(sheet.revision);
          this.play(timePassing(due, owed), sheet.facts, briefing);
          await this.outbox.flush();
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
      await this.tick(true);
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
        const changes = [...known].flatMap(([contact, { seq, state, due: before }]) => {
          const due = dueOf(state, briefing);
          return due === before ? [] : [{ contact, seq, state, due }];
        });
        if (changes.length > 0) this.store.commit(changes, null, []);
        after = last;
      }
      this.duesRevision = briefing.revision;
      await this.setAlarm();
    }

    /** Removes every trace of contacts; what was owed about them is in D1 before it returns. */
    async forget(contacts: readonly number[]): Promise<void> {
      await this.outbox.drain();
      this.store.forget(contacts);
    }

    /** Every row about contacts by table; nothing of them is still owed to D1. */
    async rowsOf(contacts: readonly number[]): Promise<ReturnType<ShardStore["rowsOf"]>> {
      await this.outbox.drain();
      return this.store.rowsOf(contacts);
    }

    /** Where the runs of a scenario wait. */
    async positions(scenario: string): Promise<Position[]> {
      const { playbook } = await this.ports.briefing();
      return positionsOf(this.store.statesWith(scenario), scenario, playbook);
    }

    status(): ShardStatus {
      return {
        earliest: this.store.earliestDue(),
        owed: this.outbox.left,
        parked: this.store.parkedContacts().size,
      };
    }

    play(entries: readonly WakeEntry[], facts: readonly Facts[], briefing: Briefing, unparked: number[] = []): void {
      // No await from reading to committing: nothing can come between.
      const known = this.store.read(entries.map(({ contact }) => contact));
      const about = new Map(facts.map((one) => [one.contact, one]));
      const round = playRound(entries, known, about, this.store.parkedContacts(), briefing, this.ports.now());
      for (const { contact, error } of round.errors) this.ports.log("contact parked", { contact, error });
      const stillParked = new Set(round.parked.map(({ contact }) => contact));
      const free = unparked.filter((contact) => !stillParked.has(contact));
      const bundle = free.length > 0 ? { ...(round.bundle ?? emptyBundle()), unparked: free } : round.bundle;
      if (round.changes.length > 0 || bundle || round.parked.length > 0)
        this.store.commit(round.changes, bundle, round.parked);
    }

    replayParked(contacts: number[], facts: readonly Facts[], briefing: Briefing): void {
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

    async setAlarm(retryAt: number | null = null): Promise<void> {
      const due = this.store.earliestDue();
      const owed = this.outbox.left > 0 ? this.ports.now() + RETRY : null;
      const times = [due, owed, retryAt].filter((time) => time !== null);
      if (times.length === 0) return;
      const wanted = retryAt ?? Math.min(...times);
      const real = Math.ceil(this.ports.realTimeOf(wanted));
      // An alarm that comes too early costs a look; setting it for every change would cost a row.
      if (this.alarmAt !== null && this.alarmAt <= real) return;
      await this.ctx.storage.setAlarm(real);
      // Behind it: one that could not be set is set by whoever comes next.
      this.alarmAt = real;
    }
  };
}
