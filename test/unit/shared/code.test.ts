import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCode, secretCode } from "../../../src/shared/code";

describe("a code", () => {
  it("follows from its secret and its parts alone", () => {
    const part = fc.oneof(fc.string(), fc.nat());
    fc.assert(
      fc.property(fc.string(), fc.array(part), fc.string(), fc.array(part), (secret, parts, other, others) => {
        const code = secretCode(secret, ...parts);
        expect(code).toBe(secretCode(secret, ...parts));
        const same = secret === other && JSON.stringify(parts.map(String)) === JSON.stringify(others.map(String));
        expect(secretCode(other, ...others) === code).toBe(same);
      }),
    );
  });

  it("keeps its parts apart", () => {
    expect(secretCode("s", "ab", "c")).not.toBe(secretCode("s", "a", "bc"));
    expect(secretCode("s", "a", "1:b")).not.toBe(secretCode("s", "a|1:1:b"));
  });

  it("has 80 bits, each of which falls both ways, in letters that nobody mistakes", () => {
    const codes = Array.from({ length: 400 }, (_, index) => secretCode("a-secret", "coupon", "welcome", index));
    expect(new Set(codes).size).toBe(400);
    for (const code of codes) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/);
    for (let place = 0; place < 16; place++) {
      expect(new Set(codes.map((code) => code[place])).size).toBe(32);
    }
  });

  it("is read as a person types it", () => {
    fc.assert(
      fc.property(fc.nat(), (index) => {
        const code = secretCode("a-secret", index);
        const typed = ` ${code
          .toLowerCase()
          .replaceAll("0", "o")
          .replaceAll("1", "l")
          .replaceAll(/(.{4})/g, "$1- ")}`;
        expect(readCode(typed)).toBe(code);
      }),
    );
  });
});
