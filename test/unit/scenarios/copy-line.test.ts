import { describe, expect, it } from "vitest";
import type { Bundle } from "../../../src/scenarios/bundle";
import { emptyBundle } from "../../../src/scenarios/bundle";
import { CopyLine } from "../../../src/scenarios/copy-line";
import type { Owed } from "../../../src/scenarios/shard-port";

/** A row of an outbox with one send of its own. */
function row(id: number, send: string) {
  const bundle: Bundle = { ...emptyBundle(), sends: [[id, send, "run", "scenario", "block", "email"]] };
  return { id, body: JSON.stringify(bundle) };
}

function owed(life: string, ...ids: number[]): Owed {
  return { life, rows: ids.map((id) => row(id, `${life}${id}`)) };
}

/** A database that takes a batch when it is told to, and refuses what is in `refused`. */
class Database {
  readonly batches: string[][] = [];
  readonly woken: string[][] = [];
  readonly refused = new Set<string>();
  private readonly open: (() => void)[] = [];
  readonly line = new CopyLine({
    write: async (bundles) => {
      const sends = bundles.flatMap((bundle) => bundle.sends.map(([, id]) => String(id)));
      this.batches.push(sends);
      await new Promise<void>((go) => this.open.push(go));
      if (sends.some((send) => this.refused.has(send))) throw new Error("NOT NULL constraint failed");
    },
    enqueue: async (sends) => void this.woken.push(sends.map(({ id }) => id)),
  });

  /** Lets every batch through until nothing moves any more. */
  async run(): Promise<void> {
    for (let idle = 0; idle < 20; idle++) {
      for (const go of this.open.splice(0)) {
        go();
        idle = 0;
      }
      await Promise.resolve();
    }
  }
}

describe("what shards owe", () => {
  it("is written by one batch for all that came while the last one was written", async () => {
    const database = new Database();
    const copies = [owed("a", 1), owed("b", 1, 2), owed("c", 1)].map((debt) => database.line.copy(debt));
    await database.run();
    expect(database.batches).toEqual([["a1"], ["b1", "b2", "c1"]]);
    expect(await Promise.all(copies)).toEqual([
      { life: "a", upTo: 1 },
      { life: "b", upTo: 2 },
      { life: "c", upTo: 1 },
    ]);
    expect(database.woken).toEqual([["a1"], ["b1", "b2", "c1"]]);
  });

  it("is not written a second time, so that nothing old comes after what is newer", async () => {
    const database = new Database();
    const copies = [owed("a", 1, 2), owed("a", 1), owed("a", 1, 2, 3)].map((debt) => database.line.copy(debt));
    await database.run();
    expect(database.batches).toEqual([["a1", "a2"], ["a3"]]);
    expect((await Promise.all(copies)).map(({ upTo }) => upTo)).toEqual([2, 1, 3]);
  });

  it("counts from the start in another life of the shard", async () => {
    const database = new Database();
    void database.line.copy(owed("a", 1, 2));
    await database.run();
    void database.line.copy(owed("b", 1));
    await database.run();
    expect(database.batches).toEqual([["a1", "a2"], ["b1"]]);
  });

  it("that the database refuses harms no other shard, and can be asked for again", async () => {
    const database = new Database();
    database.refused.add("b1");
    const copies = [owed("a", 1), owed("b", 1), owed("c", 1)].map((debt) => database.line.copy(debt));
    const settled = Promise.allSettled(copies);
    await database.run();
    expect((await settled).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(database.woken.flat()).toEqual(["a1", "c1"]);
    database.refused.clear();
    const again = database.line.copy(owed("b", 1));
    await database.run();
    expect(await again).toEqual({ life: "b", upTo: 1 });
    expect(database.woken.flat()).toEqual(["a1", "c1", "b1"]);
  });

  it("does not grow a batch beyond what D1 takes", async () => {
    const database = new Database();
    const large = (life: string): Owed => ({
      life,
      rows: [{ id: 1, body: JSON.stringify({ ...emptyBundle(), sends: [[1, life, "x".repeat(600_000)]] }) }],
    });
    for (const life of ["a", "b", "c"]) void database.line.copy(large(life));
    await database.run();
    expect(database.batches).toEqual([["a"], ["b"], ["c"]]);
  });
});
