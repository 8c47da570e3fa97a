import { beforeAll, expect, test } from "vitest";
import type { LedgerEvent } from "../../src/events/event";
import { definitionInput } from "../../src/scenarios/definition";
import { withDefaults } from "../../src/scenarios/live";
import type { RehearsalPlan } from "../../src/scenarios/rehearsal-plan";
import { findRehearsal, listEntries, noteRehearsal } from "../../src/scenarios/rehearsal-store";
import { archiveKey, writeArchive } from "../../src/services/archive";
import { beginRehearsal, cancelRehearsal } from "../../src/services/rehearsals/begin";
import { rehearsalPrefix } from "../../src/services/rehearsals/spool";
import type { Sizes } from "../../src/services/rehearsals/work";
import { rehearseOn, SIZES } from "../../src/services/rehearsals/work";
import { alone, makeRehearsal } from "../../src/services/rehearse";
import { HOUR, MINUTE } from "../../src/shared/clock";
import { bindings, services, tablesOf } from "../support/marked";

const { DB, ARCHIVE } = bindings;
const PEOPLE = 30;
const START = Date.now() - 48 * HOUR;
const FOREVER = Number.POSITIVE_INFINITY;

/** Everybody is known, then each puts something in the cart at times of their own; some share a browser. */
function history(): LedgerEvent[] {
  const events: LedgerEvent[] = [];
  const base = { trust: "import", type: "track" } as const;
  for (let person = 0; person < PEOPLE; person++) {
    const user = `reh-${person}`;
    const traits = { email: `${user}@x.test`, phone: `+3361200${1000 + person}`, consent: { email: true, sms: true } };
    events.push({ ...base, type: "identify", id: `${user}-i`, name: "identify", at: START + person, user, traits });
    for (let round = 0; round < 4; round++) {
      const at = START + HOUR + round * 5 * HOUR + ((person * 37) % PEOPLE) * MINUTE;
      const anon = `browser-${person % 10}`;
      events.push({ ...base, id: `${user}-${round}`, name: "Rehearsed Thing", at, user, anon });
    }
  }
  return events;
}

const definition = (wait: string) =>
  definitionInput.parse({
    name: "Rehearsed",
    class: "marketing",
    holdout: 0.1,
    start: "start",
    reentry: { policy: "by_key", while_running: "refuse" },
    blocks: {
      start: { type: "start.event", params: { event: "Rehearsed Thing" }, next: { next: "wait" } },
      wait: { type: "wait.for", params: { duration: wait }, next: { next: "send" } },
      send: { type: "send.sms", params: { content: "second_purchase_sms" } },
    },
  });

beforeAll(async () => {
  const events = history();
  // The older half was archived long ago.
  const rows = events.map((event, seq) => ({ seq, received_at: Date.now(), events: [event] }));
  const half = rows.length / 2;
  await writeArchive(
    ARCHIVE,
    archiveKey("journal", [0]),
    rows.slice(0, half).map((row) => JSON.stringify(row)),
  );
  const insert = DB.prepare("INSERT INTO journal (seq, received_at, body) VALUES (?1, ?2, ?3)");
  await DB.batch(
    rows.slice(half).map(({ seq, received_at, events: own }) => insert.bind(seq, received_at, JSON.stringify(own))),
  );
  const version = DB.prepare(
    "INSERT INTO scenario_versions (scenario, version, definition, created_at) VALUES ('scn_reh', ?1, ?2, 0)",
  );
  await DB.batch([
    DB.prepare(
      "INSERT INTO scenarios (id, name, state, draft_version, created_at, updated_at) VALUES ('scn_reh', 'Rehearsed', 'draft', 2, 0, 0)",
    ),
    version.bind(1, JSON.stringify(definition("PT6H"))),
    version.bind(2, JSON.stringify(definition("PT1H"))),
  ]);
});

async function begin(id: string, change: Partial<RehearsalPlan> = {}): Promise<void> {
  const period = { from: START, to: START + 47 * HOUR };
  const plan = { version: 2, compare: 1, ...period, assume: null, others: [], until: 1_000_000, ...change };
  await noteRehearsal(DB, { id, scenario: "scn_reh", plan, createdAt: 5 });
}

/** What somebody sees of a rehearsal, without its id. */
async function seen(id: string) {
  const row = await findRehearsal(DB, id);
  const sides = [0, 1].map((side) => listEntries(DB, id, { side }, [0, ""], 1_000));
  return {
    status: row?.status,
    step: row?.step,
    events: row?.events,
    result: row?.result,
    sides: await Promise.all(sides),
  };
}

const files = async (id: string) => (await ARCHIVE.list({ prefix: rehearsalPrefix(id) })).objects.length;

async function whole(id: string, sizes: Sizes = SIZES) {
  await begin(id);
  expect(await rehearseOn(services, id, FOREVER, sizes)).toBe("done");
  return seen(id);
}

