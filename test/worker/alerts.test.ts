import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { deleteFeed, putFeed } from "../../src/commerce/feed-store";
import { Tally } from "../../src/events/tally";
import { writeSourceHours } from "../../src/events/tally-store";
import { readInbox } from "../../src/local/inbox-store";
import { alertInput } from "../../src/reports/alert-settings";
import { Services, servicesOf } from "../../src/services";
import { readAlertSettings, writeAlertSettings } from "../../src/services/alert-settings";
import { nextWatch, watchAlerts } from "../../src/services/alerts";
import type { Env } from "../../src/services/env";
import { runScheduled } from "../../src/services/scheduled";
import { readAllSources } from "../../src/services/sources";
import { DAY, HOUR, MINUTE } from "../../src/shared/clock";
import { faultyD1 } from "../support/chaos-d1";
import { track } from "../support/chaos-ledger";

const real = env as unknown as Env;
const services = servicesOf(real);
const { DB } = real;
const OPERATOR = "ops@shop.example";

async function alerts(): Promise<string[]> {
  const sql =
    "SELECT rule || CASE WHEN closed_at IS NULL THEN '' ELSE ' over' END AS said FROM alerts ORDER BY opened_at";
  return (await DB.prepare(sql).all<{ said: string }>()).results.map(({ said }) => said);
}

async function letters(): Promise<string[]> {
  return (await readInbox(DB, "email", OPERATOR)).map(({ subject }) => subject).reverse();
}

/** A request that has lain beside the ledger for so long. */
async function beside(ageMs: number, name: string): Promise<void> {
  const event = { ...track(name, "ann", "Lamp Lit"), at: Date.now() };
  const body = JSON.stringify({ receivedAt: Date.now() - ageMs, events: [event] });
  await DB.prepare("INSERT INTO side_journal (body) VALUES (?1)").bind(body).run();
}

beforeEach(async () => {
  await services.ledger.sweep();
  const emptied = ["alerts", "alert_notices", "source_hours", "sends", "side_journal"];
  await DB.batch(emptied.map((table) => DB.prepare(`DELETE FROM ${table}`)));
  await readInbox(DB, null, null);
  await DB.exec("DELETE FROM local_inbox");
  await writeAlertSettings(DB, { ...alertInput.parse({ emails: [OPERATOR] }), secretId: null });
});

describe("the ledger lags", () => {
  test("where something lies beside it for more than five minutes, until it is taken in", async () => {
    await beside(4 * MINUTE, "beside-young");
    await watchAlerts(services);
    expect(await alerts()).toEqual([]);
    await beside(6 * MINUTE, "beside-old");
    await DB.prepare("DELETE FROM side_journal WHERE body LIKE '%beside-young%'").run();
    await watchAlerts(services);
    await watchAlerts(services);
    expect(await alerts()).toEqual(["ledger-lag"]);
    await services.ledger.sweep();
    await watchAlerts(services);
    expect(await alerts()).toEqual(["ledger-lag over"]);
    expect(await letters()).toEqual([
      expect.stringContaining("Alert: The ledger lags behind"),
      expect.stringContaining("It is over: The ledger lags behind"),
    ]);
  });

  test("where contacts have not heard of a request for more than a minute", async () => {
    await services.append({ receivedAt: Date.now(), events: [track("heard", "ann", "Lamp Lit")] }, null);
    const late = "UPDATE journal SET wakes = '[]', received_at = ?1 WHERE seq = (SELECT applied FROM cursor)";
    const stuck = async (by: number, run: () => Promise<void>) => {
      await runInDurableObject(services.ledger as unknown as DurableObjectStub, (instance) => {
        const { core } = instance as unknown as { core: { applied: number } };
        Object.defineProperty(core, "position", {
          configurable: true,
          get: () => ({ applied: core.applied, woken: core.applied - by }),
        });
      });
      await run();
    };
    await DB.prepare(late)
      .bind(Date.now() - 50_000)
      .run();
    await stuck(1, () => watchAlerts(services));
    expect(await alerts()).toEqual([]);
    await DB.prepare(late)
      .bind(Date.now() - 70_000)
      .run();
    await stuck(1, () => watchAlerts(services));
    expect(await alerts()).toEqual(["ledger-lag"]);
    await stuck(0, () => watchAlerts(services));
    expect(await alerts()).toEqual(["ledger-lag over"]);
  });
});

/** Services with a clock of their own. */
function servicesAt(clock: { now: number }): Services {
  const mine = new Services(real);
  Object.defineProperty(mine, "clock", { value: { now: () => clock.now, realTimeOf: (at: number) => at } });
  return mine;
}

