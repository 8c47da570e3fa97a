import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LinkPurpose, readToken, signToken } from "../../../src/shared/token";

const SECRET = "a-secret-of-this-deployment";
const part = fc.oneof(fc.stringMatching(/^[A-Za-z0-9_.-]{1,20}$/), fc.nat());
const purpose = fc.constantFrom<LinkPurpose>("click", "open", "unsubscribe");

describe("a signed link", () => {
  it("gives back what was signed, for its purpose and secret alone", () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), purpose, purpose, (parts, signed, other) => {
        const token = signToken(SECRET, signed, parts);
        expect(readToken(SECRET, signed, token)).toEqual(parts.map(String));
        if (other !== signed) expect(readToken(SECRET, other, token)).toBeNull();
        expect(readToken("another-secret-altogether", signed, token)).toBeNull();
      }),
    );
  });

  it("is the same each time, so that a message that is sent again has the same bytes", () => {
    expect(signToken(SECRET, "click", [7, "msg_1", 0])).toBe(signToken(SECRET, "click", [7, "msg_1", 0]));
  });

  it("breaks with any character that is changed, added or left out", () => {
    const token = signToken(SECRET, "unsubscribe", [7, "msg_1", "email"]);
    for (let index = 0; index < token.length; index++) {
      const other = token[index] === "A" ? "B" : "A";
      expect(readToken(SECRET, "unsubscribe", token.slice(0, index) + other + token.slice(index + 1))).toBeNull();
      expect(readToken(SECRET, "unsubscribe", token.slice(0, index) + token.slice(index + 1))).toBeNull();
      expect(readToken(SECRET, "unsubscribe", `${token.slice(0, index)}A${token.slice(index)}`)).toBeNull();
    }
  });

  it("is fit for an address as it stands", () => {
    fc.assert(fc.property(part, (one) => /^[A-Za-z0-9_.~-]+$/.test(signToken(SECRET, "open", [one]))));
  });

  it("never throws, whatever it is given", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 600, unit: "binary" }), (text) => readToken(SECRET, "open", text) === null),
    );
    expect(readToken(SECRET, "open", "a".repeat(10_000))).toBeNull();
    expect(readToken(SECRET, "open", "")).toBeNull();
    expect(readToken(SECRET, "open", "~")).toBeNull();
  });
});
