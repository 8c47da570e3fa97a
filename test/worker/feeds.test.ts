import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createApp } from "../../src/app";
import { findFeed, listRuns, putFeed } from "../../src/commerce/feed-store";
import { Services, servicesOf } from "../../src/services";
import { nextWatch, watchAlerts } from "../../src/services/alerts";
import type { Env } from "../../src/services/env";
import { runFeeds } from "../../src/services/feeds/run";
import { DAY, HOUR, MINUTE } from "../../src/shared/clock";
import type { Fate } from "../support/chaos-d1";
import { faultyD1, strictD1 } from "../support/chaos-d1";

const real = env as unknown as Env;
const { DB } = real;
const URL_OF_FEED = "http://127.0.0.1:9/feed.csv";
const definition = {
  url: URL_OF_FEED,
  format: "auto",
  every: "P1D",
  currency: "EUR",
  timezone: "UTC",
  columns: {},
  paused: false,
} as const;
const NOW = Date.UTC(2026, 0, 5);

const csv = (...rows: string[]): string => ["id,title,price,quantity,availability", ...rows].join("\n");
const row = (id: string, price = "40.00", quantity = 10): string => `${id},Lamp,${price},${quantity},in_stock`;

const TABLES = ["products", "variants", "price_history", "stock_history", "catalogue_changes", "feeds", "feed_runs"];

