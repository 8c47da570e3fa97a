import { describe, expect, it } from "vitest";
import type { Wake } from "../../../src/events/fold";
import type { WakeItem } from "../../../src/events/wake-lines";
import { WakeLines } from "../../../src/events/wake-lines";
import { shardOf } from "../../../src/shared/ids";

const SHARDS = 4;
const wake = (contact: number): Wake => [contact, [{ type: "event", at: 0 }]];
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A contact of each shard. */
const [a = 0, b = 0] = [0, 1].map((shard) => {
  for (let contact = 1; ; contact++) if (shardOf(contact, SHARDS) === shard) return contact;
});

/** Lines whose calls are answered by hand. */
function lines() {
  const calls: { shard: number; items: WakeItem[]; answer: () => Promise<unknown>; fail: () => Promise<unknown> }[] =
    [];
  const waits: number[] = [];
  const wakes = new WakeLines(SHARDS, {
    call: (shard, items) =>
      new Promise((resolve, reject) => {
        const then = (end: () => void) => () => {
          end();
          return settle();
        };
        const fail = then(() => reject(new Error("lost")));
        calls.push({ shard, items: [...items], answer: then(resolve), fail });
      }),
    defer: async (ms) => void waits.push(ms),
    failed: () => undefined,
  });
  return { wakes, calls, waits };
}

describe("wakes on their way", () => {
  it("call each shard once at a time, with all that gathered meanwhile", async () => {
    const { wakes, calls } = lines();
    wakes.add(1, [wake(a), wake(b)]);
    wakes.start();
    wakes.add(2, [wake(a)]);
    wakes.add(3, [wake(a)]);
    wakes.start();
    expect(calls.map(({ items }) => items.map(({ seq }) => seq))).toEqual([[1], [1]]);
    await calls.find(({ shard }) => shard === shardOf(a, SHARDS))?.answer();
    expect(calls[2]?.items.map(({ seq }) => seq)).toEqual([2, 3]);
  });

  it("are repeated in their order until the shard has answered, more and more slowly", async () => {
    const { wakes, calls, waits } = lines();
    wakes.add(1, [wake(a)]);
    wakes.start();
    wakes.add(2, [wake(a)]);
    await calls[0]?.fail();
    await calls[1]?.fail();
    expect(calls[2]?.items.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(waits).toEqual([25, 50]);
    await calls[2]?.answer();
    expect(calls).toHaveLength(3);
  });

  it("count as done when every shard has answered", async () => {
    const { wakes, calls } = lines();
    expect(wakes.woken(9)).toBe(9);
    wakes.add(5, [wake(a)]);
    wakes.add(7, [wake(b)]);
    wakes.start();
    expect(wakes.woken(9)).toBe(4);
    await calls.find(({ shard }) => shard === shardOf(a, SHARDS))?.answer();
    expect(wakes.woken(9)).toBe(6);
    await calls.find(({ shard }) => shard === shardOf(b, SHARDS))?.answer();
    expect(wakes.woken(9)).toBe(9);
  });

  it("keep a permit waiting for its own shards, and for no later event", async () => {
    const { wakes, calls } = lines();
    wakes.add(5, [wake(a)]);
    wakes.add(6, [wake(b)]);
    wakes.start();
    wakes.add(8, [wake(a)]);
    const done: string[] = [];
    void wakes.settled([a], 5).then(() => done.push("a up to 5"));
    void wakes.settled([a], 4).then(() => done.push("a up to 4"));
    void wakes.settled([b], 9).then(() => done.push("b"));
    void wakes.settled("all", 9).then(() => done.push("all"));
    await settle();
    expect(done).toEqual(["a up to 4"]);
    await calls.find(({ shard }) => shard === shardOf(a, SHARDS))?.answer();
    expect(done).toEqual(["a up to 4", "a up to 5"]);
    await calls.find(({ shard }) => shard === shardOf(b, SHARDS))?.answer();
    expect(done).toContain("b");
    expect(done).not.toContain("all");
    await calls[2]?.answer();
    expect(done).toContain("all");
  });

  it("are handed over five hundred at most at a time", async () => {
    const { wakes, calls } = lines();
    wakes.add(
      1,
      Array.from({ length: 1_200 }, () => wake(a)),
    );
    wakes.start();
    for (let call = 0; call < 3; call++) await calls[call]?.answer();
    expect(calls.map(({ items }) => items.length)).toEqual([500, 500, 200]);
    expect(wakes.woken(1)).toBe(1);
  });

  it("are told to a shard that asks before they come, its contacts' alone, until it has answered", async () => {
    const { wakes, calls } = lines();
    wakes.add(1, [wake(a), wake(b)]);
    wakes.start();
    wakes.add(2, [wake(a)]);
    expect(wakes.owed([a]).map(({ contact, seq }) => [contact, seq])).toEqual([
      [a, 1],
      [a, 2],
    ]);
    await calls.find(({ shard }) => shard === shardOf(a, SHARDS))?.answer();
    expect(wakes.owed([a]).map(({ seq }) => seq)).toEqual([2]);
    expect(wakes.owed([])).toEqual([]);
  });

  it("make no call where there is nobody to wake", () => {
    const { wakes, calls } = lines();
    wakes.add(1, []);
    wakes.start();
    expect(calls).toEqual([]);
  });
});
