import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { archiving } from "../../src/scenarios/admin-store";
import type { Bundle } from "../../src/scenarios/bundle";
import { emptyBundle } from "../../src/scenarios/bundle";
import { CopyLine } from "../../src/scenarios/copy-line";
import { ShardStore } from "../../src/scenarios/shard-store";
import { EMPTY_STATE } from "../../src/scenarios/state";
import { bundleWriter } from "../../src/scenarios/store";
import { SENDS_SQL } from "../../src/sends/store";
import { checkValues, strictD1 } from "../support/chaos-d1";

const { DB, SHARDS } = env as unknown as { DB: D1Database; SHARDS: DurableObjectNamespace };

const line = () => new CopyLine({ write: bundleWriter(strictD1(DB), SENDS_SQL), enqueue: () => Promise.resolve() });

const owes = (life: string, ...bundles: Partial<Bundle>[]) => ({
  life,
  rows: bundles.map((bundle, index) => ({ id: index + 1, body: JSON.stringify({ ...emptyBundle(), ...bundle }) })),
});

const parked = async (): Promise<unknown[]> =>
  (await DB.prepare("SELECT contact, reason FROM parked_contacts ORDER BY contact").all()).results;

describe("what one batch says of a parked contact", () => {
  beforeEach(async () => {
    await DB.exec("DELETE FROM parked_contacts");
  });

  test("is that it is parked where it was freed and parked again", async () => {
    await line().copy(owes("a", { parked: [[1, "first", 0]] }));
    await line().copy(owes("b", { unparked: [1] }, { parked: [[1, "again", 1]] }));
    expect(await parked()).toEqual([{ contact: 1, reason: "again" }]);
  });

  test("is that it is free where that was said last", async () => {
    await line().copy(owes("c", { parked: [[1, "first", 0]] }, { unparked: [1] }, { parked: [[2, "other", 0]] }));
    expect(await parked()).toEqual([{ contact: 2, reason: "other" }]);
  });
});

describe("a run that reaches D1", () => {
  const entered = (id: string, scenario: string) => [8, id, scenario, 1, id, 500, "wait", null, null, null, null];
  const exited = (id: string, scenario: string) => [8, id, scenario, 1, id, 500, "end", 600, "completed", "end", "[]"];

  test("behind the archiving of its scenario is closed with it, and no other", async () => {
    const insert =
      "INSERT INTO scenarios (id, name, state, draft_version, created_at, updated_at) VALUES (?1, ?1, ?2, 1, 0, 0)";
    await DB.batch([DB.prepare(insert).bind("over", "active"), DB.prepare(insert).bind("on", "active")]);
    const copies = line();
    await copies.copy(owes("d", { runs: [entered("early", "over"), exited("done", "over")] }));
    await DB.batch([...archiving(DB, "over", 1_000)]);
    const late = [entered("late", "over"), entered("other", "on"), entered("lost", "gone"), entered("early", "over")];
    await copies.copy(owes("e", { runs: late }, { runs: [exited("late", "over")] }));
    const sql = "SELECT id, exited_at AS at, outcome FROM runs WHERE contact = 8 ORDER BY id";
    expect((await DB.prepare(sql).all()).results).toEqual([
      { id: "done", at: 600, outcome: "completed" },
      { id: "early", at: 1_000, outcome: "interrupted" },
      { id: "late", at: 600, outcome: "completed" },
      { id: "lost", at: null, outcome: null },
      { id: "other", at: null, outcome: null },
    ]);
    await copies.copy(owes("f", { runs: [entered("last", "over")] }));
    expect(await DB.prepare("SELECT exited_at AS at, outcome, reason FROM runs WHERE id = 'last'").first()).toEqual({
      at: 1_000,
      outcome: "interrupted",
      reason: "scenario_archived",
    });
  });
});

describe("more than D1 takes at once", () => {
  const run = (contact: number, text: string) => [
    contact,
    `run-${contact}`,
    text,
    1,
    "key",
    0,
    "block",
    null,
    null,
    null,
  ];

  test("is written in parts, in its order, and none of them again after one was refused", async () => {
    const bundles = Array.from({ length: 12 }, (_, index) => ({ runs: [run(index, "字".repeat(200_000))] }));
    bundles.push({ runs: [run(99, null as unknown as string)] });
    const copies = line();
    await expect(copies.copy(owes("large", ...bundles))).rejects.toThrow("NOT NULL");
    const count = "SELECT count(*) AS n FROM runs WHERE id LIKE 'run-%'";
    expect(await DB.prepare(count).first<number>("n")).toBeGreaterThanOrEqual(9);
    bundles.pop();
    await copies.copy(owes("large", ...bundles));
    expect(await DB.prepare(count).first<number>("n")).toBe(12);
  });

  test("is kept by a shard in parts, with what stops a message ahead of the message", () =>
    runInDurableObject(SHARDS.get(SHARDS.idFromName("large-round")), (_, { storage }) => {
      const exec = (sql: string, ...values: unknown[]) => {
        checkValues(values);
        return storage.sql.exec(sql, ...(values as SqlStorageValue[]));
      };
      const transactionSync = <T>(all: () => T): T => storage.transactionSync(all);
      const store = new ShardStore({ sql: { exec }, transactionSync } as unknown as DurableObjectStorage);
      const contacts = Array.from({ length: 300 }, (_, index) => index + 1);
      const past = Array.from({ length: 150 }, (_, index) => ({
        scenario: "scenario",
        entryKey: `order-${index}-字字字字字字字字字字字字字字字字字字`,
        enteredAt: index,
        endedAt: index,
        outcome: "completed" as const,
        lastSendAt: null,
      }));
      const state = { ...EMPTY_STATE, past };
      const sends = contacts.map((contact) => [contact, `send-${contact}`, "字".repeat(4_000)]);
      const stops = contacts.map((contact) => [contact, `run-${contact}`, "order", 0]);
      const bundle: Bundle = { ...emptyBundle(), sends, stops };
      const changes = contacts.map((contact) => ({ contact, seq: 1, due: null, state }));
      store.commit(changes, bundle, []);
      expect(store.read(contacts).get(300)).toEqual({ seq: 1, due: null, state });
      const parts = store.outbox(100).map(({ body }) => JSON.parse(body) as Bundle);
      expect(parts.length).toBeGreaterThan(1);
      expect(parts.flatMap((part) => part.sends)).toEqual(sends);
      expect(parts[0]?.stops).toEqual(stops);
    }));
});
