import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { offerInput } from "../../src/commerce/coupon";
import { couponsOf, putOffer } from "../../src/commerce/coupon-store";
import { ownEvent } from "../../src/events/event";
import { actedEvent } from "../../src/scenarios/acted";
import { performActs, performDue } from "../../src/services/acts/perform";
import { lookUp } from "../../src/services/records";
import { actsOf, contactOf, DB, doing, give, live, of, quiet, runsOf, services } from "../support/acts-world";
import { scenario } from "../unit/scenarios/scenario";

/** The shop while neither its ledger nor the journal beside it can be reached. */
function unheard(): typeof services {
  const down = Object.create(services) as typeof services;
  return Object.defineProperty(down, "append", { value: () => Promise.resolve({ status: "unavailable" }) });
}

beforeAll(async () => {
  await services.ready();
  const terms = offerInput.parse({ name: "Welcome", kind: "percent", value: 10, valid_for: "P14D" });
  await putOffer(DB, { ...terms, key: "welcome" }, Date.now());
});

beforeEach(async () => {
  await quiet();
  await DB.prepare("DELETE FROM acts").run();
});

describe("what a run has done", () => {
  test("is done once, however often and by how many it is asked for", async () => {
    await live({
      giver: doing("Trigger", "emit.event", { event: "Gift Earned", properties: { level: "gold" } }),
      taker: scenario({
        start: { type: "start.event", params: { event: "Gift Earned", key: "level" }, next: { next: "end" } },
        end: { type: "exit" },
      }),
    });
    await give(of("once-1", "ann", "Trigger"));
    await quiet();
    const [act] = await actsOf("ann");
    expect(act).toMatchObject({ kind: "emit.event", state: "done", result: "emitted" });
    // The mark was lost, and the sweep comes beside a queue that delivers twice.
    await DB.prepare("UPDATE acts SET state = 'pending'").run();
    const keys = [{ contact: act?.contact ?? 0, id: act?.id ?? "" }];
    await Promise.all([performActs(services, keys), performActs(services, keys), performDue(services, Date.now())]);
    await services.ledger.settled();
    expect(await runsOf("ann")).toMatchObject([
      { scenario: "giver", outcome: "completed" },
      { scenario: "taker", outcome: "completed", entry_key: "gold" },
    ]);
    const heard = "SELECT count(*) AS n FROM journal, json_each(body) e WHERE e.value ->> 'name' = 'scenario.emitted'";
    expect(await DB.prepare(heard).first("n")).toBe(1);
  });

  test("is told of once, however much of the contact lies between two who say so", async () => {
    await live({ giver: doing("Trigger", "emit.event", { event: "Gift Earned" }) });
    await give(of("told-1", "tea", "Trigger"));
    await quiet();
    const [act] = await actsOf("tea");
    const [contact, id] = [act?.contact ?? 0, act?.id ?? ""];
    const looks = (from: number) => Array.from({ length: 150 }, (_, at) => of(`look-${from + at}`, "tea", "Looked"));
    await give(...looks(0));
    await give(...looks(150));
    const again = actedEvent(contact, id, { end: "done", result: "emitted" }, Date.now());
    const emitted = ownEvent(`emitted.${id}`, "scenario.emitted", Date.now(), contact, { name: "Gift Earned" });
    await give(emitted, again);
    const told = "SELECT count(*) AS n FROM journal, json_each(body) e WHERE e.value ->> 'id' IN (?1, ?2)";
    expect(await DB.prepare(told).bind(`emitted.${id}`, `acted.${id}`).first("n")).toBe(2);
    // Whoever becomes the ledger next knows it from the act's row.
    const key = `act:${contact} ${id}`;
    expect((await lookUp(DB, [key, `act:${contact} act_other`], [])).identities).toEqual(new Map([[key, contact]]));
  });

  test("is done by the sweep where the wake-up was lost, and by nobody before its time", async () => {
    await live({ giver: doing("Trigger", "emit.event", { event: "Gift Earned" }) });
    await give(of("lost-1", "bob", "Trigger"));
    await quiet();
    const later = Date.now() + 60_000;
    await DB.prepare("UPDATE acts SET state = 'pending', next_at = ?1").bind(later).run();
    expect(await performDue(services, Date.now())).toBe(0);
    expect(await performDue(services, later)).toBe(1);
  });

  test("marks nothing where its events could not be stored, and is tried again", async () => {
    await live({ giver: doing("Trigger", "emit.event", { event: "Gift Earned" }) });
    await give(of("down-1", "cid", "Trigger"));
    await quiet();
    await DB.prepare("UPDATE acts SET state = 'pending', result = NULL, attempts = 0, next_at = 0").run();
    await performDue(unheard(), Date.now());
    expect(await actsOf("cid")).toMatchObject([{ state: "pending", attempts: 1 }]);
  });
});

