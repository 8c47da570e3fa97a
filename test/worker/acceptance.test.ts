// Of the acceptance tests of the mission's Appendix B, those of the engine that stand nowhere else and concern the runtime:
// ledger, shards, alarms, queues and database under the moving clock.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../src/app";
import { writeProducts } from "../../src/commerce/product-store";
import type { LedgerEvent } from "../../src/events/event";
import { localClock } from "../../src/local/clock";
import { runTo } from "../../src/local/clock-runner";
import { withDefaults } from "../../src/scenarios/live";
import { SETTLED_AFTER } from "../../src/scenarios/signal";
import { keepCatalogue } from "../../src/services/feeds/keep";
import { DAY, HOUR, MINUTE } from "../../src/shared/clock";
import { contactId } from "../../src/shared/ids";
import { signToken } from "../../src/shared/token";
import { contactOf, DB, live, quiet, runsOf, services } from "../support/acts-world";
import { scenario } from "../unit/scenarios/scenario";

const app = createApp();
const now = (): number => services.clock.now();
let told = 0;

/** Something is said of somebody now. */
async function say(user: string, what: Partial<LedgerEvent>): Promise<void> {
  const event = { id: `acc-${++told}`, type: "track", name: "", at: now(), trust: "secret", user, ...what };
  const { status } = await services.append({ receivedAt: now(), events: [event as LedgerEvent] }, null);
  expect(status).toBe("stored");
  await quiet();
}

/** A customer who agreed to be written to, and to be measured. */
function comes(user: string): Promise<void> {
  const traits = { email: `${user}@shop.test`, consent: { email: true, tracking: true } };
  return say(user, { type: "identify", name: "identify", traits });
}

/** Lets time pass, by way of everything that falls due. */
async function pass(ms: number): Promise<void> {
  await runTo(services, now() + ms);
  localClock.move(now(), 0);
}

async function sendsTo(user: string): Promise<{ id: string; contact: number; state: string; data: string }[]> {
  const sql =
    "SELECT s.* FROM sends s JOIN contacts c ON c.id = s.contact WHERE c.external_id = ?1 ORDER BY s.created_at";
  return (await DB.prepare(sql).bind(user).all<{ id: string; contact: number; state: string; data: string }>()).results;
}

/** Every sentence of what became of somebody in a scenario. */
async function wordsOf(user: string, of: string): Promise<string> {
  const path = `/api/contacts/${contactId(await contactOf(user))}/why?scenario=${of}`;
  const headers = { Authorization: `Bearer ${services.config.ADMIN_KEYS[0]}` };
  const answer = await app.fetch(new Request(`https://relance.test${path}`, { headers }), services.env);
  const { runs } = (await answer.json()) as { runs: { steps: { words: { en: string } }[] }[] };
  return runs.flatMap(({ steps }) => steps.map(({ words }) => words.en)).join(" ");
}

const event = (name: string, next: string) => ({ type: "start.event", params: { event: name }, next: { next } });
const wait = (duration: string, next: string) => ({ type: "wait.for", params: { duration }, next: { next } });
const email = (next: string) => ({ type: "send.email", params: { content: "second_purchase_thanks" }, next: { next } });
const exit = (reason: string) => ({ type: "exit", params: { outcome: "completed", reason } });

beforeAll(async () => {
  await services.ready();
  localClock.move(Date.UTC(2026, 8, 7, 9), 0);
});

afterAll(() => localClock.move(Date.now(), 1));

describe("a cart that is filled on (Appendix B 4)", () => {
  test("is written about after its last change, with the lines that it has by then", async () => {
    const inactivity = { duration: "PT4H", moved_by: "cart_events" };
    const left = { type: "start.event", params: { event: "cart.abandoned", inactivity }, next: { next: "letter" } };
    await live({ cart: withDefaults(scenario({ start: left, letter: email("end"), end: exit("end") })) });
    await comes("ann");
    const line = (name: string) => ({ cart_id: "c-ann", product_id: name, name, price: 20, quantity: 1 });
    await say("ann", { name: "Product Added", properties: line("Lamp") });
    await pass(3 * HOUR);
    await say("ann", { name: "Product Added", properties: line("Chair") });
    await say("ann", { name: "Product Removed", properties: line("Lamp") });
    await pass(3 * HOUR + 59 * MINUTE);
    expect(await sendsTo("ann")).toEqual([]);
    await pass(MINUTE);
    const [message, ...more] = await sendsTo("ann");
    expect(more).toEqual([]);
    expect(message?.data).toContain("Chair");
    expect(message?.data).not.toContain("Lamp");
  });
});

