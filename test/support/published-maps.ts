import type { SegmentShape } from "../../src/segments/rfm/map";

/** Maps as others published them, and what is wrong with each: mission §6.3 and §6.4. */
const TABLE: readonly (readonly [name: string, r: Span, f: Span, m: Span])[] = [
  ["Champions", [4, 5], [4, 5], [4, 5]],
  ["Loyal Customers", [2, 5], [3, 5], [3, 5]],
  ["Potential Loyalist", [3, 5], [1, 3], [1, 3]],
  ["New", [4, 5], [1, 1], [1, 1]],
  ["Promising", [3, 4], [1, 1], [1, 1]],
  ["Need Attention", [2, 3], [2, 3], [2, 3]],
  ["About To Sleep", [2, 3], [1, 2], [1, 2]],
  ["At Risk", [1, 2], [2, 5], [2, 5]],
  ["Can't Lose Them", [1, 1], [4, 5], [4, 5]],
  ["Hibernating", [1, 2], [1, 2], [1, 2]],
  ["Lost", [1, 2], [1, 2], [1, 2]],
];

type Span = readonly [number, number];

const spans = (text: string): Span[] =>
  text.split(",").map((part) => {
    const [from = 0, to = from] = part.split("-").map(Number);
    return [from, to];
  });

/** The example in the documentation of version 0.3. */
function example(): SegmentShape[] {
  const names =
    "Champions,Potential Loyalist,Loyal,Promising,New,Can't Lose,At Risk,Need Attention,About To Sleep,Lost";
  const [r, f, m] = [
    "5,3-5,2-4,3-4,4-5,1-2,1-2,1-3,2-3,1",
    "5,3-5,2-4,1-3,1-3,3-4,2-5,3-5,1-3,1-5",
    "5,2-5,2-4,3-5,1-5,4-5,4-5,3-5,1-4,1-5",
  ].map(spans);
  return names.split(",").map((name, index) => ({ name, r: r?.[index], f: f?.[index], m: m?.[index] }));
}

export const VIGNETTE: readonly SegmentShape[] = TABLE.map(([name, r, f, m]) => ({ name, r, f, m }));
export const EXAMPLE: readonly SegmentShape[] = example();
/** F and M merged into their mean, halves included, with the ranges of F. */
export const PUTLER: readonly SegmentShape[] = TABLE.map(([name, r, fm]) => ({ name, r, fm }));