describe("a coupon", () => {
  test("is one for a contact and an offer, though two scenarios issue it at once (C05)", async () => {
    const issue = () => doing("Trigger", "issue.coupon", { offer: "welcome" }, ["issued", "none"]);
    await live({ one: issue(), two: issue() });
    await give(of("c05-1", "dan", "Trigger"));
    await quiet();
    expect(await runsOf("dan")).toMatchObject([
      { scenario: "one", outcome: "completed", reason: "issued" },
      { scenario: "two", outcome: "completed", reason: "issued" },
    ]);
    expect(await couponsOf(DB, await contactOf("dan"))).toHaveLength(1);
    expect(await actsOf("dan")).toMatchObject([{ result: "issued" }, { result: "issued" }]);
  });

  test("is not given to who ordered before it was, and a withdrawal of theirs is still done", async () => {
    const next = { next: { next: "give" } };
    const end = { type: "exit" };
    await live({
      one: scenario({
        start: { type: "start.event", params: { event: "Trigger" }, next: { next: "leave" } },
        leave: { type: "unsubscribe", params: { channels: ["sms"] }, ...next },
        give: { type: "issue.coupon", params: { offer: "welcome" }, next: { issued: "end", none: "end" } },
        end,
      }),
    });
    const order = { order_id: "o-late", products: [{ product_id: "p", price: 10, quantity: 1 }] };
    await give(of("late-1", "lea", "Trigger"), of("late-2", "lea", "Order Completed", order));
    await quiet();
    expect(await runsOf("lea")).toMatchObject([{ outcome: "goal" }]);
    const acts = await actsOf("lea");
    expect(acts.map(({ kind, state, result }) => [kind, state, result])).toEqual([
      ["issue.coupon", "left_out", "run_stopped"],
      ["unsubscribe", "done", "unsubscribed"],
    ]);
    expect(await couponsOf(DB, await contactOf("lea"))).toEqual([]);
  });

  test("waits for who is parked, and is not given for a scenario that was archived meanwhile", async () => {
    await live({ one: doing("Trigger", "issue.coupon", { offer: "welcome" }, ["issued", "none"]) });
    await give(of("arch-1", "max", "Trigger"), of("arch-2", "mia", "Trigger"));
    await quiet();
    await DB.prepare("UPDATE acts SET state = 'pending', result = NULL, attempts = 0, next_at = 0").run();
    const max = await contactOf("max");
    await DB.batch([
      DB.prepare("INSERT INTO parked_contacts (contact, reason, at) VALUES (?1, 'error', 0)").bind(max),
      DB.prepare("UPDATE scenarios SET state = 'archived'"),
      DB.prepare("DELETE FROM stops"),
    ]);
    await performDue(unheard(), Date.now());
    expect(await actsOf("mia")).toMatchObject([{ state: "pending", result: "scenario_archived", attempts: 1 }]);
    await DB.prepare("UPDATE scenarios SET state = 'active'").run();
    await DB.prepare("UPDATE acts SET next_at = 0").run();
    await performDue(unheard(), Date.now());
    expect(await actsOf("max")).toMatchObject([{ state: "pending", result: "not_settled" }]);
    expect(await actsOf("mia")).toMatchObject([{ result: "issued" }]);
    await DB.prepare("DELETE FROM parked_contacts").run();
  });

  test("that was spent or has run out is not told again, and there is no second one", async () => {
    await live({ one: doing("Trigger", "issue.coupon", { offer: "welcome" }, ["issued", "none"]) });
    await give(of("over-1", "ivy", "Trigger"));
    await quiet();
    await DB.prepare("UPDATE coupons SET valid_to = 1").run();
    await give(of("over-2", "ivy", "Trigger"));
    await quiet();
    expect(await runsOf("ivy")).toMatchObject([{ reason: "issued" }, { reason: "none" }]);
    expect((await actsOf("ivy")).map(({ result }) => result)).toEqual(["issued", "coupon_over"]);
    expect(await couponsOf(DB, await contactOf("ivy"))).toHaveLength(1);
  });

  test("ends as the scenario says, and the run knows when", async () => {
    const issue = { offer: "welcome", valid_for: "P3D" };
    await live({ one: doing("Trigger", "issue.coupon", issue, ["issued", "none"]) });
    await give(of("end-1", "ned", "Trigger"));
    await quiet();
    const [coupon] = await couponsOf(DB, await contactOf("ned"));
    expect(coupon?.valid_to).toBe((coupon?.valid_from ?? 0) + 3 * 86_400_000);
  });

  test("that cannot be had leads another way", async () => {
    await live({ one: doing("Trigger", "issue.coupon", { offer: "unknown" }, ["issued", "none"]) });
    await give(of("none-1", "eve", "Trigger"));
    await quiet();
    expect(await runsOf("eve")).toMatchObject([{ reason: "none" }]);
    expect(await actsOf("eve")).toMatchObject([{ state: "failed", result: "no_offer" }]);
  });
});

