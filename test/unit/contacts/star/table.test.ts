import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { STAR_TABLES } from "../../../../src/contacts/star";
import type { ColumnType } from "../../../../src/contacts/star/column";
import { COLUMN_TYPES, kindOf } from "../../../../src/contacts/star/column";
import { definitionInput, tableOfDefinition } from "../../../../src/contacts/star/definition";
import type { StarTable } from "../../../../src/contacts/star/table";
import { physicalColumns, readValues, showValues } from "../../../../src/contacts/star/table";

/** What each type takes and refuses, and how the first of what it takes is kept and shown. */
const SAMPLES: Record<ColumnType, { good: unknown[]; cells: unknown[]; shown: unknown; bad: unknown[] }> = {
  text: { good: ["Milo", 7], cells: ["Milo"], shown: "Milo", bad: ["", "x".repeat(2_001), true, {}, Number.NaN] },
  integer: {
    good: [3, -3, "12"],
    cells: [3],
    shown: 3,
    bad: [1.5, "1.5", "x", 2 ** 60, Number.POSITIVE_INFINITY, true],
  },
  number: { good: [4.5, 0, "-1.25"], cells: [4.5], shown: 4.5, bad: ["1e3", "1,5", Number.NaN, false] },
  boolean: { good: [true, false, "false"], cells: [1], shown: true, bad: [1, 0, "yes", "1"] },
  time: {
    good: ["2026-01-02T03:04:05+01:00", "2026-01-02", 1_767_319_445_000],
    cells: [Date.UTC(2026, 0, 2, 2, 4, 5)],
    shown: "2026-01-02T02:04:05.000Z",
    bad: ["yesterday", "5", "2026-13-01T00:00:00Z", 1e20, true],
  },
  date: {
    good: ["2020-02-29"],
    cells: ["2020-02-29"],
    shown: "2020-02-29",
    bad: ["2021-02-29", "2020-2-9", 20_200_229],
  },
  money: {
    good: [{ amount: 1_990, currency: "EUR" }],
    cells: [1_990, "EUR"],
    shown: { amount: 1_990, currency: "EUR" },
    bad: [{ amount: 1.5, currency: "EUR" }, { amount: 1, currency: "euro" }, { amount: 1 }, "19.90", 19.9],
  },
  json: {
    good: [{ a: [1, null] }, "x", 3],
    cells: ['{"a":[1,null]}'],
    shown: { a: [1, null] },
    bad: ["x".repeat(8_001)],
  },
};

describe("a column", () => {
  const types = Object.keys(COLUMN_TYPES) as ColumnType[];

  it.each(types)("of %s takes what is one, and shows it as it came", (type) => {
    const { good, cells, shown, bad } = SAMPLES[type];
    const kind = kindOf(type);
    expect(kind.read(good[0], null)).toEqual(cells);
    expect(kind.show(cells as never)).toEqual(shown);
    for (const value of good) expect(kind.read(value, null), String(value)).not.toBeNull();
    for (const value of bad) expect(kind.read(value, null), String(value)).toBeNull();
  });

  it.each(types)("of %s shows of any input what it takes back as the same cells", (type) => {
    const kind = kindOf(type);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc.date().map((date) => date.getTime()),
        ),
        (value) => {
          const cells = kind.read(value, null);
          if (cells === null) return;
          expect(cells).toHaveLength(kind.parts.length);
          expect(kind.read(kind.show(cells), null)).toEqual(cells);
        },
      ),
    );
  });

  it("of money takes a decimal where the currency is known", () => {
    expect(kindOf("money").read("19.905", "EUR")).toEqual([1_991, "EUR"]);
    expect(kindOf("money").read("19.905", "JPY")).toEqual([20, "JPY"]);
  });
});

describe("the values of a row", () => {
  const table = {
    columns: { name: { type: "text", required: true }, price: { type: "money" }, born: { type: "date" } },
  } as const;

  it("are cells in the order of the database, nothing for what is left out", () => {
    expect(physicalColumns(table).map(({ name }) => name)).toEqual(["name", "price", "price_currency", "born"]);
    const price = { amount: 1, currency: "EUR" };
    expect(readValues(table, { born: "2020-01-01", name: "Milo" }, null)).toEqual({
      cells: ["Milo", null, null, "2020-01-01"],
      errors: [],
    });
    expect(showValues(table, { name: "Milo", price: 1, price_currency: "EUR" })).toEqual({
      name: "Milo",
      price,
      born: null,
    });
  });

  it("are refused each with its place", () => {
    const { errors } = readValues(table, { price: 3, born: "soon", "a/b": 1 }, null, ["rows", 4]);
    expect(errors.map(({ pointer }) => pointer)).toEqual([
      "/rows/4/name",
      "/rows/4/price",
      "/rows/4/born",
      "/rows/4/a~1b",
    ]);
  });
});

describe("the catalog", () => {
  const all = Object.entries<StarTable>(STAR_TABLES);

  it.each(all)("has %s under its own name, with feeds in lower case", (key, table) => {
    expect(table.name).toBe(key);
    for (const name of Object.keys(table.feeds)) expect(name).toBe(name.toLowerCase());
    const names = physicalColumns(table).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it("takes ids that are the shop's own from the shop's server only: nobody else can take one first", () => {
    const open = all.filter(([, { unique, feeds }]) => {
      return unique === "shop" && Object.values(feeds).some(({ from }) => from === "anyone");
    });
    expect(open).toEqual([]);
  });

  it("feeds each event into one table", () => {
    const names = all.flatMap(([, { feeds }]) => Object.keys(feeds));
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("a shop's own table", () => {
  const base = { key: "pets", title: "Pets", family: "linked", columns: [{ name: "name", type: "text" }] };

  it("has a name of its own in the database, and hangs on a contact unless it is a repository", () => {
    expect(tableOfDefinition(definitionInput.parse(base))).toMatchObject({ name: "x_pets", contact: "required" });
    const repository = definitionInput.parse({ ...base, family: "repository" });
    expect(tableOfDefinition(repository)).toMatchObject({ contact: "none" });
    const optional = definitionInput.parse({ ...base, contact: "optional" });
    expect(tableOfDefinition(optional)).toMatchObject({ contact: "optional" });
  });

  it.each(["", "Pets", "1pets", "pets-x", "pets; DROP", "p".repeat(41), "contacts", "visits", "sqlite.x"])(
    "is not called %j",
    (key) => expect(definitionInput.safeParse({ ...base, key }).success).toBe(false),
  );

  it.each(["id", "contact", "email", "updated_at", "rowid", 'a" TEXT'])("has no column %j", (name) => {
    expect(definitionInput.safeParse({ ...base, columns: [{ name, type: "text" }] }).success).toBe(false);
  });

  it("has at most 40 columns, five of them indexed", () => {
    const columns = (count: number, rest: object = {}) =>
      Array.from({ length: count }, (_, index) => ({ name: `c${index}`, type: "text", ...rest }));
    expect(definitionInput.safeParse({ ...base, columns: columns(40) }).success).toBe(true);
    expect(definitionInput.safeParse({ ...base, columns: columns(41) }).success).toBe(false);
    expect(definitionInput.safeParse({ ...base, columns: columns(6, { indexed: true }) }).success).toBe(false);
  });
});
