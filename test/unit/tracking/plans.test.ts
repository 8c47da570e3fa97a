// The statements behind acts run in the batch of every event: each must find its rows by keys, however many there are.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { beforeAll, expect, test } from "vitest";
import { ACT_TABLES } from "../../../src/tracking/act-store";

const folder = join(import.meta.dirname, "../../../migrations");
const db = new DatabaseSync(":memory:");

beforeAll(() => {
  for (const file of readdirSync(folder).sort()) db.exec(readFileSync(join(folder, file), "utf8"));
});

/** Tables that a statement reads from end to end. */
function scanned(sql: string): string[] {
  const steps = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all("[]") as { detail: string }[];
  const tables = (db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as { name: string }[]).map(
    ({ name }) => name,
  );
  // By the aliases of these statements, too.
  const aliases = ["a", "s", "h", "o", "c", "p", "m"];
  return steps.flatMap(({ detail }) => {
    const name = /^SCAN (\w+)$/.exec(detail)?.[1] ?? "";
    return tables.includes(name) || aliases.includes(name) ? [detail] : [];
  });
}

test.each(Object.entries(ACT_TABLES))("%s reads no table from end to end", (_name, sql) => {
  expect(scanned(sql)).toEqual([]);
});

test("a statement that does is seen", () => {
  expect(scanned("DELETE FROM last_clicks WHERE at IN (SELECT value FROM json_each(?1))")).toEqual([
    "SCAN last_clicks",
  ]);
});
