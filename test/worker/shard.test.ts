import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import type { Bundle } from "../../src/scenarios/bundle";
import { CopyLine } from "../../src/scenarios/copy-line";
import type { LiveScenario } from "../../src/scenarios/live";
import type {
  Briefing,
  FactSheet,
  Owed,
  Receipt,
  ShardPorts,
  WakeCall,
  WakeEntry,
} from "../../src/scenarios/shard-port";
import type { ShardStore } from "../../src/scenarios/shard-store";
import type { Facts } from "../../src/segments/facts";
import { facts, NOW, playbook } from "../unit/scenarios/facts";
import { scenario } from "../unit/scenarios/scenario";

const waiter = scenario({
  start: { type: "start.event", params: { event: "Waiter" }, next: { next: "wait" } },
  wait: { type: "wait.for", params: { duration: "PT1H" }, next: { next: "send" } },
  send: { type: "send.email", params: { content: "hello" } },
});
const listener = scenario({
  start: { type: "start.event", params: { event: "Asked" }, next: { next: "wait" } },
  wait: { type: "wait.event", params: { event: "Answered", timeout: "PT1H" }, next: { yes: "end", timeout: "send" } },
  send: { type: "send.email", params: { content: "hello" }, next: { next: "end" } },
  end: { type: "exit", params: { outcome: "completed", reason: "end" } },
});
const HOUR = 3_600_000;

/** The world around one shard object, which a test moves and breaks. */
class World {
  now = NOW;
  revision = 1;
  state: LiveScenario["state"] = "active";
  readonly bundles: Bundle[] = [];
  readonly said: string[] = [];
  writes: () => Promise<void> = () => Promise.resolve();
  knows: (contacts: readonly number[]) => Promise<Map<number, Facts>> = async (contacts) =>
    new Map(contacts.map((contact) => [contact, facts({ contact })]));

  /** Wakes that were lost, and are only on their way again. */
  lost: WakeEntry[] = [];

  /** The ledger's part. */
  readonly copies = new CopyLine({
    write: async (bundles) => {
      await this.writes();
      this.bundles.push(...bundles);
    },
    enqueue: () => Promise.resolve(),
  });
  receipt: Receipt | null = null;

  readonly ports: ShardPorts = {
    briefing: async () => this.briefing(),
    facts: (contacts) => this.sheet(contacts),
    catchUp: async (contacts, others) => ({
      sheet: await this.sheet([...contacts, ...others]),
      owed: this.lost.filter(({ contact }) => contacts.includes(contact)),
    }),
    copy: (owed) => this.copies.copy(owed),
    newLife: () => crypto.randomUUID(),
    now: () => this.now,
    realTimeOf: () => Date.now() + HOUR,
    log: (message) => this.said.push(message),
  };

  async sheet(contacts: readonly number[]): Promise<FactSheet> {
    return { revision: this.revision, facts: [...(await this.knows(contacts)).values()] };
  }

  briefing(): Briefing {
    return {
      revision: this.revision,
      playbook: playbook({ waiter, listener }, this.state),
      policy: () => ({ killed: [], ready: ["email"], holdout: 0, maxLatenessMs: 24 * HOUR }),
      makeSend: ({ send }, { contact }) => [contact, send],
    };
  }

  /** Every send that D1 was told of, with repeats. */
  get sends(): unknown[] {
    return this.bundles.flatMap((bundle) => bundle.sends.map(([contact]) => contact));
  }
}

/** What a test sees of the object. */
interface Shard {
  ports: ShardPorts;
  readonly store: ShardStore;
  wake(call: WakeCall): Promise<Owed>;
  tick(): Promise<void>;
  sweep(revision: number): Promise<{ earliest: number | null; owed: number; parked: number }>;
  refresh(revision: number): Promise<void>;
  forget(contacts: readonly number[]): Promise<void>;
  rowsOf(contacts: readonly number[]): Promise<Record<string, readonly unknown[]>>;
}

