import { expect, it } from "vitest";
import { openingText } from "../../../src/sends/opening-text";

const split = ["09:00-12:00", "14:00-19:00"];

it("opening hours are one line, days of the same hours together", () => {
  const stated = { mon: split, tue: split, wed: split, thu: split, fri: ["9:00–18:30"], sun: ["10:00-13:00"] };
  expect(openingText(stated, "en")).toBe("Mon–Thu 09:00–12:00, 14:00–19:00 · Fri 09:00–18:30 · Sun 10:00–13:00");
  expect(openingText(stated, "fr")).toBe("lun.–jeu. 09:00–12:00, 14:00–19:00 · ven. 09:00–18:30 · dim. 10:00–13:00");
  const all = Object.fromEntries(["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map((day) => [day, "10:00-24:00"]));
  expect(openingText(all, "en")).toBe("Mon–Sun 10:00–24:00");
});

it("what cannot be read of them is left out", () => {
  expect(openingText({ mon: ["always", "08:00-09:00"], tue: [], wed: null, fri: 3 }, "en")).toBe("Mon 08:00–09:00");
  expect(openingText("  Every day from nine  ", "en")).toBe("Every day from nine");
  for (const nothing of [null, undefined, "", " ", {}, [], 7, { mon: [] }, { lundi: split }]) {
    expect(openingText(nothing, "en")).toBeNull();
  }
});