test("archive and journal are rehearsed, two versions are told apart, and nothing live is written", async () => {
  const rows = async () => {
    const tables = (await tablesOf()).filter((name) => !name.startsWith("rehearsal") && name !== "settings");
    const all = await DB.batch(tables.map((name) => DB.prepare(`SELECT * FROM ${name}`)));
    return JSON.stringify(all.map(({ results }) => results));
  };
  const before = await rows();
  const { status, step, events, result, sides } = await whole("reh_whole");
  expect({ status, step, events }).toEqual({ status: "done", step: null, events: PEOPLE * 5 });
  expect(result?.totals.entered).toBeGreaterThan(0);
  expect(sides[0]).toHaveLength((result?.totals.fired ?? 0) as number);
  // An hour lets everybody in each time; six hours refuse whoever is still on the way.
  expect(result?.compared?.refused).toHaveProperty("still_in");
  expect(result?.difference?.totals.entries_gained).toBe(result?.compared?.refused["still_in"]);
  expect(result?.totals.withheld).toHaveProperty("control_group");
  const { sms, withheld = {}, outcomes = {} } = result?.totals ?? {};
  expect(sms?.messages).toBe((outcomes["completed"] ?? 0) - (withheld["control_group"] ?? 0));
  expect(sms?.byCountry).toEqual({ FR: { messages: sms?.messages, segments: sms?.segments, milli: sms?.milli } });
  expect(await files("reh_whole")).toBe(0);
  expect(await rows()).toBe(before);
});

test("parts come to the same as the whole", async () => {
  const one = await whole("reh_one");
  const many = await whole("reh_many", { part: 7 });
  const { examples: _one, ...first } = one.result ?? { examples: [] };
  const { examples: _many, ...second } = many.result ?? { examples: [] };
  expect(second).toEqual(first);
  expect(many.sides).toEqual(one.sides);
});

test("killed after any step, it goes on to the same end", async () => {
  const sizes = { part: 20 };
  const { status, result, sides } = await whole("reh_through", sizes);
  await begin("reh_killed");
  let calls = 0;
  // Each call dies after a step and knows nothing of what the one before it had in memory.
  while ((await rehearseOn(services, "reh_killed", FOREVER, sizes, 1)) !== "done") calls++;
  expect(calls).toBeGreaterThan(4);
  expect(await seen("reh_killed")).toMatchObject({ status, result, sides });
});

test("a step that was worked and not noted is worked again", async () => {
  const sizes = { part: 20 };
  const expected = await whole("reh_sure", sizes);
  await begin("reh_again");
  for (let steps = 0; steps < 4; steps++) {
    const row = await findRehearsal(DB, "reh_again");
    await rehearseOn(services, "reh_again", FOREVER, sizes, 1);
    // As if the process had died just before it noted how far it was.
    await DB.prepare("UPDATE rehearsals SET step = ?2, events = ?3 WHERE id = ?1")
      .bind("reh_again", JSON.stringify(row?.step), row?.events ?? 0)
      .run();
    await rehearseOn(services, "reh_again", FOREVER, sizes, 1);
  }
  await rehearseOn(services, "reh_again", FOREVER, sizes);
  expect(await seen("reh_again")).toEqual(expected);
});

test("a rehearsal that is cancelled leaves nothing behind", async () => {
  await begin("reh_cancelled");
  for (let steps = 0; steps < 3; steps++) await rehearseOn(services, "reh_cancelled", FOREVER, { part: 20 }, 1);
  expect(await files("reh_cancelled")).toBeGreaterThan(0);
  expect(await cancelRehearsal(services, "reh_cancelled")).toMatchObject({ status: "cancelled" });
  await rehearseOn(services, "reh_cancelled", FOREVER);
  expect(await seen("reh_cancelled")).toEqual({
    ...(await seen("reh_cancelled")),
    result: null,
    step: null,
    sides: [[], []],
  });
  expect(await files("reh_cancelled")).toBe(0);
});

test("a version that there is not cannot be rehearsed", async () => {
  const asked = { scenario: "scn_reh", from: START, to: START + HOUR };
  await expect(beginRehearsal(services, "reh_no", { ...asked, compare: 9 })).rejects.toThrow("no such version");
  await expect(beginRehearsal(services, "reh_no", { ...asked, scenario: "scn_no" })).rejects.toThrow("no scenario");
});

test("a scenario that starts on a row of a table hears of it", async () => {
  const starting = (table: string) =>
    definitionInput.parse({
      name: "Row",
      start: "start",
      reentry: { policy: "by_key" },
      blocks: {
        start: { type: "start.interaction", params: { table }, next: { next: "end" } },
        end: { type: "exit", params: {} },
      },
    });
  const event = (id: string, more: Partial<LedgerEvent>): LedgerEvent => {
    return { id, type: "track", name: "", at: START, trust: "secret", user: "row-1", ...more };
  };
  const told = [
    event("row-a", { type: "identify", name: "identify", traits: { email: "row-1@x.test" } }),
    event("row-b", { name: "Product Reviewed", properties: { review_id: "r1", product_id: "p1", rating: 2 } }),
    event("row-c", { name: "Product Viewed", properties: { product_id: "p1" } }),
  ];
  const heard = (table: string) => {
    const period = { from: START, to: START + HOUR, programme: null };
    const rehearsal = makeRehearsal(services, alone("scn_row", 1, withDefaults(starting(table))), period);
    for (const [index, one] of told.entries()) rehearsal.play({ at: START + index, seq: index, index: 0, event: one });
    return rehearsal.finish().entries.map(({ entry_key }) => entry_key);
  };
  expect(heard("reviews")).toEqual(["reviews:r1"]);
  expect(heard("wishlist_items")).toEqual([]);
});