let shards = 0;

/** Runs a test inside a fresh shard object with a world of its own. */
function inShard(run: (shard: Shard, world: World, storage: DurableObjectStorage) => Promise<void>): Promise<void> {
  const { SHARDS } = env as unknown as { SHARDS: DurableObjectNamespace };
  const stub = SHARDS.get(SHARDS.idFromName(`tested-${++shards}`));
  return runInDurableObject(stub, async (instance, state) => {
    const world = new World();
    const shard = instance as unknown as Shard;
    shard.ports = world.ports;
    await run(shard, world, state.storage);
  });
}

function waits(contact: number, seq: number, at = NOW): WakeEntry {
  const happenings = [{ type: "event", name: "Waiter", id: `event-${contact}-${seq}`, at }];
  return { contact, seq, happenings, facts: facts({ contact }) };
}

/** A round as the ledger makes it: the call, and the copy of what the answer owes. */
async function wake(shard: Shard, world: World, revision: number, ...entries: WakeEntry[]): Promise<void> {
  const owed = await shard.wake({ v: 2, revision, entries, receipt: world.receipt });
  if (owed.rows.length > 0) world.receipt = await world.copies.copy(owed);
}

describe("a timer", () => {
  test("is not lost when the handler of its alarm fails: the next alarm is set all the same", () =>
    inShard(async (shard, world, storage) => {
      await wake(shard, world, 1, waits(1, 1));
      await storage.deleteAlarm();
      world.now += HOUR;
      const { knows } = world;
      world.knows = () => Promise.reject(new Error("D1 is overloaded"));
      await (shard as unknown as { alarm(): Promise<void> }).alarm();
      expect(await storage.getAlarm()).not.toBeNull();
      expect(world.sends).toEqual([]);
      world.knows = knows;
      await shard.tick();
      expect(world.sends).toEqual([1]);
    }));

  test("whose alarm was lost is found by the sweep (cloudflare-docs 18324)", () =>
    inShard(async (shard, world, storage) => {
      await wake(shard, world, 1, waits(1, 1));
      await storage.deleteAlarm();
      expect(await shard.sweep(1)).toMatchObject({ earliest: NOW + HOUR });
      expect(await storage.getAlarm()).not.toBeNull();
      await storage.deleteAlarm();
      world.now += HOUR;
      expect(await shard.sweep(1)).toMatchObject({ earliest: null, owed: 0 });
      expect(world.sends).toEqual([1]);
    }));

  test("of a scenario that goes on again runs, though a wake brought the news before the refresh", () =>
    inShard(async (shard, world) => {
      await wake(shard, world, 1, waits(1, 1));
      [world.revision, world.state] = [2, "paused"];
      expect(await shard.sweep(2)).toMatchObject({ earliest: null });
      [world.revision, world.state] = [3, "active"];
      await wake(shard, world, 3, waits(2, 2));
      await shard.refresh(3);
      world.now += HOUR;
      await shard.tick();
      expect([...world.sends].sort()).toEqual([1, 2]);
    }));
});

describe("a wait whose event was accepted before it ran out", () => {
  const told = (contact: number, seq: number, name: string, at = NOW): WakeEntry => ({
    ...waits(contact, seq),
    happenings: [{ type: "event", name, id: `event-${contact}-${seq}`, at }],
  });
  const answer = (contact: number): WakeEntry => told(contact, 2, "Answered", NOW + HOUR / 2);

  test("does not run out, though the wake was lost and is only on its way again", () =>
    inShard(async (shard, world) => {
      await wake(shard, world, 1, told(1, 1, "Asked"), told(2, 1, "Asked"));
      world.lost = [answer(1)];
      world.now += HOUR;
      await shard.tick();
      expect(world.sends).toEqual([2]);
      // The wake itself comes behind the alarm, and changes nothing any more.
      await wake(shard, world, 1, answer(1));
      await shard.tick();
      expect(world.sends).toEqual([2]);
      expect(shard.store.read([1]).get(1)).toMatchObject({ seq: 2, due: null, state: { runs: [] } });
    }));

  test("runs out where its wake did not come by then and the event is of later", () =>
    inShard(async (shard, world) => {
      await wake(shard, world, 1, told(1, 1, "Asked"));
      world.lost = [told(1, 2, "Answered", NOW + HOUR + 1)];
      world.now += HOUR + 1;
      await shard.tick();
      expect(world.sends).toEqual([1]);
    }));
});

