import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reactionsTo } from "../../../src/scenarios/rehearsal-assumed";
import { compareEntries } from "../../../src/scenarios/rehearsal-difference";
import { Families } from "../../../src/scenarios/rehearsal-families";
import { Overlap } from "../../../src/scenarios/rehearsal-overlap";
import type { EntryOf } from "../../../src/scenarios/rehearsal-report";
import { charge } from "../../../src/scenarios/rehearsal-sms";
import { addUp, noTotals } from "../../../src/scenarios/rehearsal-totals";
import { DAY, HOUR } from "../../../src/shared/clock";

describe("families of identities", () => {
  const names = fc.array(fc.array(fc.integer({ min: 0, max: 40 }).map(String), { minLength: 1, maxLength: 3 }), {
    maxLength: 30,
  });

  it("play in one part, whoever names them in whatever order, and after they were laid down", () => {
    const small = () => new Families(new Int32Array(4_096));
    const property = fc.property(names, fc.integer({ min: 1, max: 9 }), (events, parts) => {
      const [one, other] = [small(), small()];
      for (const event of events) one.join(event);
      for (const event of events.toReversed()) other.join(event.toReversed());
      const part = (families: Families, name: string) => families.partOf(families.placeOf(name), parts);
      for (const event of events) {
        const found = new Set(event.flatMap((name) => [part(one, name), part(other, name)]));
        expect(found.size).toBe(1);
      }
    });
    fc.assert(property, { numRuns: 50 });
  });

  it("are the same after they were packed", () => {
    const families = new Families();
    for (const event of [
      ["u:a", "a:1"],
      ["u:b", "a:2"],
      ["a:2", "u:a"],
    ])
      families.join(event);
    const unpacked = Families.unpack(families.pack());
    const parts = ["u:a", "u:b", "a:1", "a:2"].map((name) => unpacked.partOf(unpacked.placeOf(name), 1_000));
    expect(new Set(parts).size).toBe(1);
    expect(families.pack().byteLength).toBeLessThan(100);
  });
});

describe("what a rehearsal counts", () => {
  it("is the sum of its parts, place by place", () => {
    const one = { ...noTotals(), entered: 2, messages: { email: { "2026-05-01": 2 } } };
    const other = { ...noTotals(), entered: 1, messages: { email: { "2026-05-01": 1 }, sms: { "2026-05-02": 4 } } };
    expect(addUp(one, other)).toMatchObject({
      entered: 3,
      messages: { email: { "2026-05-01": 3 }, sms: { "2026-05-02": 4 } },
    });
  });

  it("has messages meet those of other scenarios within a day, also of somebody who became part of another", () => {
    const overlap = new Overlap();
    overlap.note(1, 0, null);
    overlap.note(1, 3 * DAY, null);
    overlap.note(2, DAY, "news");
    overlap.note(3, 0, null);
    overlap.note(4, 0, "news");
    overlap.unite(1, 2);
    const { overlap: totals } = noTotals();
    overlap.addTo(totals);
    expect(totals).toMatchObject({ messages: 1, contacts: 1, by: { news: { messages: 1, contacts: 1 } } });
  });

  it("has text messages cost their segments at the price of their country", () => {
    const { sms } = noTotals();
    const tariff = {
      prices: { byCountry: { FR: 4_500 }, other: 9_000 },
      countryOf: (phone: string) => (phone.startsWith("+33") ? "FR" : "US"),
      segmentsOf: () => 2,
    };
    for (const phone of ["+33612345678", "+33612345679", "+12025550123"]) charge(sms, tariff, "cart_2_sms", phone);
    charge(sms, tariff, "cart_2_sms", null);
    expect(sms).toMatchObject({ messages: 4, segments: 8, milli: 54_000 });
    expect(sms.byCountry["FR"]).toEqual({ messages: 2, segments: 4, milli: 18_000 });
  });

  it("takes the same messages to be opened each time, and no more than the share", () => {
    const react = reactionsTo({ opened: 0.3, clicked: 0.1 });
    const all = Array.from({ length: 2_000 }, (_, index) => react(`snd_${index}`, 0));
    const opened = all.filter((signals) => signals.length > 0).length;
    expect(opened / 2_000).toBeCloseTo(0.3, 1);
    expect(all.filter((signals) => signals.length > 1).length).toBeLessThan(opened / 2);
    expect(react("snd_7", 0)).toEqual(all[7]);
    expect(all.flat().every(({ at }) => at >= HOUR)).toBe(true);
  });
});

describe("two versions", () => {
  const entry = (contact: number, outcome: string | null, ...blocks: string[]): EntryOf => ({
    run: `run_${contact}`,
    contact,
    entry: {
      external_id: null,
      anonymous_id: null,
      entry_key: "once",
      entered_at: "2026-05-01T00:00:00.000Z",
      messages: blocks.map((block) => ({ block, channel: "email", at: "t", decision: "send", reason: "permitted" })),
      exited_at: null,
      outcome,
      reason: null,
    },
  });

  it("are told apart contact by contact", () => {
    const before = [entry(1, "completed", "a"), entry(2, "refused"), entry(3, "goal"), entry(4, null, "a")];
    const after = [entry(1, "completed", "a"), entry(2, "completed", "a", "b"), entry(5, null), entry(4, null, "b")];
    const { difference, examples } = compareEntries(after, before);
    expect(difference).toEqual({
      totals: { entries_gained: 2, entries_lost: 1, messages_gained: 3, messages_lost: 1, same: 1, changed: 4 },
      outcomes: { "refused>completed": 1, "goal>none": 1, "running>running": 1, "none>running": 1 },
    });
    expect(examples.map(({ contact }) => contact)).toEqual([2, 3, 4, 5]);
  });
});
