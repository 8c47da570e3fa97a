import { CELLS, cellText } from "../segments/rfm/cell";
import type { RfmDefinition } from "../segments/rfm/definition";
import { ownShapes } from "../segments/rfm/definition";
import type { SegmentShape } from "../segments/rfm/map";
import { checkMap, ownersOf } from "../segments/rfm/map";
import type { Preset } from "../segments/rfm/presets";
import { PRESET_SHAPES } from "../segments/rfm/presets";

/** A map as it is drawn: the segments of every cell by their numbers, and what is wrong with it. */
export interface DrawnMap {
  /** Names, best first, each with how many cells it has. */
  readonly segments: readonly { readonly name: string; readonly cells: number }[];
  /** By the text of a cell, `555`: the numbers of the segments that have it, from 1. */
  readonly owners: ReadonlyMap<string, readonly number[]>;
  readonly uncovered: readonly string[];
  readonly overlapping: readonly string[];
  readonly unreachable: readonly string[];
  readonly isWhole: boolean;
  /** Whoever ordered once goes another way. */
  readonly isGuarded: boolean;
}

export function drawnMap(definition: RfmDefinition): DrawnMap {
  const shapes: readonly SegmentShape[] = ownShapes(definition) ?? PRESET_SHAPES[definition.map as Preset];
  const names = shapes.map(({ name }) => name);
  const owners = new Map(
    CELLS.map((cell) => [cellText(cell), ownersOf(shapes, cell).map((name) => names.indexOf(name) + 1)]),
  );
  const faults = checkMap(shapes);
  return {
    segments: names.map((name, index) => ({
      name,
      cells: [...owners.values()].filter((some) => some.includes(index + 1)).length,
    })),
    owners,
    ...faults,
    isWhole: faults.uncovered.length + faults.overlapping.length === 0,
    isGuarded: definition.map === "default",
  };
}
