import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import type { ChangeKind } from "../../src/commerce/change";
import { catalogueNews } from "../../src/commerce/change-store";
import type { StatedProduct } from "../../src/commerce/product-store";
import { writeProducts } from "../../src/commerce/product-store";
import { Services } from "../../src/services";
import { startOnChanges } from "../../src/services/catalogue-starts";
import type { Env } from "../../src/services/env";
import type { Fate } from "../support/chaos-d1";
import { faultyD1 } from "../support/chaos-d1";
import { track } from "../support/chaos-ledger";
import { scenario } from "../unit/scenarios/scenario";

const real = env as unknown as Env;
const { DB } = real;
const NOW = Date.UTC(2026, 4, 1, 9);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

beforeEach(async () => {
  const tables = ["products", "variants", "price_history", "stock_history", "catalogue_changes"];
  await DB.batch(tables.map((table) => DB.prepare(`DELETE FROM ${table}`)));
  await DB.prepare("DELETE FROM settings WHERE key LIKE 'catalogue:%'").run();
});

const words = {
  title: "Lamp",
  url: null,
  image: null,
  category: null,
  brand: null,
  daysSupply: null,
  replenishable: null,
  marginPct: null,
  reviewDelayDays: null,
};

interface Said {
  price?: number;
  currency?: string;
  from?: number;
  plan?: [from: number, amount: number][];
  stock?: number;
  uncounted?: true;
}

function lamp(at: number, { price, currency = "EUR", from = at, plan, stock, uncounted }: Said): StatedProduct {
  const sum = (amount: number) => ({ amount, compareAt: null, currency });
  return {
    product: "P",
    sku: "P",
    words,
    variantTitle: null,
    price: price === undefined ? null : sum(price),
    priceFrom: from,
    ...(plan ? { plan: plan.map(([begins, amount]) => ({ ...sum(amount), from: begins })) } : {}),
    stock: stock ?? null,
    ...(uncounted ? { stockUncounted: true } : {}),
    at,
  };
}

const say = (at: number, said: Said, source = "api"): Promise<void> => writeProducts(DB, [lamp(at, said)], source);

/** Kind, before, after, and hours since the start. */
async function news(): Promise<unknown[][]> {
  const { results } = await DB.prepare("SELECT kind, before, after, at FROM catalogue_changes ORDER BY id").all<{
    kind: string;
    before: number;
    after: number;
    at: number;
  }>();
  return results.map(({ kind, before, after, at }) => [kind, before, after, (at - NOW) / HOUR]);
}

async function prices(): Promise<unknown[][]> {
  const { results } = await DB.prepare(
    "SELECT price, effective_from AS at FROM price_history ORDER BY effective_from",
  ).all<{ price: number; at: number }>();
  return results.map(({ price, at }) => [price, (at - NOW) / HOUR]);
}

