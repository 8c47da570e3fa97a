import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { starTable } from "../../src/contacts/star";
import { findCustomTable, noteTable, readyTables, settleTable, shapeTable } from "../../src/contacts/star/custom-store";
import type { Terms } from "../../src/segments/compile";
import { CONDITIONS } from "../../src/segments/conditions";
import type { Facts } from "../../src/segments/facts";
import type { Rule } from "../../src/segments/rule";
import { readsOf, ruleFaults, ruleInput, ruleSql, testRule } from "../../src/segments/rule";
import { loadRows } from "../../src/segments/target-store";
import { servicesOf } from "../../src/services";
import type { Env } from "../../src/services/env";
import { factsWithHeads } from "../../src/services/records";
import { rules } from "../support/targeting/rules";
import { CONTACTS, DST_DAYS, fill, PETS, worlds } from "../support/targeting/world";

const services = servicesOf(env as unknown as Env);
const { DB } = services.env;
let own: Awaited<ReturnType<typeof readyTables>> = new Map();
const terms: Terms = {
  shop: { zone: "Europe/Paris", currency: "EUR" },
  table: (key) => starTable(key) ?? own.get(key),
};

beforeAll(async () => {
  // Those of the segments themselves, where they are not there yet.
  await DB.batch([
    DB.prepare(
      "CREATE TABLE IF NOT EXISTS segment_members (family TEXT, contact INTEGER, segment TEXT NOT NULL, since INTEGER NOT NULL, next TEXT, next_since INTEGER, PRIMARY KEY (family, contact)) WITHOUT ROWID",
    ),
    DB.prepare(
      "CREATE TABLE IF NOT EXISTS segment_transitions (family TEXT, contact INTEGER, at INTEGER, from_segment TEXT, to_segment TEXT, cause TEXT NOT NULL, PRIMARY KEY (family, contact, at)) WITHOUT ROWID",
    ),
  ]);
  const definition = { ...PETS, columns: [...PETS.columns] };
  await noteTable(DB, definition, 0);
  await shapeTable(DB, definition);
  const table = await findCustomTable(DB, PETS.key);
  if (table) await settleTable(DB, table).run();
  own = await readyTables(DB);
});

/** Everybody who stands for themselves, with all that a rule asks for. */
async function everybody(rule: Rule, heads: readonly Facts[], now: number): Promise<Facts[]> {
  const rows = await loadRows(
    DB,
    heads.map(({ head }) => head),
    readsOf(rule, terms),
    now,
    terms,
  );
  return heads.map((facts) => ({ ...facts, rows: rows.get(facts.head) ?? {} }));
}

/** The conditions of a rule, each as a rule by itself. */
function conditionsOf(rule: Rule): (Rule & { type: string })[] {
  const inner = (rule as { all?: Rule[] }).all ?? (rule as { any?: Rule[] }).any;
  if (inner) return inner.flatMap(conditionsOf);
  if ("not" in rule) return conditionsOf(rule.not as Rule);
  return [rule as Rule & { type: string }];
}

/** Whether any row that was read has an empty cell. */
function meetsNull({ rows = {}, profile }: Facts): boolean {
  return (
    profile.birthDate === null ||
    Object.values(rows).some((some) => some.some((row) => Object.values(row).includes(null)))
  );
}

const WORLDS = 6;
const RULES = 60;

test("a rule as SQL and a rule as a plain test say the same of everybody", { timeout: 120_000 }, async () => {
  const met = { nulls: 0, daysOfChange: 0, emptyGroups: 0, noRows: 0, nobody: 0 };
  const conditions = new Map<string, { in: number; out: number }>();
  for (let index = 0; index < WORLDS; index++) {
    const now = DST_DAYS[index % DST_DAYS.length] ?? 0;
    met.daysOfChange++;
    const [world = {}] = fc.sample(worlds(now), { numRuns: 1, seed: 7 + index });
    await fill(DB, world);
    const ids = Array.from({ length: CONTACTS }, (_, place) => place + 1);
    const known = (await factsWithHeads(DB, ids, () => undefined, terms.shop)).filter(
      ({ contact, head }) => contact === head,
    );
    await fc.assert(
      fc.asyncProperty(rules, async (rule) => {
        const parsed = ruleInput.safeParse(rule);
        expect(parsed.error?.issues, JSON.stringify(rule)).toBeUndefined();
        expect(ruleFaults(rule, terms)).toEqual([]);
        const facts = await everybody(rule, known, now);
        const { text, values } = ruleSql(rule, now, terms);
        const sql = `SELECT c.id FROM contacts c WHERE c.status <> 'merged' AND (${text}) ORDER BY c.id`;
        const { results } = await DB.prepare(sql)
          .bind(...values)
          .all<{ id: number }>();
        const plain = facts.filter((about) => testRule(rule, about, now)).map(({ head }) => head);
        expect(
          results.map(({ id }) => id),
          JSON.stringify(rule),
        ).toEqual(plain.sort((a, b) => a - b));
        for (const leaf of conditionsOf(rule)) {
          const yes = facts.filter((about) => testRule(leaf, about, now)).length;
          const seen = conditions.get(leaf.type) ?? { in: 0, out: 0 };
          conditions.set(leaf.type, { in: seen.in + yes, out: seen.out + facts.length - yes });
          met.nulls += facts.some(meetsNull) ? 1 : 0;
          met.nobody += yes === 0 ? 1 : 0;
          met.noRows += facts.some(({ rows = {} }) => Object.values(rows).some((some) => some.length === 0)) ? 1 : 0;
        }
        const group = rule as { all?: unknown[]; any?: unknown[] };
        if ((group.all ?? group.any)?.length === 0) met.emptyGroups++;
      }),
      { numRuns: RULES, seed: 11 + index },
    );
  }
  console.log(
    `the generator met ${JSON.stringify(met)} and, in and out: ${JSON.stringify(Object.fromEntries(conditions))}`,
  );
  const rare = Object.keys(CONDITIONS).filter((type) => {
    const seen = conditions.get(type);
    return !seen || seen.in === 0 || seen.out === 0;
  });
  expect(rare).toEqual([]);
  expect(Object.entries(met).filter(([, times]) => times === 0)).toEqual([]);
});
