import type { Scores } from "./cell";
import { cellIndex } from "./cell";
import type { RfmMap } from "./map";
import { segmentKey } from "./map";

/** Why somebody is in another segment: see mission §6.7, point 11. */
export type Cause = "first" | "act" | "decay" | "population_shift" | "import" | "rule";

/** A score on the scale of the maps: thirds are its lowest, middle and highest. */
export function onMap(score: number, most: 3 | 5): number {
  return most === 3 ? score * 2 - 1 : score;
}

/** The key of the segment that scores and the number of orders come to. */
export function segmentOf({ segments, cells, once }: RfmMap, { r, f, m }: Scores, orders: number, most: 3 | 5): string {
  const index = cellIndex({ r: onMap(r, most), f: onMap(f, most), m: onMap(m, most) });
  const place = (once && orders <= 1 ? once : cells)[index] ?? 0;
  return segmentKey(segments[place] ?? "");
}

/** What is known of a contact when they are found in another segment. */
export interface Change {
  readonly before: string | null;
  /** Where their present figures would put them by the bounds of before, as many days back as then. */
  readonly byOldBounds: string;
  /** Why their own figures changed just now; null where they did not. */
  readonly moved: Cause | null;
  /** The rules changed: map, method, rates or thresholds. */
  readonly redefined: boolean;
}

/**
 * Why a contact changed segment. Only what their own figures or their own age explain is theirs: where the old bounds
 * would have kept them, it is the others who moved.
 */
export function causeOf({ before, byOldBounds, moved, redefined }: Change): Cause {
  if (before === null) return moved ?? "first";
  if (redefined) return "rule";
  if (byOldBounds === before) return "population_shift";
  return moved ?? "decay";
}
