// Who was past a scenario's beginning when it was switched on, where events or moves within segments begin it.
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { previewLate } from "../../src/admin/back-population-actions";
import { backPopulation } from "../../src/admin/back-population-schema";
import { activateScenario, createScenario, reviseScenario, scenarioOf } from "../../src/admin/scenario-actions";
import type { LedgerEvent } from "../../src/events/event";
import type { ScenarioDefinition } from "../../src/scenarios/definition";
import { Services } from "../../src/services";
import { archiveKey, writeArchive } from "../../src/services/archive";
import { letInLate, progressOf } from "../../src/services/back-population";
import type { Env } from "../../src/services/env";
import { DAY, HOUR } from "../../src/shared/clock";
import type { Fate } from "../support/chaos-d1";
import { faultyD1 } from "../support/chaos-d1";
import { scenario } from "../unit/scenarios/scenario";

const real = env as unknown as Env;
const { DB } = real;
const SINCE = Date.parse("2026-05-01T00:00Z");
let now = SINCE;
let turn = 0;
let told = 0;
let name = "";

/** Services whose clock stands at `now`, over a database that fails as it is told. */
function services(fate: (sql: string) => Fate = () => "well"): Services {
  const mine = new Services({ ...real, DB: faultyD1(DB, fate) });
  Object.defineProperty(mine, "clock", { value: { now: () => now, realTimeOf: (moment: number) => moment } });
  return mine;
}

/** Something is told at `when`. */
async function tell(what: Partial<LedgerEvent>, when: number): Promise<void> {
  const event = { id: `told-${++told}`, type: "track", name: "", at: when, trust: "secret", ...what };
  await services().append(
    { receivedAt: Math.max(when, what.trust === "import" ? SINCE : when), events: [event as LedgerEvent] },
    null,
  );
}

const comes = (user: string, traits: object = {}) =>
  tell({ type: "identify", name: "identify", user, traits: { ...traits } }, SINCE - 400 * DAY);
const looks = (user: string, product: string, when: number, what: Partial<LedgerEvent> = {}) =>
  tell({ name: "Lamp Seen", user, properties: { product, price: 20 }, ...what }, when);

const end = { type: "exit", params: { reason: "end" } };
const wait = { type: "wait.for", params: { duration: "P300D" }, next: { next: "end" } };
type Settings = Parameters<typeof scenario>[1];

function onEvent(params: object = {}, settings: Settings = {}): ScenarioDefinition {
  const start = { type: "start.event", params: { event: "Lamp Seen", ...params }, next: { next: "wait" } };
  return scenario({ start, wait, end }, settings);
}

/** Makes a draft of it, in place of all others. */
async function drafts(definition: ScenarioDefinition): Promise<void> {
  name = `late-${++turn}`;
  now = SINCE;
  await DB.batch([
    DB.prepare("UPDATE scenarios SET state = 'archived'"),
    DB.prepare("DELETE FROM settings WHERE key LIKE 'back:%'"),
  ]);
  await createScenario(services(), name, { template: null, definition });
}

async function preview(asked: object = {}): Promise<number> {
  const { definition } = await scenarioOf(services(), name);
  return (await previewLate(services(), definition, backPopulation.parse(asked))).contacts;
}

const activates = (asked: object) => activateScenario(services(), name, null, null, backPopulation.parse(asked));

/** Lets hours pass, with a look at each; a look that fails is made good by the next. */
async function hours(count: number, fate?: (sql: string) => Fate): Promise<void> {
  for (let hour = 0; hour < count; hour++, now += HOUR) await letInLate(services(fate)).catch(() => undefined);
}

/** Who came in, by which key, in order; refusals as well. */
async function entries(): Promise<string[]> {
  await services().ledger.settled();
  const sql =
    "SELECT c.external_id AS who, r.entry_key AS key, r.reason FROM runs AS r JOIN contacts AS c ON c.id = r.contact " +
    "WHERE r.scenario = ?1 ORDER BY r.entered_at, 1, 2";
  const { results } = await DB.prepare(sql).bind(name).all<{ who: string; key: string; reason: string | null }>();
  return results.map(({ who, key, reason }) => [who, key, ...(reason === null ? [] : [reason])].join(" "));
}

const plan = async () =>
  JSON.parse((await DB.prepare("SELECT value FROM settings WHERE key = ?1").bind(`back:${name}`).first("value")) ?? "");

