import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decimal, unitPrice } from "../../../src/admin/export/amount";
import { BOM, csvCell, csvLine, unguarded } from "../../../src/admin/export/csv";
import { csvFileReader } from "../../../src/admin/import/csv";
import { parseMajor } from "../../../src/shared/money";

describe("a cell of an exported file", () => {
  test.each(["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\tx", "\rx", "＝1+1", "-", "+1 2", "-1-1"])(
    "that could be a formula gets an apostrophe: %j",
    (text) => {
      expect(csvCell(text).replace(/^"/, "")).toMatch(/^'/);
    },
  );

  test.each([
    ["x;=cmd|' /C calc'!A0;y", "\"x;'=cmd|' /C calc'!A0;y\""],
    ["x; \t@SUM(A1)", '"x; \t\'@SUM(A1)"'],
    ["x\n=1", '"x\n\'=1"'],
    ['x;"=1"', '"x;""\'=1"""'],
    ["a;-1;+2", "\"a;'-1;'+2\""],
    ["a;b", '"a;b"'],
    ["a-b=c", "a-b=c"],
  ])("gets one where a spreadsheet that parts cells by semicolons finds a formula: %j", (text, cell) => {
    expect(csvCell(text)).toBe(cell);
  });

  test.each(["-12.50", "+33612345678", "0", "19.90", -3, 1e21])("that is a number stays one: %j", (value) => {
    expect(csvCell(value)).toBe(String(value));
  });

  test("is quoted as RFC 4180 has it", () => {
    expect(csvLine(["a", 'say "hi"', "two\nlines", "a,b", null, true, { a: 1 }, " x"])).toBe(
      'a,"say ""hi""","two\nlines","a,b",,true,"{""a"":1}"," x"\r\n',
    );
  });

  test("is read by the import as it was, whatever stands in it", () => {
    // An import trims what it reads, and an empty cell is none.
    const cell = fc
      .string({ unit: fc.constantFrom("=", "+", "-", "@", "'", '"', "a", ",", ";", "\t", "\n", "1", ".", " ", "é") })
      .map((text) => text.trim())
      .filter((text) => text !== "");
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), (rows) => {
        const text = BOM + csvLine(["one", "two"]) + rows.map(csvLine).join("");
        const reader = csvFileReader();
        const read = [...reader.push(text.slice(BOM.length)), ...reader.end()];
        expect(read.map((row) => ("value" in row ? row.value : row.fault))).toEqual(
          rows.map(([one, two]) => ({ one, two })),
        );
      }),
    );
  });

  test("is taken out of its guard once", () => {
    for (const text of ["=1", "'=1", "''+x", "'tis", "plain", "x;'=1", "\t=1", "x;''-1;=2", ";;\t'@x"]) {
      const guarded = csvCell(text).replaceAll('"', "");
      expect(unguarded(guarded)).toBe(text);
    }
  });
});

describe("an amount", () => {
  test("is written in major units, and read again as it was", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000_000 }),
        fc.constantFrom("EUR", "JPY", "KWD"),
        (minor, currency) => {
          expect(parseMajor(decimal(minor, currency), currency)).toBe(minor);
        },
      ),
    );
    expect([
      decimal(1990, "EUR"),
      decimal(5, "EUR"),
      decimal(7, "JPY"),
      decimal(-5, "EUR"),
      decimal(null, "EUR"),
    ]).toEqual(["19.90", "0.05", "7", "-0.05", null]);
  });

  test("of a unit has the decimals that it needs", () => {
    expect([unitPrice(25_500, "GBP"), unitPrice(25_533, "GBP"), unitPrice(0, "GBP"), unitPrice(70_000, "JPY")]).toEqual(
      ["2.55", "2.5533", "0.00", "7"],
    );
  });
});
