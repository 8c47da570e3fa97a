import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Touch } from "../../../src/events/touched";
import type { Missed } from "../../../src/services/segments/follow";
import { SegmentFollower } from "../../../src/services/segments/follow";

/** A database in which contacts change, and what was computed of them; a step in it may fail. */
class World {
  /** By contact: the number of the last change, and the number that was computed. */
  readonly changed = new Map<number, number>();
  readonly computed = new Map<number, number>();
  applied = 0;
  followed = 0;
  moved = 0;
  told = 0;
  fails: () => boolean = () => false;
  timers: (() => void)[] = [];
  now = 0;
  writes = true;

  follower(): SegmentFollower {
    return new SegmentFollower({
      any: async () => true,
      missed: async () => this.missed(),
      compute: async (contacts, to) => {
        if (this.fails()) throw new Error("the database fails");
        const seen = [...contacts.keys()].map((contact) => [contact, this.changed.get(contact) ?? 0] as const);
        await Promise.resolve();
        for (const [contact, number] of seen) this.computed.set(contact, number);
        if (this.writes && to !== null) this.followed = Math.max(this.followed, to);
        return { moved: this.writes, placed: this.writes && to !== null };
      },
      move: async (to) => {
        this.moved++;
        this.followed = Math.max(this.followed, to);
      },
      tell: async () => {
        this.told++;
      },
      later: (_ms, run) => void this.timers.push(run),
      realNow: () => this.now,
      log: () => undefined,
    });
  }

  change(contacts: readonly number[]): Map<number, Touch> {
    this.applied++;
    for (const contact of contacts) this.changed.set(contact, this.applied);
    return new Map(contacts.map((contact) => [contact, { acted: true, times: [this.applied] }]));
  }

  /** Contacts whose computation is behind, at or before the place that was written. */
  get forgotten(): number[] {
    return [...this.changed].flatMap(([contact, number]) =>
      number <= this.followed && (this.computed.get(contact) ?? 0) < number ? [contact] : [],
    );
  }

  private missed(): Missed {
    if (this.fails()) throw new Error("the database fails");
    const { followed } = this;
    const page = async (after: number) =>
      [...this.changed.keys()]
        .filter((id) => id > after && (this.changed.get(id) ?? 0) > followed)
        .sort((a, b) => a - b)
        .slice(0, 2);
    return { upTo: this.applied, acting: new Set(), since: 0, page };
  }
}

describe("the follower of the ledger", () => {
  it("never writes a place behind which somebody was not looked at, whatever fails, dies or comes between", async () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant("change" as const),
        contacts: fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
      }),
      fc.record({ kind: fc.constantFrom("die", "fail", "drain", "lost", "quiet") }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const world = new World();
        let follower = world.follower();
        await follower.refresh();
        let failing = 0;
        world.fails = () => failing-- > 0;
        for (const each of steps) {
          if (each.kind === "change")
            follower.touch(world.change((each as { contacts: number[] }).contacts), world.applied);
          if (each.kind === "fail") failing = 1;
          if (each.kind === "lost") follower.touch(null, world.applied);
          if (each.kind === "quiet") world.writes = !world.writes;
          if (each.kind === "drain") await follower.drain().catch(() => undefined);
          if (each.kind === "die") {
            // What was under way is forgotten with everything in memory.
            void follower.drain().catch(() => undefined);
            follower = world.follower();
            await follower.refresh();
          }
          expect(world.forgotten).toEqual([]);
        }
        failing = 0;
        await follower.drain();
        for (const [contact, number] of world.changed) expect(world.computed.get(contact)).toBe(number);
        expect(world.forgotten).toEqual([]);
      }),
    );
  });

  it("writes its place by itself at most twice a minute, and tells of moves only where there were any", async () => {
    const world = new World();
    const follower = world.follower();
    await follower.refresh();
    world.writes = false;
    for (let second = 0; second < 120; second++) {
      world.now = 1_000_000 + second * 1_000;
      follower.touch(world.change([second % 5]), world.applied);
      await follower.drain();
    }
    expect(world.moved).toBeLessThanOrEqual(5);
    // Once at its start, for whoever died in the middle of telling.
    expect(world.told).toBe(1);
    world.writes = true;
    follower.touch(world.change([1]), world.applied);
    await follower.drain();
    expect([world.told, world.followed]).toEqual([2, world.applied]);
  });

  it("is settled when its place says that everybody was looked at, also where nobody moved", async () => {
    const world = new World();
    const follower = world.follower();
    world.writes = false;
    follower.touch(world.change([1, 2]), world.applied);
    await follower.settle();
    expect([world.followed, world.forgotten]).toEqual([1, []]);
    follower.touch(world.change([3]), world.applied);
    await follower.settle();
    await follower.settle();
    expect([world.followed, world.moved]).toEqual([2, 2]);
  });

  it("gathers what comes within a second into one computation", async () => {
    const world = new World();
    const follower = world.follower();
    await follower.refresh();
    for (let index = 0; index < 50; index++) follower.touch(world.change([index]), world.applied);
    expect(world.timers).toHaveLength(1);
  });
});