describe("what cannot be done", () => {
  const pending = (change: string) =>
    DB.prepare(`UPDATE acts SET state = 'pending', result = NULL, next_at = 0, ${change}`).run();

  test("is given up in the end, also where nobody knows how, and the run that waits goes on", async () => {
    await live({ one: doing("Trigger", "issue.coupon", { offer: "welcome" }, ["issued", "none"]) });
    await give(of("kind-1", "fred", "Trigger"));
    await quiet();
    await pending("kind = 'moon.reach', attempts = 28");
    await performDue(services, Date.now());
    expect(await actsOf("fred")).toMatchObject([{ state: "pending", result: "unknown_kind", attempts: 29 }]);
    await pending("attempts = 29");
    // The event was said before, with another result: here the row alone is settled.
    await performDue(unheard(), Date.now());
    await pending("attempts = 31");
    await performDue(unheard(), Date.now());
    expect(await actsOf("fred")).toMatchObject([{ state: "failed", result: "unknown_kind" }]);
  });

  test("is refused where the operator took the host off the list since it was saved (F05)", async () => {
    const url = "https://rebind.attacker.example/hook";
    await live({ one: doing("Trigger", "webhook", { url }) });
    await give(of("host-1", "gil", "Trigger"));
    await quiet();
    expect(await actsOf("gil")).toMatchObject([{ state: "refused", result: "refused" }]);
    expect(await runsOf("gil")).toMatchObject([{ outcome: "completed" }]);
    expect(await DB.prepare("SELECT count(*) AS n FROM webhook_endpoints").first("n")).toBe(0);
    // What ended outside has ended, though the ledger could not be told: it must not be called for once more.
    await pending("attempts = 0");
    await performDue(unheard(), Date.now());
    expect(await actsOf("gil")).toMatchObject([{ state: "refused", result: "refused", done_at: expect.any(Number) }]);
  });

  test("for somebody who was erased ends without a call and without an event", async () => {
    await live({ one: doing("Trigger", "emit.event", { event: "Gift Earned" }) });
    await give(of("gone-1", "gus", "Trigger"));
    await quiet();
    const contact = await contactOf("gus");
    await services.say([ownEvent("erase-gus", "contact.erased", Date.now(), contact, { request: "prv_1" })], "");
    await pending("kind = kind");
    await performDue(services, Date.now());
    const { results } = await DB.prepare("SELECT state, result FROM acts WHERE contact = ?1").bind(contact).all();
    expect(results).toEqual([{ state: "refused", result: "erased" }]);
  });
});
