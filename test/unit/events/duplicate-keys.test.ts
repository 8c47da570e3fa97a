import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { duplicateKeys } from "../../../src/events/duplicate-keys";
import { parseBody } from "../../../src/events/wire-text";

describe("keys that stand twice", () => {
  test.each([
    ['{"type":"track","type":"identify"}', ["/type"]],
    ['{"batch":[{"a":1},{"traits":{"email":"a","email":"b"}}]}', ["/batch/1/traits/email"]],
    ['{"\\u0074ype":1,"type":2}', ["/type"]],
    ['{"a" :1 , "a"\n:2}', ["/a"]],
    ['{"a":"x\\"a\\":","a":2}', ["/a"]],
    ['{"a":"\\\\","a":2}', ["/a"]],
    ['{"__proto__":1,"__proto__":2}', ["/__proto__"]],
  ])("are found in %s", (text, pointers) => expect(duplicateKeys(text)).toEqual(pointers));

  test.each([
    '{"a":{"a":1},"b":{"a":1}}',
    '["a","a",{"a":"a"},{"a":"a"}]',
    '{"a":"b","b":"a"}',
    '{"a":["a",{"a":[]}]}',
    '"a"',
    "12",
    '{"":1}',
  ])("are not found where keys are in objects of their own: %s", (text) => expect(duplicateKeys(text)).toEqual([]));

  test("are listed up to a limit", () => {
    const many = `{${Array.from({ length: 300 }, () => '"a":1').join(",")}}`;
    expect(duplicateKeys(many, 5)).toHaveLength(5);
  });

  test("are so many that what lies behind them is not known: the body is refused as a whole (A09)", () => {
    const noisy = `{${Array.from({ length: 200 }, () => '"a":1').join(",")}}`;
    const hidden = '{"type":"identify","email":"a@x.test","email":"b@x.test"}';
    expect(() => parseBody(`{"batch":[${noisy},${hidden}]}`)).toThrow(/100 keys stand twice/);
    expect(parseBody(`{"batch":[{"a":1,"a":2},${hidden}]}`).repeated).toEqual(["/batch/0/a", "/batch/1/email"]);
  });

  test("no valid JSON that a program wrote has any", () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(2), (text, indent) => {
        expect(duplicateKeys(JSON.stringify(JSON.parse(text), null, indent))).toEqual([]);
      }),
    );
  });

  test("one key said again is found wherever it stands", () => {
    const object = fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }), { minKeys: 1 });
    fc.assert(
      fc.property(object, fc.nat(), fc.nat(), (value, which, where) => {
        const entries = Object.entries(value).map(([key, child]) => `${JSON.stringify(key)}:${JSON.stringify(child)}`);
        const again = entries[which % entries.length] ?? "";
        entries.splice(where % (entries.length + 1), 0, again);
        expect(duplicateKeys(`[0,{${entries.join(",")}}]`)).toHaveLength(1);
      }),
    );
  });
});
