import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { starTable } from "../../src/contacts/star";
import { findCustomTable, noteTable, readyTables, settleTable, shapeTable } from "../../src/contacts/star/custom-store";
import type { Terms } from "../../src/segments/compile";
import type { Facts, Row } from "../../src/segments/facts";
import { dayAfter, momentOf } from "../../src/segments/local-day";
import type { Rule } from "../../src/segments/rule";
import { readsOf, ruleFaults, ruleInput, ruleSql, testRule } from "../../src/segments/rule";
import { loadRows } from "../../src/segments/target-store";
import { servicesOf } from "../../src/services";
import type { Env } from "../../src/services/env";
import { factsWithHeads } from "../../src/services/records";
import { localDate } from "../../src/shared/wall-time";
import { EVERY_WAY, rules } from "../support/targeting/rules";
import { ASKED_DAYS, CHANGES, CONTACTS, fill, NOWS, PETS, worlds, ZONE } from "../support/targeting/world";

const services = servicesOf(env as unknown as Env);
const { DB } = services.env;
let own: Awaited<ReturnType<typeof readyTables>> = new Map();
const terms: Terms = { shop: { zone: ZONE, currency: "EUR" }, table: (key) => starTable(key) ?? own.get(key) };

beforeAll(async () => {
  const definition = { ...PETS, columns: [...PETS.columns] };
  await noteTable(DB, definition, 0);
  await shapeTable(DB, definition);
  const table = await findCustomTable(DB, PETS.key);
  if (table) await settleTable(DB, table).run();
  own = await readyTables(DB);
});

interface Asked {
  readonly rule: Rule;
  /** Where the rule is one condition: which one, asked in which way. */
  readonly way?: string;
}

/** What is asked of one world: every way to ask a condition, and rules of every shape. */
function askedOf(seed: number, isMet: (way: string) => boolean): Asked[] {
  const draw = <T>(arbitrary: fc.Arbitrary<T>, numRuns: number, more = 0) =>
    fc.sample(arbitrary, { numRuns, seed: seed * 1_000 + more });
  const ways = EVERY_WAY.flatMap(({ type, way: how, rules: some }, index) => {
    const way = `${type}: ${how}`;
    // In later worlds more of what nobody met yet.
    const more = seed > WORLDS / 2 && !isMet(way) ? MORE_DRAWS : 0;
    return draw(some, (DRAWS[type] ?? 1) + more, index).map((rule) => ({ rule, way }));
  });
  return [...ways, ...draw(rules, COMPOSED).map((rule) => ({ rule }))];
}

/** Everybody who stands for themselves, and all rows of theirs that any of the rules asks for. */
async function everybody(all: readonly Asked[], now: number): Promise<Facts[]> {
  const ids = Array.from({ length: CONTACTS }, (_, place) => place + 1);
  const known = await factsWithHeads(DB, ids, () => undefined, terms.shop);
  const heads = known.filter(({ contact, head }) => contact === head);
  const reads = new Map(all.flatMap(({ rule }) => readsOf(rule, terms)).map((read) => [read.key, read]));
  const rows = await loadRows(
    DB,
    heads.map(({ head }) => head),
    [...reads.values()],
    now,
    terms,
  );
  return heads.map((facts) => ({ ...facts, rows: rows.get(facts.head) ?? {} }));
}

/** Facts with those rows alone that a rule says it needs. */
function asRead(rule: Rule, everything: readonly Facts[]): Facts[] {
  const keys = readsOf(rule, terms).map(({ key }) => key);
  return everything.map((facts) => ({
    ...facts,
    rows: Object.fromEntries(keys.map((key) => [key, facts.rows?.[key] ?? []])),
  }));
}

/** For whom rules hold by the database. */
async function bySql(all: readonly Rule[], now: number): Promise<number[][]> {
  const statements = all.map((rule) => {
    const { text, values } = ruleSql(rule, now, terms);
    const sql = `SELECT c.id FROM contacts c WHERE c.status <> 'merged' AND (${text}) ORDER BY c.id`;
    return DB.prepare(sql).bind(...values);
  });
  const answers = await DB.batch<{ id: number }>(statements);
  return answers.map(({ results }) => results.map(({ id }) => id));
}

const byTest = (rule: Rule, facts: readonly Facts[], now: number): number[] =>
  facts.filter((about) => testRule(rule, about, now)).map(({ head }) => head);

function conditionsOf(rule: Rule): Rule[] {
  const inner = (rule as { all?: Rule[] }).all ?? (rule as { any?: Rule[] }).any;
  if (inner) return inner.flatMap(conditionsOf);
  return "not" in rule ? conditionsOf(rule.not as Rule) : [rule];
}

