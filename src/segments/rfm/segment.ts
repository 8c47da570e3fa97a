import type { Scores } from "./cell";
import { cellIndex } from "./cell";
import type { RfmMap } from "./map";
import { segmentKey } from "./map";

/** A score on the scale of the maps: thirds are its lowest, middle and highest. */
function onMap(score: number, most: 3 | 5): number {
  return most === 3 ? score * 2 - 1 : score;
}

/** The key of the segment that scores and the number of orders come to. */
export function segmentOf({ segments, cells, once }: RfmMap, { r, f, m }: Scores, orders: number, most: 3 | 5): string {
  const index = cellIndex({ r: onMap(r, most), f: onMap(f, most), m: onMap(m, most) });
  const place = (once && orders <= 1 ? once : cells)[index] ?? 0;
  return segmentKey(segments[place] ?? "");
}
