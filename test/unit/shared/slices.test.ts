import fc from "fast-check";
import { expect, it } from "vitest";
import { slices } from "../../../src/shared/slices";

it("cuts items in their order, none of the slices larger than asked for, and no more of them than it takes", () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 60 });
  fc.assert(
    fc.property(sizes, (items) => {
      const cut = slices(items, (size) => size, 20);
      expect(cut.flat()).toEqual(items);
      const sums = cut.map((slice) => slice.reduce((sum, size) => sum + size, 0));
      cut.forEach((slice, index) => {
        expect(slice.length === 1 || (sums[index] ?? 0) <= 20).toBe(true);
        // The first of the next one found no room.
        const next = cut[index + 1]?.[0];
        if (next !== undefined) expect((sums[index] ?? 0) + next).toBeGreaterThan(20);
      });
    }),
  );
});
