import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Side } from "../../../src/commerce/referral";
import { advocateOf, householdOf, inboxOf, referralCode, sharedSigns } from "../../../src/commerce/referral";

const SECRET = "a-secret-of-this-deployment";

const side = (contact: number, more: Partial<Side> = {}): Side => ({
  contact,
  profile: { email: `${contact}@example.com`, claimedEmail: null, phone: null },
  browsers: new Set(),
  households: new Set(),
  ...more,
});
const known = (email: string | null, claimedEmail: string | null = null, phone: string | null = null) => ({
  profile: { email, claimedEmail, phone },
});

describe("a referral's code", () => {
  it("names its advocate, however it is typed", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 40 }), (advocate) => {
        const code = referralCode(SECRET, advocate);
        expect(advocateOf(SECRET, code)).toBe(advocate);
        expect(advocateOf(SECRET, ` ${code.toLowerCase().slice(0, 5)}-${code.slice(5)}`)).toBe(advocate);
        expect(advocateOf("another-secret", code)).toBeNull();
      }),
    );
  });

  it("cannot be made up, nor turned into somebody else's", () => {
    const code = referralCode(SECRET, 42);
    for (let place = 0; place < code.length; place++) {
      const letter = code[place] === "7" ? "8" : "7";
      expect(advocateOf(SECRET, code.slice(0, place) + letter + code.slice(place + 1))).toBeNull();
    }
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (text) => {
        expect(advocateOf(SECRET, text)).toBeNull();
      }),
    );
  });
});

describe("advocate and friend (C08)", () => {
  it("are one person where they are one contact, or share an inbox, a number, a browser or a household", () => {
    expect(sharedSigns(side(1), side(2))).toEqual([]);
    expect(sharedSigns(side(1), side(1))).toEqual(["same_contact"]);
    const gmail = side(1, known("a.nn@gmail.com"));
    expect(sharedSigns(gmail, side(2, known("ann+shop@googlemail.com")))).toEqual(["same_address"]);
    expect(sharedSigns(gmail, side(2, known("x@example.com", "ann@gmail.com")))).toEqual(["same_address"]);
    expect(sharedSigns(side(1, known("a@x.test", null, "+336")), side(2, known("b@x.test", null, "+336")))).toEqual([
      "same_address",
    ]);
    const browsers = new Set(["a:b-1"]);
    expect(sharedSigns(side(1, { browsers }), side(2, { browsers }))).toEqual(["same_device"]);
    const households = new Set(["H"]);
    expect(sharedSigns(side(1, { households, browsers }), side(2, { households, browsers }))).toEqual([
      "same_device",
      "same_household",
    ]);
  });

  it("are not one for what neither of them has", () => {
    expect(sharedSigns(side(1, known(null)), side(2, known(null)))).toEqual([]);
  });
});

describe("what is compared", () => {
  it("is the inbox: dots count but at Gmail, a plus tag nowhere", () => {
    expect(inboxOf("A.B+c@GMail.com")).toBe("ab@gmail.com");
    expect(inboxOf("a.b+c@example.com")).toBe("a.b@example.com");
    expect(inboxOf("a.b@example.com")).not.toBe(inboxOf("ab@example.com"));
  });

  it("is the household, whatever its case, accents and punctuation, and never the address itself", () => {
    const home = { street: "5, Rue de l’Église", postal_code: "75 011", country: "FR" };
    const hash = householdOf(SECRET, home);
    expect(hash).toMatch(/^[0-9A-Z]{16}$/);
    expect(householdOf(SECRET, { address1: "5 rue de l'eglise", zip: 75_011, country: "fr" })).toBe(hash);
    expect(householdOf(SECRET, { ...home, street: "6, Rue de l’Église" })).not.toBe(hash);
    expect(householdOf("another-secret", home)).not.toBe(hash);
    for (const none of [null, "home", {}, { street: "5" }, { postal_code: "75011" }]) {
      expect(householdOf(SECRET, none)).toBeNull();
    }
  });
});
