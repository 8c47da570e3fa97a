import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import type { LedgerEvent } from "../../src/events/event";
import type { Facts } from "../../src/segments/facts";
import { servicesOf } from "../../src/services";
import type { Env } from "../../src/services/env";
import { ledgerPorts, shardPorts } from "../../src/services/ports";
import { track } from "../support/chaos-ledger";

const services = servicesOf(env as unknown as Env);

async function give(...events: LedgerEvent[]): Promise<void> {
  expect(await services.append({ receivedAt: Date.now(), events }, null)).toEqual({ status: "stored" });
}

async function contactOf(identity: string): Promise<number> {
  const sql = "SELECT contact FROM identities WHERE identity = ?1";
  return (await services.env.DB.prepare(sql).bind(identity).first<number>("contact")) ?? -1;
}

/** What a shard is told of contacts, and that it is what the database says. */
async function told(...contacts: number[]): Promise<readonly Facts[]> {
  const sheet = await (await shardPorts(services)).facts(contacts);
  const { facts: look } = await ledgerPorts(services);
  // `changed` is the ledger's own mark of what it has yet to write.
  const facts = sheet.facts.map((about) => ({ ...about, profile: { ...about.profile, changed: false } }));
  expect(await look(contacts, () => undefined)).toEqual({ ...sheet, facts });
  return sheet.facts;
}

const order = (id: string) => ({
  order_id: id,
  total: 25,
  products: [{ product_id: "p1", price: 25, quantity: 1 }],
});

test("what a shard asks the ledger about a contact is the same from memory as from the database", async () => {
  await give(
    track("facts-1", "facts-user", "Product Added", { cart_id: "c1", product_id: "p2", price: 5, quantity: 2 }),
    track("facts-2", "facts-user", "Order Completed", order("facts-order")),
  );
  const facts = await told(await contactOf("u:facts-user"));
  expect(facts.map((about) => about.commerce.orders.map(({ id }) => id))).toEqual([["facts-order"]]);
  expect(await told(987_654)).toEqual([]);
});

test("of a contact that was merged it is told what is known of whoever stands for it, under its own number", async () => {
  await give(
    track("facts-3", "facts-first", "Order Completed", order("facts-first")),
    track("facts-4", "facts-second", "Order Completed", order("facts-second")),
    track("facts-5", "facts-third", "Hello"),
  );
  const [first, second, third] = await Promise.all(
    ["first", "second", "third"].map((who) => contactOf(`u:facts-${who}`)),
  );
  const alias = (id: string, from: string, to: string): LedgerEvent => {
    return { ...track(id, to, "alias"), type: "alias", anon: from };
  };
  await give(alias("facts-6", "facts-first", "facts-second"));
  await give(alias("facts-7", "facts-second", "facts-third"));
  const facts = await told(first ?? -1, third ?? -1);
  expect(facts.map(({ contact }) => contact)).toEqual([first, third]);
  for (const { commerce, profile } of facts) {
    expect(commerce.orders.map(({ id }) => id).sort()).toEqual(["facts-first", "facts-second"]);
    expect(profile.status).toBe("verified");
  }
  expect(second).not.toBe(third);
});

test("of a contact that was erased it is told that there is nobody", async () => {
  await give(track("facts-8", "facts-gone", "Order Completed", order("facts-gone")));
  const contact = await contactOf("u:facts-gone");
  const erased = { ...track("facts-9", "", "contact.erased", { request: "facts", bars: false }), contact };
  await give({ ...erased, type: "internal", trust: "internal", user: undefined } as unknown as LedgerEvent);
  const sheet = await (await shardPorts(services)).facts([contact]);
  expect(sheet.facts).toMatchObject([
    { contact, profile: { status: "expired", email: null }, commerce: { orders: [] } },
  ]);
  const [read] = (await (await ledgerPorts(services)).facts([contact], () => undefined)).facts;
  expect(read?.profile).toMatchObject({ status: "expired", email: null });
});
