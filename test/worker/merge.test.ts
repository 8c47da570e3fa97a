import { beforeAll, describe, expect, test } from "vitest";
import { OPEN_SENDING, rulesOf } from "../../src/decisions/sending";
import { permitSends } from "../../src/decisions/store";
import type { LedgerEvent } from "../../src/events/event";
import { resumeMerges } from "../../src/services/merges";
import { DB, inShardOf, MergeWorld, passHours, startWaiter, stateOf, WAITER } from "../support/merge-world";

beforeAll(startWaiter);

let people = 0;

/** Two verified contacts of one person: one by user id, the other by an address only, who waits for a message. */
async function twoOfOne(world: MergeWorld): Promise<{ user: string; email: string; winner: number; loser: number }> {
  const number = ++people;
  const [user, email] = [`user-${number}`, `user-${number}@shop.test`];
  const consent = { email: true };
  await world.give({ user, type: "identify", name: "", traits: { consent, email: `first-${number}@shop.test` } });
  await world.give({ anon: `b-${number}`, type: "identify", name: "", traits: { email, consent } });
  await world.give({ anon: `b-${number}`, name: WAITER });
  const [winner, loser] = [await world.contact(`u:${user}`), await world.contact(`e:${email}`)];
  return { user, email, winner, loser };
}

const isOne = (user: string, email: string): Partial<LedgerEvent> => ({
  user,
  type: "identify",
  name: "",
  traits: { email },
});

async function merged(loser: number): Promise<{ id: string; seq: number; step: string; taken: string }> {
  const sql = "SELECT id, seq, step, taken FROM merges WHERE loser = ?1 ORDER BY seq DESC";
  const row = await DB.prepare(sql).bind(loser).first<{ id: string; seq: number; step: string; taken: string }>();
  if (!row) throw new Error("no merge");
  return row;
}

async function undo(world: MergeWorld, winner: number, loser: number): Promise<void> {
  const { id, seq, taken } = await merged(loser);
  const properties = { merge: id, loser, seq, taken: JSON.parse(taken) as unknown };
  const event = { type: "internal", name: "contact.unmerged", trust: "internal", contact: winner, properties } as const;
  await world.give({ ...event, id: `undo-${id}` });
}

const sends = async (...contacts: number[]): Promise<unknown[]> => {
  const sql = "SELECT contact, state FROM sends WHERE contact IN (SELECT value FROM json_each(?1))";
  return (await DB.prepare(sql).bind(JSON.stringify(contacts)).all()).results;
};

const STEPS = ["settle", "release", "receive", "forget"];

