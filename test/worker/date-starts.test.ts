import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { previewLate } from "../../src/admin/back-population-actions";
import { backPopulation } from "../../src/admin/back-population-schema";
import {
  activateScenario,
  archiveScenario,
  createScenario,
  pauseScenario,
  scenarioOf,
} from "../../src/admin/scenario-actions";
import type { LedgerEvent } from "../../src/events/event";
import type { ScenarioDefinition } from "../../src/scenarios/definition";
import { Services } from "../../src/services";
import { letInLate } from "../../src/services/back-population";
import { nextDate, startOnDates } from "../../src/services/date-starts";
import type { Env } from "../../src/services/env";
import { evaluateTargets } from "../../src/services/sweep";
import { DAY, HOUR, MINUTE } from "../../src/shared/clock";
import type { Fate } from "../support/chaos-d1";
import { faultyD1 } from "../support/chaos-d1";
import { scenario } from "../unit/scenarios/scenario";

const real = env as unknown as Env;
const { DB } = real;
const at = (text: string): number => Date.parse(text);
const iso = (moment: number | null): string | null =>
  moment === null ? null : new Date(moment).toISOString().replace(":00.000Z", "Z");

const SINCE = at("2026-05-01T00:00Z");
let turn = 0;
let name = "";
let now = SINCE;

/** Services whose clock stands at `now`, over a database that fails as it is told. */
function services(fate: (sql: string) => Fate = () => "well"): Services {
  const mine = new Services({ ...real, DB: faultyD1(DB, fate) });
  Object.defineProperty(mine, "clock", { value: { now: () => now, realTimeOf: (moment: number) => moment } });
  return mine;
}

/** Publishes a scenario that starts on a date, in place of all others. */
async function begins(params: object): Promise<void> {
  await DB.prepare("UPDATE scenarios SET state = 'archived'").run();
  await beginsToo(params);
}

/** The same, beside what is there. */
async function beginsToo(params: object): Promise<void> {
  name = `dates-${++turn}`;
  const whole = scenario({ start: { type: "start.date", params, next: { next: "end" } }, end: { type: "exit" } });
  const columns = "id, name, state, draft_version, live_version, created_at, updated_at, active_since";
  await DB.batch([
    DB.prepare(`INSERT INTO scenarios (${columns}) VALUES (?1, ?1, 'active', 1, 1, 0, ?2, ?2)`).bind(name, SINCE),
    DB.prepare("INSERT INTO scenario_versions (scenario, version, definition, created_at) VALUES (?1, 1, ?2, 0)").bind(
      name,
      JSON.stringify(whole),
    ),
  ]);
  await published();
}

async function published(): Promise<void> {
  await DB.prepare("INSERT OR REPLACE INTO settings (key, value) VALUES ('revision', ?1)")
    .bind(String(++revision))
    .run();
  await services().ledger.refresh();
  await Promise.all(
    services()
      .shards()
      .map((shard) => shard.refresh(revision)),
  );
}

let revision = 1_000;
let told = 0;

/** The shop says who somebody is, at `when`. */
async function knows(user: string, traits: object, when = SINCE - 90 * DAY): Promise<void> {
  const event: LedgerEvent = {
    ...{ id: `told-${++told}`, type: "identify", name: "identify", at: when, trust: "secret", user },
    traits: { ...traits },
  };
  await services().append({ receivedAt: when, events: [event] }, null);
}

/** Lets time pass in steps of crons, and looks at each. */
async function cron(until: string, step = 6 * HOUR, run = () => startOnDates(services())): Promise<void> {
  for (; now < at(until); now = Math.min(now + step, at(until))) await run();
  await run();
}

/** Who came in, with key and time of entry. */
async function entries(): Promise<string[]> {
  await services().ledger.settled();
  const sql =
    "SELECT c.external_id AS who, r.entry_key AS key, r.entered_at AS at FROM runs AS r " +
    "JOIN contacts AS c ON c.id = r.contact WHERE r.scenario = ?1 AND r.outcome IS NOT 'refused' ORDER BY 3, 1";
  const { results } = await DB.prepare(sql).bind(name).all<{ who: string; key: string; at: number }>();
  return results.map((row) => `${row.who} ${row.key} ${iso(row.at)}`);
}

beforeEach(async () => {
  now = SINCE;
  // Whoever other tests know has no date any more.
  await DB.prepare("UPDATE contacts SET birth_date = NULL, attributes = '{}'").run();
});

