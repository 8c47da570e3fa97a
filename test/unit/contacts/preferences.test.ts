import { describe, expect, it } from "vitest";
import { isSnoozed, preferencesOf, withPreferences } from "../../../src/contacts/preferences";

describe("preferences", () => {
  it("are none until somebody chooses", () => {
    expect(preferencesOf({ attributes: { vip: true } })).toEqual({
      frequency: "all",
      snoozedUntil: 0,
      topics: null,
      hidden: { products: [], categories: [] },
    });
  });

  it("change one by one, and leave other attributes alone", () => {
    let attributes: Readonly<Record<string, unknown>> = { vip: true };
    attributes = withPreferences(attributes, { frequency: "weekly" });
    attributes = withPreferences(attributes, { snoozed_until: 5_000, topics: ["a", "a", "b"] });
    attributes = withPreferences(attributes, { hide: { products: ["p1", "p2"], categories: ["c"] } });
    attributes = withPreferences(attributes, { unhide: { products: ["p1"] } });
    expect(attributes).toEqual({
      vip: true,
      preferences: { frequency: "weekly", snoozed_until: 5_000 },
      topics: ["a", "b"],
      hidden: { products: ["p2"], categories: ["c"] },
    });
    expect([isSnoozed({ attributes }, 4_999), isSnoozed({ attributes }, 5_000)]).toEqual([true, false]);
  });

  it("survive what a shop may have stored under their names", () => {
    const attributes = { preferences: "none", topics: 5, hidden: [] };
    expect(preferencesOf({ attributes }).frequency).toBe("all");
    expect(isSnoozed({ attributes }, 1)).toBe(false);
  });
});
