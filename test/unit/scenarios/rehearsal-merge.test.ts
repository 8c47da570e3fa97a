import { describe, expect, it } from "vitest";
import { resolver } from "../../../src/contacts/identity";
import { profileOf } from "../../../src/contacts/profile";
import type { LedgerEvent } from "../../../src/events/event";
import { Rehearsal } from "../../../src/scenarios/rehearsal";
import { factsOf, meantBy, NO_TERMS, projections } from "../../../src/services/records";
import { HOUR, MINUTE } from "../../../src/shared/clock";
import { NOW, playbook } from "./facts";
import { scenario } from "./scenario";

const definition = scenario({
  start: { type: "start.event", params: { event: "Go" }, next: { next: "wait" } },
  wait: { type: "wait.for", params: { duration: "PT1H" }, next: { next: "send" } },
  send: { type: "send.email", params: { content: "cart_1" } },
});

function rehearse(...events: Partial<LedgerEvent>[]) {
  const rehearsal = new Rehearsal({
    scenario: "s",
    version: 1,
    from: NOW,
    to: NOW + 3 * HOUR,
    fold: { resolver, projections: projections("EUR", NO_TERMS) },
    factsOf: (record) => factsOf(record, { zone: "UTC", currency: "EUR" }),
    isMerged: (record) => profileOf(record).status === "merged",
    told: meantBy,
    playbook: playbook({ s: definition }),
    policy: () => ({ killed: [], ready: ["email"], holdout: 0, maxLatenessMs: HOUR }),
  });
  for (const [index, change] of events.entries()) {
    const at = NOW + index * MINUTE;
    const event = { id: `e-${index}`, type: "track", name: "", at, trust: "secret", ...change } as LedgerEvent;
    rehearsal.play({ at, seq: index, index: 0, event });
  }
  return rehearsal.finish();
}

const identify = (who: Partial<LedgerEvent>, traits: object): Partial<LedgerEvent> => ({
  type: "identify",
  traits: { consent: { email: true }, ...traits },
  ...who,
});

describe("a rehearsal of two people who turn out to be one", () => {
  const one = [
    identify({ user: "ann" }, {}),
    identify({ anon: "b-1" }, { email: "ann@shop.test" }),
    { anon: "b-1", name: "Go" },
    identify({ user: "ann" }, { email: "ann@shop.test" }),
  ];

  it("goes on where the one who became part of the other stood", () => {
    const { entries } = rehearse(...one);
    expect(entries.flatMap(({ messages }) => messages)).toMatchObject([{ block: "send", decision: "send" }]);
  });

  it("stops the run of the one by an order of the other", () => {
    const { entries } = rehearse(...one, {
      user: "ann",
      name: "Order Completed",
      properties: { order_id: "o-1", total: 9 },
    });
    expect(entries).toMatchObject([{ outcome: "goal", messages: [] }]);
  });
});