describe("a source is silent", () => {
  const heard = async (times: number[], life = "test") => {
    // A day at a time: the ledger counts no more than a hundred sources and hours at once.
    for (const day of new Set(times.map((at) => Math.floor(at / DAY)))) {
      const tally = new Tally();
      for (const at of times)
        if (Math.floor(at / DAY) === day) tally.note({ source: "shopify", at, events: 1, lastEventAt: at });
      await writeSourceHours(DB, life, tally.take(Number.POSITIVE_INFINITY));
    }
  };
  const begin = Math.floor(Date.now() / DAY) * DAY - 10 * DAY;
  const every = (step: number, days: number) =>
    Array.from({ length: (days * DAY) / step }, (_, index) => begin + index * step);
  /** What stands after days of silence, looked at now and then. */
  const told = async (mine: Services, clock: { now: number }, until: number) => {
    for (const step = (until - clock.now) / 5; clock.now < until; clock.now += step) await watchAlerts(mine);
    return alerts();
  };

  test.each([
    ["an hour", 5 * MINUTE],
    ["days, as it says little", 8 * HOUR],
  ])("after %s, and until it is heard again, however long that is", async (_, step) => {
    const times = every(step, 9);
    await heard(times);
    const last = times.at(-1) ?? 0;
    const clock = { now: last + HOUR };
    const mine = servicesAt(clock);
    expect(await told(mine, clock, last + 5 * DAY)).toEqual(["source-silent"]);
    expect(await told(mine, clock, last + 45 * DAY)).toEqual(["source-silent"]);
    const shown = await readAllSources(mine, await readAlertSettings(DB));
    expect(shown).toMatchObject([{ source: "shopify", state: "silent", lastAt: last }]);
    await heard([clock.now - MINUTE], "later");
    await watchAlerts(mine);
    expect(await alerts()).toEqual(["source-silent over"]);
  });

  test("after the time that is set, be it longer than anything is compared with, and until it is heard again", async () => {
    const silence = { sources: { shopify: "P25D" } };
    await writeAlertSettings(DB, { ...alertInput.parse({ emails: [OPERATOR], silence }), secretId: null });
    const last = begin;
    await heard([last]);
    const clock = { now: last + HOUR };
    const mine = servicesAt(clock);
    expect(await told(mine, clock, last + 24 * DAY)).toEqual([]);
    expect(await nextWatch(mine)).toBe(last + 25 * DAY);
    expect(await told(mine, clock, last + 40 * DAY)).toEqual(["source-silent"]);
  });
});

describe("messages wait", () => {
  const put = (nextAt: number) => {
    const columns = "contact, id, run, scenario, block, channel, class, content, content_version, address, data, state";
    return DB.prepare(
      `INSERT INTO sends (${columns}, open, attempts, next_at, lease_until, created_at, updated_at) ` +
        "VALUES (7, 'msg_1', 'run', 's', 'b', 'sms', 'marketing', 'cart_1', 1, 'a@b.test', '{}', 'queued', 1, 0, ?1, 0, ?1, ?1)",
    )
      .bind(nextAt)
      .run();
  };

  test("where they are ten minutes past their time, unless an operator holds them", async () => {
    await put(Date.now() - 9 * MINUTE);
    await watchAlerts(services);
    expect(await alerts()).toEqual([]);
    await DB.prepare("DELETE FROM sends").run();
    await put(Date.now() - 11 * MINUTE);
    await DB.prepare("INSERT INTO settings (key, value) VALUES ('kill', '[\"sms\"]')").run();
    await watchAlerts(services);
    expect(await alerts()).toEqual([]);
    await DB.prepare("DELETE FROM settings WHERE key = 'kill'").run();
    await watchAlerts(services);
    expect(await alerts()).toEqual(["sends-waiting"]);
  });
});

