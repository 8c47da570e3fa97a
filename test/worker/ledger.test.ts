import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import type { LedgerEvent } from "../../src/events/event";
import { type Fate, faultyD1, strictD1 } from "../support/chaos-d1";
import { give, journalIds, ledgerOver, NOW, track } from "../support/chaos-ledger";

const { DB } = env as unknown as { DB: D1Database };

async function orders(prefix: string): Promise<number> {
  const sql = "SELECT count(*) AS n FROM orders WHERE order_id LIKE ?1 || '%'";
  return (await DB.prepare(sql).bind(prefix).first<number>("n")) ?? -1;
}

describe("a database that is overloaded for ten minutes (K02)", () => {
  test("takes nothing in, says so to every client, and has every event once when it is back", async () => {
    let minute = 0;
    const ledger = ledgerOver(faultyD1(DB, () => (minute < 10 ? "overloaded" : "well")));
    let refused = 0;
    const client = async (number: number): Promise<void> => {
      const order = { order_id: `k02-${number}`, total: 10 };
      const event = track(`k02-${number}`, `k02-user-${number % 7}`, "Order Completed", order);
      while ((await give(ledger, event)) !== "stored") {
        refused++;
        // Clients come back every minute with all that they kept.
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    };
    const all = Promise.all(Array.from({ length: 40 }, (_, number) => client(number)));
    for (; minute < 10; minute++) await new Promise((resolve) => setTimeout(resolve, 5));
    await all;
    expect(refused).toBeGreaterThan(40);
    const ids = (await journalIds(DB)).filter((id) => id.startsWith("k02-"));
    expect(ids.sort()).toEqual(Array.from({ length: 40 }, (_, number) => `k02-${number}`).sort());
    expect(await orders("k02-")).toBe(40);
  });
});

describe("an answer that is lost after the commit", () => {
  test("is recognised: the client is told that its event is stored", async () => {
    let lost = 0;
    const fate = (sql: string): Fate => (sql.includes("INSERT INTO journal") && lost++ === 0 ? "answer lost" : "well");
    const ledger = ledgerOver(faultyD1(DB, fate));
    expect(await give(ledger, track("lost-1", "lost-user", "Order Completed", { order_id: "lost-1" }))).toBe("stored");
    expect(lost).toBe(1);
    expect(await give(ledger, track("lost-2", "lost-user", "Order Completed", { order_id: "lost-2" }))).toBe("stored");
    expect((await journalIds(DB)).filter((id) => id.startsWith("lost-"))).toEqual(["lost-1", "lost-2"]);
  });

  test("and of the question what it meant: the event is refused, taken again, and counts once", async () => {
    let failing = 0;
    const fate = (sql: string): Fate => {
      if (failing === 0 && sql.includes("INSERT INTO journal")) return failing++ === 0 ? "answer lost" : "well";
      if (failing === 1 && sql.startsWith("SELECT owner")) return failing++ === 1 ? "overloaded" : "well";
      return "well";
    };
    const ledger = ledgerOver(faultyD1(DB, fate));
    const event = track("unclear-1", "unclear-user", "Order Completed", { order_id: "unclear-1" });
    expect(await give(ledger, event)).toBe("unavailable");
    expect(await give(ledger, event)).toBe("stored");
    expect((await journalIds(DB)).filter((id) => id === "unclear-1")).toEqual(["unclear-1"]);
    expect(await orders("unclear-")).toBe(1);
  });
});

describe("a second ledger", () => {
  test("makes the first one's next batch fail as a whole", async () => {
    const [first, second] = [ledgerOver(DB), ledgerOver(DB)];
    expect(await give(first, track("first-1", "two-ledgers", "Viewed"))).toBe("stored");
    expect(await give(second, track("second-1", "two-ledgers", "Viewed"))).toBe("stored");
    expect(await give(first, track("first-2", "two-ledgers", "Order Completed", { order_id: "first-2" }))).toBe(
      "unavailable",
    );
    // What it holds of contacts may be old by now, and shards ask it.
    expect(first.core.cache.records.size).toBe(0);
    expect(await journalIds(DB)).not.toContain("first-2");
    expect(await orders("first-2")).toBe(0);
  });

  test("loses nothing: whoever comes back reads what the other wrote", async () => {
    const [first, second] = [ledgerOver(DB), ledgerOver(DB)];
    await give(first, track("turn-1", "turns", "Order Completed", { order_id: "turn-1" }));
    await give(second, track("turn-2", "turns", "Order Completed", { order_id: "turn-2" }));
    const event = track("turn-3", "turns", "Order Completed", { order_id: "turn-3" });
    expect(await give(first, event)).toBe("unavailable");
    expect(await give(first, event)).toBe("stored");
    expect(await give(first, track("turn-2", "turns", "Order Completed", { order_id: "turn-2" }))).toBe("stored");
    expect((await journalIds(DB)).filter((id) => id.startsWith("turn-"))).toEqual(["turn-1", "turn-2", "turn-3"]);
    const contacts = await DB.prepare("SELECT id FROM contacts WHERE external_id = 'turns'").all();
    expect(contacts.results).toHaveLength(1);
  });
});

describe("a ledger that starts anew", () => {
  test("wakes those whom the last one had not, before it says that all is settled", async () => {
    const before = ledgerOver(DB);
    before.answerWakes = false;
    await give(before, track("wake-1", "sleeper", "Trigger"));
    const contact = await DB.prepare("SELECT id FROM contacts WHERE external_id = 'sleeper'").first<number>("id");
    expect(before.woken).toEqual([]);

    const after = ledgerOver(DB);
    after.answerWakes = false;
    let settled = false;
    const wait = after.core.settled([contact ?? 0]).then(() => {
      settled = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(settled).toBe(false);
    after.answerWakes = true;
    await wait;
    expect(after.woken.map((item) => item.contact)).toEqual([contact]);
  });

  test("is the writer once, however many ask for it at the same moment", async () => {
    const ledger = ledgerOver(DB);
    const users = Array.from({ length: 20 }, (_, number) => `start-${number}`);
    await Promise.all([
      ledger.core.permit([], async (owner) => [owner]),
      ledger.core.sweep(),
      ...users.map((user) => give(ledger, track(`id-${user}`, user, "Viewed"))),
      ledger.core.settled("all"),
    ]);
    expect(ledger.said).toEqual([]);
    const sql = "SELECT count(*) AS n, count(DISTINCT id) AS ids FROM contacts WHERE external_id LIKE 'start-%'";
    expect(await DB.prepare(sql).first()).toEqual({ n: 20, ids: 20 });
  });
});

describe("a suspected machine (A25)", () => {
  const from = (id: string, name: string, machine: boolean): LedgerEvent => {
    const event = { id, type: "track", name, at: NOW, trust: "write", anon: "a25-browser" } as const;
    return { ...event, properties: {}, ...(machine && { bot: true }) };
  };

  test("starts nothing on the browser of a verified person, and still ends what an order ends", async () => {
    const ledger = ledgerOver(DB);
    await give(ledger, { ...track("a25-0", "a25-user", "Signed In"), anon: "a25-browser" });
    await give(ledger, from("a25-1", "Trigger", true));
    await ledger.core.settled("all");
    expect(ledger.woken).toEqual([]);
    await give(ledger, from("a25-2", "Trigger", false));
    await give(ledger, from("a25-3", "Order Completed", true));
    await ledger.core.settled("all");
    const heard = ledger.woken.flatMap(({ happenings }) => happenings.map(({ type }) => type));
    expect(heard).toEqual(["event", "order"]);
  });
});

describe("a group of many contacts who say much", () => {
  test("is written at once, though their rows are more than D1 takes as one value", async () => {
    const ledger = ledgerOver(strictD1(DB));
    await give(ledger, track("much-0", "much-user", "Viewed"));
    const says = (number: number): LedgerEvent => {
      const event = track(`much-${number}`, `much-user-${number}`, "");
      return { ...event, type: "identify", traits: { note: "字".repeat(800) } };
    };
    const answers = await Promise.all(Array.from({ length: 950 }, (_, number) => give(ledger, says(number + 1))));
    expect(new Set(answers)).toEqual(new Set(["stored"]));
    expect(ledger.said).toEqual([]);
    const sql = "SELECT count(*) AS n FROM contacts WHERE external_id LIKE 'much-user-%' AND attributes LIKE '%字%'";
    expect(await DB.prepare(sql).first<number>("n")).toBe(950);
  });
});