describe("a scenario that starts on a date", () => {
  test("lets each contact in at the time of day of their own clocks, by the year", async () => {
    await begins({ field: "birth_date" });
    await knows("d-paris", { birth_date: "1990-05-04", timezone: "Europe/Paris" });
    await knows("d-tokyo", { birth_date: "1991-05-04", timezone: "Asia/Tokyo" });
    await knows("d-none", { birth_date: "1991-05-04", timezone: "Mars/Olympus" });
    await knows("d-later", { birth_date: "1991-05-05", timezone: "Pacific/Kiritimati" });
    await knows("d-other", { birth_date: "1991-06-04" });
    await cron("2026-05-04T12:00Z");
    expect(await entries()).toEqual([
      "d-tokyo birth_date:2026 2026-05-04T00:00Z",
      "d-paris birth_date:2026 2026-05-04T07:00Z",
      "d-none birth_date:2026 2026-05-04T09:00Z",
    ]);
    await cron("2026-05-05T12:00Z");
    expect((await entries()).slice(3)).toEqual(["d-later birth_date:2026 2026-05-04T19:00Z"]);
  });

  test("lets nobody in for what had fallen before it was active, or was known only afterwards", async () => {
    await begins({ field: "birth_date", at: "23:45" });
    await knows("d-before", { birth_date: "1990-04-30" });
    await knows("d-after", { birth_date: "1990-05-01" });
    await cron("2026-05-02T00:30Z");
    await knows("d-late", { birth_date: "1990-05-01" }, now);
    // However old it says that it is.
    await knows("d-backdated", { birth_date: "1989-05-01" }, at("2026-04-01T00:00Z"));
    await cron("2026-05-03T00:00Z");
    expect(await entries()).toEqual(["d-after birth_date:2026 2026-05-01T23:45Z"]);
  });

  test("goes by when it was active without a pause, and lets go what fell meanwhile", async () => {
    await begins({ field: "birth_date" });
    await knows("d-paused", { birth_date: "1990-05-04" });
    await knows("d-resumed", { birth_date: "1990-05-05" });
    await cron("2026-05-04T08:00Z");
    await DB.prepare("UPDATE scenarios SET state = 'paused' WHERE id = ?1").bind(name).run();
    await published();
    await cron("2026-05-04T10:00Z");
    await DB.prepare("UPDATE scenarios SET state = 'active', active_since = ?2 WHERE id = ?1").bind(name, now).run();
    await published();
    await cron("2026-05-05T10:00Z");
    expect(await entries()).toEqual(["d-resumed birth_date:2026 2026-05-05T09:00Z"]);
  });

  test("lets go what fell more than a day ago while no cron came", async () => {
    await begins({ field: "birth_date" });
    await knows("d-missed", { birth_date: "1990-05-02" });
    await knows("d-caught", { birth_date: "1990-05-04" });
    await cron("2026-05-02T08:00Z");
    now = at("2026-05-05T08:55Z");
    await startOnDates(services());
    expect(await entries()).toEqual(["d-caught birth_date:2026 2026-05-04T09:00Z"]);
  });

  test("leaves out a birth date of less than 30 days, where that is asked for (C04)", async () => {
    await begins({ field: "birth_date", settled: true });
    await knows("d-stood", { birth_date: "1990-05-04" }, at("2026-04-04T09:00Z"));
    await knows("d-fresh", { birth_date: "1990-05-04" }, at("2026-04-04T09:01Z"));
    await cron("2026-05-05T00:00Z");
    expect(await entries()).toEqual(["d-stood birth_date:2026 2026-05-04T09:00Z"]);
  });

  test("reads a property of the contact, days before and after", async () => {
    await begins({ field: "attribute", name: "ends", offset_days: -3, at: "18:30" });
    await knows("d-ends", { ends: "2026-05-10", timezone: "Europe/Paris" });
    await knows("d-moment", { ends: "2026-05-09T23:00:00Z", timezone: "Europe/Paris" });
    await knows("d-yearly", { ends: "2025-05-10" });
    await knows("d-odd", { ends: "2026-05-10, perhaps" });
    await cron("2026-05-08T00:00Z");
    expect(await entries()).toEqual([
      "d-ends attribute.ends:2026-05-10 2026-05-07T16:30Z",
      "d-moment attribute.ends:2026-05-10 2026-05-07T16:30Z",
    ]);
    // Another date is another occasion.
    await knows("d-ends", { ends: "2026-05-12" }, now);
    await cron("2026-05-10T00:00Z");
    expect((await entries()).at(-1)).toBe("d-ends attribute.ends:2026-05-12 2026-05-09T16:30Z");
  });

  test("knows first and last orders, and the registration", async () => {
    const order = async (user: string, id: string, when: string): Promise<void> => {
      const event = {
        id: `bought-${id}`,
        type: "track",
        name: "Order Completed",
        at: at(when),
        trust: "secret",
        user,
      } as const;
      await services().append(
        { receivedAt: at(when), events: [{ ...event, properties: { order_id: id, total: 10 } }] },
        null,
      );
    };
    await order("d-buyer", "o1", "2025-05-03T10:00Z");
    await order("d-buyer", "o2", "2026-04-03T10:00Z");
    await begins({ field: "first_order", yearly: true });
    await cron("2026-05-04T00:00Z");
    expect(await entries()).toEqual(["d-buyer first_order:2026 2026-05-03T09:00Z"]);
    now = SINCE;
    await begins({ field: "last_order", offset_days: 30 });
    await cron("2026-05-04T00:00Z");
    expect(await entries()).toEqual(["d-buyer last_order:2026-04-03 2026-05-03T09:00Z"]);
    now = SINCE;
    await knows("d-new", {}, at("2026-04-30T12:00Z"));
    await begins({ field: "created", offset_days: 2 });
    await cron("2026-05-02T12:00Z");
    expect(await entries()).toContain("d-new created:2026-04-30 2026-05-02T09:00Z");
  });

  test("knows when points run out, as long as they are not spent (Appendix B 11)", async () => {
    for (const who of ["d-points", "d-spent", "d-part"]) await knows(who, {});
    const lot = (who: string, id: string, left: number, expires: string | null) =>
      DB.prepare(
        "INSERT INTO loyalty_lots (contact, id, points, points_left, returned, earned_at, expires_at, base) " +
          "SELECT id, ?2, 10, ?3, 0, 0, ?4, 0 FROM contacts WHERE external_id = ?1",
      ).bind(who, id, left, expires && at(expires));
    await DB.batch([
      lot("d-points", "a", 10, "2026-05-10T12:00Z"),
      lot("d-points", "b", 10, "2026-05-10T15:00Z"),
      lot("d-points", "c", 5, "2026-05-12T12:00Z"),
      lot("d-points", "d", 5, null),
      lot("d-spent", "a", 10, "2026-05-10T12:00Z"),
      lot("d-part", "a", 10, "2026-05-10T12:00Z"),
      DB.prepare(
        "UPDATE contacts SET status = 'merged', merged_into = (SELECT id FROM contacts WHERE external_id = 'd-paris') WHERE external_id = 'd-part'",
      ),
    ]);
    await begins({ field: "points_expire", offset_days: -7 });
    await cron("2026-05-02T00:00Z");
    await DB.prepare(
      "UPDATE loyalty_lots SET points_left = 0 WHERE contact = (SELECT id FROM contacts WHERE external_id = 'd-spent')",
    ).run();
    await cron("2026-05-06T00:00Z");
    expect(await entries()).toEqual([
      "d-paris points_expire:2026-05-10 2026-05-03T07:00Z",
      "d-points points_expire:2026-05-10 2026-05-03T09:00Z",
      "d-points points_expire:2026-05-12 2026-05-05T09:00Z",
    ]);
  });

  test("lets each in once, however many there are, by crons beside each other and over and over again", async () => {
    await begins({ field: "birth_date", at: "00:00" });
    const count = 1_100;
    const events = Array.from({ length: count }, (_, index): LedgerEvent => {
      const who = { id: `many-${index}`, user: `d-many-${index}`, traits: { birth_date: "1990-05-01" } };
      return { ...who, type: "identify", name: "identify", at: SINCE - DAY, trust: "secret" };
    });
    for (let first = 0; first < count; first += 500) {
      await services().append({ receivedAt: SINCE - DAY, events: events.slice(first, first + 500) }, null);
    }
    now = SINCE + 5 * MINUTE;
    await Promise.all([startOnDates(services()), startOnDates(services()), startOnDates(services())]);
    await startOnDates(services());
    expect(await entries()).toHaveLength(count);
    // A second computation of the same day finds them all, and lets nobody in.
    await DB.prepare("DELETE FROM settings WHERE key LIKE 'dates:%'").run();
    await startOnDates(services());
    expect(await entries()).toHaveLength(count);
    const sql = "SELECT count(*) AS n FROM runs WHERE scenario = ?1";
    expect(await DB.prepare(sql).bind(name).first("n")).toBe(count);
  });

  test("lets everybody in once wherever a call of the database fails", async () => {
    await begins({ field: "birth_date" });
    for (const who of ["a", "b"]) await knows(`d-torn-${who}`, { birth_date: "1990-05-01" });
    now = at("2026-05-01T09:00Z");
    const expected = ["a", "b"].map((who) => `d-torn-${who} birth_date:2026 2026-05-01T09:00Z`);
    let failed = 0;
    for (let failing = 0; failing < 12; failing++) {
      let call = 0;
      await startOnDates(services(() => (call++ === failing ? "answer lost" : "well"))).catch(() => failed++);
      expect(["", expected.join()]).toContain((await entries()).join());
    }
    expect(failed).toBeGreaterThan(0);
    await startOnDates(services());
    expect(await entries()).toEqual(expected);
  });

  test("is not kept waiting by another one that fails", async () => {
    await begins({ field: "attribute", name: "ends" });
    await beginsToo({ field: "birth_date" });
    await knows("d-waits", { birth_date: "1990-05-01" });
    now = at("2026-05-01T09:00Z");
    const failing = services((sql) => (sql.includes("json_extract") ? "overloaded" : "well"));
    await expect(startOnDates(failing)).rejects.toThrow("overloaded");
    expect(await entries()).toEqual(["d-waits birth_date:2026 2026-05-01T09:00Z"]);
  });

  test("keeps to one entry a year where the contact changes date or clocks", async () => {
    await begins({ field: "birth_date" });
    await knows("d-moves", { birth_date: "1990-05-04", timezone: "Asia/Tokyo" });
    await cron("2026-05-04T03:00Z");
    await knows("d-moves", { timezone: "America/New_York" }, now);
    await cron("2026-05-04T20:00Z");
    await DB.prepare("UPDATE contacts SET birth_date = '1990-05-06' WHERE external_id = 'd-moves'").run();
    await cron("2026-05-06T20:00Z");
    expect(await entries()).toEqual(["d-moves birth_date:2026 2026-05-04T00:00Z"]);
  });

  test("says when it is due next, and is done with a quarter of an hour in which nothing can fall", async () => {
    await begins({ field: "birth_date", at: "09:05" });
    await knows("d-next", { birth_date: "1990-05-04", timezone: "Asia/Kathmandu" });
    await startOnDates(services());
    const found: (string | null)[] = [];
    for (let turns = 0; turns < 2; turns++) {
      now = (await nextDate(services(), now)) ?? 0;
      found.push(iso(now));
      await startOnDates(services());
    }
    // And looks again a month later.
    expect(found).toEqual(["2026-05-04T03:20Z", "2026-06-03T03:20Z"]);
    const place = () =>
      DB.prepare("SELECT value FROM settings WHERE key = ?1").bind(`dates:starts:${name}`).first("value");
    const before = await place();
    now += 14 * MINUTE;
    await startOnDates(services());
    expect(await place()).toBe(before);
  });
});

