import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { programmeInput } from "../../src/commerce/loyalty-programme";
import { liveParts, NO_TERMS } from "../../src/services/records";
import { type Fate, faultyD1 } from "../support/chaos-d1";
import { give, ledgerOver, type TestLedger, track } from "../support/chaos-ledger";

const { DB } = env as unknown as { DB: D1Database };
const rules = [{ key: "purchase", name: "Purchase", on: "order", points: 1 }];
const programme = programmeInput.parse({ validity: "P12M", rules });
const terms = { programme: () => programme, secret: "a-secret-of-this-deployment" };

const ledger = (db = DB) => ledgerOver(db, undefined, terms);

const earned = (user: string, id: string, points = 1) => {
  return track(`${user}-earn-${id}`, user, "Points Earned", { points, id });
};
const spent = (user: string, id: string, points: number) => {
  return track(`${user}-spend-${id}`, user, "Points Redeemed", { points, id });
};

async function one<Row>(sql: string, user: string): Promise<Row | null> {
  return DB.prepare(sql.replaceAll("$who", "(SELECT id FROM contacts WHERE external_id = ?1)")).bind(user).first<Row>();
}

/** What the rows of an account come to: its lots, its movements, and how many there are of each. */
function account(user: string): Promise<unknown> {
  const sum = "(SELECT coalesce(sum(points_left), 0) FROM loyalty_lots WHERE contact = $who) AS lots";
  const moved = "(SELECT coalesce(sum(points), 0) FROM loyalty_movements WHERE contact = $who) AS moved";
  return one(`SELECT ${sum}, ${moved}, (SELECT count(*) FROM loyalty_movements WHERE contact = $who) AS count`, user);
}

describe("an account in the database", () => {
  test("goes on as it was where a new ledger takes over after every event", async () => {
    await give(ledger(), earned("turns", "1", 30));
    await give(ledger(), track("turns-o", "turns", "Order Completed", { order_id: "turns-1", total: 20 }));
    await give(ledger(), spent("turns", "1", 35));
    await give(ledger(), track("turns-r", "turns", "Order Refunded", { order_id: "turns-1", total: 10 }));
    expect(await account("turns")).toEqual({ lots: 5, moved: 5, count: 4 });
    await give(ledger(), track("turns-c", "turns", "Order Cancelled", { order_id: "turns-1" }));
    expect(await account("turns")).toEqual({ lots: 0, moved: 0, count: 5 });
    const last =
      "SELECT points, missing FROM loyalty_movements WHERE contact = $who AND kind = 'return' AND missing > 0";
    expect(await one(last, "turns")).toEqual({ points: -5, missing: 5 });
  });

  test("takes nothing twice, also where the answer to the batch was lost", async () => {
    let lost = 0;
    const fate = (sql: string): Fate => (sql.includes("loyalty_movements") && lost++ === 0 ? "answer lost" : "well");
    const shaky = ledger(faultyD1(DB, fate));
    expect(await give(shaky, earned("lost", "1", 10))).toBe("stored");
    for (const again of [shaky, ledger()]) await give(again, earned("lost", "1", 10));
    expect(lost).toBeGreaterThan(0);
    expect(await account("lost")).toEqual({ lots: 10, moved: 10, count: 1 });
  });

  test("is not changed by a movement that comes again after it was long forgotten, and what came with it is", async () => {
    const first = ledger();
    await give(first, earned("long", "first", 500));
    await give(first, spent("long", "first", 500));
    for (let from = 0; from < 200; from += 50) {
      const many = Array.from({ length: 50 }, (_, index) => earned("long", String(from + index)));
      await give(first, ...many);
    }
    const before = await account("long");
    expect(before).toEqual({ lots: 200, moved: 200, count: 202 });
    const [again, other] = [earned("long", "first", 500), earned("short", "1", 7)];
    for (const late of [first, ledger()]) {
      expect(await give(late, { ...again, id: `again-${late === first}` }, other)).toBe("stored");
      expect(await account("long")).toEqual(before);
    }
    expect(await account("short")).toEqual({ lots: 7, moved: 7, count: 1 });
    const sql = "SELECT count(*) AS n FROM rejected_events WHERE stage = 'apply' AND message_id LIKE 'again-%'";
    expect(await DB.prepare(sql).first<number>("n")).toBe(2);
  });
});

describe("a tier that the owner of an order reaches by an event about somebody else", () => {
  const tiers = [{ key: "gold", name: "Gold", points: 100, window: "P12M" }];
  const tiered = programmeInput.parse({ rules: [{ ...rules[0], when: "delivered" }], tiers });
  const interest = () => ({ carts: false, activity: false, events: new Set(["loyalty.tier_changed"]) });
  const { relevant } = liveParts("EUR", interest, NO_TERMS);
  const listening = (): TestLedger =>
    ledgerOver(DB, (parts) => ({ ...parts, relevant }), { ...terms, programme: () => tiered });
  const types = ({ woken }: TestLedger): string[] =>
    woken.flatMap(({ happenings }) => happenings.map(({ type }) => type));

  test("is known of in the next process too: their scenarios hear of the order that stops them", async () => {
    const order = { order_id: "owned-1", total: 500 };
    const before = listening();
    await give(before, track("owned-a", "owner", "Order Completed", order));
    await give(before, track("owned-b", "another", "Order Delivered", order));
    await before.core.settled("all");
    expect(types(before)).toEqual(["event"]);
    const after = listening();
    await give(after, track("owned-c", "owner", "Order Completed", { order_id: "owned-2", total: 5 }));
    await after.core.settled("all");
    expect(types(after)).toContain("order");
  });
});