describe("a wake", () => {
  test("that comes again, as its answer was lost, changes nothing", () =>
    inShard(async (shard, world) => {
      await wake(shard, world, 1, waits(1, 1));
      await wake(shard, world, 1, waits(1, 1));
      world.now += HOUR;
      await shard.tick();
      await shard.tick();
      expect(world.sends).toEqual([1]);
    }));

  test("hands over what it owes until a receipt of the object's present life says that it is in D1", () =>
    inShard(async (shard) => {
      const ask = (receipt: Receipt | null) => shard.wake({ v: 2, revision: 1, entries: [waits(1, 1)], receipt });
      const { life, rows } = await ask(null);
      expect(rows).toHaveLength(1);
      expect(await ask(null)).toEqual({ life, rows });
      expect(await ask({ life: "another", upTo: 99 })).toEqual({ life, rows });
      expect(await ask({ life, upTo: rows[0]?.id ?? 0 })).toEqual({ life, rows: [] });
    }));

  test("is not answered while D1 has not heard what came of it; the outbox keeps it until then", () =>
    inShard(async (shard, world) => {
      world.writes = () => Promise.reject(new Error("D1 is overloaded"));
      await expect(wake(shard, world, 1, waits(1, 1))).rejects.toThrow("overloaded");
      expect(world.bundles).toEqual([]);
      world.writes = () => Promise.resolve();
      expect(await shard.sweep(1)).toMatchObject({ owed: 0, earliest: NOW + HOUR });
      expect(world.bundles.flatMap((bundle) => bundle.runs)).toHaveLength(1);
    }));
});

describe("a contact whose state makes an error", () => {
  const broken = (contact: number): WakeEntry => ({ ...waits(contact, 1), happenings: [null as never] });

  test("is parked and harms no other, neither in its round nor at the alarm", () =>
    inShard(async (shard, world, storage) => {
      await wake(shard, world, 1, waits(1, 1), waits(2, 1));
      storage.sql.exec("UPDATE contact SET state = json_set(state, '$.runs[0].path', 1) WHERE id = 1");
      world.now += HOUR;
      await shard.tick();
      expect(world.sends).toEqual([2]);
      expect(world.said.filter((message) => message === "contact parked")).toHaveLength(1);
      // What is parked is not due: a thousand of them must not keep the others from their turn.
      expect(shard.store.earliestDue()).toBeNull();
      expect(world.bundles.flatMap(({ parked }) => parked.map(([contact]) => contact))).toEqual([1]);
    }));

  test("goes on where it stood once the error is mended, with all that came meanwhile", () =>
    inShard(async (shard, world, storage) => {
      await wake(shard, world, 1, waits(1, 1));
      storage.sql.exec("UPDATE contact SET state = json_set(state, '$.runs[0].path', 1) WHERE id = 1");
      world.now += HOUR;
      await shard.tick();
      await wake(shard, world, 1, waits(1, 2, NOW + HOUR));
      expect(await shard.sweep(1)).toMatchObject({ parked: 1 });
      storage.sql.exec("UPDATE contact SET state = json_set(state, '$.runs[0].path', json('[]')) WHERE id = 1");
      expect(await shard.sweep(1)).toMatchObject({ parked: 0, earliest: NOW + 2 * HOUR });
      expect(world.bundles.flatMap(({ unparked }) => unparked)).toEqual([1]);
      world.now += HOUR;
      await shard.tick();
      expect(world.sends).toEqual([1, 1]);
    }));

  test("keeps a wake that comes while the sweep looks it up", () =>
    inShard(async (shard, world) => {
      await wake(shard, world, 1, broken(1));
      const { knows } = world;
      world.knows = async (contacts) => {
        world.knows = knows;
        await wake(shard, world, 1, waits(1, 2));
        return knows(contacts);
      };
      await shard.sweep(1);
      expect(shard.store.parked().map(({ seq }) => seq)).toEqual([1, 2]);
    }));

  test("is parked too where nothing is known of it any more, instead of being asked about for ever", () =>
    inShard(async (shard, world) => {
      await wake(shard, world, 1, waits(1, 1), waits(2, 1));
      world.now += HOUR;
      const { knows } = world;
      world.knows = async (contacts) => {
        const known = await knows(contacts);
        known.delete(1);
        return known;
      };
      await shard.tick();
      expect(world.sends).toEqual([2]);
      expect(shard.store.parked().map(({ contact }) => contact)).toEqual([1]);
      world.knows = knows;
      expect(await shard.sweep(1)).toMatchObject({ parked: 0, earliest: null });
      expect([...world.sends].sort()).toEqual([1, 2]);
    }));
});