describe("what changes in the catalogue", () => {
  test("is no news when it is loaded for the first time, whatever else it says of times to come", async () => {
    await say(NOW, { price: 4_000, stock: 0, plan: [[NOW + HOUR, 5_000]] });
    expect(await news()).toEqual([]);
    expect(await prices()).toEqual([
      [4_000, 0],
      [5_000, 1],
    ]);
    // Another variant of a product that is known is loaded for the first time as well.
    await writeProducts(DB, [{ ...lamp(NOW + HOUR, { price: 100, stock: 3 }), sku: "P-2" }]);
    expect(await news()).toEqual([]);
  });

  test("a price that falls is told once, one that rises or stays is not", async () => {
    await say(NOW, { price: 4_000 });
    await say(NOW + HOUR, { price: 3_500 });
    await say(NOW + 2 * HOUR, { price: 3_500 });
    await say(NOW + 3 * HOUR, { price: 4_500 });
    expect(await news()).toEqual([["price_drop", 4_000, 3_500, 1]]);
    expect(await prices()).toEqual([
      [4_000, 0],
      [3_500, 1],
      [4_500, 3],
    ]);
  });

  test("of a product that is off sale is no news, and whoever states it anew puts it back on sale", async () => {
    await say(NOW, { price: 4_000, stock: 0, plan: [[NOW + 3 * HOUR, 3_000]] });
    await DB.prepare("UPDATE products SET gone_at = ?1")
      .bind(NOW + HOUR)
      .run();
    const bare = { ...lamp(NOW + 2 * HOUR, { price: 3_500, stock: 9 }), words: null };
    await writeProducts(DB, [bare]);
    await catalogueNews(DB, NOW + 4 * HOUR);
    await say(NOW, {});
    expect(await news()).toEqual([]);
    expect(await DB.prepare("SELECT gone_at FROM products").first()).toEqual({ gone_at: NOW + HOUR });
    await say(NOW + 5 * HOUR, { price: 2_000, stock: 3 });
    expect(await news()).toEqual([
      ["price_drop", 3_000, 2_000, 5],
      ["low_stock", 9, 3, 5],
    ]);
    expect(await DB.prepare("SELECT gone_at FROM products").first()).toEqual({ gone_at: null });
  });

  test("another currency, a price of the past and a price that began long ago are no fall", async () => {
    await say(NOW, { price: 4_000 });
    await say(NOW + HOUR, { price: 3_000, currency: "USD" });
    await say(NOW + 2 * HOUR, { price: 2_000, from: NOW - HOUR });
    await say(NOW + 3 * DAY, { price: 1_000, currency: "USD", from: NOW + HOUR + 1 });
    expect(await news()).toEqual([]);
  });

  test("a rise that is announced is told once, with the price of today and its day", async () => {
    await say(NOW, { price: 4_000 });
    const announced: Said = { price: 4_000, plan: [[NOW + 48 * HOUR, 5_000]] };
    await say(NOW + HOUR, announced);
    await say(NOW + 2 * HOUR, announced);
    expect(await news()).toEqual([["price_rise_announced", 4_000, 5_000, 48]]);
    await say(NOW + 3 * HOUR, { price: 5_500, from: NOW + 48 * HOUR });
    expect((await news()).slice(1)).toEqual([["price_rise_announced", 4_000, 5_500, 48]]);
  });

  test("a sale to come is no rise for its end, and a sale in force is told to end", async () => {
    await say(NOW, { price: 4_000 });
    const sale: [number, number][] = [
      [NOW + 10 * HOUR, 3_000],
      [NOW + 20 * HOUR, 4_000],
    ];
    await say(NOW + HOUR, { price: 4_000, plan: sale });
    expect(await news()).toEqual([]);
    expect(await prices()).toEqual([
      [4_000, 0],
      [3_000, 10],
      [4_000, 20],
    ]);
    await catalogueNews(DB, NOW + 11 * HOUR);
    await catalogueNews(DB, NOW + 11 * HOUR);
    expect(await news()).toEqual([["price_drop", 4_000, 3_000, 10]]);
    await say(NOW + 12 * HOUR, { price: 3_000, plan: [[NOW + 30 * HOUR, 4_000]] });
    expect((await news()).slice(1)).toEqual([["price_rise_announced", 3_000, 4_000, 30]]);
  });

  test("a source takes back what it announced itself and nothing else", async () => {
    await say(NOW, { price: 4_000 });
    await say(NOW + HOUR, { price: 6_000, from: NOW + 50 * HOUR }, "api");
    await say(NOW + HOUR, { price: 4_000, plan: [[NOW + 40 * HOUR, 5_000]] }, "feed:main");
    await say(NOW + 2 * HOUR, { price: 4_000, plan: [] }, "feed:main");
    expect(await prices()).toEqual([
      [4_000, 0],
      [6_000, 50],
    ]);
  });

  test("an announced fall is news when it comes into force, once, however often the cron runs or is late", async () => {
    await say(NOW, { price: 4_000, plan: [[NOW + 5 * HOUR, 2_000]] });
    await catalogueNews(DB, NOW + 4 * HOUR);
    expect(await news()).toEqual([]);
    await Promise.all([catalogueNews(DB, NOW + 90 * HOUR), catalogueNews(DB, NOW + 90 * HOUR)]);
    await catalogueNews(DB, NOW + 91 * HOUR);
    expect(await news()).toEqual([["price_drop", 4_000, 2_000, 5]]);
  });

  test("stock that comes back or runs low is told when it crosses the line", async () => {
    for (const [hour, stock] of [40, 12, 5, 4, 0, -2, 0, 3, 2, 9, 1].entries()) await say(NOW + hour * HOUR, { stock });
    expect(await news()).toEqual([
      ["low_stock", 12, 5, 2],
      ["back_in_stock", 0, 3, 7],
      ["low_stock", 9, 1, 10],
    ]);
  });

  test("stock that is only known to be there never counts as few pieces", async () => {
    await say(NOW, { stock: 40 });
    await say(NOW + HOUR, { stock: 1, uncounted: true });
    expect(await news()).toEqual([]);
    await say(NOW + 2 * HOUR, { stock: 0 });
    await say(NOW + 3 * HOUR, { stock: 1, uncounted: true });
    await say(NOW + 4 * HOUR, { stock: 1, uncounted: true });
    expect(await news()).toEqual([["back_in_stock", 0, 1, 3]]);
  });

  test("what comes late is history, and no news", async () => {
    await say(NOW, { price: 4_000, stock: 0 });
    await say(NOW + 2 * HOUR, { price: 4_500, stock: 4 });
    await say(NOW + HOUR, { price: 3_000, stock: 9 });
    expect(await news()).toEqual([["back_in_stock", 0, 4, 2]]);
  });

  test("gives the same news as a plain reading of what was said, repeats included", async () => {
    const saying = fc.record({ price: fc.integer({ min: 1, max: 4 }), stock: fc.integer({ min: -1, max: 8 }) });
    await fc.assert(
      fc
        .asyncProperty(fc.array(saying, { minLength: 1, maxLength: 8 }), async (sayings) => {
          const expected: unknown[][] = [];
          for (const [hour, one] of sayings.entries()) {
            const before = sayings[hour - 1];
            if (before && one.price < before.price) expected.push(["price_drop", before.price, one.price, hour]);
            if (before && before.stock <= 0 && one.stock >= 1)
              expected.push(["back_in_stock", before.stock, one.stock, hour]);
            if (before && before.stock > 5 && one.stock >= 1 && one.stock <= 5)
              expected.push(["low_stock", before.stock, one.stock, hour]);
            await say(NOW + hour * HOUR, one);
            await say(NOW + hour * HOUR, one);
          }
          expect(await news()).toEqual(expected);
        })
        .beforeEach(async () => {
          for (const table of ["price_history", "stock_history", "catalogue_changes"])
            await DB.prepare(`DELETE FROM ${table}`).run();
        }),
      { numRuns: 25 },
    );
  });
});

