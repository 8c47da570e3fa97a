import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deleteRow, putRow } from "../../../../src/contacts/star/rows";
import { refuseClaims } from "../../../../src/contacts/star/stated";
import { tableSql, tableStatements } from "../../../../src/contacts/star/store";
import type { StarTable } from "../../../../src/contacts/star/table";
import { RowBuffer } from "../../../../src/events/projection";
import { DatabaseFile } from "../../../sim/database";
import { NOW, People } from "../people";

const table: StarTable = {
  name: "x_pets",
  title: { en: "Pets", fr: "Animaux" },
  description: "",
  family: "linked",
  contact: "required",
  unique: "shop",
  columns: { name: { type: "text" }, weight: { type: "number" } },
  feeds: {},
};

/** A few statements about one row, each at its time. */
function bufferOf(steps: readonly Step[]): RowBuffer {
  const rows = new RowBuffer();
  for (const [kind, at, name = null, weight = null] of steps) {
    const row = { id: "p", contact: 1, cells: [name, weight], source: "secret", at, whole: kind === "whole" };
    if (kind === "delete") deleteRow(rows, table, 1, "p", at);
    else putRow(rows, table, row);
  }
  return rows;
}

/** What they leave to be written, by statement: time and cells. */
function leftBy(...steps: Step[]) {
  return Object.fromEntries(
    [...bufferOf(steps).tables].flatMap(([key, put]) =>
      put.size > 0 ? [[key, [...put.values()].map((row) => row.slice(3))]] : [],
    ),
  );
}

type Step = ["whole" | "patch" | "delete", at: number, name?: string | null, weight?: number | null];

describe("rows of one group", () => {
  it("are written once each, the newest last word", () => {
    expect(leftBy(["whole", 1, "A", 1], ["whole", 2, "B"])).toEqual({ x_pets: [[2, "B", null]] });
    expect(leftBy(["whole", 2, "B"], ["whole", 1, "A"])).toEqual({ x_pets: [[2, "B", null]] });
    expect(leftBy(["patch", 1, "A"], ["whole", 1, "B"])).toEqual({ x_pets: [[1, "B", null]] });
    expect(leftBy(["patch", 3, "A"], ["whole", 2, "B"])).toEqual({ "x_pets:patch": [[3, "A", null]] });
  });

  it("that are deleted are not written first", () => {
    expect(leftBy(["whole", 1, "A"], ["patch", 1, "B"], ["delete", 2])).toEqual({ "x_pets:delete": [[2]] });
    expect(leftBy(["whole", 2, "A"], ["delete", 1])).toEqual({ x_pets: [[2, "A", null]] });
  });

  it("come to the same as one by one, however the events are grouped", () => {
    const step = fc.tuple(
      fc.constantFrom("whole" as const, "patch" as const, "delete" as const),
      fc.nat(4),
      fc.option(fc.constantFrom("A", "B", "C")),
      fc.option(fc.nat(3)),
    );
    const database = new DatabaseFile((sql) => sql);
    database.db.exec("CREATE TABLE contacts (id INTEGER PRIMARY KEY, merged_into INTEGER)");
    for (const sql of tableSql(table)) database.db.exec(sql);
    const stored = (groups: Step[][]): unknown => {
      database.db.exec("DELETE FROM x_pets");
      for (const group of groups) {
        const rows = bufferOf(group);
        for (const [name, sql] of Object.entries(tableStatements(table))) {
          const put = [...(rows.tables.get(name)?.values() ?? [])];
          if (put.length > 0) database.all(sql, [JSON.stringify(put)]);
        }
      }
      return database.all("SELECT * FROM x_pets");
    };
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), fc.nat(8), fc.nat(8), (steps: Step[], first, second) => {
        const [from, to] = [Math.min(first, second), Math.max(first, second)];
        const groups = [steps.slice(0, from), steps.slice(from, to), steps.slice(to)];
        expect(stored(groups)).toEqual(stored(steps.map((one) => [one])));
      }),
      { numRuns: 500 },
    );
  });
});

