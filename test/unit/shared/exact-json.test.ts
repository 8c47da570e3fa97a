import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseExact } from "../../../src/shared/exact-json";

describe("JSON whose integers stay what they are", () => {
  it("gives an integer beyond 2^53 as its text, wherever it stands", () => {
    const text =
      '{"id":9007199254740993,"of":[-90071992547409931, 12],"deep":{"a":{"b":123456789012345678901234567890}}}';
    expect(parseExact(text)).toEqual({
      id: "9007199254740993",
      of: ["-90071992547409931", 12],
      deep: { a: { b: "123456789012345678901234567890" } },
    });
  });

  it("leaves decimals, exponents, short integers and what stands in strings alone", () => {
    const text = '["9007199254740993","a \\" 9007199254740993,", 1.00000000000000001, 1e20, 123456789012345, 0, -0.5]';
    expect(parseExact(text)).toEqual(JSON.parse(text));
  });

  it("reads any JSON as JSON.parse does, where no integer is long", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value, (_, one: unknown) =>
          typeof one === "number" ? Math.trunc(one % 1e14) : one,
        );
        expect(parseExact(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it("gives every long integer back digit by digit, among other things", () => {
    const long = fc.bigInt({ min: 10n ** 15n, max: 10n ** 40n });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), long)), (pairs) => {
        const text = `[${pairs.map(([word, number]) => `{${JSON.stringify(word)}:${number}, "w":${JSON.stringify(word)}}`).join(",")}]`;
        const read = parseExact(text) as Record<string, unknown>[];
        expect(read.map((one, index) => one[pairs[index]?.[0] ?? ""])).toEqual(
          pairs.map(([word, number]) => (word === "w" ? word : String(number))),
        );
      }),
    );
  });

  it.each(["", "{", '{"a":}', '"open', "[1,]", "12345678901234567890abc"])("refuses what is no JSON: %s", (text) => {
    expect(() => parseExact(text)).toThrow(SyntaxError);
  });
});
