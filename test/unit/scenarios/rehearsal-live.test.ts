// Where a rehearsal once decided otherwise than life, as found by scenarios at random (test/sim/rehearsals.test.ts).
import { describe, expect, it } from "vitest";
import { resolver } from "../../../src/contacts/identity";
import { profileOf } from "../../../src/contacts/profile";
import type { LedgerEvent } from "../../../src/events/event";
import { ownEvent } from "../../../src/events/event";
import type { ScenarioDefinition } from "../../../src/scenarios/definition";
import type { Playbook } from "../../../src/scenarios/live";
import { withDefaults } from "../../../src/scenarios/live";
import { Rehearsal } from "../../../src/scenarios/rehearsal";
import { factsOf, meantBy, NO_TERMS, projections } from "../../../src/services/records";
import { DAY, HOUR } from "../../../src/shared/clock";
import { playbook } from "./facts";
import { scenario } from "./scenario";

const FROM = Date.parse("2026-05-01T00:00:00Z");
const letter = { type: "send.email", params: { content: "hello" } };
const wait = (next: string) => ({ type: "wait.for", params: { duration: "P1D" }, next: { next } });
const begins = (next: string) => ({ type: "start.event", params: { event: "Begun" }, next: { next } });

type Told = Partial<LedgerEvent> & { readonly at: number; readonly receivedAt?: number; readonly request?: number };
const ann: Told = {
  type: "identify",
  at: FROM - 9 * DAY,
  traits: { email: "ann@shop.test", country: "FR", consent: { email: true } },
};
const begun = (at: number, more: Partial<Told> = {}): Told => ({ name: "Begun", at, ...more });

function rehearse(
  definition: ScenarioDefinition,
  told: readonly Told[],
  {
    others = {},
    tested = {},
    isTold = () => false,
  }: {
    others?: Record<string, ScenarioDefinition>;
    /** Versions beside some of the others, whose way everybody goes. */
    tested?: Record<string, ScenarioDefinition>;
    isTold?: (act: string) => boolean;
  } = {},
): string[] {
  const known = playbook({ s: withDefaults(definition), ...others });
  const book: Playbook = {
    live: known.live.map((live) => {
      const beside = tested[live.id];
      return beside ? { ...live, challenger: { version: 2, share: 1, definition: beside } } : live;
    }),
    definition: (id, version) => (version === 2 ? tested[id] : known.definition(id, version)),
  };
  const rehearsal = new Rehearsal({
    scenario: "s",
    version: 1,
    from: FROM,
    to: FROM + 14 * DAY,
    fold: { resolver, projections: projections("EUR", NO_TERMS) },
    factsOf: (record) => factsOf(record, { zone: "UTC", currency: "EUR" }),
    isMerged: (record) => profileOf(record).status === "merged",
    answers: { isTold },
    hasContent: (key) => key === "hello",
    told: meantBy,
    playbook: book,
    policy: () => ({ killed: [], ready: ["email"], holdout: 0, maxLatenessMs: DAY }),
  });
  for (const [index, { receivedAt, request, ...what }] of [ann, ...told].entries()) {
    const event = { id: `e-${index}`, type: "track", name: "", trust: "secret", user: "ann", ...what } as LedgerEvent;
    rehearsal.play({ at: receivedAt ?? event.at, seq: request ?? index, index, event });
  }
  return rehearsal.finish().entries.map(({ outcome, reason, exited_at, messages }) => {
    const said = messages.map(({ decision, reason: why }) => `${decision} ${why}`);
    return [...said, `${outcome} ${reason} ${exited_at?.slice(5, 16)}`].join(", ");
  });
}

