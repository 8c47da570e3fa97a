// What stored rehearsals say of what life has decided, on the real runtime, beside whatever else was live.
import { beforeAll, expect, test } from "vitest";
import type { ScenarioDefinition } from "../../src/scenarios/definition";
import { withDefaults } from "../../src/scenarios/live";
import { listEntries } from "../../src/scenarios/rehearsal-store";
import { keepCatalogue } from "../../src/services/feeds/keep";
import { assumptionsFor } from "../../src/services/rehearsals/assumptions";
import { beginRehearsal, rehearsalOf } from "../../src/services/rehearsals/begin";
import { rehearseOn } from "../../src/services/rehearsals/work";
import { DAY } from "../../src/shared/clock";
import { contactOf, DB, give, live, of, quiet, runsOf, services } from "../support/acts-world";
import { scenario } from "../unit/scenarios/scenario";

beforeAll(() => services.ready());

const exit = { type: "exit" };
const starts = (event: string) => ({ type: "start.event", params: { event }, next: { next: "act" } });
const mail = { type: "send.email", params: { content: "second_purchase_thanks" }, next: { next: "exit" } };
const text = { type: "send.sms", params: { content: "second_purchase_sms" }, next: { next: "exit" } };
const waits = { type: "wait.for", params: { duration: "P2D" }, next: { next: "exit" } };
const group = (priority: number) => ({ exclusion_group: "one", priority });

const traits = (user: string, phone: string) => ({
  ...of(`${user}-known`, user, ""),
  type: "identify" as const,
  traits: { email: `${user}@beside.test`, phone, consent: { email: true, sms: true } },
});

/** Rehearses the version that is live, over what has happened since a moment and a week more. */
async function rehearsed(id: string, of: string, from: number) {
  await beginRehearsal(services, id, { scenario: of, from, to: Date.now() + 7 * DAY });
  expect(await rehearseOn(services, id, 60_000, { part: 7 })).toBe("done");
  const row = await rehearsalOf(services, id);
  const entries = await listEntries(DB, id, { side: 0 }, [0, ""], 1_000);
  const outcomes = entries.map(({ external_id: who, outcome, reason }) => `${who} ${outcome} ${reason}`).sort();
  return { outcomes, totals: row.result?.totals, assumptions: await assumptionsFor(services, row) };
}

/** What came of a scenario's runs in life. */
async function lived(users: readonly string[], id: string): Promise<string[]> {
  const lines = await Promise.all(
    users.map(async (user) => {
      const runs = (await runsOf(user)).filter((run) => run.scenario === id);
      return runs.map(({ outcome, reason }) => `${user} ${outcome} ${reason}`);
    }),
  );
  return lines.flat().sort();
}

async function beside(id: string, version: number, definition: ScenarioDefinition, share: number): Promise<void> {
  await DB.batch([
    DB.prepare("INSERT INTO scenario_versions (scenario, version, definition, created_at) VALUES (?1, ?2, ?3, 0)").bind(
      id,
      version,
      JSON.stringify(definition),
    ),
    DB.prepare("UPDATE scenarios SET challenger_version = ?2, challenger_share = ?3 WHERE id = ?1").bind(
      id,
      version,
      share,
    ),
    DB.prepare("UPDATE settings SET value = value + 1000 WHERE key = 'revision'"),
  ]);
  await services.ledger.refresh();
}

test("whom a live scenario of the same group keeps out, and where messages of others meet its own", async () => {
  await live({
    first: scenario({ start: starts("First"), act: waits, exit }, group(60)),
    second: scenario({ start: starts("Second"), act: mail, exit }, group(40)),
    third: scenario({ start: starts("Second"), act: text, exit }),
  });
  const from = Date.now();
  await give(traits("xena", "+33612000001"), traits("yann", "+33612000002"));
  await give(of("x-1", "xena", "First"));
  await quiet();
  await give(of("x-2", "xena", "Second"), of("y-2", "yann", "Second"));
  await quiet();
  const { outcomes, totals, assumptions } = await rehearsed("reh_group", "second", from);
  expect(outcomes).toEqual(await lived(["xena", "yann"], "second"));
  expect(totals).toMatchObject({
    entered: 1,
    overlap: { kept_out: 1, messages: 1, contacts: 1, by: { third: { messages: 1, contacts: 1 } } },
  });
  expect(assumptions).toContain("others_alongside");
  expect(assumptions).not.toContain("test_left_out");
});

test("a test of two versions that runs beside it has the contacts of life", async () => {
  const users = Array.from({ length: 8 }, (_, index) => `half-${index}`);
  const first = scenario({ start: starts("Half"), act: waits, exit }, group(60));
  await live({ first, second: scenario({ start: starts("Whole"), act: waits, exit }, group(40)) });
  await beside("first", 2, { ...scenario({ start: starts("Half"), act: waits, exit }), name: "No group" }, 0.5);
  const from = Date.now();
  await give(...users.map((user) => of(`${user}-1`, user, "Half")));
  await quiet();
  await give(...users.map((user) => of(`${user}-2`, user, "Whole")));
  await quiet();
  const was = await lived(users, "second");
  expect(new Set(was).size).toBe(8);
  expect(was.filter((line) => line.includes("refused")).length).toBeGreaterThan(0);
  expect(was.filter((line) => line.includes("refused")).length).toBeLessThan(8);
  const { outcomes } = await rehearsed("reh_half", "second", from);
  // In life two days are not over.
  const refusals = (lines: readonly string[]) => lines.filter((line) => line.includes("refused"));
  expect(refusals(outcomes)).toEqual(refusals(was));
  expect(outcomes).toHaveLength(8);
  expect((await rehearsed("reh_tested", "first", from)).assumptions).toContain("test_left_out");
});

