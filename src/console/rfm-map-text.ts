import type { SegmentShape } from "../segments/rfm/map";

/** A map of segments as somebody types it, and the lines that are none. */
export interface TypedMap {
  readonly shapes: readonly SegmentShape[];
  /** Numbers of lines, from 1. */
  readonly wrong: readonly number[];
}

const AXES = ["r", "f", "m", "fm"] as const;
/** A name may hold a colon itself. */
const NAMED = /^(?<name>.+):\s*(?<what>[^:]+)$/;
const CODES = /^[1-5]{3}(?:[\s,]+[1-5]{3})*$/;
const RANGE = /^(?<axis>FM|[RFM])\s*(?<from>[1-5](?:\.5)?)(?:\s*[-–]\s*(?<upTo>[1-5](?:\.5)?))?$/i;

/** Reads a map of one segment a line: `Name: 555 554`, or by ranges, `Name: R 4-5, F 3-5, M 2-5` or `Name: R 4-5, FM 1-2.5`. */
export function readMap(text: string): TypedMap {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const read = lines.map((line) => (line === "" ? null : shapeOf(line)));
  return {
    shapes: read.flatMap((one) => one ?? []),
    wrong: read.flatMap((one, index) => (one === null && lines[index] !== "" ? [index + 1] : [])),
  };
}

function shapeOf(line: string): SegmentShape | null {
  const { name = "", what = "" } = NAMED.exec(line)?.groups ?? {};
  if (name.trim() === "" || what === "") return null;
  if (CODES.test(what)) return { name: name.trim(), cells: what.split(/[\s,]+/) };
  const ranges = what.split(",").map((part) => rangeOf(part.trim()));
  const known = ranges.filter((range) => range !== null);
  const isPlain = known.length === ranges.length && new Set(known.map(([axis]) => axis)).size === known.length;
  return isPlain ? { name: name.trim(), ...Object.fromEntries(known) } : null;
}

function rangeOf(text: string): readonly [string, readonly [number, number]] | null {
  const { axis, from, upTo } = RANGE.exec(text)?.groups ?? {};
  return axis === undefined ? null : [axis.toLowerCase(), [Number(from), Number(upTo ?? from)]];
}

/** A map as it can be typed again. */
export function mapText(shapes: readonly SegmentShape[]): string {
  return shapes.map((shape) => `${shape.name}: ${whatOf(shape)}`).join("\n");
}

function whatOf(shape: SegmentShape): string {
  if (shape.cells) return shape.cells.join(" ");
  return AXES.flatMap((axis) => {
    const range = shape[axis];
    return range ? [`${axis.toUpperCase()} ${range[0] === range[1] ? range[0] : range.join("-")}`] : [];
  }).join(", ");
}
