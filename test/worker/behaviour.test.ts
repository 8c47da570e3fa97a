import { env } from "cloudflare:workers";
import fc from "fast-check";
import { expect, test } from "vitest";
import { starTable } from "../../src/contacts/star";
import type { Behaviour } from "../../src/segments/behaviour/behaviour";
import { calendarAt } from "../../src/segments/behaviour/calendar";
import { periodOf, unitsOf } from "../../src/segments/behaviour/engagement";
import { BEHAVIOUR_FAMILIES, levelOf, levelsSql } from "../../src/segments/behaviour/families";
import { behaviour } from "../../src/segments/collections/behaviour";
import { daysIn } from "../../src/segments/rfm/days";
import { readsOf, ruleFaults, ruleSql, testRule } from "../../src/segments/rule";
import { loadRows } from "../../src/segments/target-store";
import { refreshBehaviour, refreshEverybody } from "../../src/services/behaviour";
import { factsWithHeads } from "../../src/services/records";
import { behaviourWorlds, plainBehaviour } from "../support/behaviour-world";
import { asked } from "../support/targeting/values";
import { CONTACTS, fill, NOWS } from "../support/targeting/world";

const { DB } = env as unknown as { DB: D1Database };
const days = daysIn("Europe/Paris");

const scoring = (at: number) => ({
  env: { DB },
  clock: { now: () => at },
  terms: { shop: { zone: "Europe/Paris", currency: "EUR" } },
});

async function stored(): Promise<Map<number, Behaviour>> {
  const { results } = await DB.prepare("SELECT * FROM contact_behaviour ORDER BY contact").all<
    Behaviour & { contact: number }
  >();
  return new Map(results.map(({ contact, ...row }) => [contact, row]));
}

const clear = () =>
  DB.batch(["contact_behaviour", "behaviour_runs"].map((table) => DB.prepare(`DELETE FROM ${table}`)));

test("rows and levels by SQL and by the plain rules are the same", async () => {
  const met = new Map<string, number>();
  const note = (what: string, times = 1): void => void met.set(what, (met.get(what) ?? 0) + times);
  for (let index = 0; index < 12; index++) {
    const now = NOWS[index % NOWS.length] ?? 0;
    const calendar = calendarAt(now, days);
    const period = periodOf(calendar.today) - (index % 5);
    await fc.assert(
      fc.asyncProperty(behaviourWorlds(now), fc.integer({ min: 0, max: 40 }), async (world, score) => {
        await clear();
        await fill(DB, world);
        await refreshEverybody(scoring(now), now, 11);
        const plain = plainBehaviour(world, calendar, "EUR");
        const kept = await stored();
        expect(kept).toEqual(new Map([...plain].sort(([one], [other]) => one - other)));
        const mark = { units: score * unitsOf(calendar.today, period), period };
        const terms = { today: calendar.today, now, ruler: { mark, before: mark, at: 0 } };
        for (const family of BEHAVIOUR_FAMILIES) {
          const { results } = await DB.prepare(levelsSql(family, terms)).all<{
            contact: number;
            segment: string | null;
          }>();
          const levels = new Map(results.map(({ contact, segment }) => [contact, segment]));
          expect(levels).toEqual(new Map([...kept].map(([contact, row]) => [contact, levelOf(family, row, terms)])));
          for (const level of levels.values()) note(`${family.key} ${level ?? "none"}`);
        }
        const people = world["contacts"] ?? [];
        note("merged", people.filter(({ merged_into }) => kept.has(Number(merged_into))).length);
        note("refusing", people.filter(({ consents }) => String(consents).includes("withdrawn")).length);
        note("in no row", CONTACTS - kept.size);
        for (const row of kept.values())
          for (const [name, value] of Object.entries(row))
            note(`${name} ${value === null || value === 0 ? "empty" : "there"}`);
      }),
      { numRuns: 2, seed: 41 + index, endOnFailure: true },
    );
  }
  console.log(`met ${JSON.stringify(Object.fromEntries(met))}`);
  const expected = BEHAVIOUR_FAMILIES.flatMap(({ key, levels }) => levels.map((level) => `${key} ${level.key}`));
  const columns = Object.keys([...(await stored()).values()][0] ?? {}).flatMap((name) => [
    `${name} empty`,
    `${name} there`,
  ]);
  expect([...expected, ...columns, "merged", "refusing", "in no row"].filter((what) => !met.get(what))).toEqual([]);
});

test("contacts that changed come to what everybody comes to", async () => {
  const now = NOWS[0] ?? 0;
  const ids = Array.from({ length: CONTACTS }, (_, index) => index + 1);
  await fc.assert(
    fc.asyncProperty(behaviourWorlds(now), behaviourWorlds(now), async (before, after) => {
      await clear();
      await fill(DB, before);
      await refreshEverybody(scoring(now), now);
      await fill(DB, after);
      await refreshBehaviour(scoring(now), ids, now);
      const changed = await stored();
      await refreshEverybody(scoring(now), now);
      expect(await stored()).toEqual(changed);
      await clear();
      await refreshEverybody(scoring(now), now);
      expect(await stored()).toEqual(changed);
    }),
    { numRuns: 6, seed: 5, endOnFailure: true },
  );
});

test("every figure of behaviour can be asked for, by SQL and by the plain test alike", async () => {
  const now = NOWS[1] ?? 0;
  const shop = { zone: "Europe/Paris", currency: "EUR" };
  const terms = { shop, table: (key: string) => starTable(key) };
  const [world = {}] = fc.sample(behaviourWorlds(now), { numRuns: 1, seed: 77 });
  await clear();
  await fill(DB, world);
  await refreshEverybody(scoring(now), now);
  const ids = Array.from({ length: CONTACTS }, (_, index) => index + 1);
  const heads = (await factsWithHeads(DB, ids, () => undefined, shop)).filter(({ contact, head }) => contact === head);
  for (const [name, { type, options, words }] of Object.entries(behaviour.fields)) {
    expect(Object.values(words).filter((text) => text === "")).toEqual([]);
    await fc.assert(
      fc.asyncProperty(asked(type, name, options), async (rest) => {
        const rule = { type: "metric", name, ...rest };
        expect(ruleFaults(rule, terms)).toEqual([]);
        const { text, values } = ruleSql(rule, now, terms);
        const sql = `SELECT c.id FROM contacts c WHERE c.status <> 'merged' AND (${text}) ORDER BY c.id`;
        const { results } = await DB.prepare(sql)
          .bind(...values)
          .all<{ id: number }>();
        const rows = await loadRows(DB, ids, readsOf(rule, terms), now, terms);
        const plain = heads.filter((facts) => testRule(rule, { ...facts, rows: rows.get(facts.head) ?? {} }, now));
        expect(
          results.map(({ id }) => id),
          JSON.stringify(rule),
        ).toEqual(plain.map(({ head }) => head).sort((one, other) => one - other));
      }),
      { numRuns: 8, seed: 3 },
    );
  }
});