test("a split that is decided sends everybody to its winner, and the rehearsal says so", async () => {
  const arms = [
    { name: "a", weight: 99 },
    { name: "b", weight: 1 },
  ];
  const params = { arms, winner_by: { figure: "goal", after: "P9D" } };
  const ends = Object.fromEntries(arms.map(({ name }) => [name, { type: "exit", params: { reason: `way_${name}` } }]));
  const act = { type: "split.random", params, next: { a: "a", b: "b" } };
  await live({ split: withDefaults(scenario({ start: starts("Split"), act, ...ends })) });
  await DB.prepare("INSERT INTO split_winners VALUES ('split', 1, 'act', 'b', 0, 'goal', 'time', '[]')").run();
  await DB.prepare("UPDATE settings SET value = value + 1000 WHERE key = 'revision'").run();
  await services.ledger.refresh();
  const from = Date.now();
  const users = ["sam", "sue", "sid"];
  await give(...users.map((user) => of(`${user}-1`, user, "Split")));
  await quiet();
  const { outcomes, assumptions } = await rehearsed("reh_split", "split", from);
  expect(outcomes).toEqual(users.map((user) => `${user} completed way_b`).sort());
  expect(outcomes).toEqual(await lived(users, "split"));
  expect(assumptions).toContain("winners_of_today");
});

test("a price that fell lets in whoever had the product on their wishlist then", async () => {
  const params = { kind: "price_drop", audience: "wishlist", min_percent: 10, within: "P30D" };
  const act = { type: "exit", params: { reason: "told" } };
  await live({
    drop: withDefaults(scenario({ start: { type: "start.catalogue", params, next: { next: "act" } }, act })),
  });
  const from = Date.now();
  await DB.prepare("UPDATE scenarios SET updated_at = ?1").bind(from).run();
  const sets = (id: string, price: number) =>
    of(id, "shop", "Product Updated", { product_id: "vase", name: "Vase", price, currency: "EUR" });
  const wish = (id: string, user: string, name = "Product Added to Wishlist") =>
    of(id, user, name, { product_id: "vase" });
  await give(sets("vase-1", 50), wish("w-1", "wanda"), wish("w-2", "wim"), wish("w-3", "wes"));
  await give(wish("w-4", "wim", "Product Removed from Wishlist"));
  await give(sets("vase-2", 40));
  await quiet();
  await keepCatalogue(services);
  await quiet();
  // Too late for the news of then, and gone before the next.
  await give(wish("w-5", "will"), wish("w-6", "wes", "Product Removed from Wishlist"));
  const { outcomes, assumptions } = await rehearsed("reh_drop", "drop", from);
  expect(outcomes).toEqual(["wanda completed told", "wes completed told"]);
  expect(outcomes).toEqual(await lived(["wanda", "wim", "wes", "will"], "drop"));
  expect(assumptions).toContain("noted_changes");
});

test("a segment is asked as of the moment", async () => {
  const params = { family: "level", segments: ["gold", "silver"] };
  const ways = ["gold", "silver", "other"];
  const ends = Object.fromEntries(ways.map((way) => [way, { type: "exit", params: { reason: way } }]));
  const act = { type: "switch.segment", params, next: Object.fromEntries(ways.map((way) => [way, way])) };
  await live({ level: withDefaults(scenario({ start: starts("Level"), act, ...ends })) });
  const from = Date.now();
  await give(of("lea-0", "lea", "Hello"));
  const contact = await contactOf("lea");
  const move = async (before: string | null, to: string | null) => {
    const values = ["level", contact, Date.now()] as const;
    const insert = "INSERT INTO segment_transitions (family, contact, at, from_segment, to_segment, cause)";
    await DB.prepare(`${insert} VALUES (?1, ?2, ?3, ?4, ?5, 'act')`)
      .bind(...values, before, to)
      .run();
    await DB.prepare("DELETE FROM segment_members WHERE contact = ?1").bind(contact).run();
    if (to === null) return;
    await DB.prepare("INSERT INTO segment_members (family, contact, since, segment) VALUES (?1, ?2, ?3, ?4)")
      .bind(...values, to)
      .run();
  };
  const ask = async (id: string) => {
    await give(of(id, "lea", "Level"));
    await quiet();
  };
  await ask("lea-1");
  await move(null, "silver");
  await ask("lea-2");
  await move("silver", "gold");
  await ask("lea-3");
  await move("gold", null);
  await ask("lea-4");
  const { outcomes, assumptions } = await rehearsed("reh_level", "level", from);
  expect(outcomes).toEqual(["gold", "other", "other", "silver"].map((way) => `lea completed ${way}`));
  expect(outcomes).toEqual(await lived(["lea"], "level"));
  expect(assumptions).toContain("segments_begin_later");
  const counted = "INSERT INTO segment_sizes VALUES ('level', '2020-01-01', 'gold', 0)";
  await DB.prepare(counted).run();
  expect((await rehearsed("reh_known", "level", from)).assumptions).not.toContain("segments_begin_later");
});
