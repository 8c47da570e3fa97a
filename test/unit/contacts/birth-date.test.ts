import { describe, expect, it } from "vitest";
import { birthdayHolds, readBirthDate, stateBirthDate } from "../../../src/contacts/birth-date";
import { DAY } from "../../../src/shared/clock";
import { identify, NOW, People } from "./people";

const none = { birthDate: null, birthDateSetAt: null, birthDateRefused: null };

describe("a birth date", () => {
  it("is a date of the past that the calendar has", () => {
    expect(readBirthDate("1990-05-01", NOW)).toBe("1990-05-01");
    expect(readBirthDate("1992-02-29T00:00:00.000Z", NOW)).toBe("1992-02-29");
    for (const bad of [
      "1991-02-29",
      "1990-13-01",
      "2090-01-01",
      "1850-01-01",
      "01/05/1990",
      "1990-05-01x",
      1990,
      null,
    ]) {
      expect(readBirthDate(bad, NOW)).toBeNull();
    }
  });

  it("changes once a year, and what comes sooner is kept out and counted", () => {
    const set = stateBirthDate(none, "1990-05-01", NOW);
    expect(stateBirthDate(set, "1990-05-01", NOW + DAY)).toBe(set);
    const refused = stateBirthDate(set, "1990-06-01", NOW + 364 * DAY);
    expect(refused).toEqual({ ...set, birthDateRefused: 1 });
    const changed = stateBirthDate(refused, "1990-06-01", NOW + 365 * DAY);
    expect(changed).toEqual({ birthDate: "1990-06-01", birthDateSetAt: NOW + 365 * DAY, birthDateRefused: 1 });
  });

  it("stands from when it came, whatever time a client gives it; an import's is history", () => {
    const traits = { birthDate: "1990-05-01" };
    const told = (trust: "token" | "import") =>
      new People().take(identify("ann", traits, { trust, at: NOW - 40 * DAY })).profile("u:ann").birthDateSetAt;
    expect(told("token")).toBeGreaterThanOrEqual(NOW);
    expect(told("import")).toBe(NOW - 40 * DAY);
  });

  it("holds for an incentive once it has stood for 30 days", () => {
    const set = stateBirthDate(none, "1990-05-01", NOW);
    expect(birthdayHolds(none, NOW)).toBe(false);
    expect(birthdayHolds(set, NOW + 30 * DAY - 1)).toBe(false);
    expect(birthdayHolds(set, NOW + 30 * DAY)).toBe(true);
  });

  it("comes from the shop's server or with its token, never from a browser alone", () => {
    const people = new People().take(identify("ann", { birthday: "1990-05-01T00:00:00Z" }, { trust: "token" }));
    expect(people.profile("u:ann")).toMatchObject({ birthDate: "1990-05-01", birthDateSetAt: NOW + 1_000 });
    people.take(identify("bob", { birth_date: "1990-05-01" }, { trust: "write" }));
    expect(people.profile("c:bob")).toMatchObject({ birthDate: null, attributes: {} });
    people.take(identify("cat", { birthDate: "1990-05-01" }));
    expect(people.profile("u:cat")).toMatchObject({ birthDate: "1990-05-01", attributes: {} });
  });
});
