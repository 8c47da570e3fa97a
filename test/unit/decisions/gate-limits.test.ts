import { describe, expect, it } from "vitest";
import type { Attempt } from "../../../src/decisions/caps";
import type { GatePolicy, Intent } from "../../../src/decisions/gate";
import { decide } from "../../../src/decisions/gate";
import { DEFAULT_SENDING, OPEN_SENDING, rulesOf } from "../../../src/decisions/sending";
import type { Facts } from "../../../src/segments/facts";
import { DAY, HOUR } from "../../../src/shared/clock";
import { cart, facts } from "../scenarios/facts";

// A Monday at ten in Paris.
const NOW = Date.UTC(2026, 10, 23, 9);
const INTENT: Intent = {
  run: "run_1",
  scenario: "s",
  block: "b",
  channel: "email",
  content: "hello",
  class: "marketing",
  plannedAt: NOW,
};
const SENDING = rulesOf(DEFAULT_SENDING);
const POLICY: GatePolicy = { killed: [], holdout: 0, maxLatenessMs: DAY, ready: ["email", "sms"], sending: SENDING };
const earlier = (ms: number, channel = "email"): Attempt => ({ at: NOW - ms, channel, weight: 1 });

interface Ask {
  readonly intent?: Partial<Intent>;
  readonly known?: Facts;
  readonly policy?: Partial<GatePolicy>;
  readonly now?: number;
  readonly attempts?: readonly Attempt[];
}

function ask({ intent = {}, known = facts(), policy = {}, now = NOW, attempts = [] }: Ask) {
  return decide({ ...INTENT, ...intent }, known, { ...POLICY, ...policy }, now, attempts);
}

function said(question: Ask): string {
  const { outcome, reason, until } = ask(question);
  return `${outcome}: ${reason}${until === null ? "" : ` until ${new Date(until).toISOString()}`}`;
}

describe("quiet hours", () => {
  const night = Date.UTC(2026, 10, 23, 21);
  const sms = { channel: "sms", plannedAt: night };

  it("hold a text message to the next window, if that is early enough, else drop it (mission §9.3)", () => {
    expect(said({ intent: sms, now: night })).toBe("held: quiet_hours until 2026-11-24T07:00:00.000Z");
    expect(said({ intent: { ...sms, leaveBy: night + 10 * HOUR - 1 }, now: night })).toBe("suppressed: quiet_hours");
    expect(said({ intent: { ...sms, leaveBy: night + 10 * HOUR }, now: night })).toContain("held: quiet_hours");
  });

  it("say what they went by (Appendix B 40)", () => {
    const inputs = { country: "FR", zones: ["Europe/Paris"], opens_at: Date.UTC(2026, 10, 24, 7) };
    expect(ask({ intent: sms, now: night }).inputs).toMatchObject(inputs);
  });

  it("let service and letters through", () => {
    expect(said({ intent: { ...sms, class: "transactional" }, now: night })).toBe("send: permitted");
    expect(said({ intent: { plannedAt: night }, now: night })).toBe("send: permitted");
    expect(said({ intent: sms, now: night, policy: { sending: rulesOf(OPEN_SENDING) } })).toBe("send: permitted");
  });
});

describe("frequency caps", () => {
  it("hold a message until there is room, or as long as it makes sense", () => {
    expect(said({ attempts: [earlier(2 * HOUR)] })).toBe("held: frequency_cap until 2026-11-23T23:00:00.000Z");
    const hasty = { leaveBy: NOW + HOUR };
    expect(said({ intent: hasty, attempts: [earlier(2 * HOUR)] })).toBe(
      "held: frequency_cap until 2026-11-23T10:00:00.000Z",
    );
  });

  it("drop it when it is too late, and say that others were worth more (Appendix B 20, 40)", () => {
    const asked = { intent: { leaveBy: NOW + HOUR, heldFor: "frequency_cap" }, attempts: [earlier(2 * HOUR)] };
    expect(said({ ...asked, now: NOW + HOUR })).toBe("suppressed: lost_arbitration");
    expect(said({ ...asked, now: NOW + DAY + 1 })).toBe("suppressed: lost_arbitration");
    expect(ask({ ...asked, now: NOW + HOUR }).inputs).toMatchObject({
      cap_channel: "email",
      cap_count: 1,
      cap_ms: 16 * HOUR,
      used: 1,
    });
    expect(said({ intent: { plannedAt: NOW - DAY - 1 }, attempts: [] })).toBe("suppressed: too_late");
  });

  it("let no second message on another channel through for the same moment", () => {
    expect(said({ intent: { channel: "sms" }, attempts: [earlier(1)] })).toContain("held: frequency_cap");
    expect(said({ intent: { channel: "sms" }, attempts: [earlier(HOUR)] })).toBe("send: permitted");
  });

  it("are not for service, which is not counted either", () => {
    expect(said({ intent: { class: "transactional" }, attempts: [earlier(1), earlier(2)] })).toBe("send: permitted");
  });

  it("come behind quiet hours", () => {
    const night = Date.UTC(2026, 10, 23, 21);
    const attempts = [{ at: night - HOUR / 2, channel: "sms", weight: 1 }];
    expect(said({ intent: { channel: "sms", plannedAt: night }, now: night, attempts })).toContain("quiet_hours");
  });
});