describe("a scenario that starts on an event, switched on late", () => {
  test("lets in whoever the journal tells of, by key, as the start, the filter and the period have it", async () => {
    for (const user of ["ann", "bob", "cleo", "dan"]) await comes(user, { club: user === "bob" ? "silver" : "gold" });
    await looks("ann", "a", SINCE - 40 * DAY);
    await looks("ann", "b", SINCE - 9 * DAY);
    await looks("ann", "b", SINCE - 8 * DAY);
    await looks("ann", "c", SINCE - 7 * DAY);
    await looks("bob", "b", SINCE - 6 * DAY);
    await looks("cleo", "d", SINCE - 5 * DAY, { properties: { product: "d", price: 5 } });
    await tell({ name: "Chair Seen", user: "dan", properties: { product: "e", price: 20 } }, SINCE - 4 * DAY);
    const where = [{ property: "price", as: "number", op: "gte", value: 10 }];
    const filter = { type: "attribute", name: "club", as: "text", op: "is", value: "gold" };
    await drafts(onEvent({ where, key: "product" }, { filter }));
    expect(await preview()).toBe(2);
    expect(await preview({ within_days: 50 })).toBe(3);
    expect(await preview({ within_days: 7 })).toBe(1);
    await activates({ days: 1 });
    await hours(26);
    expect(await entries()).toEqual(["ann b", "ann c"]);
    // What a run of theirs is about came along.
    const about = `"scenario":"${name}","key":"c","about":{"product":"c","price":20}`;
    const run = await DB.prepare("SELECT count(*) AS n FROM journal WHERE instr(body, ?1)").bind(about).first("n");
    expect(run).toBe(1);
    expect(await plan()).toMatchObject({ done: true, total: 2, letIn: 2 });
  });

  test("lets each contact in once where its runs are to be one in a life", async () => {
    for (const product of ["a", "b", "c"]) await looks("once", product, SINCE - 3 * DAY);
    await comes("once");
    await drafts(onEvent({ key: "product" }, { reentry: { policy: "once" } }));
    const others = await preview();
    await activates({ days: 1, daily_cap: 24 });
    await hours(24);
    expect((await entries()).filter((line) => line.startsWith("once"))).toEqual(["once a"]);
    expect(await entries()).toHaveLength(others);
  });

  test("believes nobody whom life would not have believed, and takes loaded history along", async () => {
    await comes("eve");
    const [drunk, own] = [{ name: "Tea Drunk" }, { name: "Tea Drunk", user: "eve" }];
    const key = { properties: { cup: "robot" } };
    await tell({ ...drunk, anon: "robot", trust: "write", bot: true, ...key }, SINCE - DAY);
    await tell({ ...own, trust: "write", properties: { cup: "claimed" } }, SINCE - DAY);
    await tell({ ...own, trust: "import", properties: { cup: "loaded" } }, SINCE - 20 * DAY);
    await tell({ ...own, trust: "import", properties: { cup: "loaded long ago" } }, SINCE - 200 * DAY);
    await tell(
      {
        ...drunk,
        anon: "nobody",
        trust: "write",
        properties: { cup: "visitor" },
      },
      SINCE - DAY,
    );
    // A browser that has been two people's: whose cup it was, nobody can say.
    await comes("fay");
    for (const user of ["fay", "eve"]) {
      await tell({ type: "identify", name: "identify", user, anon: "shared", trust: "token" }, SINCE - 3 * DAY);
      await tell(
        {
          ...drunk,
          anon: "shared",
          trust: "write",
          properties: { cup: `of ${user}` },
        },
        SINCE - 2 * DAY,
      );
    }
    await tell({ type: "identify", name: "identify", user: "eve", anon: "hers", trust: "token" }, SINCE - 3 * DAY);
    await tell({ ...drunk, anon: "hers", trust: "write", properties: { cup: "hers" } }, SINCE - 2 * DAY);
    const hers = { ...drunk, anon: "hers" };
    await tell({ ...hers, user: "mallory", trust: "write", properties: { cup: "of mallory" } }, SINCE - DAY);
    await tell({ ...hers, user: "eve", trust: "write", properties: { cup: "hers again" } }, SINCE - DAY);
    // A user who is gone is not whoever has the browser by now.
    await tell({ ...hers, user: "gone", trust: "secret", properties: { cup: "of somebody gone" } }, SINCE - DAY);
    await DB.prepare("DELETE FROM identities WHERE identity = 'u:gone'").run();
    await DB.prepare(
      "INSERT OR REPLACE INTO identities (identity, contact) SELECT 'a:hers', id FROM contacts WHERE external_id = 'eve'",
    ).run();
    await DB.prepare("DELETE FROM shared_browsers WHERE browser = 'a:hers'").run();
    await drafts(onEvent({ event: "Tea Drunk", key: "cup" }));
    await activates({ days: 1 });
    await hours(24);
    expect(await entries()).toEqual(["eve loaded", "eve hers", "eve hers again"]);
  });

  test("lets go who has bought since, where an order ends such a run", async () => {
    for (const user of ["gus", "hal"]) {
      await comes(user);
      await tell({ name: "Cake Seen", user }, SINCE - 5 * DAY);
    }
    const properties = { order_id: "o-hal", total: 10, products: [{ product_id: "cake", price: 10 }] };
    await tell({ name: "Order Completed", user: "hal", properties }, SINCE - 4 * DAY);
    await drafts(onEvent({ event: "Cake Seen" }, { stop_on: ["order"] }));
    expect(await preview()).toBe(1);
    await drafts(onEvent({ event: "Cake Seen" }, { stop_on: [] }));
    expect(await preview()).toBe(2);
  });

  test("reads the archive, and goes on in it where the journal is archived on the way", async () => {
    await comes("ivy");
    for (const page of ["1", "2", "3", "4"]) {
      await tell({ name: "Page Turned", user: "ivy", properties: { page } }, SINCE - 6 * DAY + Number(page) * HOUR);
    }
    const archive = async (count: number) => {
      const { results } = await DB.prepare(
        "SELECT seq, received_at, body FROM journal WHERE body LIKE '%Page Turned%' ORDER BY seq LIMIT ?1",
      )
        .bind(count)
        .all<{ seq: number; received_at: number; body: string }>();
      const [first, last] = [results[0]?.seq ?? 0, results.at(-1)?.seq ?? 0];
      const lines = results.map(({ seq, received_at, body }) =>
        JSON.stringify({ seq, received_at, events: JSON.parse(body) as unknown }),
      );
      await writeArchive(real.ARCHIVE, archiveKey("journal", [first]), lines);
      await DB.prepare("DELETE FROM journal WHERE seq BETWEEN ?1 AND ?2").bind(first, last).run();
    };
    await archive(2);
    await drafts(onEvent({ event: "Page Turned", key: "page" }));
    expect(await preview()).toBe(4);
    await activates({ days: 1, daily_cap: 24 });
    await hours(3);
    expect(await entries()).toHaveLength(3);
    await archive(1);
    await hours(21);
    expect(await entries()).toEqual(["ivy 1", "ivy 2", "ivy 3", "ivy 4"]);
  });

  test("keeps to the daily cap and lets everybody in once, whatever fails on the way (Appendix B 38)", async () => {
    const users = Array.from({ length: 30 }, (_, index) => `many-${String(index).padStart(2, "0")}`);
    for (const user of users) await comes(user);
    // In one request, so that a page ends in the midst of a row.
    const events = users.map((user, index): LedgerEvent => {
      return { id: `fair-${index}`, type: "track", name: "Fair Visited", at: SINCE - DAY, trust: "secret", user };
    });
    await services().append({ receivedAt: SINCE - DAY, events }, null);
    await drafts(onEvent({ event: "Fair Visited" }, { reentry: { policy: "once" } }));
    const { definition } = await scenarioOf(services(), name);
    expect(await previewLate(services(), definition, backPopulation.parse({ days: 2, daily_cap: 10 }))).toEqual({
      contacts: 30,
      perDay: 10,
      days: 3,
    });
    await activates({ days: 2, daily_cap: 10 });
    let failures = 0;
    const unsure = (sql: string): Fate =>
      sql.includes("UPDATE settings") && failures++ % 3 === 0 ? "overloaded" : "well";
    await hours(24, unsure);
    expect((await entries()).length).toBeLessThanOrEqual(11);
    expect((await entries()).length).toBeGreaterThanOrEqual(9);
    await hours(72, unsure);
    expect(failures).toBeGreaterThan(10);
    const came = await entries();
    expect(new Set(came.map((line) => line.split(" ")[0]))).toEqual(new Set(users));
    expect(came).toHaveLength(30);
    expect(await plan()).toMatchObject({ done: true, letIn: 30 });
  });

  test("says of whom the door turned away, for coming too often in a day, that they were not let in", async () => {
    await comes("ola");
    for (let page = 0; page < 25; page++) {
      await tell({ name: "Leaf Turned", user: "ola", properties: { page } }, SINCE - 6 * DAY + page * HOUR);
    }
    await drafts(onEvent({ event: "Leaf Turned", key: "page" }));
    await activates({ days: 1, daily_cap: 100 });
    let writes = 0;
    const unsure = (sql: string): Fate =>
      sql.includes("UPDATE settings") && writes++ % 5 === 3 ? "answer lost" : "well";
    for (let hour = 0; hour < 24; hour++) {
      await hours(1, unsure);
      await services().ledger.settled();
    }
    expect(writes).toBeGreaterThan(10);
    const refused = (await entries()).filter((line) => line.endsWith("too_many_entries"));
    expect(refused.length).toBeGreaterThan(0);
    const come = { letIn: 25 - refused.length, refused: refused.length };
    expect(await progressOf(services(), { scenario: name, text: "", plan: await plan() })).toEqual(come);
  });

  test.each([
    ["on something else", "start.targeting", { rule: { type: "orders.count", op: "gte", value: 0 }, every: "P1D" }],
    ["on what the journal does not hold", "start.loyalty", { on: "points_earned", at_least: 1 }],
  ])("ends, and says why, where a later version starts %s", async (_, type, params) => {
    for (const user of ["pia", "quin", "rob"]) {
      await comes(user);
      await tell({ name: "Shelf Seen", user }, SINCE - DAY);
    }
    await drafts(onEvent({ event: "Shelf Seen" }));
    await activates({ days: 3, daily_cap: 1 });
    await hours(1);
    expect(await entries()).toHaveLength(1);
    const start = { type, params, next: { next: "wait" } };
    await reviseScenario(services(), name, { template: null, definition: scenario({ start, wait, end }) }, null);
    await activateScenario(services(), name, null, null);
    await hours(48);
    expect(await entries()).toHaveLength(1);
    expect(await plan()).toMatchObject({ done: true, ended: "start_changed", letIn: 1 });
  });
});

