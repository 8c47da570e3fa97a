import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkTraits, normaliseEmail, normalisePhone } from "../../../src/contacts/address";
import { postalLines } from "../../../src/contacts/postal";

describe("an address at the door", () => {
  const refused = (traits: Record<string, unknown>) => checkTraits(traits)?.code ?? "taken";

  it.each([
    ["with a line break", "a@b.test\r\nBcc: c@d.test"],
    ["with a comma", "a@b.test,c@d.test"],
    ["and another one", "a@b.test c@d.test"],
    ["with a quoted local part", '"ann lee"@shop.test'],
    ["of 255 characters", `${"a".repeat(60)}@${"b".repeat(189)}.test`],
    ["at an IP address", "ann@[192.168.0.1]"],
    ["that is markup", "<script>@shop.test"],
    ["that is no text", 5],
  ])("is refused as invalid-email %s (B09)", (_, email) => expect(refused({ email })).toBe("invalid-email"));

  it.each([
    ["+33 6 12 34 56 78", "taken"],
    ["0033612345678", "taken"],
    ["+33 1 42 68 53 00", "taken"],
    ["06 12 34 56 78", "taken"],
    ["+33 89 91 23 45 67", "invalid-phone"],
    ["+1-900-555-0123", "invalid-phone"],
    ["+881 612 345 678", "invalid-phone"],
    ["1".repeat(40), "invalid-phone"],
    ["call me", "invalid-phone"],
  ])("of a phone, %s, is %s (B10)", (phone, what) => expect(refused({ phone })).toBe(what));

  it("is no one's where nothing is stated", () => {
    expect(checkTraits({ email: "", phone: null })).toBeNull();
    expect(checkTraits({})).toBeNull();
  });

  it("in national form is held against the country that comes with it (B10)", () => {
    expect(refused({ phone: "0899 12 34 56", country: "FR" })).toBe("invalid-phone");
    expect(refused({ phone: "06 12 34 56 78", country: "fr" })).toBe("taken");
  });
});

describe("an email address", () => {
  it.each([
    ["ann@shop.test", "ann@shop.test"],
    ["  Ann.Lee@Shop.TEST ", "ann.lee@shop.test"],
    ["ann+cart@shop.test", "ann+cart@shop.test"],
    ["a.n.n@gmail.com", "a.n.n@gmail.com"],
    ["ann@bücher.example", "ann@xn--bcher-kva.example"],
    ["élise@shop.test", "élise@shop.test"],
    ["o'neil@shop.test", "o'neil@shop.test"],
  ])("%j is kept as %s", (given, kept) => expect(normaliseEmail(given)).toBe(kept));

  it.each([
    ["two addresses", "a@b.test,c@d.test"],
    ["a list", "a@b.test; c@d.test"],
    ["a header", "a@b.test\r\nBcc: c@d.test"],
    ["a name with it", "Ann <ann@shop.test>"],
    ["a quoted local part", '"ann lee"@shop.test'],
    ["markup", "<script>@shop.test"],
    ["an IP address", "ann@[192.168.0.1]"],
    ["a bare IP address", "ann@192.168.0.1"],
    ["a host without a dot", "ann@localhost"],
    ["no host", "ann@"],
    ["nobody", "@shop.test"],
    ["no at", "ann.shop.test"],
    ["a dot at the start", ".ann@shop.test"],
    ["a dot at the end", "ann.@shop.test"],
    ["two dots", "a..n@shop.test"],
    ["a space inside", "an n@shop.test"],
    ["a zero-width space", "an\u200bn@shop.test"],
    ["a reversed name", "ann\u202e@shop.test"],
    ["a path", "ann@shop.test/x"],
    ["a port", "ann@shop.test:25"],
    ["255 characters", `${"a".repeat(60)}@${"b".repeat(190)}.test`],
    ["a long local part", `${"a".repeat(65)}@shop.test`],
    ["a number", 5],
    ["nothing", null],
    ["an object", { email: "a@b.test" }],
  ])("is not %s", (_, given) => expect(normaliseEmail(given)).toBeNull());

  it("is not folded with another's: look-alikes stay apart (B08)", () => {
    const latin = normaliseEmail("anna@shop.test");
    expect(normaliseEmail("аnna@shop.test")).not.toBe(latin);
    expect(normaliseEmail("ann.a@shop.test")).not.toBe(latin);
    expect(normaliseEmail("ann+cart@gmail.com")).not.toBe(normaliseEmail("ann@gmail.com"));
    // Its lower case is two characters in one language and another letter in the next: it stays as it came.
    expect(normaliseEmail("İ@shop.test")).toBe("İ@shop.test");
    expect(normaliseEmail("ﬁona@shop.test")).not.toBe(normaliseEmail("fiona@shop.test"));
    expect(normaliseEmail("ann@İstanbul.example")).toMatch(/^ann@xn--[a-z0-9-]+\.example$/);
    expect(normaliseEmail("ann@BÜCHER.example")).toBe(normaliseEmail("ann@xn--BCHER-kva.example"));
    expect(normaliseEmail("anna@ѕhop.test")).toMatch(/^anna@xn--/);
  });

  it("is in its form for good: reading it again changes nothing, and it never throws", () => {
    fc.assert(
      fc.property(fc.oneof(fc.emailAddress(), fc.string(), fc.anything()), (given) => {
        const once = normaliseEmail(given);
        if (once !== null) expect(normaliseEmail(once)).toBe(once);
      }),
    );
  });

  it("is one line without a blank", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 30 }), (local) => {
        const kept = normaliseEmail(`${local}@shop.test`);
        return kept === null || !/[\s\p{Cc},;<>]/u.test(kept);
      }),
    );
  });
});