describe("what took back the reason of a message before it left", () => {
  const level = (from: string | null, to: string | null): Partial<LedgerEvent> => {
    const properties = { family: "tier", from, to, cause: "act" };
    return { type: "internal", name: "segment.changed", trust: "internal", properties };
  };

  test("drops it: a tier that is lost (Appendix B 12), and says so (Appendix B 40)", async () => {
    const raised = { type: "start.segment", params: { family: "tier", to: "gold" }, next: { next: "wait" } };
    await live({
      tier: scenario({ start: raised, wait: wait("P1D", "letter"), letter: email("end"), end: exit("end") }),
    });
    await comes("ben");
    await comes("bea");
    for (const user of ["ben", "bea"]) await say(user, level("silver", "gold"));
    await pass(HOUR);
    await say("bea", level("gold", "silver"));
    await pass(2 * DAY);
    expect(await sendsTo("ben")).toHaveLength(1);
    expect(await sendsTo("bea")).toEqual([]);
    expect(await runsOf("bea")).toMatchObject([{ outcome: "interrupted", reason: "segment_left" }]);
    expect(await wordsOf("bea", "tier")).toMatch(/segment/i);
  });

  test("drops it: a refund of the only order (Appendix B 16)", async () => {
    const graph = { start: event("Order Completed", "wait"), wait: wait("P7D", "letter"), letter: email("end") };
    await live({ second: scenario({ ...graph, end: exit("end") }, { stop_on: ["order_cancelled"] }) });
    await comes("cleo");
    const order = { order_id: "o-cleo", total: 30, products: [{ product_id: "lamp", price: 30 }] };
    await say("cleo", { name: "Order Completed", properties: order });
    await pass(DAY);
    await say("cleo", { name: "Order Refunded", properties: { order_id: "o-cleo", total: 30 } });
    await pass(10 * DAY);
    expect(await sendsTo("cleo")).toEqual([]);
    expect(await runsOf("cleo")).toMatchObject([{ outcome: "interrupted", reason: "order_undone" }]);
  });
});

const words = { title: "Lamp", url: null, image: null, category: null, brand: null, daysSupply: null };
const unsaid = { replenishable: null, marginPct: null, reviewDelayDays: null };

/** The catalogue says what a product costs, in cents, and how many there are. */
async function shelve(product: string, price: number, stock: number): Promise<void> {
  const sum = { amount: price, compareAt: null, currency: "EUR" };
  const stated = { product, sku: product, words: { ...words, ...unsaid }, variantTitle: null, price: sum, stock };
  await writeProducts(DB, [{ ...stated, priceFrom: now(), at: now() }]);
}

describe("what the shelves say when a message is to leave", () => {
  const start = { type: "start.event", params: { event: "Product Viewed" }, next: { next: "wait" } };
  test("drops it where the product has sold out since it was planned (Appendix B 5)", async () => {
    const look = {
      type: "if.stock",
      params: { of: "event" },
      next: { yes: "letter", no: "out_of_stock", unknown: "out_of_stock" },
    };
    const graph = { start, wait: wait("P1D", "look"), look, letter: email("end") };
    await live({ stock: scenario({ ...graph, out_of_stock: exit("out_of_stock"), end: exit("end") }) });
    for (const product of ["sold", "kept"]) await shelve(product, 2_000, 3);
    for (const [user, product] of [
      ["flo", "sold"],
      ["gil", "kept"],
    ] as const) {
      await comes(user);
      await say(user, { name: "Product Viewed", properties: { product_id: product } });
    }
    await pass(23 * HOUR);
    await shelve("sold", 2_000, 0);
    await pass(2 * HOUR);
    expect(await sendsTo("flo")).toEqual([]);
    expect(await runsOf("flo")).toMatchObject([{ outcome: "completed", reason: "out_of_stock" }]);
    expect(await wordsOf("flo", "stock")).toMatch(/sold out/i);
    expect(await sendsTo("gil")).toHaveLength(1);
  });

  test("drops it where the price that had fallen is up again (Appendix B 6)", async () => {
    const params = { kind: "price_drop", audience: "wishlist" };
    const fallen = { type: "start.catalogue", params, next: { next: "wait" } };
    const look = {
      type: "if.price",
      params: { of: "event", is: "not_above" },
      next: { yes: "letter", no: "up_again", unknown: "up_again" },
    };
    const graph = { start: fallen, wait: wait("PT4H", "look"), look, letter: email("end") };
    await live({ drop: withDefaults(scenario({ ...graph, up_again: exit("up_again"), end: exit("end") })) });
    for (const product of ["swing", "steady"]) await shelve(product, 2_000, 5);
    for (const [user, product] of [
      ["ida", "swing"],
      ["jon", "steady"],
    ] as const) {
      await comes(user);
      await say(user, { name: "Product Added to Wishlist", properties: { product_id: product, price: 20 } });
    }
    await keepCatalogue(services);
    await pass(HOUR);
    for (const product of ["swing", "steady"]) await shelve(product, 1_500, 5);
    await keepCatalogue(services);
    await pass(3 * HOUR);
    expect(await runsOf("ida")).toMatchObject([{ entry_key: "price_drop:swing:1500", outcome: null }]);
    await shelve("swing", 1_900, 5);
    await pass(2 * HOUR);
    expect(await sendsTo("ida")).toEqual([]);
    expect(await runsOf("ida")).toMatchObject([{ outcome: "completed", reason: "up_again" }]);
    expect(await wordsOf("ida", "drop")).toMatch(/price/i);
    expect(await sendsTo("jon")).toHaveLength(1);
  });
});

