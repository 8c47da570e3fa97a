import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import type { LedgerEvent } from "../../src/events/event";
import { writeSideJournal } from "../../src/events/store";
import { give, journalIds, ledgerOver, NOW, track } from "../support/chaos-ledger";

const { DB } = env as unknown as { DB: D1Database };

/** What the entrance does where it cannot reach the ledger. */
async function storeBeside(...events: LedgerEvent[]): Promise<void> {
  await writeSideJournal(DB, JSON.stringify({ receivedAt: NOW, events }));
}

async function left(): Promise<number> {
  return (await DB.prepare("SELECT count(*) AS n FROM side_journal").first<number>("n")) ?? -1;
}

async function idsWith(prefix: string): Promise<string[]> {
  return (await journalIds(DB)).filter((id) => id.startsWith(prefix));
}

describe("what was accepted beside the ledger", () => {
  test("comes before what the ledger accepted since", async () => {
    const ledger = ledgerOver(DB);
    await give(ledger, track("order-0", "ann", "Viewed"));
    await storeBeside(track("order-1", "ann", "Viewed"));
    await storeBeside(track("order-2", "ann", "Viewed"), track("order-3", "bob", "Viewed"));
    expect(await give(ledger, track("order-4", "ann", "Viewed"))).toBe("stored");
    expect(await idsWith("order-")).toEqual(["order-0", "order-1", "order-2", "order-3", "order-4"]);
    expect(await left()).toBe(0);
  });

  test("is taken in by the sweep where nothing else comes", async () => {
    await storeBeside(track("swept-1", "ann", "Viewed"));
    const ledger = ledgerOver(DB);
    expect(await ledger.core.sweep()).toBe(true);
    expect(await idsWith("swept-")).toEqual(["swept-1"]);
    expect(await ledger.core.sweep()).toBe(false);
  });

  test("counts once, though the ledger had it before its answer was lost", async () => {
    const ledger = ledgerOver(DB);
    const event = track("both-1", "ann", "Order Completed", { order_id: "both-1" });
    await give(ledger, event);
    await storeBeside(event);
    await give(ledger, track("both-2", "ann", "Viewed"));
    expect(await idsWith("both-")).toEqual(["both-1", "both-2"]);
    expect(await left()).toBe(0);
  });

  test("is read in pages that a batch can hold, in its order, and by sweeps at once no more than once", async () => {
    const padding = "x".repeat(20_000);
    const ids = Array.from({ length: 230 }, (_, number) => `many-${String(number).padStart(3, "0")}`);
    for (const id of ids) await storeBeside(track(id, `user-${id}`, "Viewed", { padding }));
    const ledger = ledgerOver(DB);
    await Promise.all([ledger.core.sweep(), ledger.core.sweep(), give(ledger, track("many-last", "ann", "Viewed"))]);
    while (await ledger.core.sweep());
    expect(await idsWith("many-")).toEqual([...ids, "many-last"]);
    const rows = "SELECT count(*) AS rows, count(DISTINCT seq) AS numbers FROM journal WHERE body LIKE '%many-%'";
    expect(await DB.prepare(rows).first()).toEqual({ rows: 231, numbers: 231 });
  });

  test("wakes whom it concerns", async () => {
    await storeBeside(track("wake-1", "ann", "Trigger"));
    const ledger = ledgerOver(DB);
    await give(ledger, track("wake-2", "bob", "Trigger"));
    await ledger.core.settled("all");
    const heard = ledger.woken.flatMap(({ happenings }) => happenings.map(({ id }) => id));
    expect(heard).toEqual(expect.arrayContaining(["wake-1", "wake-2"]));
  });

  test("is waited for where its rows are written and its shards have not heard: a merge would move nothing", async () => {
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
    let isSlow = false;
    const slow = {
      prepare: (sql: string) => DB.prepare(sql),
      async batch(statements: D1PreparedStatement[]) {
        const results = await DB.batch(statements);
        if (isSlow) await answered;
        return results;
      },
    } as unknown as D1Database;
    const ledger = ledgerOver(slow);
    await give(ledger, track("slow-1", "slow-user", "Viewed"));
    await storeBeside(track("slow-2", "slow-user", "Trigger"));
    isSlow = true;
    const swept = ledger.core.sweep();
    while ((await left()) > 0);
    let isSettled = false;
    const settled = ledger.core.settled("all").then(() => {
      isSettled = true;
    });
    await left();
    expect(isSettled).toBe(false);
    answer();
    await Promise.all([swept, settled]);
    expect(ledger.woken.flatMap(({ happenings }) => happenings.map(({ id }) => id))).toContain("slow-2");
  });
});