describe("what the law and the shop rule out", () => {
  it("is a text message to a country that the shop does not write to", () => {
    const belgian = facts({ profile: { phone: "+32470123456" } });
    const sending = rulesOf({ ...DEFAULT_SENDING, sms_countries: ["FR"] });
    expect(said({ intent: { channel: "sms" }, known: belgian })).toBe("send: permitted");
    expect(said({ intent: { channel: "sms" }, known: belgian, policy: { sending } })).toBe("suppressed: sms_country");
    expect(said({ known: belgian, policy: { sending } })).toBe("send: permitted");
    expect(said({ intent: { channel: "sms" }, known: facts({ profile: { phone: "+88112345678" } }) })).toBe(
      "suppressed: sms_country",
    );
  });

  it("is marketing to somebody under age, up to the birthday; service goes", () => {
    const born = (birthDate: string) => facts({ profile: { birthDate } });
    expect(said({ known: born("2011-11-24") })).toBe("suppressed: under_age");
    expect(said({ known: born("2011-11-23") })).toBe("send: permitted");
    expect(said({ intent: { class: "transactional" }, known: born("2020-01-01") })).toBe("send: permitted");
    expect(
      said({
        known: born("2012-02-29"),
        now: Date.UTC(2027, 1, 28, 12),
        intent: { plannedAt: Date.UTC(2027, 1, 28, 12) },
      }),
    ).toBe("suppressed: under_age");
    expect(JSON.stringify(ask({ known: born("2020-01-01") }))).not.toContain("2020-01-01");
  });

  it("is a coupon that is over", () => {
    expect(said({ intent: { about: { couponUntil: NOW } } })).toBe("suppressed: coupon_over");
    expect(said({ intent: { about: { couponUntil: NOW + 1 } } })).toBe("send: permitted");
  });
});

describe("brakes", () => {
  it("hold marketing to one mailbox provider, while others flow (Appendix B 31)", () => {
    const at = (email: string) => facts({ profile: { email } });
    const policy = { mailboxes: { orange: NOW + HOUR } };
    expect(said({ known: at("ann@wanadoo.fr"), policy })).toBe("held: mailbox_spared until 2026-11-23T10:00:00.000Z");
    expect(said({ known: at("ann@gmail.com"), policy })).toBe("send: permitted");
    expect(said({ known: at("ann@orange.fr"), policy, intent: { class: "transactional" } })).toBe("send: permitted");
    expect(said({ known: at("ann@orange.fr"), policy, now: NOW + HOUR })).toBe("send: permitted");
  });

  it("hold a whole channel while its provider is paused, and drop nothing but what is too late (K10)", () => {
    const policy = { brakes: { email: NOW + HOUR } };
    expect(said({ policy })).toBe("held: provider_paused until 2026-11-23T10:00:00.000Z");
    expect(said({ policy, intent: { class: "transactional" } })).toContain("held: provider_paused");
    expect(said({ policy, intent: { channel: "sms" } })).toBe("send: permitted");
    expect(said({ policy, now: NOW + HOUR })).toBe("send: permitted");
  });
});

describe("who called a message spam", () => {
  const known = facts({ profile: { delivery: { complained: NOW } } });

  it("gets no marketing, but notices and what they wait for", () => {
    expect(said({ known })).toBe("suppressed: suppressed_complaint");
    expect(said({ known, intent: { class: "service" } })).toBe("send: permitted");
    expect(said({ known, intent: { class: "transactional" } })).toBe("send: permitted");
  });
});

describe("a content that needs something of the contact", () => {
  const policy = { needs: { hello: ["cart", "order"] as const } };

  it("stops at the gate where that is missing, for the renderer's own reason", () => {
    const order = { id: "o-1" } as never;
    const empty = { ...cart(), lines: [] };
    const lacks = (commerce: object) => said({ policy, known: facts({ commerce }) });
    expect(lacks({})).toBe("suppressed: content_cannot_be_personalised: order_missing");
    expect(lacks({ orders: [order] })).toBe("suppressed: content_cannot_be_personalised: cart_missing");
    expect(lacks({ orders: [order], cart: empty })).toBe("suppressed: content_cannot_be_personalised: cart_empty");
    expect(lacks({ orders: [order], cart: cart() })).toBe("send: permitted");
    expect(ask({ policy }).inputs).toMatchObject({ needs: ["cart", "order"] });
  });
});
