import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normaliseEmail, normalisePhone } from "../../../src/contacts/address";

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

  it("is not folded with another's: look-alikes stay apart", () => {
    const latin = normaliseEmail("anna@shop.test");
    expect(normaliseEmail("аnna@shop.test")).not.toBe(latin);
    expect(normaliseEmail("ann.a@shop.test")).not.toBe(latin);
    expect(normaliseEmail("İ@shop.test")).toBe("İ@shop.test");
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
