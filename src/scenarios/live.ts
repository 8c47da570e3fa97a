import type { Rule } from "../segments/rule";
import type { Trigger } from "./block";
import { blockDefinition } from "./blocks";
import type { ScenarioDefinition } from "./definition";
import type { TakeOver } from "./publishing";

/** A scenario as the engine meets it: the version that new runs enter, and whether it moves at all. */
export interface LiveScenario {
  readonly id: string;
  readonly version: number;
  /** `paused` holds every run and takes no new one. */
  readonly state: "active" | "paused";
  readonly definition: ScenarioDefinition;
}

/** Everything about scenarios that a reaction needs. */
export interface Playbook {
  readonly live: readonly LiveScenario[];
  /** The version that a run entered; undefined when it is not known here. */
  readonly definition: (scenario: string, version: number) => ScenarioDefinition | undefined;
  /** The versions of a scenario that took over the runs of earlier ones, in their order. */
  readonly takeOvers?: (scenario: string) => readonly TakeOver[];
  /** Every rule that any version may test. */
  readonly asks?: readonly Rule[];
  /** What any version listens for while a run of it goes on. */
  readonly hears?: Hearing;
}

/** What runs have to be told of. */
export interface Hearing {
  /** Names of events. */
  readonly events: readonly string[];
  /** A rule may begin to hold with whatever happens. */
  readonly everything: boolean;
}

/** What a run of a scenario listens for on its whole way. */
export function hearingOf({ goal, stop_when: stops, blocks }: ScenarioDefinition): Hearing {
  const endings = [...(goal ? [goal] : []), ...(stops ?? [])];
  const listened = Object.values(blocks).flatMap(
    ({ type, params }) => blockDefinition(type)?.traits(params).listensFor ?? [],
  );
  return {
    events: [...endings.flatMap(({ event }) => event ?? []), ...listened],
    everything: endings.some(({ event }) => event === undefined),
  };
}

/** The rules that a scenario tests of a contact: who may enter, and which way they go. */
export function rulesAsked({ filter, goal, stop_when: stops, blocks }: ScenarioDefinition): readonly Rule[] {
  const endings = [goal, ...(stops ?? [])].flatMap((ending) => ending?.rule ?? []);
  const asked = Object.values(blocks).flatMap(({ type, params }) => blockDefinition(type)?.traits(params).asks ?? []);
  return [filter, ...endings, ...asked];
}

/** When a scenario begins. */
export function triggerOf(definition: ScenarioDefinition): Trigger | null {
  const node = definition.blocks[definition.start];
  return node ? (blockDefinition(node.type)?.trigger?.(node.params) ?? null) : null;
}

/** The definition with what blocks leave out filled in, so that stored versions follow the catalog's defaults. */
export function withDefaults(definition: ScenarioDefinition): ScenarioDefinition {
  const blocks = Object.entries(definition.blocks).map(([name, node]) => {
    const parsed = blockDefinition(node.type)?.params.safeParse(node.params);
    return [name, parsed?.success ? { ...node, params: parsed.data as Record<string, unknown> } : node] as const;
  });
  return { ...definition, blocks: Object.fromEntries(blocks) };
}