describe("few pieces that are back for many who wait (Appendix B 8)", () => {
  test("are told of in waves: ten contacts a piece, and the second by what is left then", async () => {
    const waves = { per_unit: 10, every: "PT1H" };
    const params = { kind: "back_in_stock", audience: "wishlist", waves };
    const back = { type: "start.catalogue", params, next: { next: "end" } };
    await live({ back: withDefaults(scenario({ start: back, end: exit("end") })) });
    const count = 1_000;
    const events = Array.from({ length: count }, (_, index): LedgerEvent => {
      const who = { id: `waits-${index}`, user: `waits-${index}`, trust: "secret", at: now() } as const;
      return {
        ...who,
        type: "track",
        name: "Product Added to Wishlist",
        properties: { product_id: "rare", price: 20 },
      };
    });
    for (let first = 0; first < count; first += 250) {
      await services.append({ receivedAt: now(), events: events.slice(first, first + 250) }, null);
    }
    await quiet();
    await shelve("rare", 2_000, 0);
    await keepCatalogue(services);
    const came = async (): Promise<number> => {
      await quiet();
      return (await DB.prepare("SELECT count(*) AS n FROM runs WHERE scenario = 'back'").first<number>("n")) ?? 0;
    };
    await pass(HOUR);
    await shelve("rare", 2_000, 3);
    // Whatever looks how often: a wave is a wave.
    for (let cron = 0; cron < 3; cron++) await keepCatalogue(services);
    expect(await came()).toBe(30);
    await shelve("rare", 2_000, 2);
    await pass(59 * MINUTE);
    expect(await came()).toBe(30);
    await pass(MINUTE);
    expect(await came()).toBe(50);
    // Sold out: who waits is parked and not dropped, and is told of what comes in again; nobody is told twice.
    await shelve("rare", 2_000, 0);
    await pass(3 * HOUR);
    expect(await came()).toBe(50);
    await shelve("rare", 2_000, 100);
    await keepCatalogue(services);
    await pass(HOUR);
    expect(await came()).toBe(count);
    await pass(5 * HOUR);
    expect(await came()).toBe(count);
    expect(await DB.prepare("SELECT count(*) AS n FROM settings WHERE key LIKE 'catalogue:wave:%'").first("n")).toBe(0);
  });
});

describe("a wait for a person's reaction (Appendix B 30)", () => {
  test("is not ended by an open of Apple's machine, and by one of a person", async () => {
    const answered = { type: "wait.message", params: { block: "letter", on: "engaged", timeout: "P5D" } };
    const graph = { start: event("Begun", "letter"), letter: email("wait"), yes: exit("yes"), late: exit("late") };
    const waits = { ...answered, next: { yes: "yes", timeout: "late" } };
    await live({ letters: scenario({ ...graph, wait: waits }, { class: "transactional" }) });
    const openedBy = async (user: string, agent: string): Promise<void> => {
      await comes(user);
      await say(user, { name: "Begun" });
      const [{ id, contact } = { id: "", contact: 0 }] = await sendsTo(user);
      // Sooner nobody has read it (D14).
      await pass(MINUTE);
      const token = signToken(services.config.LINK_SECRET, "open", [contact, id, "email"]);
      const headers = { "User-Agent": agent };
      const answer = await app.fetch(new Request(`https://relance.test/o/${token}`, { headers }), services.env);
      expect(answer.headers.get("Content-Type")).toBe("image/gif");
      await quiet();
    };
    // Mail Privacy Protection fetches every picture, and says no more of itself than this.
    await openedBy("dan", "Mozilla/5.0");
    await openedBy(
      "eve",
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)",
    );
    await pass(SETTLED_AFTER);
    expect(await runsOf("dan")).toMatchObject([{ outcome: null }]);
    expect(await runsOf("eve")).toMatchObject([{ outcome: "completed", reason: "yes" }]);
    await pass(6 * DAY);
    expect(await runsOf("dan")).toMatchObject([{ outcome: "completed", reason: "late" }]);
  });
});