beforeEach(async () => {
  await DB.batch(TABLES.map((table) => DB.prepare(`DELETE FROM ${table}`)));
  await DB.prepare("DELETE FROM settings").run();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** Services with a clock of their own over a database that may fail. */
function servicesAt(clock: { now: number }, fate: (sql: string) => Fate): Services {
  const services = new Services({ ...real, DB: faultyD1(DB, fate) });
  Object.defineProperty(services, "clock", { value: { now: () => clock.now, realTimeOf: (at: number) => at } });
  return services;
}

function answerWith(...texts: string[]): { asked: number } {
  const state = { asked: 0 };
  vi.stubGlobal("fetch", async () => new Response(texts[Math.min(state.asked++, texts.length - 1)]));
  return state;
}

/** What stands in the catalogue, without the times at which it was written. */
async function catalogue(): Promise<unknown> {
  const [prices, stocks, variants, changes] = await DB.batch([
    DB.prepare("SELECT product_id, price FROM price_history ORDER BY product_id, effective_from"),
    DB.prepare("SELECT product_id, stock FROM stock_history ORDER BY product_id, effective_from"),
    DB.prepare("SELECT product_id, feed, left_feed_at IS NULL AS listed FROM variants ORDER BY product_id"),
    DB.prepare("SELECT kind, product_id, before, after FROM catalogue_changes ORDER BY product_id, kind"),
  ]);
  return [prices, stocks, variants, changes].map((result) => result?.results);
}

const before = csv(...["a", "b", "c", "d", "e"].map((id) => row(id)));
const after = csv(row("a", "30.00"), row("b"), row("c", "40.00", 2), row("d", "35.00"), row("f"));

/** Runs steps until nothing is under way, five minutes apart, as the cron does. */
async function settle(services: Services, clock: { now: number }): Promise<number> {
  for (let steps = 1; steps <= 40; steps++) {
    clock.now += 6 * MINUTE;
    await runFeeds(services, { parts: 2, partItems: 3 }).catch(() => undefined);
    const feed = await findFeed(DB, "main");
    if (feed?.run === null && (feed.nextAt ?? 0) > clock.now) return steps;
  }
  throw new Error("the run does not end");
}

/** Loads one feed in peace. */
async function load(): Promise<void> {
  const clock = { now: NOW };
  answerWith(before);
  await putFeed(DB, "main", definition, clock.now, clock.now);
  await settle(
    servicesAt(clock, () => "well"),
    clock,
  );
}

/** Fetches what the feed says a day later, with a database that fails as it is told. */
async function loadNext(fate: (sql: string) => Fate): Promise<{ steps: number; state: unknown }> {
  const clock = { now: NOW + 25 * 60 * MINUTE };
  answerWith(after);
  const steps = await settle(servicesAt(clock, fate), clock);
  return { steps, state: await catalogue() };
}

describe("a feed's run", () => {
  test("goes on in steps, and says what it came to", async () => {
    await load();
    const { steps } = await loadNext(() => "well");
    expect(steps).toBeGreaterThan(1);
    const [last, first] = await listRuns(DB, "main", 5);
    expect(first).toMatchObject({ state: "done", items: 5, changed: 5, gone: 0, parts: 2, part: 2 });
    expect(last).toMatchObject({ state: "done", items: 5, changed: 4, gone: 1 });
    expect(last?.rowsWritten).toBeGreaterThan(0);
    expect((await real.ARCHIVE.list({ prefix: "feeds/" })).objects).toEqual([]);
  });

  test("comes to the same wherever a call of the database fails, before its effect or after it", async () => {
    vi.spyOn(console, "log").mockReturnValue();
    await load();
    const stash = TABLES.map((table) => DB.prepare(`CREATE TABLE stash_${table} AS SELECT * FROM ${table}`));
    const unstash = TABLES.flatMap((table) => [
      DB.prepare(`DELETE FROM ${table}`),
      DB.prepare(`INSERT INTO ${table} SELECT * FROM stash_${table}`),
    ]);
    await DB.batch(stash);
    const calls: string[] = [];
    const { state: expected } = await loadNext((sql) => {
      calls.push(sql);
      return "well";
    });
    expect(calls.length).toBeGreaterThan(10);
    const faults = calls.flatMap((_, failing) => [
      { failing, fault: "answer lost" as const },
      // What had no effect is the milder half: every third is enough.
      ...(failing % 3 === 0 ? [{ failing, fault: "overloaded" as const }] : []),
    ]);
    for (const { failing, fault } of faults) {
      await DB.batch([...unstash, DB.prepare("DELETE FROM settings")]);
      let call = 0;
      const { state } = await loadNext(() => (call++ === failing ? fault : "well"));
      expect(state, `${fault} at call ${failing}: ${calls[failing]}`).toEqual(expected);
    }
    await DB.batch(TABLES.map((table) => DB.prepare(`DROP TABLE stash_${table}`)));
  });

  test("may be written in letters of three bytes", async () => {
    const clock = { now: NOW };
    const wide = "灯".repeat(500);
    answerWith(
      [
        "id,title,brand,product_type,price",
        ...Array.from({ length: 600 }, (_, id) => `${id},${wide},${wide},${wide},40.00`),
      ].join("\n"),
    );
    await putFeed(DB, "main", definition, clock.now, clock.now);
    const services = servicesAt(clock, () => "well");
    Object.assign(services.env, { DB: strictD1(DB) });
    await runFeeds(services);
    expect(await listRuns(DB, "main", 1)).toMatchObject([{ state: "done", changed: 600 }]);
  });

  test("does not go on beside itself", async () => {
    const clock = { now: NOW };
    const counted = answerWith(before);
    await putFeed(DB, "main", definition, clock.now, clock.now);
    const services = servicesAt(clock, () => "well");
    await Promise.all([runFeeds(services), runFeeds(services), runFeeds(services)]);
    expect(counted.asked).toBe(1);
    expect(await listRuns(DB, "main", 5)).toMatchObject([{ state: "done", changed: 5 }]);
  });

  test("is given up where reading it ends the process time after time", async () => {
    const clock = { now: NOW };
    vi.stubGlobal("fetch", async () => {
      throw new Deadly();
    });
    await putFeed(DB, "main", definition, clock.now, clock.now);
    // What dies writes nothing more: neither that it failed nor that its lease is free.
    class Deadly extends Error {}
    let dead = false;
    const services = servicesAt(clock, (sql) => {
      if (/tries = /.test(sql)) dead = true;
      return dead && !/tries = /.test(sql) ? "overloaded" : "well";
    });
    for (let times = 0; times < 6; times++) {
      dead = false;
      clock.now += 6 * MINUTE;
      await runFeeds(services).catch(() => undefined);
    }
    expect((await listRuns(DB, "main", 1))[0]).toMatchObject({ state: "failed", reason: /several tries/ });
  });
});

describe("a feed that fails for ever", () => {
  const alerts = async (): Promise<unknown[]> => {
    const sql = "SELECT subject, closed_at IS NULL AS open FROM alerts WHERE rule = 'feed-failing' ORDER BY opened_at";
    return (await DB.prepare(sql).all()).results;
  };

  beforeEach(() => DB.batch(["alerts", "alert_notices"].map((table) => DB.prepare(`DELETE FROM ${table}`))));

  test("is an alert of its own, though another one is well, until it is had again", async () => {
    const clock = { now: NOW };
    const services = servicesAt(clock, () => "well");
    let isWell = true;
    vi.stubGlobal("fetch", async (url: string) =>
      isWell || url.endsWith("other.csv") ? new Response(before) : new Response(null, { status: 500 }),
    );
    await putFeed(DB, "main", { ...definition, every: "PT1H" }, clock.now, clock.now);
    await putFeed(DB, "other", { ...definition, url: "http://127.0.0.1:9/other.csv" }, clock.now, clock.now);
    await putFeed(DB, "paused", { ...definition, paused: true }, clock.now, null);
    /** Runs what is due every hour, and looks. */
    const hours = async (count: number) => {
      for (let hour = 0; hour < count; hour++) {
        await runFeeds(services);
        await watchAlerts(services);
        clock.now += HOUR;
      }
      return alerts();
    };
    await hours(2);
    isWell = false;
    const last = clock.now - HOUR;
    expect(await hours(23)).toEqual([]);
    expect(await nextWatch(services)).toBe(last + DAY);
    // By now no run is kept that ended well.
    expect(await hours(2)).toEqual([{ subject: "main", open: 1 }]);
    await putFeed(DB, "main", { ...definition, every: "PT2H" }, clock.now, clock.now);
    expect(await hours(1)).toEqual([{ subject: "main", open: 1 }]);
    isWell = true;
    expect(await hours(3)).toEqual([{ subject: "main", open: 0 }]);
  });
});

describe("the address of a feed in production", () => {
  const app = createApp();
  const production = {
    ...real,
    RELANCE_ENV: "production",
    OUTBOUND_HOSTS: "feeds.shop.test",
    SHOP_URL: "https://shop.test/",
  };
  const save = async (url: string): Promise<unknown[]> => {
    const init = {
      method: "POST",
      headers: { Authorization: "Bearer ak_local" },
      body: JSON.stringify({ key: "main", url }),
    };
    const answer = await app.fetch(new Request("https://relance.test/api/feeds", init), production);
    const { errors } = await answer.json<{ errors?: { pointer: string; detail: string }[] }>();
    return [answer.status, errors?.[0]?.pointer];
  };

  test.each([
    [
      "F01: loopback in any spelling",
      ["http://127.0.0.1", "http://2130706433", "https://0x7f.1", "https://127.1", "https://①②⑦.0.0.1"],
    ],
    [
      "F02: IPv6 addresses of one's own",
      ["https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[fd00::1]/", "https://[fe80::1]/"],
    ],
    ["F05: a host that the operator has not listed", ["https://rebind.attacker.test/", "https://127.0.0.1.nip.io/"]],
    [
      "F06: other ports and schemes",
      [
        "https://shop.test:22/",
        "https://shop.test:6379/",
        "http://shop.test/",
        "ftp://shop.test/",
        "file:///etc/passwd",
        "gopher://shop.test/",
      ],
    ],
  ])("%s is refused when it is saved, and leaves no row", async (_, urls) => {
    for (const url of urls) expect([url, ...(await save(url))]).toEqual([url, 400, "/url"]);
    expect(await findFeed(DB, "main")).toBeNull();
  });

  test("is taken at the shop's own host and at those that the operator lists", async () => {
    expect((await save("https://shop.test/feed.xml"))[0]).toBe(201);
    expect((await save("https://feeds.shop.test/feed.xml"))[0]).toBe(409);
  });

  test("F05: is not asked any more once the operator takes its host off the list", async () => {
    const counted = answerWith(before);
    await putFeed(DB, "main", { ...definition, url: "https://feeds.shop.test/feed.csv" }, 0, 0);
    const services = servicesOf({ ...production, OUTBOUND_HOSTS: "" });
    await runFeeds(services);
    expect(counted.asked).toBe(0);
    expect((await listRuns(DB, "main", 1))[0]).toMatchObject({
      state: "failed",
      reason: expect.stringContaining("has not allowed"),
    });
  });
});