/** What a rule met that is easily got wrong, each where it made somebody in and somebody out. */
const MET: Readonly<Record<string, (rule: Rule, facts: readonly Facts[], now: number) => boolean>> = {
  /** What is asked about is not known of one row, and known of another. */
  nulls(rule, facts) {
    const { where = [], name } = rule as unknown as { where?: { field: string }[]; name?: string };
    const field = where[0]?.field ?? name ?? "";
    const cells = rowsOf(facts).flatMap((row) => (field in row ? [row[field]] : []));
    return cells.includes(null) && cells.some((cell) => cell !== null);
  },
  /** Somebody has no rows of the kind. */
  noRows: (_rule, facts) =>
    rowsOf(facts).length > 0 && facts.some(({ rows = {} }) => Object.values(rows).every((some) => some.length === 0)),
  /** A millisecond earlier or later somebody would be in who is not, or out. */
  edges: (rule, facts, now) => isMoved(rule, facts, now, 1),
  /** So would somebody a day earlier or later. */
  days: (rule, facts, now) => /days_ago|in_days|anniversary/.test(told(rule)) && isMoved(rule, facts, now, 86_400_000),
  /** And that while the shop has another day than UTC. */
  otherDays: (rule, facts, now) =>
    localDate(now, "UTC") !== localDate(now, ZONE) && MET["days"]?.(rule, facts, now) === true,
  /** A row lies at the very midnight of a day that is asked about. */
  midnights(rule, facts) {
    const days = ASKED_DAYS.filter((day) => told(rule).includes(`"${day}"`)).flatMap((day) => [day, dayAfter(day, 1)]);
    const cells = new Set(rowsOf(facts).flatMap((row) => Object.values(row)));
    return days.some((day) => cells.has(momentOf(day, ZONE)));
  },
  /** The clocks change on a day that is asked about. */
  daysOfChange: (rule) => CHANGES.some((day) => told(rule).includes(`"${day}"`)),
  negative: (rule, facts) =>
    told(rule).includes("-") && rowsOf(facts).some((row) => Object.values(row).some((cell) => Number(cell) < 0)),
};

const told = (rule: Rule): string => JSON.stringify(rule);
const rowsOf = (facts: readonly Facts[]): Row[] => facts.flatMap(({ rows = {} }) => Object.values(rows).flat());
const isMoved = (rule: Rule, facts: readonly Facts[], now: number, by: number): boolean =>
  facts.some((about) => testRule(rule, about, now - by) !== testRule(rule, about, now + by));

/** What nobody can be, as columns are never empty: of those `unknown` is nobody, and of a contact's own `known` everybody. */
const NEVER_EMPTY: Readonly<Record<string, string>> = {
  "carts.count": "state currency opened lines line|product line|quantity",
  contact: "created_at seen_at",
  "loyalty.movements": "kind points",
  "messages.count": "scenario content channel class state",
  metric: "orders net_total engagement_score visit_days_30d visit_days_90d",
  "orders.count":
    "status net currency channel discount gift line|product line|name line|quantity line|price line|total line|returned line|gift",
  "referrals.count": "state",
  "referred.count": "state",
  "views.count": "product times",
  "wishlist.count": "removed",
};
const NEVER = new Set([
  "distance: nowhere in",
  ...Object.entries(NEVER_EMPTY).flatMap(([type, fields]) =>
    fields.split(" ").flatMap((field) => {
      const name = `${type}: ${field.replace("|", " ")}`;
      return [`${name} unknown in`, ...(/contact|metric/.test(type) ? [`${name} known out`] : [])];
    }),
  ),
]);

/** How often a world is asked in the ways of a condition: more often where many things must come together. */
const DRAWS: Readonly<Record<string, number>> = { segment: 8, attribute: 4, contact: 3 };

const isMet = (seen: { in: number; out: number } | undefined): boolean => seen !== undefined && seen.in * seen.out > 0;

const MORE_DRAWS = 15;
const WORLDS = 8;
const COMPOSED = 60;

test("a rule as SQL and a rule as a plain test say the same of everybody", async () => {
  const met: Record<string, number> = Object.fromEntries(Object.keys(MET).map((what) => [what, 0]));
  const ways = new Map(EVERY_WAY.map(({ type, way }) => [`${type}: ${way}`, { in: 0, out: 0 }]));
  const groups = { empty: 0, nobody: 0 };
  const faults: string[] = [];
  let count = 0;
  for (let index = 0; index < WORLDS; index++) {
    const now = NOWS[index % NOWS.length] ?? 0;
    const [world = {}] = fc.sample(worlds(now), { numRuns: 1, seed: 7 + index });
    await fill(DB, world);
    const asked = askedOf(
      index + 1,
      (way) => NEVER.has(`${way} in`) || NEVER.has(`${way} out`) || isMet(ways.get(way)),
    );
    for (const { rule } of asked) {
      expect(ruleInput.safeParse(rule).error?.issues, told(rule)).toBeUndefined();
      expect(ruleFaults(rule, terms)).toEqual([]);
    }
    const everything = await everybody(asked, now);
    const said = await bySql(
      asked.map(({ rule }) => rule),
      now,
    );
    count += asked.length;
    for (const [place, { rule, way }] of asked.entries()) {
      const facts = asRead(rule, everything);
      const plain = byTest(rule, facts, now);
      const sql = said[place] ?? [];
      if (String(sql) !== String(plain)) faults.push(`${told(rule)}: by SQL ${sql}, by test ${plain}`);
      if (plain.length === 0) groups.nobody++;
      const seen = way === undefined ? undefined : ways.get(way);
      if (!seen) {
        if (conditionsOf(rule).length === 0) groups.empty++;
        continue;
      }
      seen.in += plain.length;
      seen.out += facts.length - plain.length;
      if (plain.length === 0 || plain.length === facts.length) continue;
      for (const [what, isMet] of Object.entries(MET)) if (isMet(rule, facts, now)) met[what] = (met[what] ?? 0) + 1;
    }
  }
  const rare = [...ways].flatMap(([way, seen]) => [
    ...(seen.in === 0 ? [`${way} in`] : []),
    ...(seen.out === 0 ? [`${way} out`] : []),
  ]);
  console.log(`${count} rules over ${WORLDS} worlds met ${JSON.stringify({ ...met, ...groups })}; ${ways.size} ways`);
  expect(faults.slice(0, 5)).toEqual([]);
  expect(rare.filter((one) => !NEVER.has(one))).toEqual([]);
  expect(Object.entries({ ...met, ...groups }).filter(([, times]) => times === 0)).toEqual([]);
});
