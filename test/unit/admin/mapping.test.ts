import { describe, expect, it } from "vitest";
import type { Mapping } from "../../../src/admin/import/mapping";
import { isCancellation, rowMapping } from "../../../src/admin/import/mapping";

const kind = {
  columns: ["order_id", "placed_at", "unit_price", "currency"],
  times: ["placed_at"],
  numbers: ["unit_price"],
};
const mapping: Mapping = {
  columns: { order_id: "InvoiceNo", placed_at: "InvoiceDate", unit_price: "UnitPrice", name: "UnitPrice" },
  timezone: "Europe/Paris",
  currency: "GBP",
  decimal: ",",
  cancellation: { column: "InvoiceNo", prefix: "C", as: "ignore" },
};

describe("a mapping", () => {
  const map = rowMapping(mapping, kind);

  it("gives columns our names, one of theirs to several of ours too, and leaves the others", () => {
    const row = {
      InvoiceNo: "5",
      order_id: "not this",
      InvoiceDate: "2011-07-01 10:00",
      UnitPrice: "1.234,50",
      Country: "UK",
    };
    expect(map(row)).toEqual({
      order_id: "5",
      placed_at: "2011-07-01T08:00:00.000Z",
      unit_price: "1234.50",
      name: "1.234,50",
      currency: "GBP",
      Country: "UK",
    });
  });

  it("leaves a time with a zone, a number that is one, and a currency that is stated", () => {
    expect(map({ InvoiceDate: "2011-07-01T10:00:00Z", UnitPrice: 1.5, currency: "USD" })).toEqual({
      placed_at: "2011-07-01T10:00:00Z",
      unit_price: 1.5,
      name: 1.5,
      currency: "USD",
    });
  });

  it("reads dates as it says that they are written, in its zone, and days as days", () => {
    const columns = { placed_at: "Date", birth_date: "Naissance" };
    const people = { columns: ["placed_at", "birth_date"], times: ["placed_at"], days: ["birth_date"] };
    const french = rowMapping({ columns, timezone: "Europe/Paris", dates: "dmy" }, people);
    expect(french({ Date: "03/04/2025 10:00", Naissance: "03/04/1990" })).toEqual({
      placed_at: "2025-04-03T08:00:00.000Z",
      birth_date: "1990-04-03",
    });
    // What cannot be is left for the kind to refuse, as is all of it where nobody says how it is written.
    expect(french({ Date: "04/25/2025", Naissance: "1990-04-03" })).toEqual({
      placed_at: "04/25/2025",
      birth_date: "1990-04-03",
    });
    const silent = rowMapping({ columns, timezone: "Europe/Paris" }, people);
    expect(silent({ Date: "03/04/2025", Naissance: "03/04/1990" })).toEqual({
      placed_at: "03/04/2025",
      birth_date: "03/04/1990",
    });
  });

  it("may be left out", () => {
    const row = { InvoiceNo: "5" };
    expect(rowMapping(null, kind)(row)).toBe(row);
  });

  it.each([
    ["theirs", { InvoiceNo: "C5" }, true],
    ["theirs, of another order", { InvoiceNo: "5C" }, false],
    ["that is not there", {}, false],
  ])("knows a cancellation by a column of %s", (_which, row, is) => {
    expect(isCancellation(mapping, row, map(row))).toBe(is);
    expect(isCancellation({ columns: mapping.columns }, row, row)).toBe(false);
    const ours = { ...mapping, cancellation: { column: "order_id", prefix: "C", as: "refund" } } as const;
    expect(isCancellation(ours, row, map(row))).toBe(is);
  });
});
