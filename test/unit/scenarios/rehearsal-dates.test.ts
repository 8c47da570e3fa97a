import { describe, expect, it } from "vitest";
import { resolver } from "../../../src/contacts/identity";
import { profileOf } from "../../../src/contacts/profile";
import type { LedgerEvent } from "../../../src/events/event";
import { withDefaults } from "../../../src/scenarios/live";
import { Rehearsal } from "../../../src/scenarios/rehearsal";
import { factsOf, meantBy, NO_TERMS, projections } from "../../../src/services/records";
import { HOUR } from "../../../src/shared/clock";
import { playbook } from "./facts";
import { scenario } from "./scenario";

const at = (text: string): number => Date.parse(text);

/** Who enters within two weeks of May, of what is told at the times given. */
function entries(
  params: object,
  ...told: readonly (readonly [when: string, user: string, traits: object])[]
): string[] {
  const definition = withDefaults(
    scenario({ start: { type: "start.date", params, next: { next: "end" } }, end: { type: "exit" } }),
  );
  const rehearsal = new Rehearsal({
    scenario: "s",
    version: 1,
    from: at("2026-05-01T00:00Z"),
    to: at("2026-05-15T00:00Z"),
    fold: { resolver, projections: projections("EUR", NO_TERMS) },
    factsOf: (record) => factsOf(record, { zone: "UTC", currency: "EUR" }),
    isMerged: (record) => profileOf(record).status === "merged",
    told: meantBy,
    playbook: playbook({ s: definition }),
    policy: () => ({ killed: [], ready: ["email"], holdout: 0, maxLatenessMs: HOUR }),
  });
  for (const [seq, [when, user, traits]] of told.entries()) {
    const event: LedgerEvent = {
      ...{ id: `e-${seq}`, type: "identify", name: "identify", at: at(when), trust: "secret", user },
      traits: { ...traits },
    };
    rehearsal.play({ at: at(when), seq, index: 0, event });
  }
  return rehearsal
    .finish()
    .entries.map(({ external_id: who, entry_key, entered_at }) => [who, entry_key, entered_at].join(" "));
}

const BIRTHDAY = { field: "birth_date" };
const ENDS = { field: "attribute", name: "ends" };

describe("a rehearsal of a start on a date", () => {
  it("lets in whom history told of, in the order in which their dates fall", () => {
    const found = entries(
      BIRTHDAY,
      ["2025-01-01T00:00Z", "early", { birth_date: "1990-04-30" }],
      ["2025-01-01T00:00Z", "ann", { birth_date: "1990-05-04" }],
      ["2026-05-02T00:00Z", "bob", { birth_date: "1990-05-04", timezone: "Asia/Tokyo" }],
      ["2026-05-04T10:00Z", "late", { birth_date: "1990-05-04" }],
      ["2026-05-05T00:00Z", "end", { birth_date: "1990-05-15" }],
    );
    expect(found).toEqual([
      "bob birth_date:2026 2026-05-04T00:00:00.000Z",
      "ann birth_date:2026 2026-05-04T09:00:00.000Z",
    ]);
  });

  it("leaves out a birth date that had not stood for 30 days", () => {
    const told = [
      ["2026-04-04T09:00Z", "stood", { birth_date: "1990-05-04" }],
      ["2026-04-04T09:01Z", "fresh", { birth_date: "1990-05-04" }],
    ] as const;
    expect(entries({ ...BIRTHDAY, settled: true }, ...told)).toEqual([
      "stood birth_date:2026 2026-05-04T09:00:00.000Z",
    ]);
    expect(entries(BIRTHDAY, ...told)).toHaveLength(2);
  });

  it("follows dates that are put off and on, and contacts who move", () => {
    const found = entries(
      ENDS,
      ["2026-04-01T00:00Z", "off", { ends: "2026-05-03" }],
      ["2026-04-01T00:00Z", "on", { ends: "2026-05-12" }],
      ["2026-04-01T00:00Z", "gone", { ends: "2026-05-06" }],
      ["2026-04-01T00:00Z", "mover", { ends: "2026-05-05", timezone: "America/New_York" }],
      ["2026-05-02T00:00Z", "off", { ends: "2026-05-07" }],
      ["2026-05-02T00:00Z", "on", { ends: "2026-05-04" }],
      ["2026-05-02T00:00Z", "gone", { ends: "never" }],
      ["2026-05-02T00:00Z", "mover", { timezone: "Asia/Tokyo" }],
      ["2026-05-08T00:00Z", "off", { ends: "2026-05-10" }],
    );
    expect(found).toEqual([
      "on attribute.ends:2026-05-04 2026-05-04T09:00:00.000Z",
      "mover attribute.ends:2026-05-05 2026-05-05T00:00:00.000Z",
      "off attribute.ends:2026-05-07 2026-05-07T09:00:00.000Z",
      "off attribute.ends:2026-05-10 2026-05-10T09:00:00.000Z",
    ]);
  });
});
