import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { DAY, HOUR } from "../../src/shared/clock";
import type { System } from "./system";
import type { Timeline } from "./timeline";

vi.mock("cloudflare:workers", () => ({
  DurableObject: class {
    constructor(
      readonly ctx: unknown,
      readonly env: unknown,
    ) {}
  },
}));
const { asIs } = await import("./database");
const { addScenarios, takeTime } = await import("./simulate");
const { System: Whole } = await import("./system");
const { Timeline: Time, randomOf } = await import("./timeline");

type Rows = readonly (readonly unknown[])[];
const TABLES = ["meta", "contact", "outbox", "parked"] as const;
const FIRST = JSON.parse(readFileSync("test/support/shards/first-release.json", "utf8")) as Record<string, Rows>;

/** A shop with one customer, whose shard is as an earlier release left it. */
async function shopOf(tables: Record<string, Rows>, then: (system: System, timeline: Timeline) => Promise<void>) {
  const timeline = new Time(randomOf(1));
  timeline.calm = true;
  const restore = await takeTime(timeline);
  try {
    const system = new Whole(timeline, { sweeps: true, idempotencyKeys: true, mutate: asIs });
    addScenarios(system);
    const traits = { email: "one@shop.test", consent: { email: true } };
    const cart = { cart_id: "c-1", product_id: "lamp", price: 10 };
    const person = { user: "one", trust: "secret", at: timeline.now } as const;
    await done(timeline, system.append([{ ...person, id: "e1", type: "identify", name: "", traits }]));
    await done(
      timeline,
      system.append([{ ...person, id: "e2", type: "track", name: "Product Added", properties: cart }]),
    );
    await timeline.run(() => timeline.isQuiet(0));
    put(system, tables);
    timeline.onCrash();
    await then(system, timeline);
  } finally {
    restore();
  }
}

/** Puts the tables in the place of those of the shard that has the customer. */
function put({ disks }: System, tables: Record<string, Rows>): void {
  const disk = [...disks].find(
    ([name, { file }]) => name.startsWith("shard-") && file.all("SELECT 1 FROM contact").length,
  )?.[1];
  if (!disk) throw new Error("no shard has the customer");
  disk.alarm = null;
  for (const table of TABLES) {
    disk.file.all(`DELETE FROM ${table}`);
    for (const row of tables[table] ?? []) {
      const values = row.map((value) => (typeof value === "object" && value !== null ? JSON.stringify(value) : value));
      disk.file.all(`INSERT INTO ${table} VALUES (${values.map((_, index) => `?${index + 1}`).join()})`, values);
    }
  }
}

async function done<T>(timeline: Timeline, work: Promise<T>): Promise<T> {
  let over = false;
  const end = work.finally(() => {
    over = true;
  });
  await timeline.run(() => over);
  return end;
}

async function pass(timeline: Timeline, ms: number): Promise<void> {
  await done(timeline, timeline.sleep(ms));
}

test("a shard that the first release wrote goes on: its timers fire, its runs move, every id is what it was", () =>
  shopOf(FIRST, async (system, timeline) => {
    await done(timeline, system.sweep());
    await pass(timeline, 3 * HOUR);
    const sends = system.database.all<{ id: string; run: string; state: string }>(
      "SELECT id, run, state FROM sends ORDER BY scenario",
    );
    expect(sends.map((send) => ({ ...send }))).toEqual([
      { id: "msg_firstrelease00000002heldone", run: "run_firstrelease00000002", state: "sent" },
      { id: expect.stringMatching(/^msg_/), run: expect.stringMatching(/^run_/), state: "sent" },
      { id: "msg_firstrelease000000013hfxww66gr0", run: "run_firstrelease00000001", state: "sent" },
    ]);
    const runs = system.database.all<{ id: string; outcome: string }>("SELECT id, outcome FROM runs ORDER BY scenario");
    expect(runs.map(({ outcome }) => outcome)).toEqual(["completed", "completed", "completed"]);
    for (const { file } of system.disks.values()) {
      if (file.all("SELECT 1 FROM sqlite_master WHERE name = 'outbox'").length === 0) continue;
      expect(file.all("SELECT * FROM outbox")).toEqual([]);
    }
  }));

test("an order ends a run that the first release began", () =>
  shopOf(FIRST, async (system, timeline) => {
    const order = { order_id: "o-1", total: 10, products: [{ product_id: "lamp" }] };
    const event = {
      id: "e3",
      type: "track",
      name: "Order Completed",
      properties: order,
      user: "one",
      trust: "secret",
    } as const;
    await done(timeline, system.append([{ ...event, at: timeline.now }]));
    await pass(timeline, DAY);
    expect(system.database.all("SELECT outcome FROM runs WHERE id = 'run_firstrelease00000001'")).toMatchObject([
      { outcome: "goal" },
    ]);
    expect(system.provider.accepted.map(({ scenario }) => scenario)).toEqual(["at_once"]);
  }));

test("a shard of a later release is left as it is", () =>
  shopOf({ ...FIRST, meta: [["schema", 99]] }, async (system, timeline) => {
    await done(timeline, system.sweep());
    expect(timeline.happened.get("log: shards not swept")).toBe(1);
    expect(system.provider.accepted).toEqual([]);
  }));

test("a call of another version is refused whole, and a message of one in a queue is left to the sweep", () =>
  shopOf(FIRST, async (system, timeline) => {
    const wake = { v: 1, revision: 1, entries: [], receipt: null };
    const refused = system.attempt("an older wake", async ({ env }) => {
      const shard = env.SHARDS.get(env.SHARDS.idFromName("shard-0")) as unknown as {
        wake: (call: object) => Promise<unknown>;
      };
      await shard.wake(wake);
      return true;
    });
    expect(await done(timeline, refused)).toBe(null);
    system.queue.onItsWay = (body) => ({ ...(body as object), v: 2 });
    await done(timeline, system.sweep());
    await pass(timeline, 4 * HOUR);
    expect(system.provider.accepted).toEqual([]);
    system.queue.onItsWay = (body) => body;
    await done(timeline, system.sweep());
    await pass(timeline, HOUR);
    expect(system.provider.accepted).not.toEqual([]);
  }));