describe("an event of the shop", () => {
  const added = (properties: object, rest: object = {}) => ({
    user: "ann",
    name: "Product Added to Wishlist",
    properties: properties as Record<string, unknown>,
    ...rest,
  });

  it("fills its table, in the shop's currency where it names none", () => {
    const people = new People().take(added({ product_id: "lamp", price: "19.905" }));
    const at = NOW + 1_000;
    expect(people.rows("wishlist_items")).toEqual([
      ["default:lamp", 1, "secret", at, "default", "lamp", null, 1_991, "EUR", at, null, null, null, null, null],
    ]);
    expect(people.star("u:ann").tables).toEqual(["wishlist_items"]);
  });

  it("of a browser is taken where it is about itself", () => {
    const people = new People().take(added({ product_id: "lamp" }, { user: undefined, anon: "b", trust: "write" }));
    const whose = (table: string) => people.rows(table).map((row) => row.slice(0, 3));
    expect(whose("wishlist_items")).toEqual([["default:lamp", 1, "write"]]);
    people.take({ anon: "b", trust: "write", name: "Product Reviewed", properties: { product_id: "lamp", rating: 5 } });
    expect(whose("reviews")).toEqual([["lamp", 1, "write"]]);
    people.take({ anon: "b", trust: "write", name: "Application Opened", id: "open-1" });
    expect(whose("app_events")).toEqual([["open-1", 1, "write"]]);
  });

  it.each([
    ["Subscription Started", { subscription_id: "s", sku: "coffee" }, "subscription_contracts"],
    ["Ticket Opened", { ticket_id: "t" }, "crm_events"],
    ["Local Campaign Targeted", { campaign_id: "c" }, "local_campaigns"],
    ["Push Campaign Sent", { campaign_id: "c" }, "push_campaigns"],
    ["Store Visited", { store_id: "s" }, "visits"],
    ["Household Member Added", { member_id: "m", kind: "pet" }, "household_members"],
  ])("%s makes a row of the shop's server only", (name, properties, key) => {
    const event = { user: "ann", name, properties };
    expect(new People().take(event).rows(key)).toHaveLength(1);
    expect(new People().take({ name, properties, anon: "b", trust: "write" }).rows(key)).toEqual([]);
    expect(new People().take({ ...event, anon: "b", trust: "token" }).rows(key)).toEqual([]);
  });

  it("that is beside the point costs what it lacks, and throws nothing", () => {
    const people = new People().take(added({ price: 3 }));
    expect(people.rows("wishlist_items")).toEqual([]);
    people.take({ user: "ann", name: "Product Reviewed", properties: { product_id: "p", rating: "five", nps: 9 } });
    expect(people.rows("reviews")[0]?.slice(4, 9)).toEqual(["p", null, null, null, 9]);
  });

  it("about a child or a row is refused of a public key, so that nothing keeps it (B12)", () => {
    for (const name of ["Household Member Added", "row upserted", "Row Deleted"]) {
      expect(refuseClaims({ name, trust: "write" })?.code).toBe("server-only-event");
      expect(refuseClaims({ name, trust: "token" })?.code).toBe("server-only-event");
      expect(refuseClaims({ name, trust: "secret" })).toBeNull();
    }
    expect(refuseClaims({ name: "Product Added to Wishlist", trust: "write" })).toBeNull();
  });
});

describe("rows of a visitor", () => {
  it("follow whoever the visitor turns out to be, in the tables that have any", () => {
    const people = new People().take({
      anon: "b",
      trust: "write",
      name: "Product Added to Wishlist",
      properties: { product_id: "p" },
    });
    people.take({ user: "ann", type: "identify", name: "", anon: "other" });
    people.take({ user: "ann", type: "identify", name: "", anon: "b", trust: "token" });
    expect(people.rows("wishlist_items:move")).toEqual([[1, 2]]);
    expect(people.star("u:ann").tables).toEqual(["wishlist_items"]);
    expect([...people.tables()].filter((name) => name.endsWith(":move"))).toEqual(["wishlist_items:move"]);
  });
});
