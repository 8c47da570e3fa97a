import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import type { LedgerEvent } from "../../src/events/event";
import type { FoldParts } from "../../src/events/fold";
import type { Projection } from "../../src/events/projection";
import { type Fate, faultyD1 } from "../support/chaos-d1";
import { give, journalIds, ledgerOver, type TestLedger, track } from "../support/chaos-ledger";

const { DB } = env as unknown as { DB: D1Database };

/** A projection that one day writes a row which the database refuses, or falls over itself. */
function withPoison(parts: FoldParts): FoldParts {
  const poison: Projection<null> = {
    empty: () => null,
    copy: () => null,
    absorb: () => undefined,
    apply(_, { event, rows }) {
      if (event.name === "Throws") throw new Error("cannot be folded");
      if (event.name === "Refused" || event.properties?.["refused"] === true)
        rows.put("identities", event.id, [event.id, null]);
    },
  };
  return { ...parts, projections: { ...parts.projections, poison: poison as Projection<unknown> } };
}

const order = (id: string, user: string): LedgerEvent => track(id, user, "Order Completed", { order_id: id });

async function setAside(prefix: string): Promise<{ message_id: string; reason: string; body: string }[]> {
  const sql =
    "SELECT message_id, reason, body FROM rejected_events WHERE stage = 'apply' AND message_id LIKE ?1 || '%'";
  return (await DB.prepare(sql).bind(prefix).all<{ message_id: string; reason: string; body: string }>()).results;
}

async function stored(prefix: string): Promise<string[]> {
  const sql = "SELECT order_id FROM orders WHERE order_id LIKE ?1 || '%' ORDER BY order_id";
  return (await DB.prepare(sql).bind(prefix).all<{ order_id: string }>()).results.map(({ order_id }) => order_id);
}

/** Several requests that the ledger takes as one group: they wait while the first is written. */
async function giveTogether(ledger: TestLedger, ...requests: LedgerEvent[][]): Promise<string[]> {
  return Promise.all(requests.map((events) => give(ledger, ...events)));
}

describe.each([
  ["Refused", "the database refused its rows"],
  ["Throws", "Error: cannot be folded"],
])("an event that is %s by what it becomes", (name, reason) => {
  const prefix = name.toLowerCase();

  test("is set aside with its reason, and harms no other of its group or request", async () => {
    const ledger = ledgerOver(DB, withPoison);
    await give(ledger, track(`${prefix}-0`, `${prefix}-user`, "Viewed"));
    const answers = await giveTogether(
      ledger,
      [order(`${prefix}-1`, `${prefix}-user`)],
      [
        order(`${prefix}-2`, `${prefix}-user`),
        track(`${prefix}-bad`, `${prefix}-user`, name),
        order(`${prefix}-3`, "x"),
      ],
      [order(`${prefix}-4`, `${prefix}-other`)],
    );
    expect(answers).toEqual(["stored", "stored", "stored"]);
    expect(await setAside(prefix)).toMatchObject([{ message_id: `${prefix}-bad`, reason }]);
    expect(await stored(prefix)).toEqual([1, 2, 3, 4].map((number) => `${prefix}-${number}`));
    expect(ledger.said).toContain("applying one by one");
    expect(await give(ledger, order(`${prefix}-5`, `${prefix}-user`))).toBe("stored");
  });

  test("is whole where it was set aside: a later release takes it as it came", async () => {
    const [rejected] = await setAside(prefix);
    const event = JSON.parse(rejected?.body ?? "null") as LedgerEvent;
    expect(event).toMatchObject({ id: `${prefix}-bad`, user: `${prefix}-user`, name });
    const ledger = ledgerOver(DB);
    expect(await give(ledger, { ...event, name: "Order Completed", properties: { order_id: `${prefix}-6` } })).toBe(
      "stored",
    );
    expect(await stored(prefix)).toContain(`${prefix}-6`);
  });
});

describe("a request with a bad event, of which only a part could be applied", () => {
  test("is finished by the next ledger: no event twice, no wake lost", async () => {
    let failing = true;
    const fate = (sql: string): Fate =>
      failing && sql.includes("INSERT INTO rejected_events") ? "overloaded" : "well";
    const before = ledgerOver(faultyD1(DB, fate), withPoison);
    const request = [
      track("part-1", "part-user", "Trigger"),
      order("part-2", "part-user"),
      track("part-bad", "part-user", "Refused"),
      order("part-3", "part-late"),
    ];
    expect(await give(before, ...request)).toBe("unavailable");
    expect(before.woken).toEqual([]);
    expect(await stored("part-")).toEqual(["part-2"]);

    failing = false;
    const after = ledgerOver(DB, withPoison);
    expect(await give(after, ...request)).toBe("stored");
    await after.core.settled("all");
    expect(await stored("part-")).toEqual(["part-2", "part-3"]);
    expect((await setAside("part-")).map(({ message_id }) => message_id)).toContain("part-bad");
    const triggers = after.woken.flatMap(({ happenings }) => happenings.filter(({ type }) => type === "event"));
    expect(triggers.map(({ id }) => id)).toEqual(["part-1"]);
    const ids = (await journalIds(DB)).filter((id) => id.startsWith("part-"));
    expect(new Set(ids).size).toBe(4);
  });
});

