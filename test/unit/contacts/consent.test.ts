import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConsentLine, Consents } from "../../../src/contacts/consent";
import {
  applyEntry,
  CONSENT_KEYS,
  channelAndPurpose,
  confirmClaims,
  consentKeyOf,
  foldConsents,
  isGranted,
  isMarketing,
  stateConsent,
  statedConsents,
} from "../../../src/contacts/consent";

interface Statement {
  readonly given: boolean;
  readonly trusted: boolean;
  readonly at: number;
}

function told(...statements: Statement[]): Consents {
  let consents: Consents = {};
  for (const { given, trusted, at } of statements) ({ consents } = stateConsent(consents, "email", given, trusted, at));
  return consents;
}

const grant = (at: number): Statement => ({ given: true, trusted: true, at });
const claim = (at: number): Statement => ({ given: true, trusted: false, at });
const withdraw = (at: number, trusted = true): Statement => ({ given: false, trusted, at });

describe("consent", () => {
  it("is granted by whom the shop vouches for, and merely claimed in a browser", () => {
    expect(told(grant(1)).email).toEqual({ state: "granted", at: 1 });
    expect(told(claim(1)).email).toEqual({ state: "claimed", at: 1 });
    expect(isGranted(told(claim(1)), "email")).toBe(false);
  });

  it("is withdrawn by anyone, at once", () => {
    expect(told(grant(1), withdraw(2, false)).email).toEqual({ state: "withdrawn", at: 2 });
    expect(told(grant(5), withdraw(3, false)).email?.state).toBe("withdrawn");
  });

  it("is not given again by a claim", () => {
    expect(told(grant(1), withdraw(2), claim(3)).email?.state).toBe("withdrawn");
    expect(told(grant(1), claim(2)).email).toEqual({ state: "granted", at: 1 });
  });

  it("is given again by a later grant, and not by one that only arrives later", () => {
    expect(told(withdraw(5), grant(6)).email?.state).toBe("granted");
    expect(told(withdraw(5), grant(4)).email?.state).toBe("withdrawn");
  });

  it("turns from a claim into a grant, however old the claim is", () => {
    expect(told(claim(5), grant(4)).email).toEqual({ state: "granted", at: 4 });
  });

  it("leaves a line in the ledger of proofs for each statement, but for a claim that was made before", () => {
    const entry = (consents: Consents, { given, trusted, at }: Statement) =>
      stateConsent(consents, "email", given, trusted, at).entry?.action ?? null;
    expect(entry({}, grant(1))).toBe("grant");
    expect(entry(told(grant(1)), grant(2))).toBe("grant");
    expect(entry(told(grant(1)), withdraw(2))).toBe("withdraw");
    expect(entry({}, claim(1))).toBe("claim");
    expect(entry(told(claim(1)), claim(2))).toBeNull();
    expect(entry(told(withdraw(5)), grant(4))).toBe("grant");
  });

  it("is not given again by a grant that is older than a later withdrawal, in whatever order they arrive", () => {
    expect(told(withdraw(1), withdraw(10), grant(5)).email).toEqual({ state: "withdrawn", at: 10 });
    expect(told(grant(5), withdraw(3), grant(4)).email?.state).toBe("withdrawn");
  });

  it("that was given since is not undone by a withdrawal that the shop dates before it", () => {
    const late = stateConsent(told(grant(200)), "email", false, true, 100, true);
    expect(late.consents.email).toEqual({ state: "granted", at: 200 });
    expect(late.entry).toEqual({ key: "email", action: "overtaken", at: 100 });
    // Given again, it is as old as the last time.
    expect(stateConsent(told(grant(50), grant(200)), "email", false, true, 100, true).consents.email?.at).toBe(200);
    for (const [at, dated] of [
      [200, true],
      [300, true],
      [100, false],
    ] as const) {
      const { consents, entry } = stateConsent(told(grant(200)), "email", false, true, at, dated);
      expect([consents.email?.state, entry?.action]).toEqual(["withdrawn", "withdraw"]);
    }
    // A claim is no word yet.
    expect(stateConsent(told(claim(200)), "email", false, true, 100, true).consents.email?.state).toBe("withdrawn");
  });

  it("comes to the same, in whatever order dated words of the shop come", () => {
    const words = [grant(100), withdraw(200), grant(300), withdraw(400), grant(500)];
    fc.assert(
      fc.property(fc.shuffledSubarray(words, { minLength: 1 }), (said) => {
        let consents: Consents = {};
        for (const { given, at } of said) ({ consents } = stateConsent(consents, "email", given, true, at, true));
        const last = said.toSorted((one, other) => one.at - other.at).at(-1);
        expect(consents.email).toEqual({ state: last?.given ? "granted" : "withdrawn", at: last?.at });
      }),
    );
  });

  it("of one purpose says nothing of another", () => {
    const { consents } = stateConsent(told(grant(1)), "sms", false, true, 2);
    expect(consents).toEqual({ email: { state: "granted", at: 1 }, sms: { state: "withdrawn", at: 2 } });
  });

  it("never comes from browsers alone, and is never there after the last word was a withdrawal", () => {
    const statement = fc.record({ given: fc.boolean(), trusted: fc.boolean(), at: fc.nat({ max: 100 }) });
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 8 }), (statements) => {
        const { email } = told(...statements);
        if (email?.state === "granted") expect(statements.some(({ given, trusted }) => given && trusted)).toBe(true);
        const last = statements.at(-1);
        if (last && !last.given) expect(email?.state).toBe("withdrawn");
      }),
    );
  });
});

