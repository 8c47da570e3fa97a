import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { servicesOf } from "../../src/services";
import type { Env } from "../../src/services/env";
import { ledgerPorts, shardPorts } from "../../src/services/ports";
import { track } from "../support/chaos-ledger";

const services = servicesOf(env as unknown as Env);

test("what a shard asks the ledger about a contact is the same from memory as from the database", async () => {
  const bought = { order_id: "facts-order", total: 25, products: [{ product_id: "p1", price: 25, quantity: 1 }] };
  const events = [
    track("facts-1", "facts-user", "Product Added", { cart_id: "c1", product_id: "p2", price: 5, quantity: 2 }),
    track("facts-2", "facts-user", "Order Completed", bought),
  ];
  expect(await services.append({ receivedAt: Date.now(), events }, null)).toEqual({ status: "stored" });
  const sql = "SELECT contact FROM orders WHERE order_id = 'facts-order'";
  const contact = (await services.env.DB.prepare(sql).first<number>("contact")) ?? -1;
  const { facts: ask } = await shardPorts(services);
  const { facts, revision } = await ask([contact]);
  expect(facts.map((about) => about.commerce.orders.map(({ id }) => id))).toEqual([["facts-order"]]);
  const { facts: look } = await ledgerPorts(services);
  const read = await look([contact], () => undefined);
  // `changed` is the ledger's own mark of what it has yet to write.
  const seen = facts.map((about) => ({ ...about, profile: { ...about.profile, changed: false } }));
  expect(read).toEqual({ facts: seen, revision });
  expect(await ask([987_654])).toMatchObject({ facts: [] });
});
