import { describe, expect, it } from "vitest";
import type { DateOrder } from "../../../src/shared/wall-time";
import { parseWallTime } from "../../../src/shared/wall-time";

const iso = (text: string, zone: string, order?: DateOrder) => {
  const at = parseWallTime(text, zone, order);
  return at === null ? null : new Date(at).toISOString();
};

describe("a time without a zone", () => {
  it.each([
    ["2010-12-01 08:26:00", "UTC", "2010-12-01T08:26:00.000Z"],
    ["2010-12-01 08:26:00", "Europe/London", "2010-12-01T08:26:00.000Z"],
    ["2011-07-01T08:26", "Europe/London", "2011-07-01T07:26:00.000Z"],
    ["2011-07-01 08:26:00.1234", "Europe/Paris", "2011-07-01T06:26:00.123Z"],
    ["2011-07-01", "Asia/Kolkata", "2011-06-30T18:30:00.000Z"],
    ["2011-07-01", "Pacific/Kiritimati", "2011-06-30T10:00:00.000Z"],
    ["2025-03-30 01:59:59", "Europe/Paris", "2025-03-30T00:59:59.000Z"],
    ["2025-03-30 03:00:00", "Europe/Paris", "2025-03-30T01:00:00.000Z"],
  ])("%s in %s", (text, zone, at) => {
    expect(iso(text, zone)).toBe(at);
  });

  it("is the first of two where the clocks show it twice, and goes on where they leave it out", () => {
    expect(iso("2025-10-26 02:30:00", "Europe/Paris")).toBe("2025-10-26T00:30:00.000Z");
    expect(iso("2025-03-30 02:30:00", "Europe/Paris")).toBe("2025-03-30T01:30:00.000Z");
    expect(iso("2025-11-02 01:30:00", "America/New_York")).toBe("2025-11-02T05:30:00.000Z");
  });

  it.each([
    "",
    "now",
    "2010-02-30",
    "2010-13-01",
    "2010-12-01 24:00",
    "2010-12-01 08:26:00Z",
    "01/12/2010 08:26",
    "0025-04-03",
  ])("%j is none", (text) => {
    expect(parseWallTime(text, "Europe/Paris")).toBeNull();
  });

  it.each([
    ["03/04/2025", "dmy", "2025-04-02T22:00:00.000Z"],
    ["03/04/2025", "mdy", "2025-03-03T23:00:00.000Z"],
    ["3.4.2025 9:05", "dmy", "2025-04-03T07:05:00.000Z"],
    ["25-12-2025 10:11:12", "dmy", "2025-12-25T09:11:12.000Z"],
    ["12/1/2010 8:26", "mdy", "2010-12-01T07:26:00.000Z"],
    ["4/3/2025, 12:05:00 AM", "mdy", "2025-04-02T22:05:00.000Z"],
    ["4/3/2025 12:05 pm", "mdy", "2025-04-03T10:05:00.000Z"],
    ["2025-04-03 10:11", "dmy", "2025-04-03T08:11:00.000Z"],
  ] as const)("%s as %s, in Paris", (text, order, at) => {
    expect(iso(text, "Europe/Paris", order)).toBe(at);
  });

  it.each([
    ["25/12/2025", "mdy"],
    ["31/02/2025", "dmy"],
    ["03/04/25", "dmy"],
    ["03/04-2025", "dmy"],
    ["03/04/2025 25:00", "dmy"],
    ["03/04/2025 13:00 PM", "dmy"],
  ] as const)("%s as %s is none", (text, order) => {
    expect(iso(text, "Europe/Paris", order)).toBeNull();
  });
});
