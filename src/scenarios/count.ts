import type { Shop } from "../segments/facts";
import { blockDefinition } from "./blocks";
import type { ScenarioDefinition } from "./definition";
import type { Run } from "./state";
import type { Stimulus } from "./stimulus";

type Counter = (stimulus: Stimulus, shop: Shop) => boolean;

/** Definitions stand as long as their briefing, and are asked at every event. */
const counters = new WeakMap<ScenarioDefinition, readonly (readonly [block: string, counts: Counter])[]>();

function countersOf(definition: ScenarioDefinition): readonly (readonly [block: string, counts: Counter])[] {
  const known = counters.get(definition);
  if (known) return known;
  const made = Object.entries(definition.blocks).flatMap(([block, { type, params }]) => {
    const counts = blockDefinition(type)?.counts;
    return counts ? [[block, (stimulus: Stimulus, shop: Shop) => counts(params, stimulus, shop)] as const] : [];
  });
  counters.set(definition, made);
  return made;
}

/** The run with what its blocks count of a stimulus; itself where they count nothing. What came before it never counts. */
export function counting(run: Run, definition: ScenarioDefinition, stimulus: Stimulus, shop: Shop): Run {
  if (stimulus.at < run.enteredAt) return run;
  const counted = countersOf(definition).filter(([, counts]) => counts(stimulus, shop));
  if (counted.length === 0) return run;
  const added = counted.map(([block]) => [block, (run.counts?.[block] ?? 0) + 1] as const);
  return { ...run, counts: { ...run.counts, ...Object.fromEntries(added) } };
}
