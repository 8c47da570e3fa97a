import type { Rule } from "../segments/rule";
import { stableFraction } from "../shared/ids";
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
  /** Another version that runs beside it as a test, and the share of contacts that go its way: see `versionFor`. */
  readonly challenger?: { readonly version: number; readonly share: number; readonly definition: ScenarioDefinition };
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
  /** Whoever comes to the shop has read, where nobody may know of opens. */
  readonly visits?: boolean;
}

/**
 * The version of a scenario that a contact goes by, while two of them run. It follows from scenario, challenger and contact
 * alone, and not from what puts contacts into control groups: each version has its share of the control group.
 */
export function versionFor(live: LiveScenario, contact: number): LiveScenario {
  const { id, challenger } = live;
  if (!challenger || !isChallenged(id, challenger, contact)) return live;
  return { ...live, version: challenger.version, definition: challenger.definition };
}

/** Whether a contact goes the challenger's way. */
export function isChallenged(
  scenario: string,
  { version, share }: { readonly version: number; readonly share: number },
  contact: number,
): boolean {
  return stableFraction("versus", scenario, version, contact) < share;
}

/** What a contact goes by in a scenario now; undefined where it is not live. */
export function definitionFor({ live }: Playbook, scenario: string, contact: number): ScenarioDefinition | undefined {
  const found = live.find(({ id }) => id === scenario);
  return found && versionFor(found, contact).definition;
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
    visits: Object.values(blocks).some(
      ({ type, params }) => blockDefinition(type)?.traits(params).hearsVisits === true,
    ),
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
