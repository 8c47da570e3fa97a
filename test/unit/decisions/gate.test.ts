import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { GatePolicy, Intent } from "../../../src/decisions/gate";
import { decide } from "../../../src/decisions/gate";
import type { Facts } from "../../../src/segments/facts";
import { DAY, MINUTE } from "../../../src/shared/clock";
import { facts, NOW } from "../scenarios/facts";

const INTENT: Intent = {
  run: "run_1",
  scenario: "s",
  block: "b",
  channel: "email",
  content: "hello",
  class: "marketing",
  plannedAt: NOW,
};
const POLICY: GatePolicy = { killed: [], holdout: 0, maxLatenessMs: DAY, ready: ["email", "sms"] };

function answer(
  intent: Partial<Intent> = {},
  known: Facts = facts(),
  policy: Partial<GatePolicy> = {},
  now = NOW,
): string {
  const { outcome, reason } = decide({ ...INTENT, ...intent }, known, { ...POLICY, ...policy }, now);
  return `${outcome}: ${reason}`;
}

const unconsented = facts({ profile: { consents: {} } });

describe("the gate", () => {
  it("lets a message through that nothing speaks against", () => {
    expect(decide(INTENT, facts(), POLICY, NOW)).toMatchObject({ outcome: "send", reason: "permitted", until: null });
  });

  it("sends nothing to somebody who was erased, and says so before anything else of them", () => {
    const empty = { email: null, phone: null, consents: {} };
    expect(answer({}, facts({ profile: { ...empty, status: "erased" } }))).toBe("suppressed: erased");
    expect(answer({}, facts({ profile: { ...empty, status: "expired" } }))).toBe("suppressed: retention_over");
    expect(answer({ class: "transactional" }, facts({ profile: { ...empty, status: "erased" } }))).toBe(
      "suppressed: erased",
    );
  });

  it("holds what the kill switch holds, of one channel or of all", () => {
    expect(answer({}, facts(), { killed: ["email"] })).toBe("held: kill_switch");
    expect(answer({}, facts(), { killed: ["all"] })).toBe("held: kill_switch");
    expect(answer({}, facts(), { killed: ["sms"] })).toBe("send: permitted");
    expect(decide(INTENT, facts(), { ...POLICY, killed: ["all"] }, NOW).until).toBe(NOW + 5 * MINUTE);
  });

  it("writes to nobody whom nobody has verified", () => {
    for (const status of ["anonymous", "merged"] as const) {
      expect(answer({}, facts({ profile: { status } }))).toBe("suppressed: identity_unverified");
    }
  });

  it("needs an address of the channel", () => {
    expect(answer({}, facts({ profile: { email: null } }))).toBe("suppressed: address_missing");
    expect(answer({ channel: "sms" }, facts({ profile: { phone: null } }))).toBe("suppressed: address_missing");
    expect(answer({}, facts({ profile: { email: null, claimedEmail: "ann@shop.test" } }))).toBe(
      "suppressed: address_missing",
    );
  });

  it("needs consent to marketing on the channel: a claim is none, a withdrawal is none", () => {
    expect(answer({}, unconsented)).toBe("suppressed: no_consent");
    for (const state of ["claimed", "withdrawn"] as const) {
      expect(answer({}, facts({ profile: { consents: { email: { state, at: NOW } } } }))).toBe(
        "suppressed: no_consent",
      );
    }
    const emailOnly = facts({ profile: { consents: { email: { state: "granted", at: NOW } } } });
    expect(answer({}, emailOnly)).toBe("send: permitted");
    expect(answer({ channel: "sms" }, emailOnly)).toBe("suppressed: no_consent");
  });

  it("asks for an address and a consent on every channel, also where no provider is there yet", () => {
    const granted = { state: "granted", at: NOW } as const;
    const ready = { ready: ["email", "sms", "push", "wallet", "print"] };
    const asked = (channel: string, profile: object) => answer({ channel }, facts({ profile }), ready);
    const address = { line1: "3 rue du Port", postal_code: "69002", city: "Lyon" };
    for (const channel of ["push", "wallet"]) {
      expect(asked(channel, { consents: { push: granted } })).toBe("send: permitted");
      expect(asked(channel, { consents: { email: granted } })).toBe("suppressed: no_consent");
      expect(asked(channel, { consents: { push: granted }, externalId: null })).toBe("suppressed: address_missing");
    }
    expect(asked("print", { consents: { email: granted }, attributes: { address } })).toBe("send: permitted");
    expect(asked("print", { consents: { email: granted } })).toBe("suppressed: address_missing");
    expect(asked("print", { consents: { push: granted }, attributes: { address } })).toBe("suppressed: no_consent");
    expect(asked("pigeon", {})).toBe("suppressed: address_missing");
    // In production, where nobody sends them, they are no messages that wait: the decision says why.
    expect(answer({ channel: "push" }, facts({ profile: { consents: { push: granted } } }), { ready: ["email"] })).toBe(
      "suppressed: sender_not_ready",
    );
  });

  it("keeps marketing back while a person asked for a pause, and nothing else", () => {
    const paused = facts({ profile: { attributes: { preferences: { snoozed_until: NOW + 1 } } } });
    expect(answer({}, paused)).toBe("suppressed: snoozed");
    expect(answer({ class: "transactional" }, paused)).toBe("send: permitted");
    expect(answer({}, paused, {}, NOW + 1)).toBe("send: permitted");
    expect(decide(INTENT, paused, POLICY, NOW).inputs).toMatchObject({ snoozed_until: NOW + 1 });
  });

  it("needs no consent to what is no marketing, and nobody is held out of it (Appendix B 21)", () => {
    expect(answer({ class: "transactional" }, unconsented, { holdout: 0.5 })).toBe("send: permitted");
  });

  it("drops what would come too late, by its own time", () => {
    expect(answer({}, facts(), {}, NOW + DAY)).toBe("send: permitted");
    expect(answer({}, facts(), {}, NOW + DAY + 1)).toBe("suppressed: too_late");
  });

  it("holds a share of contacts out, the same ones for ever (Appendix B 22)", () => {
    const held = (contact: number, holdout: number) =>
      answer({}, facts({ contact }), { holdout }) !== "send: permitted";
    const contacts = Array.from({ length: 2_000 }, (_, contact) => contact);
    const tenth = contacts.filter((contact) => held(contact, 0.1));
    expect(tenth.length / contacts.length).toBeCloseTo(0.1, 1);
    expect(contacts.filter((contact) => held(contact, 0.1))).toEqual(tenth);
    const more = new Set(contacts.filter((contact) => held(contact, 0.3)));
    expect(tenth.every((contact) => more.has(contact))).toBe(true);
    expect(contacts.some((contact) => held(contact, 0))).toBe(false);
  });

  it("needs a sender that is set up", () => {
    expect(answer({}, facts(), { ready: ["sms"] })).toBe("suppressed: sender_not_ready");
  });

  it("answers with the first point that fails, in the order of the specification", () => {
    const nobody = facts({ profile: { status: "anonymous", email: null, consents: {} } });
    const all = { killed: ["all"], holdout: 0.5, ready: [] };
    const late = NOW + 2 * DAY;
    expect(answer({}, nobody, all, late)).toBe("held: kill_switch");
    expect(answer({}, nobody, { ...all, killed: [] }, late)).toBe("suppressed: identity_unverified");
    const known = facts({ profile: { email: null, consents: {} } });
    expect(answer({}, known, { ...all, killed: [] }, late)).toBe("suppressed: address_missing");
    expect(answer({}, unconsented, { ...all, killed: [] }, late)).toBe("suppressed: no_consent");
    expect(answer({}, facts(), { ...all, killed: [] }, late)).toBe("suppressed: too_late");
  });

  it("keeps what it looked at, and nothing that is a person's", () => {
    const { inputs, rule } = decide(INTENT, unconsented, POLICY, NOW);
    expect(inputs).toEqual({ killed: [], status: "verified", channel: "email", has_address: true, consent: "none" });
    expect(rule).toBe(4);
    expect(JSON.stringify(decide(INTENT, facts(), POLICY, NOW))).not.toContain("ann@");
  });

  it("gives the same answer to the same question", () => {
    const policy = fc.record({
      killed: fc.subarray(["all", "email", "sms"]),
      holdout: fc.double({ min: 0, max: 0.5, noNaN: true }),
      maxLatenessMs: fc.nat(),
      ready: fc.subarray(["email", "sms"]),
    });
    fc.assert(
      fc.property(policy, fc.nat(), fc.nat({ max: 1_000 }), (rules, later, contact) => {
        const ask = () => decide(INTENT, facts({ contact }), rules, NOW + later);
        expect(ask()).toEqual(ask());
        if (ask().outcome === "held") expect(ask().until).toBeGreaterThan(NOW + later);
      }),
    );
  });
});