describe("an alert is told of once", () => {
  test("by watches that overlap, and by the cron beside them", async () => {
    await beside(6 * MINUTE, "overlap");
    await Promise.all([watchAlerts(services), watchAlerts(servicesOf({ ...real })), watchAlerts(services)]);
    expect(await alerts()).toEqual(["ledger-lag"]);
    await runScheduled(services, "*/5 * * * *");
    await runScheduled(services, "*/5 * * * *");
    expect(await letters()).toHaveLength(2);
  });

  test("where any answer of the database is lost, and the watch is run again", async () => {
    await beside(6 * MINUTE, "lost");
    let all = 0;
    const counting = faultyD1(DB, () => {
      all++;
      return "well";
    });
    await watchAlerts(servicesOf({ ...real, DB: counting } as Env));
    expect(await letters()).toHaveLength(1);
    let lost = 0;
    for (let fatal = 1; fatal < all; fatal++) {
      await DB.batch(["alerts", "alert_notices"].map((table) => DB.prepare(`DELETE FROM ${table}`)));
      await DB.exec("DELETE FROM local_inbox");
      let call = 0;
      const faulty = faultyD1(DB, () => (++call === fatal ? "answer lost" : "well"));
      await watchAlerts(servicesOf({ ...real, DB: faulty } as Env)).catch(() => lost++);
      // Whoever died with the lease is waited for; its claims too.
      await DB.exec("UPDATE settings SET value = '0' WHERE key LIKE 'lease:%'");
      await DB.exec("UPDATE alert_notices SET next_at = 0 WHERE state = 'open'");
      await watchAlerts(services);
      expect(await alerts(), `call ${fatal}`).toEqual(["ledger-lag"]);
      expect(await letters(), `call ${fatal}`).toHaveLength(1);
    }
    expect(lost).toBeGreaterThan(3);
  });
});

describe("alerts do not wait for what takes long", () => {
  test("or ends the cron: they are told of before a feed is read", async () => {
    const definition = { url: "http://127.0.0.1:9/feed.csv", format: "auto", every: "PT1H", currency: "EUR" } as const;
    const rest = { timezone: "UTC", columns: {}, paused: false };
    await putFeed(DB, "main", { ...definition, ...rest }, Date.now() - 2 * DAY, Date.now() - DAY);
    const told: string[][] = [];
    vi.stubGlobal("fetch", async () => {
      told.push(await letters());
      return new Response(null, { status: 500 });
    });
    await runScheduled(services, "*/5 * * * *");
    vi.unstubAllGlobals();
    await deleteFeed(DB, "main");
    expect(told).toEqual([[expect.stringContaining("Alert: A product feed fails: main")]]);
  });

  test("as a ledger that gives no answer does", async () => {
    await beside(6 * MINUTE, "hangs");
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const { ledger } = services;
    const hanging = new Services(real);
    Object.defineProperty(hanging, "ledger", {
      value: { sweep: () => answered.then(() => ledger.sweep()), standing: () => ledger.standing() },
    });
    const cron = runScheduled(hanging, "*/5 * * * *", 1);
    await vi.waitFor(async () => expect(await letters()).toHaveLength(1), { timeout: 60_000 });
    expect(await alerts()).toEqual(["ledger-lag"]);
    answer();
    await cron;
    expect(await DB.prepare("SELECT count(*) AS n FROM side_journal").first("n")).toBe(0);
  });
});

describe("what the ledger counted", () => {
  const count = async () => {
    const sql = "SELECT count(*) AS n, sum(events) AS events FROM source_hours WHERE source = 'http'";
    return DB.prepare(sql).first<{ n: number; events: number }>();
  };

  test("costs one row for a source and an hour, however many requests come and however often it is written", async () => {
    for (let request = 0; request < 20; request++) {
      await services.append(
        { receivedAt: Date.now(), source: "http", events: [track(`count-${request}`, "ann", "Lamp Lit")] },
        null,
      );
      if (request % 5 === 0) await services.ledger.sweep();
    }
    await Promise.all([services.ledger.standing(), services.ledger.sweep(), services.ledger.standing()]);
    const { n, events } = (await count()) ?? { n: 0, events: 0 };
    expect(events).toBe(20);
    // An hour may end under the test.
    expect(n).toBeLessThanOrEqual(2);
  });

  test("is written again where the database did not take it, and no event waits for it", async () => {
    await services.append(
      { receivedAt: Date.now(), source: "http", events: [track("first", "ann", "Lamp Lit")] },
      null,
    );
    await services.ledger.standing();
    const before = (await count())?.events ?? 0;
    await runInDurableObject(services.ledger as unknown as DurableObjectStub, async (instance) => {
      const { watch } = (
        instance as unknown as { ports: { watch: { ports: { db: D1Database }; flush(): Promise<void> } } }
      ).ports;
      const { db } = watch.ports;
      watch.ports.db = faultyD1(db, () => "overloaded");
      const { status } = await services.append(
        { receivedAt: Date.now(), source: "http", events: [track("kept", "ann", "Lamp Lit")] },
        null,
      );
      expect(status).toBe("stored");
      await expect(watch.flush()).rejects.toThrow("overloaded");
      watch.ports.db = db;
      await watch.flush();
    });
    expect((await count())?.events).toBe(before + 1);
  });
});
