import type { BlockTraits } from "./block";
import { blockDefinition } from "./blocks";
import type { BlockNode, ScenarioDefinition } from "./definition";
import { nextBlocks, wayBetween } from "./graph";

/** Blocks that a run goes through at once at most; as `advance` has it. */
const MOST_AT_ONCE = 20;

function traitsOf({ blocks }: ScenarioDefinition, block: string): BlockTraits {
  const node = blocks[block];
  return (node && blockDefinition(node.type)?.traits(node.params)) ?? {};
}

/** Circles in which nothing waits, or in which what is waited for has come before. */
export function loopsWithoutWait(definition: ScenarioDefinition) {
  const reported = new Set<string>();
  return Object.keys(definition.blocks).flatMap((block) => {
    const loop = reported.has(block) ? null : loopFrom(definition, block);
    if (!loop) return [];
    for (const member of loop) reported.add(member);
    const way = loop.join(" → ");
    const en = `A contact would run in circles without a wait: ${way}.`;
    const fr = `Un contact tournerait en rond sans attente : ${way}.`;
    return [{ level: "error" as const, code: "loop_without_wait", message: { en, fr }, path: loop }];
  });
}

/** The shortest way from a block back to itself on which nothing waits. */
function loopFrom(definition: ScenarioDefinition, from: string): readonly string[] | null {
  const { waits, atOnce, refersTo = [] } = traitsOf(definition, from);
  if (waits && atOnce === undefined) return null;
  // What it waits for is sent anew on a way through whoever sends it.
  const quick = Object.entries(definition.blocks).flatMap(([name, node]): [string, BlockNode][] => {
    if (name === from && waits) return [[name, { ...node, next: only(node.next, atOnce ?? []) }]];
    return traitsOf(definition, name).waits || (waits && refersTo.includes(name)) ? [] : [[name, node]];
  });
  return wayBetween({ ...definition, blocks: Object.fromEntries(quick) }, from, (block) => block === from);
}

function only(next: BlockNode["next"], outputs: readonly string[]): BlockNode["next"] {
  return Object.fromEntries(Object.entries(next).filter(([output]) => outputs.includes(output)));
}

/** Ways of more blocks at once than a run is let through: whoever comes along one is thrown out as if it were a circle. */
export function waysTooLong(definition: ScenarioDefinition) {
  if (loopsWithoutWait(definition).length > 0) return [];
  const known = new Map<string, readonly string[]>();
  const begins = Object.keys(definition.blocks).filter(
    (block) => block === definition.start || traitsOf(definition, block).waits,
  );
  const ways = begins.map((block) => [block, ...longestOf(nextBlocks(definition.blocks[block]), definition, known)]);
  const longest = ways.toSorted((left, right) => right.length - left.length)[0] ?? [];
  if (longest.length <= MOST_AT_ONCE) return [];
  const en = `A contact would go through ${longest.length} blocks at once, more than ${MOST_AT_ONCE}: put a wait in between.`;
  const fr = `Un contact passerait par ${longest.length} blocs d’un coup, plus de ${MOST_AT_ONCE} : intercalez une attente.`;
  return [{ level: "error" as const, code: "too_many_at_once", message: { en, fr }, path: longest }];
}

/** The longest way from one of some blocks up to the next wait. */
function longestOf(
  from: readonly string[],
  definition: ScenarioDefinition,
  known: Map<string, readonly string[]>,
): readonly string[] {
  const ways = from.map((block) => {
    const found = known.get(block);
    if (found) return found;
    const { waits, atOnce = [] } = traitsOf(definition, block);
    const { next = {} } = definition.blocks[block] ?? {};
    // A block of before that is on the way already ends it: circles are another fault.
    known.set(block, [block]);
    const on = Object.values(waits ? only(next, atOnce) : next);
    const way = [block, ...longestOf(on, definition, known)];
    known.set(block, way);
    return way;
  });
  return ways.toSorted((left, right) => right.length - left.length)[0] ?? [];
}
