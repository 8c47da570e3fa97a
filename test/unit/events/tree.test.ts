import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkTree } from "../../../src/events/tree";

const parse = (text: string) => JSON.parse(text) as unknown;

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = { a: value };
  return value;
}

describe("what a client sends", () => {
  it("passes as it is when there is nothing wrong with it", () => {
    const value = { event: "Order Completed", list: [1, "zwei", null, true, { price: 9.9 }], emoji: "🛒 été" };
    const before = structuredClone(value);
    expect(checkTree(value)).toBeNull();
    expect(value).toEqual(before);
  });

  it.each(["__proto__", "constructor", "prototype"])("loses the key %s wherever it stands", (key) => {
    const value = parse(`{"a": {"${key}": {"isAdmin": true}, "b": [{"${key}": 1, "c": 2}]}}`);
    expect(checkTree(value)).toBeNull();
    expect(JSON.stringify(value)).toBe('{"a":{"b":[{"c":2}]}}');
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });

  it("is refused with the place of a number that no number holds", () => {
    expect(checkTree(parse('{"properties": {"total": 1e999}}'))).toMatchObject({ pointer: "/properties/total" });
    expect(checkTree(parse('{"list": [0, -1e999]}'))).toMatchObject({ pointer: "/list/1" });
  });

  it("is refused for half a surrogate pair, and only for half", () => {
    expect(checkTree({ traits: { name: "\ud83d" } })).toMatchObject({ pointer: "/traits/name" });
    expect(checkTree({ traits: { name: "\ude00 upside down" } })).toMatchObject({ pointer: "/traits/name" });
    expect(checkTree({ traits: { name: "😀" } })).toBeNull();
  });

  it("may be nested twelve deep", () => {
    expect(checkTree(nested(12))).toBeNull();
    expect(checkTree(nested(13))).toMatchObject({ pointer: "/a".repeat(12) });
    expect(checkTree(nested(100_000))).not.toBeNull();
    expect(checkTree(parse("[".repeat(5_000) + "]".repeat(5_000)))).not.toBeNull();
  });

  it("may have a thousand keys in all", () => {
    const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, key) => [`k${key}`, true]));
    expect(checkTree(keys(1_000))).toBeNull();
    expect(checkTree(keys(1_001))).toMatchObject({ detail: "is one key more than 1000" });
    expect(checkTree([keys(600), keys(600)])).toMatchObject({ detail: "is one key more than 1000" });
  });

  it("may have keys of 256 characters; the answer repeats no more than a part of a longer one", () => {
    expect(checkTree({ ["k".repeat(256)]: 1 })).toBeNull();
    expect(checkTree({ ["k".repeat(10_000)]: 1 })?.pointer.length).toBeLessThan(70);
  });

  it("never makes it throw, and is harmless once it has passed", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 16 }), (text) => {
        const value = parse(text);
        if (checkTree(value) === null) expect(() => JSON.stringify(value)).not.toThrow();
      }),
    );
  });
});
