import { describe, expect, it } from "vitest";
import type { Offer } from "../../../src/commerce/coupon";
import {
  codesOf,
  couponCode,
  couponEvent,
  endingBy,
  offerInput,
  refusalFor,
  validityOf,
} from "../../../src/commerce/coupon";
import { emptyProfile } from "../../../src/contacts/profile";
import { DAY } from "../../../src/shared/clock";
import { identify, NOW, People } from "../contacts/people";

const SECRET = "a-secret-of-this-deployment";
const terms = { name: "Welcome", kind: "percent", value: 10, valid_for: "P14D" };
const offer = (more: object = {}): Offer => ({ key: "welcome", ...offerInput.parse({ ...terms, ...more }) });

describe("an offer", () => {
  it("says what it gives and until when", () => {
    const faults = (input: object) =>
      offerInput.safeParse({ ...terms, ...input }).error?.issues.map(({ path }) => path.join("/"));
    expect(faults({})).toBeUndefined();
    expect(faults({ value: 0 })).toEqual(["value"]);
    expect(faults({ value: 101 })).toEqual(["value"]);
    expect(faults({ kind: "amount" })).toEqual(["currency"]);
    expect(faults({ kind: "free_shipping", value: 0 })).toBeUndefined();
    expect(faults({ valid_for: null })).toEqual(["valid_for"]);
    expect(faults({ codes: "pool", limit: 5 })).toEqual(["limit"]);
  });
});

describe("a coupon", () => {
  it("has one code for a contact, an offer and an occasion (C05), which none of the others has", () => {
    const code = couponCode(SECRET, "welcome", 7, "signup");
    expect(couponCode(SECRET, "welcome", 7, "signup")).toBe(code);
    for (const other of [
      couponCode(SECRET, "welcome", 8, "signup"),
      couponCode(SECRET, "goodbye", 7, "signup"),
      couponCode(SECRET, "welcome", 7, "comeback"),
      couponCode("another-secret", "welcome", 7, "signup"),
    ]) {
      expect(other).not.toBe(code);
    }
  });

  it("ends as whoever gives it says, and never later than its offer", () => {
    const to = (known: Offer, validFor: string | null, endsAt: string | null = null) =>
      new Date(validityOf(endingBy(known, validFor, endsAt), NOW).to).toISOString().slice(0, 10);
    expect(to(offer(), null)).toBe("2026-01-19");
    expect(to(offer(), "P1M")).toBe("2026-02-05");
    expect(to(offer(), null, "2026-03-01T00:00:00Z")).toBe("2026-03-01");
    const short = offer({ ends_at: "2026-01-10T00:00:00Z" });
    expect(to(short, "P1M")).toBe("2026-01-10");
    expect(to(short, null, "2026-03-01T00:00:00Z")).toBe("2026-01-10");
    expect(refusalFor(endingBy(offer(), null, "2026-01-01T00:00:00Z"), emptyProfile(), NOW)).toBe("not_verified");
    const known = { ...emptyProfile(), status: "verified" as const };
    expect(refusalFor(endingBy(offer(), null, "2026-01-01T00:00:00Z"), known, NOW)).toBe("offer_over");
  });

  it("ends with its own time or with the offer, whichever comes first", () => {
    const end = (more: object) => couponEvent(offer(more), 7, "x", "CODE", NOW).properties;
    expect(end({})).toMatchObject({ valid_from: NOW, valid_to: NOW + 14 * DAY });
    const soon = new Date(NOW + 2 * DAY).toISOString();
    expect(end({ ends_at: soon })).toMatchObject({ valid_from: NOW, valid_to: NOW + 2 * DAY });
    expect(end({ starts_at: soon })).toMatchObject({ valid_from: NOW + 2 * DAY, valid_to: NOW + 16 * DAY });
  });

  it("is for verified people, while the offer lasts", () => {
    const profile = { ...emptyProfile(), status: "verified" as const };
    expect(refusalFor(offer(), profile, NOW)).toBeNull();
    expect(refusalFor(offer(), emptyProfile(), NOW)).toBe("not_verified");
    expect(refusalFor(offer({ ends_at: new Date(NOW).toISOString() }), profile, NOW)).toBe("offer_over");
    expect(refusalFor(offer({ occasion: "birthday" }), profile, NOW)).toBe("birth_date_unsettled");
  });

  it("is looked for as it was typed and as it was meant", () => {
    const code = couponCode(SECRET, "welcome", 7, "signup");
    expect(codesOf(` ${code.toLowerCase()} `)).toContain(code);
    expect(codesOf("Summer 26")).toContain("Summer 26");
    expect(codesOf("  ")).toEqual([]);
  });

  it("for a birthday is asked for again where it is written: the date may have moved in between", () => {
    const people = new People().take(identify("ann", { birth_date: "1990-05-01" }));
    const event = couponEvent(offer({ occasion: "birthday" }), people.contact("u:ann"), "b", "CODE", NOW + 20 * DAY);
    expect(people.take(event).rows("coupons")).toEqual([]);
    expect(people.take({ ...event, id: "later", at: NOW + 31 * DAY }).rows("coupons")).toHaveLength(1);
  });

  it("is redeemed by the first order that names it, and by no browser", () => {
    const people = new People();
    const order = (id: string, rest: object = {}) => {
      const properties = { order_id: id, total: 10, coupon: "SUMMER" };
      return { user: "ann", name: "Order Completed", properties, ...rest };
    };
    people.take(order("o-1"), order("o-2"));
    expect(people.rows("coupon_redemptions")).toEqual([["SUMMER", "o-1", people.contact("u:ann"), NOW + 1_000]]);
    for (const trust of ["write", "token"] as const) people.take(order("o-3", { trust }));
    expect(people.rows("coupon_redemptions")).toEqual([]);
  });
});
