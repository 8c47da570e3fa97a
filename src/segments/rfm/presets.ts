import type { Scores } from "./cell";
import { CELLS, cellText } from "./cell";
import type { RfmMap, SegmentShape } from "./map";
import { mapOf } from "./map";

/** Mission §6.6 by rows of R from 5 down to 1, columns of FM from 1 up to 5. */
const R_BY_FM: Readonly<Record<number, readonly string[]>> = {
  5: ["New", "Potential Loyalist", "Loyal", "Champions", "Champions"],
  4: ["Promising", "Potential Loyalist", "Potential Loyalist", "Loyal", "Champions"],
  3: ["Promising", "Need Attention", "Potential Loyalist", "Loyal", "Loyal"],
  2: ["About to Sleep", "Need Attention", "Need Attention", "At Risk", "At Risk"],
  1: ["Lost", "Hibernating", "At Risk", "Can't Lose", "Can't Lose"],
};

/** Best first, which is what a rise and a fall are measured by. */
const NAMES = [
  "Champions",
  "Loyal",
  "Potential Loyalist",
  "New",
  "Promising",
  "Need Attention",
  "About to Sleep",
  "At Risk",
  "Can't Lose",
  "Hibernating",
  "Lost",
];

function byMean({ r, f, m }: Scores): string {
  return R_BY_FM[r]?.[Math.floor((f + m) / 2 + 0.5) - 1] ?? "";
}

/** Mission §6.6: a single large order does not make somebody loyal. */
function afterOne({ r, m }: Scores): string {
  if (r === 5) return "New";
  if (r >= 3) return "Promising";
  if (r === 2) return "About to Sleep";
  return m >= 4 ? "Hibernating" : "Lost";
}

/** Mission §6.5, a widely copied list. */
const CODES: Readonly<Record<string, string>> = {
  Champions: "555 554 544 545 454 455 445",
  Loyal: "543 444 435 355 354 345 344 335",
  "Potential Loyalist":
    "553 551 552 541 542 533 532 531 452 451 442 441 431 453 433 432 423 353 352 351 342 341 333 323",
  New: "512 511 422 421 412 411 311",
  Promising: "525 524 523 522 521 515 514 513 425 424 413 414 415 315 314 313",
  "Need Attention": "535 534 443 434 343 334 325 324",
  "About to Sleep": "331 321 312 221 213",
  "At Risk": "255 254 245 244 253 252 243 242 235 234 225 224 153 152 145 143 142 135 134 133 125 124",
  "Can't Lose": "155 154 144 214 215 115 114 113",
  Hibernating: "332 322 231 241 251 233 232 223 222 132 123 122 212 211",
  Lost: "111 112 121 131 141 151",
};

/** The map of R and F alone that mission §6.3 lists: total and disjoint, blind to money. */
const R_BY_F: readonly SegmentShape[] = [
  { name: "Champions", r: [5, 5], f: [4, 5] },
  { name: "Loyal", r: [3, 4], f: [4, 5] },
  { name: "Potential Loyalist", r: [4, 5], f: [2, 3] },
  { name: "New", r: [5, 5], f: [1, 1] },
  { name: "Promising", r: [4, 4], f: [1, 1] },
  { name: "Need Attention", r: [3, 3], f: [3, 3] },
  { name: "About to Sleep", r: [3, 3], f: [1, 2] },
  { name: "At Risk", r: [1, 2], f: [3, 4] },
  { name: "Can't Lose", r: [1, 2], f: [5, 5] },
  { name: "Hibernating", r: [1, 2], f: [1, 2] },
];

function listed(nameOf: (cell: Scores) => string): SegmentShape[] {
  return NAMES.map((name) => ({ name, cells: CELLS.filter((cell) => nameOf(cell) === name).map(cellText) }));
}

/** The shapes of the maps that come with the product. */
export const PRESET_SHAPES = {
  default: listed(byMean),
  codes125: Object.entries(CODES).map(([name, codes]): SegmentShape => ({ name, cells: codes.split(" ") })),
  rxf: R_BY_F,
} as const satisfies Record<string, readonly SegmentShape[]>;

export type Preset = keyof typeof PRESET_SHAPES;

/** The maps that come with the product. Only ours asks whether there was more than one order. */
export const PRESETS: Readonly<Record<Preset, RfmMap>> = {
  default: mapOf(PRESET_SHAPES.default, afterOne),
  codes125: mapOf(PRESET_SHAPES.codes125),
  rxf: mapOf(PRESET_SHAPES.rxf),
};
