import * as z from "zod";
import { jsonPointer } from "../shared/pointer";
import { sortedText } from "../shared/sorted-text";
import type { ScenarioDefinition } from "./definition";
import { withDefaults } from "./live";

/** For which share of contacts a draft is published beside the version that runs. */
export const sideBySideInput = z.strictObject({ share: z.number().min(0.01).max(0.99) });

/** A test of two versions, as it is stored. `since` is epoch ms. */
export interface Versus {
  readonly version: number;
  /** Of contacts that go the challenger's way, 0 to 1. */
  readonly share: number;
  readonly since: number;
}

/** What is said of a field in which a draft differs. */
export const NOT_COMPARABLE = "must be as in the version that runs, while both run side by side";

/** What has to be the same, or the figures of both would not be of the same thing. */
const SAME = ["class", "holdout", "goal", "stop_on"] as const;

/**
 * Where a draft differs from the version beside which it shall run in what both must share: how somebody comes in, and
 * what is measured. Pointers into the draft; empty where a test can begin.
 */
export function differencesOf(
  live: ScenarioDefinition,
  draft: ScenarioDefinition,
): readonly { readonly pointer: string; readonly detail: string }[] {
  const own = withDefaults(draft);
  const other = withDefaults(live);
  const rules = SAME.filter((key) => sortedText(own[key]) !== sortedText(other[key])).map((key) => [key]);
  return [...startFields(own, other), ...rules].map((path) => ({
    pointer: jsonPointer(["definition", ...path]),
    detail: NOT_COMPARABLE,
  }));
}

function startFields(own: ScenarioDefinition, other: ScenarioDefinition): string[][] {
  const [node, known] = [own.blocks[own.start], other.blocks[other.start]];
  if (node?.type !== known?.type) return [["blocks", own.start, "type"]];
  const [params, before] = [node?.params ?? {}, known?.params ?? {}];
  return [...new Set([...Object.keys(params), ...Object.keys(before)])]
    .filter((name) => sortedText(params[name]) !== sortedText(before[name]))
    .map((name) => ["blocks", own.start, "params", name]);
}