describe("what was claimed", () => {
  it("becomes a grant, as old as the claim, when the address is verified", () => {
    const consents = { email: { state: "claimed", at: 1 }, sms: { state: "withdrawn", at: 2 } } as const;
    expect(confirmClaims(consents)).toEqual({
      consents: { email: { state: "granted", at: 1 }, sms: { state: "withdrawn", at: 2 } },
      entries: [{ key: "email", action: "confirm", at: 1 }],
    });
  });
});

const KEYS = fc.constantFrom(...CONSENT_KEYS.slice(0, 3));
const STEP = fc.oneof(
  fc.record({
    key: KEYS,
    given: fc.boolean(),
    trusted: fc.boolean(),
    at: fc.nat({ max: 40 }),
    dated: fc.boolean(),
  }),
  // Addresses are verified, by the shop or by a double opt-in.
  fc.record({
    confirms: fc.constantFrom("confirm" as const, "confirm_doi" as const),
    key: KEYS,
    at: fc.nat({ max: 40 }),
  }),
);

describe("the state of consents", () => {
  it("is what its ledger amounts to, in whatever order and however often the lines are read", () => {
    const seen = { withdrawn: 0, granted: 0, confirmed: 0 };
    fc.assert(
      fc.property(
        fc.array(fc.array(STEP, { maxLength: 4 }), { maxLength: 8 }),
        fc.infiniteStream(fc.nat()),
        (requests, chance) => {
          let kept: Consents = {};
          const lines: ConsentLine[] = [];
          for (const [seq, steps] of requests.entries()) {
            for (const [position, step] of steps.entries()) {
              if ("confirms" in step && step.confirms === "confirm") {
                const { consents, entries } = confirmClaims(kept);
                kept = consents;
                lines.push(...entries.map((entry) => ({ ...entry, seq, position })));
              } else if ("confirms" in step) {
                const entry = { key: step.key, action: step.confirms, at: step.at };
                kept = applyEntry(kept, entry);
                lines.push({ ...entry, seq, position });
                seen.confirmed++;
              } else {
                const { consents, entry } = stateConsent(kept, step.key, step.given, step.trusted, step.at, step.dated);
                kept = consents;
                if (entry) lines.push({ ...entry, seq, position });
              }
            }
          }
          const order = new Map([...lines, ...lines].map((line) => [line, chance.next().value ?? 0]));
          const shuffled = [...lines, ...lines].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
          expect(foldConsents(shuffled)).toEqual(kept);
          for (const { state } of Object.values(kept)) if (state !== "claimed") seen[state]++;
        },
      ),
      { numRuns: 2_000 },
    );
    expect(Math.min(seen.withdrawn, seen.granted, seen.confirmed)).toBeGreaterThan(200);
  });
});

describe("the statements of an identify call", () => {
  it("are its booleans under known names, and nothing else", () => {
    const given = { email: true, sms: false, push: "true", tracking: 1, profiling: null, fax: true };
    expect(statedConsents(given)).toEqual([
      ["email", true],
      ["sms", false],
    ]);
    for (const none of [null, undefined, true, "email", [], 5]) expect(statedConsents(none)).toEqual([]);
  });

  it("stand in the ledger of proofs by channel and purpose", () => {
    expect(CONSENT_KEYS.map(channelAndPurpose)).toEqual([
      { channel: "email", purpose: "marketing" },
      { channel: "sms", purpose: "marketing" },
      { channel: "push", purpose: "marketing" },
      { channel: "all", purpose: "tracking" },
      { channel: "all", purpose: "profiling" },
      { channel: "all", purpose: "partner" },
    ]);
    for (const key of CONSENT_KEYS) {
      const { channel, purpose } = channelAndPurpose(key);
      expect(consentKeyOf(channel, purpose)).toBe(key);
    }
    expect(consentKeyOf("fax", "marketing")).toBeNull();
  });
});

it("to news and offers is told from one to what is done with data", () => {
  expect(CONSENT_KEYS.filter(isMarketing)).toEqual(["email", "sms", "push", "partner"]);
});
