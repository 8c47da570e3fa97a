import type { ScenarioDefinition } from "./definition";
import type { Playbook } from "./live";
import type { TakeOverChoice } from "./publishing";
import type { ContactState, Run } from "./state";

/** The block of a later version that stands for one of an earlier: of the same name, or its new one, and of the same kind. */
export function likeOf(
  block: string,
  from: ScenarioDefinition | undefined,
  to: ScenarioDefinition,
  { blocks }: Pick<TakeOverChoice, "blocks">,
): string | null {
  const name = Object.hasOwn(blocks, block) ? (blocks[block] ?? block) : block;
  const [before, after] = [
    from?.blocks[block]?.type,
    Object.hasOwn(to.blocks, name) ? to.blocks[name]?.type : undefined,
  ];
  return after !== undefined && after === before ? name : null;
}

/**
 * The run in the version that has taken it over, at the like of its block, waiting for what it waited for; itself where none
 * has; null where it has to leave, since it has no place in a version that keeps nobody behind.
 */
export function takenOver(run: Run, playbook: Playbook): Run | null {
  let current = run;
  for (const takeOver of playbook.takeOvers?.(run.scenario) ?? []) {
    if (takeOver.version <= current.version) continue;
    const [from, to] = [current.version, takeOver.version].map((one) => playbook.definition(run.scenario, one));
    const block = to ? likeOf(current.block, from, to, takeOver) : null;
    if (block !== null) current = renamed({ ...current, version: takeOver.version, block }, takeOver.blocks);
    else if (takeOver.unmatched === "exit") return null;
  }
  return current;
}

/** How many runs wait at a block of a version. */
export interface Position {
  readonly version: number;
  readonly block: string;
  readonly runs: number;
}

/** Where the runs of a scenario wait, each in the version that it follows by now. */
export function positionsOf(states: Iterable<ContactState>, scenario: string, playbook: Playbook): Position[] {
  const counts = new Map<string, Position>();
  for (const { runs } of states) {
    for (const run of runs) {
      const { version, block } = (run.scenario === scenario && takenOver(run, playbook)) || {
        version: null,
        block: "",
      };
      if (version === null) continue;
      const key = `${version} ${block}`;
      counts.set(key, { version, block, runs: (counts.get(key)?.runs ?? 0) + 1 });
    }
  }
  return [...counts.values()];
}

/** With the new names in what the run remembers by block. */
function renamed(run: Run, names: Readonly<Record<string, string>>): Run {
  if (Object.keys(names).length === 0) return run;
  const under = <T>(known: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
    Object.fromEntries(Object.entries(known).map(([block, value]) => [names[block] ?? block, value]));
  const visits: Record<string, number> = {};
  // Of two blocks that become one, the more passages count: none may have the number of one that was.
  for (const [block, count] of Object.entries(run.visits)) {
    const name = names[block] ?? block;
    visits[name] = Math.max(visits[name] ?? 0, count);
  }
  return {
    ...run,
    visits,
    sends: under(run.sends),
    ...(run.counts && { counts: under(run.counts) }),
  };
}