describe("a scenario that starts on prices that fall", () => {
  let turn = 0;
  let name = "";
  const services = (fate: (sql: string) => Fate = () => "well") => new Services({ ...real, DB: faultyD1(DB, fate) });

  /** A scenario of its own, the only one that is active; its run goes through `blocks`. */
  async function live(kind: ChangeKind, blocks: Parameters<typeof scenario>[0] = {}, more: object = {}): Promise<void> {
    name = `drops-${++turn}`;
    const params = { kind, audience: "wishlist", min_percent: 5, within: "P90D", ...more };
    const definition = scenario({
      start: { type: "start.catalogue", params, next: { next: Object.keys(blocks)[0] ?? "end" } },
      ...blocks,
      end: { type: "exit" },
    });
    const insert = "INSERT INTO scenarios (id, name, state, draft_version, live_version, created_at, updated_at)";
    await DB.batch([
      DB.prepare("UPDATE scenarios SET state = 'archived'"),
      DB.prepare(`${insert} VALUES (?1, ?1, 'active', 1, 1, 0, 0)`).bind(name),
      DB.prepare(
        "INSERT INTO scenario_versions (scenario, version, definition, created_at) VALUES (?1, 1, ?2, 0)",
      ).bind(name, JSON.stringify(definition)),
      DB.prepare("INSERT OR REPLACE INTO settings (key, value) VALUES ('revision', ?1)").bind(String(100 + turn)),
    ]);
    await Promise.all(
      services()
        .shards()
        .map((shard) => shard.refresh(100 + turn)),
    );
  }

  // Switched on before anything has changed.
  beforeEach(async () => {
    await DB.prepare("DELETE FROM wishlist_items").run();
    await live("price_drop");
  });

  /** Somebody with products on their wishlist. */
  async function wisher(who: string, ...products: string[]): Promise<void> {
    await services().append({ receivedAt: Date.now(), events: [track(`seen-${who}`, who, "Lamp Lit")] }, null);
    const sql =
      "INSERT INTO wishlist_items (source_id, contact, product_id, added_at, source, updated_at) " +
      "SELECT ?1 || value, c.id, value, ?3, 'test', ?3 FROM json_each(?2), contacts AS c WHERE c.external_id = ?1";
    await DB.prepare(sql).bind(who, JSON.stringify(products), Date.now()).run();
  }

  /** Prices that have fallen by so many percent, of products that are numbered on. */
  async function fall(percents: readonly number[], from = 0): Promise<void> {
    const sql =
      "INSERT INTO catalogue_changes (kind, product_id, sku, before, after, currency, at, seen_at) " +
      "SELECT 'price_drop', 'p' || CAST(key + ?3 AS INTEGER), 'p' || CAST(key + ?3 AS INTEGER), 1000, 1000 - 10 * value, 'EUR', ?2, ?2 FROM json_each(?1)";
    await DB.prepare(sql).bind(JSON.stringify(percents), Date.now(), from).run();
  }

  /** Who came in, by user and entry key. */
  async function entries(): Promise<string[]> {
    await services().ledger.settled();
    const sql =
      "SELECT c.external_id AS who, r.entry_key AS key FROM runs AS r JOIN contacts AS c ON c.id = r.contact " +
      "WHERE r.scenario = ?1 ORDER BY 1, 2";
    const { results } = await DB.prepare(sql).bind(name).all<{ who: string; key: string }>();
    return results.map(({ who, key }) => `${who} ${key}`);
  }

  test("lets a contact in once for all that fell at a time, by the greatest, however many these are (Appendix B 7)", async () => {
    const count = 1_700;
    await wisher("many", ...Array.from({ length: count }, (_, index) => `p${index}`));
    await wisher("few", "p3", "p1650", "p1699");
    await startOnChanges(services());
    await fall(Array.from({ length: count }, (_, index) => (index === 1_650 ? 60 : index === 700 ? 80 : 10)));
    for (let cron = 0; cron < 5; cron++) await startOnChanges(services());
    expect(await entries()).toEqual(["few price_drop:p1650:400", "many price_drop:p700:200"]);
    // What falls afterwards is news of its own.
    await fall([30], 3);
    await startOnChanges(services());
    expect(await entries()).toHaveLength(4);
  });

  test("tells a run of the product, and of its price and the one before in major units, or of its stock", async () => {
    const tell = { tell: { type: "emit.event", params: { event: "Told" }, next: { next: "end" } } };
    const told = async () => {
      await startOnChanges(services());
      await entries();
      const sql = "SELECT details ->> 'properties' AS about FROM acts WHERE scenario = ?1";
      return JSON.parse((await DB.prepare(sql).bind(name).first<string>("about")) ?? "null");
    };
    await wisher("told", "p4");
    await live("price_drop", tell);
    expect(await told()).toBeNull();
    await fall([37], 4);
    const product = { product_id: "p4", sku: "p4" };
    expect(await told()).toEqual({ ...product, kind: "price_drop", price: 6.3, price_before: 10, currency: "EUR" });
    await live("back_in_stock", tell);
    expect(await told()).toBeNull();
    const back =
      "INSERT INTO catalogue_changes (kind, product_id, sku, before, after, currency, at, seen_at) " +
      "VALUES ('back_in_stock', 'p4', 'p4', 0, 3, NULL, ?1, ?1)";
    await DB.prepare(back).bind(Date.now()).run();
    expect(await told()).toEqual({ ...product, kind: "back_in_stock", stock: 3 });
  });

  test("lets nobody in twice who was in before it died, whatever has changed since", async () => {
    await wisher("torn", "p0", "p1");
    await startOnChanges(services());
    await fall([50, 20]);
    const isPlace = (sql: string) => /UPDATE settings|INSERT INTO settings/.test(sql);
    // The ledger has taken them in; that they are in is not noted any more.
    let isIn = false;
    const dying = services((sql) => (isPlace(sql) && isIn ? "overloaded" : "well"));
    const append = dying.append.bind(dying);
    dying.append = async (...request) => {
      const answer = await append(...request);
      isIn = true;
      return answer;
    };
    await expect(startOnChanges(dying)).rejects.toThrow("overloaded");
    expect(await entries()).toEqual(["torn price_drop:p0:500"]);
    await DB.prepare("UPDATE wishlist_items SET removed_at = 1 WHERE product_id = 'p0'").run();
    await startOnChanges(services());
    await startOnChanges(services());
    expect(await entries()).toEqual(["torn price_drop:p0:500"]);
  });

  test("lets everybody in once wherever a call of the database fails, and by crons that overlap", async () => {
    for (const who of ["a", "b", "c"]) await wisher(`call-${who}`, "p0");
    const expected = ["a", "b", "c"].map((who) => `call-${who} price_drop:p0:500`);
    await startOnChanges(services());
    await fall([50]);
    for (let failing = 0; failing < 12; failing++) {
      let call = 0;
      await startOnChanges(services(() => (call++ === failing ? "answer lost" : "well"))).catch(() => undefined);
      expect(["", expected.join()]).toContain((await entries()).join());
    }
    await Promise.all([startOnChanges(services()), startOnChanges(services())]);
    expect(await entries()).toEqual(expected);
  });

  test("lets in no more than a wave, whatever call of the database fails, and by crons that overlap", async () => {
    for (let index = 0; index < 9; index++) await wisher(`wave-${index}`, "P");
    await live("back_in_stock", {}, { waves: { per_unit: 2, every: "PT1H" } });
    await say(Date.now() - HOUR, { price: 10, stock: 0 });
    await startOnChanges(services());
    await say(Date.now(), { price: 10, stock: 3 });
    const first = [0, 1, 2, 3, 4, 5].map((index) => `wave-${index}`);
    const came = async () => (await entries()).map((line) => line.split(" ")[0]);
    for (let failing = 0; failing < 12; failing++) {
      let call = 0;
      await startOnChanges(services(() => (call++ === failing ? "answer lost" : "well"))).catch(() => undefined);
      expect(["", first.join()]).toContain((await came()).join());
    }
    await Promise.all([startOnChanges(services()), startOnChanges(services())]);
    expect(await came()).toEqual(first);
    // An hour later the stock is another one.
    await say(Date.now() + 1, { stock: 1 });
    await DB.prepare(
      "UPDATE settings SET value = json_set(value, '$.nextAt', 0) WHERE key LIKE 'catalogue:wave:%'",
    ).run();
    await Promise.all([startOnChanges(services()), startOnChanges(services())]);
    expect(await came()).toEqual([...first, "wave-6", "wave-7"]);
  });

  test("plays no more lines in one cron than it has time for, and the rest in the next ones", async () => {
    const products = Array.from({ length: 230 }, (_, index) => `Q${String(index).padStart(3, "0")}`);
    const stocked = (at: number, stock: number) =>
      writeProducts(
        DB,
        products.map((product) => ({ ...lamp(at, { price: 10, stock }), product, sku: product })),
      );
    await wisher("patient", "Q229");
    await live("back_in_stock", {}, { waves: { per_unit: 1, every: "PT1H" } });
    await stocked(Date.now() - HOUR, 0);
    await startOnChanges(services());
    await stocked(Date.now(), 1);
    const lines = () => DB.prepare("SELECT count(*) AS n FROM settings WHERE key LIKE 'catalogue:wave:%'").first("n");
    await startOnChanges(services());
    expect([await lines(), await entries()]).toEqual([30, []]);
    await startOnChanges(services());
    expect((await entries()).map((line) => line.split(" ")[0])).toEqual(["patient"]);
    // Who waited behind the wave is looked for when it is due again.
    expect(await lines()).toBe(1);
  });

  test("tells of what came in again to those as well who began to wait behind the waves", async () => {
    await wisher("early", "P0");
    for (let index = 0; index < 3; index++) await wisher(`turn-${index}`, "P");
    await live("back_in_stock", {}, { waves: { per_unit: 1, every: "PT1H" } });
    await say(Date.now(), { price: 10, stock: 0 });
    await startOnChanges(services());
    await say(Date.now() + 1, { stock: 2 });
    await startOnChanges(services());
    const came = async () => (await entries()).map((line) => line.split(" ")[0]);
    expect(await came()).toEqual(["turn-0", "turn-1"]);
    // Somebody whom the shop has long known puts it on their list while there is none.
    await say(Date.now() + 2, { stock: 0 });
    await startOnChanges(services());
    await wisher("early", "P");
    await DB.prepare(
      "UPDATE settings SET value = json_set(value, '$.nextAt', 0) WHERE key LIKE 'catalogue:wave:%'",
    ).run();
    await say(Date.now() + 3, { stock: 9 });
    for (let cron = 0; cron < 3; cron++) await startOnChanges(services());
    expect(await came()).toEqual(["early", "turn-0", "turn-1", "turn-2"]);
    expect(await DB.prepare("SELECT count(*) AS n FROM settings WHERE key LIKE 'catalogue:wave:%'").first("n")).toBe(0);
  });

  test("tells of what came in again, however long ago the waves began", async () => {
    for (let index = 0; index < 4; index++) await wisher(`again-${index}`, "P");
    await live("back_in_stock", {}, { waves: { per_unit: 1, every: "PT1H" } });
    await say(Date.now(), { price: 10, stock: 0 });
    await startOnChanges(services());
    await say(Date.now() + 1, { stock: 1 });
    await startOnChanges(services());
    const came = async () => (await entries()).map((line) => line.split(" ")[0]);
    expect(await came()).toEqual(["again-0"]);
    // It was sold out for a month, and is back.
    await say(Date.now() + 2, { stock: 0 });
    await startOnChanges(services());
    const month = "json_set(value, '$.nextAt', 0, '$.begunAt', ?1)";
    const sql = `UPDATE settings SET value = ${month} WHERE key LIKE 'catalogue:wave:%'`;
    await DB.prepare(sql)
      .bind(Date.now() - 31 * 24 * HOUR)
      .run();
    await say(Date.now() + 3, { stock: 2 });
    await startOnChanges(services());
    expect(await came()).toEqual(["again-0", "again-1", "again-2"]);
  });
});
