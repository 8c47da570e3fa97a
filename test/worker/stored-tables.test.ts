import { runInDurableObject } from "cloudflare:test";
import { beforeAll, describe, expect, test } from "vitest";
import type { Catalog } from "../../src/contacts/stored-table";
import { belongsWhere } from "../../src/contacts/stored-table";
import { inboxStore } from "../../src/local/inbox-store";
import { SHARD_TABLES, STORED_TABLES, storedTables } from "../../src/services/stored-tables";
import { bindings, columnsOf, tablesOf } from "../support/marked";

const { DB, SHARDS } = bindings;

/** Columns that the catalog names. */
function namedColumns(catalog: Catalog): [string, string][] {
  return Object.entries(catalog).flatMap(([name, { of, keep }]) => {
    const named = [
      ...(typeof of === "object" && "column" in of ? [of.column] : []),
      ...(typeof of === "object" && "mentions" in of ? [of.mentions] : []),
      ...(typeof keep === "object" ? [keep.from] : []),
    ];
    return named.map((column): [string, string] => [name, column]);
  });
}

describe("the catalog of tables", () => {
  beforeAll(async () => {
    // Made at the first message that a local channel takes.
    const message = { id: "m", sentAt: 0, channel: "email", to: "x@y.test" } as Parameters<
      ReturnType<typeof inboxStore>
    >[0];
    await inboxStore(DB)(message);
  });

  test("has every table of D1, and no other", async () => {
    expect(Object.keys(await storedTables(DB)).sort()).toEqual(await tablesOf());
    expect(await tablesOf()).toEqual(expect.arrayContaining(Object.keys(STORED_TABLES)));
  });

  test("has every table of a shard, and no other", async () => {
    const stub = SHARDS.get(SHARDS.idFromName("shard-0")) as unknown as DurableObjectStub;
    const sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '_cf_%' ORDER BY name";
    const tables = await runInDurableObject(stub, (_, { storage }) =>
      storage.sql.exec<{ name: string }>(sql).toArray(),
    );
    expect(Object.keys(SHARD_TABLES).sort()).toEqual(tables.map(({ name }) => name));
  });

  test("names columns that exist, and conditions that can be asked", async () => {
    for (const [table, column] of namedColumns(await storedTables(DB))) {
      expect(
        (await columnsOf(table)).map(({ name }) => name),
        table,
      ).toContain(column);
    }
    for (const [name, table] of Object.entries(await storedTables(DB))) {
      const where = belongsWhere(table);
      if (where === null) continue;
      await expect(DB.prepare(`SELECT 1 FROM ${name} WHERE ${where}`).bind("[1]").all(), name).resolves.toBeDefined();
    }
  });

  test("says whose the rows of every table with a contact are", async () => {
    for (const [name, { of }] of Object.entries(await storedTables(DB))) {
      const columns = (await columnsOf(name)).map((column) => column.name);
      if (columns.includes("contact")) expect(of, name).not.toBe("none");
    }
  });
});