describe("a contact that a shard is to forget", () => {
  const ask = (shard: Shard) => shard.wake({ v: 2, revision: 1, entries: [waits(1, 1), waits(2, 1)], receipt: null });
  const runs = (world: World) => world.bundles.flatMap((bundle) => bundle.runs.map(([contact]) => contact));

  test("is owed nothing afterwards: what an answer handed over is in D1, and not written once more", () =>
    inShard(async (shard, world) => {
      const owed = await ask(shard);
      await shard.forget([1]);
      expect(runs(world)).toEqual([1, 2]);
      expect(shard.store.outbox(10)).toEqual([]);
      // The answer was longer on its way than the call that came after it.
      expect(await world.copies.copy(owed)).toMatchObject({ life: owed.life });
      expect(runs(world)).toEqual([1, 2]);
    }));

  test("is forgotten only once the copy that is under way is through", () =>
    inShard(async (shard, world) => {
      let go = (): void => undefined;
      world.writes = () => new Promise((resolve) => (go = resolve));
      const copied = ask(shard).then((owed) => world.copies.copy(owed));
      await new Promise((resolve) => setTimeout(resolve, 5));
      let isForgotten = false;
      const forgotten = shard.forget([1]).then(() => (isForgotten = true));
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect([isForgotten, shard.store.read([1]).size]).toEqual([false, 1]);
      go();
      await Promise.all([copied, forgotten]);
      expect(shard.store.read([1, 2]).size).toBe(1);
      expect(runs(world)).toEqual([1, 2]);
    }));

  test("and is shown first, with nothing of it on the way", () =>
    inShard(async (shard, world) => {
      await ask(shard);
      expect(await shard.rowsOf([1])).toMatchObject({ contact: [{ id: 1 }], parked: [] });
      expect(runs(world)).toEqual([1, 2]);
    }));

  test("stays where D1 does not take what is owed, until it does", () =>
    inShard(async (shard, world) => {
      await ask(shard);
      world.writes = () => Promise.reject(new Error("D1 is overloaded"));
      await expect(shard.forget([1])).rejects.toThrow("overloaded");
      expect(shard.store.read([1]).size).toBe(1);
      world.writes = () => Promise.resolve();
      await shard.forget([1]);
      expect(shard.store.read([1]).size).toBe(0);
      expect(runs(world)).toEqual([1, 2]);
    }));

  test("takes along what is owed about it alone, where a row has been written meanwhile", () =>
    inShard(async (shard) => {
      await ask(shard);
      shard.store.forget([1]);
      const [row] = shard.store.outbox(10);
      expect((JSON.parse(row?.body ?? "{}") as Bundle).runs.map(([contact]) => contact)).toEqual([2]);
    }));
});