describe("a mobile number", () => {
  it.each([
    ["+33 6 12 34 56 78", null, "+33612345678"],
    ["0033612345678", null, "+33612345678"],
    ["06 12 34 56 78", "FR", "+33612345678"],
    ["+15005550006", null, null],
    ["+447400123456", null, "+447400123456"],
  ])("%s of %s is %s", (given, country, kept) => expect(normalisePhone(given, country)).toBe(kept));

  it.each([
    ["a number at extra cost", "+33 899 12 34 56"],
    ["a premium line", "+1-900-555-0123"],
    ["a premium line of France", "+33 89 91 23 45 67"],
    ["a shared-cost line", "+33 820 12 34 56"],
    ["a satellite telephone", "+881 612 345 678"],
    ["a ship's telephone", "+870 772 001 234"],
    ["a network of no country", "+882 16 123 456"],
    ["a personal number", "+878 10 1234567890"],
    ["an international premium line", "+979 123 456 789"],
    ["forty digits", "1".repeat(41)],
    ["a national form without a country", "06 12 34 56 78"],
    ["text", "call me"],
    ["a number", 33_612_345_678],
    ["nothing", undefined],
  ])("is not %s", (_, given) => expect(normalisePhone(given, null)).toBeNull());

  it("is not read with a country that is none", () => {
    for (const country of ["", "F", "fr", "FRA", "; DROP"])
      expect(normalisePhone("06 12 34 56 78", country)).toBeNull();
  });

  it("is E.164 or nothing", () => {
    fc.assert(
      fc.property(fc.string(), (given) => {
        const kept = normalisePhone(given, "FR");
        return kept === null || /^\+\d{8,15}$/.test(kept);
      }),
    );
  });
});

describe("an address for letters", () => {
  const lines = (address: unknown, country: string | null = null) => postalLines({ attributes: { address }, country });

  it("is what the shop told, whatever it calls the parts", () => {
    expect(lines({ street: "3 rue du Port", postalCode: "69002", city: "Lyon" }, "FR")).toBe(
      "3 rue du Port\n69002 Lyon\nFR",
    );
    expect(
      lines({ address1: "3 rue  du Port", address2: "Bât. B", zip: "69002", city: "Lyon", country: "France" }),
    ).toBe("3 rue du Port\nBât. B\n69002 Lyon\nFrance");
  });

  it("is none without a street and a town", () => {
    for (const nothing of [undefined, null, "3 rue du Port", { city: "Lyon" }, { street: "  ", city: "Lyon" }]) {
      expect(lines(nothing)).toBeNull();
    }
  });
});