describe("a merge of two verified contacts", () => {
  test("takes its four steps, and none of them again once it is done", async () => {
    const world = new MergeWorld();
    const { user, email, loser } = await twoOfOne(world);
    await world.give(isOne(user, email));
    const { services, steps } = world.services();
    await resumeMerges(services);
    expect(steps).toEqual(STEPS);
    await resumeMerges(services);
    expect(steps).toEqual(STEPS);
    expect((await merged(loser)).step).toBe("done");
  });

  const crashes = STEPS.flatMap((name, step) => (["before", "after"] as const).map((when) => ({ name, step, when })));

  test.each(crashes)("that dies $when $name is finished by the sweep: nothing lost, nothing doubled", async (crash) => {
    const world = new MergeWorld();
    const { user, email, winner, loser } = await twoOfOne(world);
    await world.give(isOne(user, email));
    await resumeMerges(world.services(crash).services);
    // Whatever comes in between, the next one goes on from there; a third finds nothing left.
    await resumeMerges(world.services().services);
    await resumeMerges(world.services().services);
    expect((await merged(loser)).step).toBe("done");
    expect(await stateOf(loser)).toMatchObject({ runs: [], past: [] });
    const { runs, awaiting } = await stateOf(winner);
    expect(runs).toMatchObject([{ scenario: "waiter", origin: loser }]);
    expect(awaiting).toBeUndefined();
    await passHours(loser, 2);
    await passHours(winner, 2);
    // One message, under the contact that the run began with, to the address that is the winner's now.
    expect(await sends(winner, loser)).toMatchObject([{ contact: loser }]);
  });

  test.each(crashes)("whose undo dies $when $name gives every run back once", async ({ step, when }) => {
    const world = new MergeWorld();
    const { user, email, winner, loser } = await twoOfOne(world);
    await world.give(isOne(user, email));
    await resumeMerges(world.services().services);
    await world.give({ user, name: WAITER });
    await undo(world, winner, loser);
    // The way there is looked at again first: two steps, settle and release, which find nothing to do.
    await resumeMerges(world.services({ step: step + 1, when }).services);
    await resumeMerges(world.services().services);
    await resumeMerges(world.services().services);
    expect((await merged(loser)).step).toBe("done");
    const home = await stateOf(loser);
    expect(home.runs).toHaveLength(1);
    expect(home.runs[0]).not.toHaveProperty("origin");
    expect(home.runs[0]).not.toHaveProperty("via");
    // What the winner began itself stays there.
    expect((await stateOf(winner)).runs).toHaveLength(1);
  });

  test("undone before its state had moved puts everything back all the same", async () => {
    const world = new MergeWorld();
    const { user, email, winner, loser } = await twoOfOne(world);
    await world.give(isOne(user, email));
    await undo(world, winner, loser);
    expect((await stateOf(loser)).runs).toEqual([]);
    await resumeMerges(world.services().services);
    expect((await stateOf(loser)).runs).toHaveLength(1);
    expect((await stateOf(winner)).runs).toEqual([]);
    expect((await merged(loser)).step).toBe("done");
  });

  test("that comes with others in one request loses nothing of what stands behind them, nor of the next request", async () => {
    const world = new MergeWorld();
    const { user, email, winner } = await twoOfOne(world);
    const others = [await twoOfOne(world), await twoOfOne(world)];
    const merges = [email, ...others.map((other) => other.email)].map((address) => isOne(user, address));
    world.holdsWakes = true;
    await world.give(...merges, { user, name: WAITER, id: "behind-1" });
    await world.give({ user, name: WAITER, id: "behind-2" });
    world.holdsWakes = false;
    await world.core.settled("all");
    for (let rounds = 0; rounds < 3; rounds++) await resumeMerges(world.services().services);
    const { runs, past, awaiting } = await stateOf(winner);
    expect(awaiting).toBeUndefined();
    expect(runs.filter(({ origin }) => origin !== undefined)).toHaveLength(3);
    const own = [...runs, ...past].filter(({ origin }) => origin === undefined);
    expect(own.map(({ entryKey }) => entryKey).sort()).toEqual(["behind-1", "behind-2"]);
  });

  test("into somebody who is merged in turn carries everything to the last of them, and back one step at a time", async () => {
    const world = new MergeWorld();
    const { user, email, winner: second, loser: first } = await twoOfOne(world);
    await world.give({ user: `${user}-last`, type: "identify", name: "", traits: {} });
    const last = await world.contact(`u:${user}-last`);
    await world.give(isOne(user, email), { type: "alias", name: "", anon: user, user: `${user}-last` });
    await resumeMerges(world.services().services);
    expect((await stateOf(last)).runs).toMatchObject([{ origin: first }]);
    expect([await stateOf(first), await stateOf(second)]).toMatchObject([{ runs: [] }, { runs: [] }]);
    // The first merge cannot be taken back while the second holds.
    await undo(world, second, first);
    expect(await DB.prepare("SELECT undone_at FROM merges WHERE loser = ?1").bind(first).first("undone_at")).toBeNull();
    await undo(world, last, second);
    await resumeMerges(world.services().services);
    expect((await stateOf(second)).runs).toMatchObject([{ origin: first }]);
    expect((await stateOf(last)).runs).toEqual([]);
  });

  test("waits for one before it into the same contact, whichever is tried first", async () => {
    const world = new MergeWorld();
    const { user, email, winner, loser: first } = await twoOfOne(world);
    const { loser: second } = await twoOfOne(world);
    await world.give(isOne(user, email));
    const own = { type: "internal", name: "contact.merged", trust: "internal", contact: winner } as const;
    await world.give({ ...own, properties: { loser: second } });
    const mark = (step: string) => DB.prepare("UPDATE merges SET step = ?2 WHERE loser = ?1").bind(first, step).run();
    await mark("done");
    await resumeMerges(world.services().services);
    expect((await merged(second)).step).toBe("moving");
    await mark("moving");
    await resumeMerges(world.services().services);
    expect([(await merged(first)).step, (await merged(second)).step]).toEqual(["done", "done"]);
    const { runs, awaiting } = await stateOf(winner);
    expect(runs).toMatchObject([{ origin: first }, { origin: second }]);
    expect(awaiting).toBeUndefined();
  });

  test("whose state is on its way keeps an order that comes meanwhile for the runs that it stops", async () => {
    const world = new MergeWorld();
    const { user, email, winner, loser } = await twoOfOne(world);
    await world.give(isOne(user, email));
    await world.give({ user, name: "Order Completed", properties: { order_id: `o-${user}`, total: 20 } });
    expect((await stateOf(winner)).runs).toEqual([]);
    await resumeMerges(world.services().services);
    expect(await stateOf(winner)).toMatchObject({ runs: [], past: [{ outcome: "goal", origin: loser }] });
    const stops = await DB.prepare("SELECT contact FROM stops WHERE contact = ?1").bind(loser).all();
    expect(stops.results).toHaveLength(1);
    await passHours(winner, 2);
    expect(await sends(winner, loser)).toEqual([]);
  });

  test("lets an event about the merged contact reach whoever stands for it", async () => {
    const world = new MergeWorld();
    const { user, email, winner, loser } = await twoOfOne(world);
    await world.give(isOne(user, email));
    await resumeMerges(world.services().services);
    const order = { order_id: `late-${user}`, total: 20 };
    await world.give({ type: "track", anon: `b-${people}`, name: "Order Completed", properties: order });
    expect(await stateOf(winner)).toMatchObject({ runs: [], past: [{ outcome: "goal" }] });
    const rows = await DB.prepare("SELECT contact FROM orders WHERE order_id = ?1").bind(order.order_id).all();
    expect(rows.results).toEqual([{ contact: winner }]);
    expect(loser).not.toBe(winner);
  });

  test("is heard again after a crash of the ledger, and nothing comes of it", async () => {
    const world = new MergeWorld();
    const { user, email, winner, loser } = await twoOfOne(world);
    await world.give(isOne(user, email));
    await resumeMerges(world.services().services);
    const before = [await stateOf(winner), await stateOf(loser)];
    // As if no wake had ever been answered: the next ledger repeats them all.
    await DB.prepare("UPDATE cursor SET woken = 0").run();
    const next = new MergeWorld();
    await next.core.settled("all");
    await resumeMerges(next.services().services);
    expect([await stateOf(winner), await stateOf(loser)]).toEqual(before);
  });
});

