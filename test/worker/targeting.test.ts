import { env } from "cloudflare:workers";
import fc from "fast-check";
import { expect, test } from "vitest";
import { CONDITIONS } from "../../src/segments/conditions";
import type { Facts } from "../../src/segments/facts";
import type { Rule } from "../../src/segments/rule";
import { readsOf, ruleInput, ruleSql, testRule } from "../../src/segments/rule";
import { loadRows } from "../../src/segments/target-store";
import { servicesOf } from "../../src/services";
import type { Env } from "../../src/services/env";
import { factsWithHeads } from "../../src/services/records";
import { rules } from "../support/targeting/rules";
import { CONTACTS, DST_DAYS, fill, worlds } from "../support/targeting/world";

const services = servicesOf(env as unknown as Env);
const { DB } = services.env;
const terms = { ...services.terms, shop: { zone: "Europe/Paris", currency: "EUR" } };

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

function typesOf(rule: Rule): string[] {
  const inner = (rule as { all?: Rule[] }).all ?? (rule as { any?: Rule[] }).any;
  if (inner) return inner.flatMap(typesOf);
  if ("not" in rule) return typesOf(rule.not as Rule);
  return [(rule as { type: string }).type];
}

const WORLDS = Number(process.env["TARGETING_WORLDS"] ?? 6);
const RULES = 60;

test("a rule as SQL and a rule as a plain test say the same of everybody", { timeout: 300_000 }, async () => {
  const met = { nulls: 0, dst: 0, empty: 0, in: 0, out: 0 };
  const conditions = new Map<string, { in: number; out: number }>();
  for (let index = 0; index < WORLDS; index++) {
    const now = DST_DAYS[index % DST_DAYS.length] ?? 0;
    met.dst++;
    const [world = {}] = fc.sample(worlds(now), { numRuns: 1, seed: 7 + index });
    await fill(DB, world);
    const ids = Array.from({ length: CONTACTS }, (_, place) => place + 1);
    const known = (await factsWithHeads(DB, ids, () => undefined, terms.shop)).filter(
      ({ contact, head }) => contact === head,
    );
    met.nulls += known.filter(({ profile }) => profile.birthDate === null).length;
    await fc.assert(
      fc.asyncProperty(rules, async (rule) => {
        const parsed = ruleInput.safeParse(rule);
        expect(parsed.error?.issues, JSON.stringify(rule)).toBeUndefined();
        const facts = await everybody(rule, known, now);
        const { text, values } = ruleSql(rule, now, terms);
        const sql = `SELECT c.id FROM contacts c WHERE c.status <> 'merged' AND ?1 IS NOT NULL AND (${text}) ORDER BY c.id`;
        const { results } = await DB.prepare(sql)
          .bind(...values)
          .all<{ id: number }>();
        const plain = facts.filter((about) => testRule(rule, about, now)).map(({ head }) => head);
        expect(
          results.map(({ id }) => id),
          JSON.stringify(rule),
        ).toEqual(plain.sort((a, b) => a - b));
        if (plain.length === 0) met.empty++;
        for (const type of typesOf(rule)) {
          const seen = conditions.get(type) ?? { in: 0, out: 0 };
          conditions.set(type, { in: seen.in + plain.length, out: seen.out + facts.length - plain.length });
        }
      }),
      { numRuns: RULES, seed: 11 + index },
    );
  }
  console.log(JSON.stringify({ ...met, conditions: Object.fromEntries(conditions) }));
  for (const type of Object.keys(CONDITIONS)) expect(conditions.get(type)?.in, type).toBeGreaterThan(0);
  expect(Math.min(met.nulls, met.dst, met.empty)).toBeGreaterThan(0);
});