describe("who was past a scenario’s beginning when it was switched on", () => {
  const end = { type: "exit", params: { reason: "end" } };
  const inactivity = { duration: "PT1H", moved_by: "cart_events" };
  const carts = scenario({
    start: { type: "start.event", params: { event: "cart.abandoned", inactivity }, next: { next: "wait" } },
    wait: { type: "wait.for", params: { duration: "P300D" }, next: { next: "end" } },
    end,
  });
  const target = (text: string) =>
    scenario({
      start: { type: "start.targeting", params: { rule: club(text), every: "P1D" }, next: { next: "end" } },
      end,
    });
  const club = (value: string) => ({ type: "attribute", name: "club", as: "text", op: "is", value }) as const;

  /** Makes a draft of it, in place of all others. */
  async function drafts(definition: ScenarioDefinition): Promise<void> {
    name = `late-${++turn}`;
    await DB.batch([
      DB.prepare("UPDATE scenarios SET state = 'archived'"),
      DB.prepare("DELETE FROM settings WHERE key LIKE 'back:%'"),
    ]);
    await createScenario(services(), name, { template: null, definition });
  }
  const activates = (late: object | null, ofServices = services()) =>
    activateScenario(ofServices, name, null, null, late && backPopulation.parse(late));
  const hourly = (until: string, fate?: (sql: string) => Fate) =>
    cron(until, HOUR, () => letInLate(services(fate)).catch(() => undefined));
  const members = async (count: number, value: string) => {
    for (let index = 0; index < count; index++) {
      await knows(`${value}-${String(index).padStart(2, "0")}`, { club: value });
    }
  };

  test("comes in over days, within the daily cap, once, whatever fails on the way (Appendix B 38)", async () => {
    await drafts(target("gold"));
    await members(30, "gold");
    const { definition } = await scenarioOf(services(), name);
    const preview = await previewLate(services(), definition, backPopulation.parse({ days: 2, daily_cap: 10 }));
    expect(preview).toEqual({ contacts: 30, perDay: 10, days: 3 });
    await activates({ days: 2, daily_cap: 10 });
    await evaluateTargets(services());
    expect(await entries()).toEqual([]);
    let failures = 0;
    const unsure = (sql: string): Fate =>
      sql.includes("UPDATE settings") && failures++ % 3 === 0 ? "overloaded" : "well";
    for (const [day, count] of [
      ["02", 10],
      ["03", 20],
    ] as const) {
      await hourly(`2026-05-${day}T00:00Z`, unsure);
      // The hour that a day ends with is the first of the next.
      const held = (await entries()).length;
      expect(held).toBeGreaterThanOrEqual(count);
      expect(held).toBeLessThanOrEqual(count + 1);
    }
    expect(failures).toBeGreaterThan(10);
    await hourly("2026-05-06T00:00Z");
    expect(new Set((await entries()).map((line) => line.split(" ")[0])).size).toBe(30);
    expect(await entries()).toHaveLength(30);
    // From then on the target is evaluated as any other.
    await knows("gold-new", { club: "gold" }, now);
    await evaluateTargets(services());
    expect(await entries()).toHaveLength(31);
  });

  test("waits while the scenario is paused, and is not let in all at once behind that", async () => {
    await drafts(target("silver"));
    await members(12, "silver");
    await activates({ days: 1 });
    await hourly("2026-05-01T03:00Z");
    const before = (await entries()).length;
    await pauseScenario(services(), name);
    await hourly("2026-05-01T20:00Z");
    expect(await entries()).toHaveLength(before);
    await activates(null);
    await letInLate(services());
    expect((await entries()).length).toBeLessThanOrEqual(before + 1);
    await archiveScenario(services(), name);
    await hourly("2026-05-04T00:00Z");
    expect((await entries()).length).toBeLessThanOrEqual(before + 1);
  });

  test("of a cart comes in with it: the cart as it was left, and what ends such a run ends this one", async () => {
    const adds = async (user: string, when: number) => {
      const event: LedgerEvent = {
        ...{ id: `cart-${++told}`, type: "track", name: "Product Added", at: when, trust: "secret", user },
        properties: { cart_id: `c-${user}`, product_id: "lamp", price: 10 },
      };
      await services().append({ receivedAt: when, events: [event] }, null);
    };
    for (const user of ["k-left", "k-again", "k-fresh", "k-old"]) await knows(user, { email: `${user}@shop.test` });
    await adds("k-left", now - 2 * HOUR);
    await adds("k-again", now - 3 * HOUR);
    await adds("k-fresh", now - 5 * MINUTE);
    await adds("k-old", now - 60 * DAY);
    await drafts(carts);
    await activates({ days: 1 });
    await hourly("2026-05-01T02:00Z");
    const keys = await entries();
    expect(keys).toMatchObject([
      `k-left c-k-left@${new Date(SINCE - 2 * HOUR).toISOString()} ${iso(SINCE)}`,
      `k-again c-k-again@${new Date(SINCE - 3 * HOUR).toISOString()} ${iso(SINCE + HOUR)}`,
    ]);
    await adds("k-again", now);
    await services().ledger.settled();
    const reason = DB.prepare("SELECT reason FROM runs WHERE scenario = ?1 AND entry_key LIKE 'c-k-again%'").bind(name);
    expect(await reason.first("reason")).toBe("cart_changed");
  });

  test("is not known for other starts, nor where the scenario has run before: a clear refusal", async () => {
    const asked = { type: "start.api", params: {}, next: { next: "end" } };
    await drafts(scenario({ start: asked, end }));
    await expect(activates({ days: 3 })).rejects.toMatchObject({ code: "unprocessable" });
    const reaches = { type: "start.loyalty", params: { on: "tier_reached" }, next: { next: "end" } };
    await drafts(scenario({ start: reaches, end }));
    await expect(activates({ days: 3 })).rejects.toMatchObject({ code: "unprocessable" });
    await drafts(target("bronze"));
    await activates(null);
    await expect(activates({ days: 3 })).rejects.toMatchObject({ code: "conflict" });
  });
});