describe("a rehearsal", () => {
  const plain = scenario({ start: begins("letter"), letter });

  it("goes by the version that runs beside another scenario's: what it does, and what it waits for", () => {
    const rank = (priority: number) => ({ exclusion_group: "one", priority });
    const later = { ...begins("letter"), params: { event: "Later" } };
    const own = scenario({ start: later, letter }, rank(40));
    const others = { o: scenario({ start: begins("stay"), stay: wait("exit"), exit: { type: "exit" } }, rank(60)) };
    const told = [begun(FROM), begun(FROM + HOUR, { name: "Signed" }), begun(FROM + 2 * HOUR, { name: "Later" })];
    const points = { type: "award.points", params: { points: 5 }, next: { next: "exit" } };
    const signed = { event: "Signed", timeout: "P5D" };
    const hears = { type: "wait.event", params: signed, next: { yes: "exit", timeout: "exit" } };
    for (const act of [points, hears]) {
      const tested = { o: scenario({ start: begins("act"), act, exit: { type: "exit" } }, rank(60)) };
      expect(rehearse(own, told, { others, tested })).toEqual(["send permitted, completed end 05-01T02:00"]);
    }
    expect(rehearse(own, told, { others })).toEqual(["refused group_busy 05-01T02:00"]);
  });

  it("begins nothing before its period, as a scenario that is switched on", () => {
    expect(rehearse(plain, [begun(FROM - DAY)])).toEqual([]);
    const once = { ...plain, reentry: { policy: "once" as const } };
    expect(rehearse(once, [begun(FROM - DAY), begun(FROM + DAY)])).toEqual([
      "send permitted, completed end 05-02T00:00",
    ]);
  });

  it("counts who enters by what is told late", () => {
    expect(rehearse(plain, [begun(FROM - HOUR, { receivedAt: FROM + HOUR })])).toHaveLength(1);
  });

  it("begins nothing by old news or by a machine", () => {
    expect(rehearse(plain, [begun(FROM + DAY, { past: true })])).toEqual([]);
    const machine = { trust: "write", anon: "a-ann", bot: true } as const;
    const browser: Told = { type: "identify", at: FROM - DAY, anon: "a-ann", trust: "token" };
    expect(rehearse(plain, [browser, begun(FROM + DAY, machine)])).toEqual([]);
  });

  it("asks who is in nothing each time that it looks for others", () => {
    const target = { type: "start.targeting", params: { rule: { all: [] }, every: "PT6H" }, next: { next: "wait" } };
    // It would be asked of anything that happens, and in life nothing does.
    const stops = [{ rule: { type: "contact", field: "country", op: "in", value: ["FR"] } }];
    const definition = scenario({ start: target, wait: wait("letter"), letter }, { stop_when: stops });
    expect(rehearse(definition, [])).toEqual(["send permitted, completed end 05-02T00:00"]);
  });

  it("hears what one request tells once all of it is known", () => {
    const withdrawn = ownEvent("w", "consent.withdrawn", FROM + DAY, 1, { consent: "email" });
    const together = [begun(FROM + DAY, { request: 9 }), { ...withdrawn, request: 9 }];
    const definition = { ...plain, stop_on: [] };
    expect(rehearse(definition, together)).toEqual(["suppressed no_consent, completed end 05-02T00:00"]);
    const apart = [begun(FROM + DAY, { request: 9 }), { ...withdrawn, request: 10 }];
    expect(rehearse(definition, apart)).toEqual(["send permitted, completed end 05-02T00:00"]);
  });

  it("waits for what came of an act where the past tells it, and else goes on at once", () => {
    const coupon = { type: "issue.coupon", params: { offer: "gift" }, next: { issued: "letter", none: "out" } };
    const out = { type: "exit", params: { outcome: "completed", reason: "none" } };
    const definition = scenario({ start: begins("coupon"), coupon, letter, out });
    expect(rehearse(definition, [begun(FROM + DAY)])).toEqual(["send permitted, completed end 05-02T00:00"]);
    let act = "";
    const isTold = (id: string): boolean => {
      act = id;
      return true;
    };
    // The first time only tells under which id it is done.
    expect(rehearse(definition, [begun(FROM + DAY)], { isTold })).toEqual(["completed none 05-03T00:00"]);
    const acted = ownEvent("acted", "scenario.acted", FROM + DAY + HOUR, 1, { act, state: "done", result: "none" });
    expect(rehearse(definition, [begun(FROM + DAY), acted], { isTold })).toEqual(["completed none 05-02T01:00"]);
  });

  it("sends nothing that has no content", () => {
    const lost = scenario({ start: begins("letter"), letter: { ...letter, params: { content: "lost" } } });
    const found = rehearse(lost, [begun(FROM + DAY)]);
    expect(found).toEqual(["suppressed content_missing, completed end 05-02T00:00"]);
  });

  it("tells of its own scenario alone, though others take part as rivals", () => {
    const group = { exclusion_group: "one" };
    const rival = withDefaults(
      scenario({ start: begins("wait"), wait: wait("letter"), letter }, { ...group, priority: 90 }),
    );
    const found = rehearse({ ...plain, ...group }, [begun(FROM + DAY)], { others: { rival } });
    expect(found).toEqual(["send permitted, completed end 05-02T00:00"]);
    const first = rehearse({ ...plain, ...group }, [begun(FROM + DAY), begun(FROM + DAY + HOUR)], {
      others: { rival },
    });
    expect(first).toEqual(["send permitted, completed end 05-02T00:00", "refused group_busy 05-02T01:00"]);
  });
});
