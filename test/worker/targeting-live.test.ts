import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import type { LedgerEvent } from "../../src/events/event";
import type { PastEvent } from "../../src/scenarios/rehearsal";
import type { Rule } from "../../src/segments/rule";
import { servicesOf } from "../../src/services";
import type { Env } from "../../src/services/env";
import { ledgerPorts } from "../../src/services/ports";
import { alone, makeRehearsal, readPast, readRowsOfToday } from "../../src/services/rehearse";
import { track } from "../support/chaos-ledger";
import { scenario } from "../unit/scenarios/scenario";

const services = servicesOf(env as unknown as Env);
const { DB } = services.env;

const wishes: Rule = {
  type: "wishlist.count",
  op: "gte",
  value: 1,
  where: [{ field: "product", op: "is", value: "lamp" }],
};
const bought: Rule = {
  type: "orders.count",
  op: "gte",
  value: 1,
  lines: [[{ field: "brand", op: "is", value: "Nord" }]],
};

/** Enters whoever has a lamp on their wishlist; those who bought of a brand go one way, the others another. */
const definition = scenario(
  {
    start: { type: "start.event", params: { event: "Trigger" }, next: { next: "if" } },
    if: { type: "if.targeting", params: { rule: bought }, next: { yes: "buyer", no: "dreamer" } },
    buyer: { type: "exit", params: { reason: "buyer" } },
    dreamer: { type: "exit", params: { reason: "dreamer" } },
  },
  { filter: wishes, reentry: { policy: "always" } as never },
);

const give = (...events: LedgerEvent[]) => services.append({ receivedAt: Date.now(), events }, null);
const of = (id: string, user: string, name: string, properties: object = {}): LedgerEvent => ({
  ...track(id, user, name, properties as Record<string, unknown>),
  at: Date.now(),
});
const nord = { product_id: "vase", brand: "Nord", price: 20, quantity: 1 };

async function live(state: "active" | "paused", graph: object): Promise<void> {
  const insert =
    "INSERT OR REPLACE INTO scenarios (id, name, state, draft_version, live_version, created_at, updated_at)";
  await DB.batch([
    DB.prepare(`${insert} VALUES ('wishes', 'wishes', ?1, 1, 1, 0, 0)`).bind(state),
    DB.prepare(
      "INSERT OR REPLACE INTO scenario_versions (scenario, version, definition, created_at) VALUES ('wishes', 1, ?1, 0)",
    ).bind(JSON.stringify(graph)),
    DB.prepare("INSERT OR REPLACE INTO settings (key, value) VALUES ('revision', ?1)").bind(String(Date.now())),
  ]);
  await services.ledger.refresh();
}

const outcomes = async (user: string): Promise<unknown[]> => {
  await services.ledger.settled();
  const sql =
    "SELECT r.outcome, r.reason FROM runs r JOIN contacts c ON c.id = r.contact WHERE c.external_id = ?1 ORDER BY r.entered_at";
  return (await DB.prepare(sql).bind(user).all()).results;
};

beforeAll(async () => {
  await services.ready();
});

describe("a live scenario whose rules read more than profile, cart and orders", () => {
  test("knows it: somebody without the wish stays out, and a line of an order shows the way", async () => {
    await live("active", definition);
    await give(
      of("l-1", "nobody", "Hello"),
      of("l-2", "dreamer", "Product Added to Wishlist", { product_id: "lamp" }),
      of("l-3", "buyer", "Product Added to Wishlist", { product_id: "lamp" }),
      of("l-4", "buyer", "Order Completed", { order_id: "l-order", total: 20, products: [nord] }),
    );
    await give(...["nobody", "dreamer", "buyer"].map((user) => of(`l-5-${user}`, user, "Trigger")));
    expect(await outcomes("nobody")).toMatchObject([{ reason: "filter:wishlist.count" }]);
    expect(await outcomes("dreamer")).toMatchObject([{ reason: "dreamer" }]);
    expect(await outcomes("buyer")).toMatchObject([{ reason: "buyer" }]);
  });

  test("is told of the rows of whoever was merged into a contact", async () => {
    await give(of("m-1", "loser", "Product Added to Wishlist", { product_id: "lamp" }), of("m-2", "winner", "Hello"));
    await give({ ...of("m-3", "winner", "alias"), type: "alias", anon: "loser" });
    await give(of("m-4", "winner", "Trigger"));
    expect(await outcomes("winner")).toMatchObject([{ reason: "dreamer" }]);
  });

  test("is rehearsed with the rows of today, and the rehearsal says so", async () => {
    const now = Date.now();
    const past: PastEvent[] = await readPast(services, now);
    const today = await readRowsOfToday(services, [definition], past, { from: 0, to: now });
    expect([...today.kinds].sort()).toEqual(["orders", "wishlist_items"]);
    const rehearsal = makeRehearsal(
      services,
      alone("wishes", 1, definition),
      { from: 0, to: now, programme: null },
      today,
    );
    for (const event of past) rehearsal.play(event);
    const { entries } = rehearsal.finish();
    const reasons = entries.map(({ external_id, reason }) => [external_id, reason]);
    expect(reasons).toContainEqual(["dreamer", "dreamer"]);
    expect(reasons).toContainEqual(["buyer", "buyer"]);
    expect(reasons).toContainEqual(["nobody", "filter:wishlist.count"]);
  });
});

test("where no rule asks for more, an event costs no further look into the database", async () => {
  await live("active", {
    ...definition,
    filter: { type: "orders.count", op: "gte", value: 0 },
    blocks: { start: definition.blocks["start"], if: { type: "exit", params: {} } },
  });
  const statements: string[] = [];
  const DB2 = new Proxy(DB, {
    get(target, name) {
      if (name === "prepare") {
        return (sql: string) => {
          statements.push(sql);
          return target.prepare(sql);
        };
      }
      const value = Reflect.get(target, name) as unknown;
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
  const counted = servicesOf({ ...(env as object), DB: DB2 } as unknown as Env);
  const ports = await ledgerPorts(counted);
  statements.length = 0;
  await ports.facts([1], () => undefined);
  const plain = statements.length;
  await live("active", definition);
  await ports.refresh();
  statements.length = 0;
  await ports.facts([1], () => undefined);
  expect(statements.length - plain).toBe(2);
  expect(statements.filter((sql) => sql.includes("wishlist_items"))).toHaveLength(1);
});
