import { describe, expect, test } from "vitest";
import { concernsWhere } from "../../src/contacts/stored-table";
import { readStored } from "../../src/services/access";
import { retain } from "../../src/services/retain";
import { storedTables } from "../../src/services/stored-tables";
import { bindings, person, placesOf, rowOf, services, subscriber } from "../support/marked";

const { DB } = bindings;

describe("access to everything that is stored (J05)", () => {
  test("equals the raw tables, state, journal and archive, and holds nothing of anybody else", async () => {
    const [mark, other] = ["zqaccess", "zqother"];
    const contact = await person(mark);
    await person(other);
    const stored = await readStored(services, contact);
    for (const [name, table] of Object.entries(await storedTables(DB))) {
      const where = concernsWhere(table);
      if (where === null) continue;
      const raw = await DB.prepare(`SELECT * FROM ${name} WHERE ${where}`)
        .bind(JSON.stringify([contact, await rowOf(`a:${subscriber(`${mark}@x.test`)}`)]))
        .all();
      // Archived rows stand behind the others.
      expect(stored.tables[name]?.slice(0, raw.results.length), name).toEqual(raw.results);
    }
    const said = JSON.stringify(stored);
    expect(said).not.toContain(other);
    // Wherever the mark stands, the export has it: table by table, and each event once.
    const places = await placesOf(mark);
    for (const place of places.filter((one) => one.startsWith("D1 ") && !/journal|erasures/.test(one))) {
      expect(JSON.stringify(stored.tables[place.slice(3)] ?? []), place).toContain(mark);
    }
    expect(stored.state["contact"]).toHaveLength(1);
    expect(stored.state["parked"]).toHaveLength(1);
    const ids = stored.events.map(({ event }) => event.id);
    expect(ids).toEqual([`${mark}-old`, ...[0, 1, 2, 3, 4, 5].map((index) => `${mark}-${index}`)]);
    expect(stored.tables["sends"]).toContainEqual({ contact, id: "a", data: mark });
  });

  test("is the same when the journal has gone to the archive", async () => {
    const mark = "zqarchived";
    await person(mark);
    const contact = (await rowOf(`u:user-${mark}`)) ?? 0;
    const events = async () => (await readStored(services, contact)).events.map(({ event }) => event.id);
    const before = await events();
    await DB.prepare("UPDATE journal SET received_at = 0").run();
    await services.ledger.settled();
    await DB.prepare("UPDATE cursor SET woken = applied").run();
    await retain(services);
    expect(await DB.prepare("SELECT count(*) AS n FROM journal").first("n")).toBe(0);
    expect((await events()).sort()).toEqual(before.sort());
  });
});