/** What the shards were told of these users: one wake is one list. */
async function heard(ledger: TestLedger, ...users: string[]): Promise<(readonly unknown[])[]> {
  await ledger.core.settled("all");
  const sql = "SELECT contact FROM identities WHERE identity IN (SELECT value FROM json_each(?1))";
  const identities = JSON.stringify(users.map((user) => `u:${user}`));
  const { results } = await DB.prepare(sql).bind(identities).all<{ contact: number }>();
  const wanted = new Set(results.map(({ contact }) => contact));
  // Another test's wakes may be made good here, too.
  const items = ledger.woken.filter(({ contact }) => wanted.has(contact));
  return items.map(({ happenings }) => happenings.map(({ type, id, order: of }) => id ?? of ?? type));
}

const poison = (id: string): LedgerEvent => track(id, `${id}-user`, "Refused");

describe("events that are applied one by one", () => {
  test("wake a contact once for each request, as shards ignore a number that they have heard", async () => {
    const ledger = ledgerOver(DB, withPoison);
    const events = [track("once-1", "once-user", "Trigger"), order("once-2", "once-user")];
    await giveTogether(ledger, [track("once-0", "x", "Viewed")], [poison("once-bad")], events);
    expect(ledger.said).toContain("applying one by one");
    expect(await heard(ledger, "once-user")).toEqual([["once-1", "once-2"]]);
  });

  test("wake a contact once where the process went between them", async () => {
    let failing = true;
    const last = (sql: string): boolean => sql.includes("UPDATE cursor") && sql.includes("UPDATE journal SET wakes");
    let applied = 0;
    const fate = (sql: string): Fate => (failing && last(sql) && ++applied > 1 ? "overloaded" : "well");
    const before = ledgerOver(faultyD1(DB, fate), withPoison);
    const events = [track("gone-1", "gone-user", "Trigger"), order("gone-2", "gone-user"), poison("gone-bad")];
    expect(await give(before, ...events)).toBe("unavailable");
    failing = false;
    const after = ledgerOver(DB, withPoison);
    expect(await give(after, track("gone-3", "gone-user", "Viewed"))).toBe("stored");
    expect(await heard(after, "gone-user")).toEqual([["gone-1", "gone-2"]]);
  });

  test("leave no row of a request without any, which nothing would ever move past", async () => {
    const ledger = ledgerOver(DB, withPoison);
    await giveTogether(ledger, [track("empty-0", "x", "Viewed")], [poison("empty-bad")], []);
    expect(ledger.said).toContain("applying one by one");
    expect(await give(ledger, order("empty-1", "empty-user"))).toBe("stored");
    expect(await stored("empty-")).toEqual(["empty-1"]);
  });

  test("wake nobody for the one that the database refused", async () => {
    const ledger = ledgerOver(DB, withPoison);
    const refused = track("never-bad", "never-user", "Trigger", { refused: true });
    await give(ledger, track("never-1", "never-user", "Trigger"), refused, track("never-2", "never-user", "Trigger"));
    expect((await setAside("never-")).map(({ message_id }) => message_id)).toEqual(["never-bad"]);
    expect(await heard(ledger, "never-user")).toEqual([["never-1", "never-2"]]);
    const sql = "SELECT wakes FROM journal WHERE body LIKE '%never-bad%'";
    expect(await DB.prepare(sql).first<string>("wakes")).not.toContain("never-bad");
  });

  test("tell no shard of a merge that the database refused", async () => {
    const ledger = ledgerOver(DB, withPoison);
    await give(ledger, track("apart-1", "apart-user", "Trigger"), track("apart-2", "apart-other", "Trigger"));
    await ledger.core.settled("all");
    ledger.woken.length = 0;
    const alias = track("apart-bad", "apart-user", "", { refused: true });
    await give(ledger, { ...alias, type: "alias", anon: "apart-other" }, track("apart-3", "apart-user", "Trigger"));
    expect(await heard(ledger, "apart-user", "apart-other")).toEqual([["apart-3"]]);
    expect(await DB.prepare("SELECT count(*) AS n FROM merges").first<number>("n")).toBe(0);
  });
});

describe("a ledger that finds a database which was restored", () => {
  test("owes its wakes still where it goes before they are answered", async () => {
    const before = ledgerOver(DB);
    before.answerWakes = false;
    await give(before, track("epoch-1", "epoch-user", "Trigger"));
    await DB.prepare("UPDATE cursor SET epoch = epoch + 1").run();
    const dying = ledgerOver(faultyD1(DB, (sql) => (sql.includes("wakes IS NOT NULL") ? "overloaded" : "well")));
    expect(await give(dying, track("epoch-2", "epoch-user", "Viewed"))).toBe("unavailable");
    const after = ledgerOver(DB);
    await give(after, track("epoch-3", "epoch-user", "Viewed"));
    expect(await heard(after, "epoch-user")).toEqual([["epoch-1"]]);
  });
});

describe("a ledger that finds a request half applied", () => {
  test("first makes good the wakes of the requests before it", async () => {
    let failing = true;
    const fate = (sql: string): Fate =>
      failing && sql.includes("INSERT INTO rejected_events") ? "overloaded" : "well";
    const before = ledgerOver(faultyD1(DB, fate), withPoison);
    before.answerWakes = false;
    await give(before, track("order-1", "order-user", "Trigger"));
    expect(await give(before, track("order-2", "order-user", "Trigger"), poison("order-bad"))).toBe("unavailable");
    failing = false;
    const after = ledgerOver(DB, withPoison);
    await give(after, track("order-3", "order-user", "Viewed"));
    expect(await heard(after, "order-user")).toEqual([["order-1"], ["order-2"]]);
  });
});
