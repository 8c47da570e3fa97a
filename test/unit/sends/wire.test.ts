import fc from "fast-check";
import { expect, it } from "vitest";
import { bodiesOf, wireOf } from "../../../src/sends/wire";

it("the bytes of a batch are a JSON array of its bodies, which can be taken out and put together to the same bytes", () => {
  const letter = fc.record({ html: fc.string({ unit: "binary", maxLength: 2_000 }), to: fc.string() });
  fc.assert(
    fc.property(fc.array(letter, { maxLength: 40 }), (letters) => {
      const bodies = letters.map((one) => JSON.stringify(one));
      const text = new TextDecoder().decode(wireOf(bodies));
      expect(JSON.parse(text)).toEqual(bodies.map((body) => JSON.parse(body) as unknown));
      expect(bodiesOf(text)).toEqual(bodies);
    }),
  );
});

it("has room for what grows beyond what it began with, in letters of three bytes each", () => {
  const bodies = Array.from({ length: 50 }, (_, index) => JSON.stringify({ html: "€".repeat(5_000 + index) }));
  expect(bodiesOf(new TextDecoder().decode(wireOf(bodies)))).toEqual(bodies);
});