describe("a scenario that starts on a move into a segment, switched on late", () => {
  const moves = (to: string | null | undefined): ScenarioDefinition => {
    const start = {
      type: "start.segment",
      params: { family: "club", ...(to !== undefined && { to }) },
      next: { next: "wait" },
    };
    return scenario(
      { start, wait, end },
      {
        filter: { type: "attribute", name: "mood", as: "text", op: "is", value: "good" },
      },
    );
  };
  const member = (user: string, segment: string, since: number) =>
    DB.prepare(
      "INSERT INTO segment_members (family, contact, segment, since) SELECT 'club', id, ?2, ?3 FROM contacts WHERE external_id = ?1",
    ).bind(user, segment, since);

  test("lets in who is in it, came within the period and passes the filter; the key is that of the move", async () => {
    for (const user of ["jan", "kim", "leo", "mia", "ned"])
      await comes(user, { mood: user === "mia" ? "bad" : "good" });
    await DB.batch([
      member("jan", "gold", SINCE - 2 * DAY),
      member("kim", "gold", SINCE - 60 * DAY),
      member("leo", "silver", SINCE - 2 * DAY),
      member("mia", "gold", SINCE - 2 * DAY),
      member("ned", "gold", Date.parse("2026-04-20T00:00Z")),
    ]);
    await drafts(moves("gold"));
    expect(await preview()).toBe(2);
    expect(await preview({ within_days: 90 })).toBe(3);
    await activates({ days: 1, daily_cap: 24 });
    await hours(26);
    expect(await entries()).toEqual(["jan club:gold:2026", "ned club:gold:2026"]);
    expect(await plan()).toMatchObject({ done: true, letIn: 2 });
    // A move of this year is the same occasion: it begins nothing a second time.
    const move = { family: "club", from: "silver", to: "gold", cause: "act" };
    await tell(
      {
        type: "internal",
        name: "segment.changed",
        trust: "internal",
        contact: await contactOf("jan"),
        properties: move,
      },
      now,
    );
    expect(await entries()).toHaveLength(2);
  });

  test("needs a named segment: of who left, nobody can say when", async () => {
    await drafts(moves(undefined));
    await expect(preview()).rejects.toMatchObject({ code: "unprocessable" });
    await drafts(moves(null));
    await expect(preview()).rejects.toMatchObject({ code: "unprocessable" });
  });

  async function contactOf(user: string): Promise<number> {
    return (await DB.prepare("SELECT id FROM contacts WHERE external_id = ?1").bind(user).first<number>("id")) ?? -1;
  }
});