describe("a message of a contact that was merged since", () => {
  async function queued(world: MergeWorld) {
    const two = await twoOfOne(world);
    await passHours(two.loser, 2);
    const [send] = await sends(two.loser);
    expect(send).toMatchObject({ contact: two.loser, state: "queued" });
    const row = await DB.prepare("SELECT id FROM sends WHERE contact = ?1").bind(two.loser).first<{ id: string }>();
    const ask = async () => {
      const owner = await DB.prepare("SELECT owner FROM cursor").first<string>("owner");
      const limits = { rules: rulesOf(OPEN_SENDING), zone: "UTC" };
      return permitSends(DB, [{ contact: two.loser, id: row?.id ?? "" }], owner ?? "", Date.now() + 60_000, limits);
    };
    return { ...two, ask };
  }

  test("waits while the scenario state is on its way, and is permitted by the winner's address and consent", async () => {
    const world = new MergeWorld();
    const { user, email, ask } = await queued(world);
    await world.give(isOne(user, email));
    expect(await ask()).toEqual([]);
    await resumeMerges(world.services().services);
    expect(await ask()).toMatchObject([{ state: "claimed" }]);
  });

  test("is refused where the winner has withdrawn, or is written to elsewhere", async () => {
    const world = new MergeWorld();
    const first = await queued(world);
    await world.give({ user: first.user, type: "identify", name: "", traits: { consent: { email: false } } });
    await world.give(isOne(first.user, first.email));
    await resumeMerges(world.services().services);
    expect(await first.ask()).toMatchObject([{ state: "suppressed", reason: "consent_withdrawn" }]);
    const second = await queued(world);
    await world.give(isOne(second.user, second.email));
    await resumeMerges(world.services().services);
    await world.give(isOne(second.user, "moved@shop.test"));
    expect(await second.ask()).toMatchObject([{ state: "suppressed", reason: "address_changed" }]);
  });

  test("is stopped by an order of the winner", async () => {
    const world = new MergeWorld();
    const { user, email, ask } = await queued(world);
    await world.give(isOne(user, email));
    await resumeMerges(world.services().services);
    await world.give({ user, name: "Order Completed", properties: { order_id: `stop-${user}`, total: 5 } });
    expect(await ask()).toMatchObject([{ state: "suppressed", reason: "run_stopped" }]);
  });
});

describe("rows of a merged contact", () => {
  const order = (id: string, total: number) => ({ name: "Order Completed", properties: { order_id: id, total } });
  const figures = async (contact: number) =>
    DB.prepare("SELECT orders, net_total FROM contact_metrics WHERE contact = ?1").bind(contact).first();

  test("keep their contact and count for the winner, in memory and read anew, until the merge is undone", async () => {
    const world = new MergeWorld();
    const { user, email, winner, loser } = await twoOfOne(world);
    await world.give({ user, ...order(`w-${user}`, 10) }, { anon: `b-${people}`, ...order(`l-${user}`, 5) });
    await world.give(isOne(user, email));
    expect([await figures(winner), await figures(loser)]).toEqual([
      { orders: 2, net_total: 1_500 },
      { orders: 0, net_total: 0 },
    ]);
    // The next process knows only what is on disk.
    const next = new MergeWorld();
    const refund = { name: "Order Refunded", properties: { order_id: `l-${user}`, total: 2 } };
    await next.give({ user: "somebody-else", ...refund });
    expect([await figures(winner), await figures(loser)]).toEqual([
      { orders: 2, net_total: 1_300 },
      { orders: 0, net_total: 0 },
    ]);
    const rows = await DB.prepare("SELECT contact, refunded FROM orders WHERE order_id = ?1").bind(`l-${user}`).first();
    expect(rows).toEqual({ contact: loser, refunded: 200 });
    await undo(next, winner, loser);
    expect([await figures(winner), await figures(loser)]).toEqual([
      { orders: 1, net_total: 1_000 },
      { orders: 1, net_total: 300 },
    ]);
    await inShardOf(winner, () => undefined);
  });
});
