import type { Scores } from "./cell";
import { CELLS, cellText } from "./cell";

/** From and to, both included. */
type Range = readonly [from: number, to: number];

/** A segment by the cells that it lists, or by ranges: of R, F and M, or of R and the mean of F and M. */
export interface SegmentShape {
  readonly name: string;
  readonly cells?: readonly string[] | undefined;
  readonly r?: Range | undefined;
  readonly f?: Range | undefined;
  readonly m?: Range | undefined;
  /** The mean of F and M as it is, halves included. */
  readonly fm?: Range | undefined;
}

/** A map from scores to segments that leaves no cell out and gives none away twice. */
export interface RfmMap {
  /** Best first. */
  readonly segments: readonly string[];
  /** The segment of each cell, by its number in `segments`, in the order of `CELLS`. */
  readonly cells: readonly number[];
  /** The same for whoever ordered once, where that is another question. */
  readonly once: readonly number[] | null;
}

/** What is wrong with a map. */
export interface MapFaults {
  /** Cells that no segment has. */
  readonly uncovered: readonly string[];
  /** Cells that several have. */
  readonly overlapping: readonly string[];
  /** Segments that nobody would be in if the first that fits counted. */
  readonly unreachable: readonly string[];
}

/** Looks at every cell of a map. */
export function checkMap(shapes: readonly SegmentShape[]): MapFaults {
  const owners = CELLS.map((cell) => shapes.filter((shape) => has(shape, cell)));
  const where = (test: (count: number) => boolean): string[] =>
    CELLS.filter((_, index) => test(owners[index]?.length ?? 0)).map(cellText);
  const first = new Set(owners.map((some) => some[0]));
  return {
    uncovered: where((count) => count === 0),
    overlapping: where((count) => count > 1),
    unreachable: shapes.filter((shape) => !first.has(shape)).map(({ name }) => name),
  };
}

/** The names of the segments that have a cell. */
export function ownersOf(shapes: readonly SegmentShape[], cell: Scores): string[] {
  return shapes.filter((shape) => has(shape, cell)).map(({ name }) => name);
}

/** The map of shapes that `checkMap` found nothing in. */
export function mapOf(shapes: readonly SegmentShape[], once: ((scores: Scores) => string) | null = null): RfmMap {
  const segments = shapes.map(({ name }) => name);
  return {
    segments,
    cells: CELLS.map((cell) => shapes.findIndex((shape) => has(shape, cell))),
    once: once && CELLS.map((cell) => segments.indexOf(once(cell))),
  };
}

/** The name under which a segment is kept and asked for: `cant_lose` of "Can't Lose". */
export function segmentKey(name: string): string {
  const plain = name.normalize("NFD").replace(/[\u0300-\u036f'’]/g, "");
  return plain
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/^_|_$/g, "");
}

function has({ cells, r, f, m, fm }: SegmentShape, cell: Scores): boolean {
  if (cells) return cells.includes(cellText(cell));
  return within(cell.r, r) && within(cell.f, f) && within(cell.m, m) && within((cell.f + cell.m) / 2, fm);
}

function within(value: number, range: Range | undefined): boolean {
  return range === undefined || (value >= range[0] && value <= range[1]);
}

/** Names of segments by their keys, best first. */
export function namesOf({ segments }: RfmMap): Record<string, string> {
  return Object.fromEntries(segments.map((name) => [segmentKey(name), name]));
}
