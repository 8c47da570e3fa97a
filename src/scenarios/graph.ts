import type { FieldError } from "../shared/fault";
import { jsonPointer, pointersOf } from "../shared/pointer";
import { BLOCKS, blockDefinition } from "./blocks";
import type { BlockNode, ScenarioDefinition } from "./definition";

/**
 * What makes a graph impossible to run or to read, by JSON pointer into the definition; empty when it can be stored.
 * `refusesCall` says why an address may not be called. Whether it does what somebody would want is for `lint`.
 */
export function checkGraph(
  definition: ScenarioDefinition,
  refusesCall: (url: string) => string | null = () => null,
): FieldError[] {
  const names = Object.keys(definition.blocks);
  return [
    ...startFaults(definition),
    ...names.flatMap((name) => blockFaults(name, definition, refusesCall)),
    ...names.flatMap((name) => exitFaults(name, definition)),
  ];
}

/** The definition with every parameter that was left out filled in. Only for one that `checkGraph` found good. */
export function completeGraph(definition: ScenarioDefinition): ScenarioDefinition {
  const blocks = Object.entries(definition.blocks).map(([name, node]): [string, BlockNode] => {
    const params = blockDefinition(node.type)?.params.parse(node.params) as BlockNode["params"];
    return [name, { ...node, params }];
  });
  return { ...definition, blocks: Object.fromEntries(blocks) };
}

/** Names of a block's ways out. */
export function outputsOf({ type, params, next }: BlockNode): readonly string[] {
  const known = blockDefinition(type);
  if (known && typeof known.outputs !== "function") return known.outputs;
  const parsed = known?.params.safeParse(params);
  return parsed?.success && typeof known?.outputs === "function" ? known.outputs(parsed.data) : Object.keys(next);
}

/** The blocks that may come directly after one. */
export function nextBlocks(node: BlockNode | undefined): readonly string[] {
  return node ? Object.values(node.next) : [];
}

/** The shortest way from one block to another, both included; null where there is none. `around` is not entered. */
export function wayBetween(
  { blocks }: ScenarioDefinition,
  from: string,
  isTarget: (block: string) => boolean,
  around: string | null = null,
): readonly string[] | null {
  const ways: (readonly string[])[] = nextBlocks(blocks[from]).map((next) => [from, next]);
  const seen = new Set<string>();
  for (let way = ways.shift(); way; way = ways.shift()) {
    const last = way.at(-1) ?? "";
    if (last === around || seen.has(last)) continue;
    if (isTarget(last)) return way;
    seen.add(last);
    for (const next of nextBlocks(blocks[last])) ways.push([...way, next]);
  }
  return null;
}

function startFaults({ start, blocks }: ScenarioDefinition): FieldError[] {
  const node = Object.hasOwn(blocks, start) ? blocks[start] : undefined;
  if (!node) return [{ pointer: "/start", detail: "names no block" }];
  const known = blockDefinition(node.type);
  if (known && known.category !== "start") return [{ pointer: "/start", detail: "names a block that starts nothing" }];
  return Object.entries(blocks).flatMap(([name, other]) =>
    name !== start && blockDefinition(other.type)?.category === "start"
      ? [{ pointer: jsonPointer(["blocks", name, "type"]), detail: `is a second start; "${start}" is the first` }]
      : [],
  );
}

function blockFaults(
  name: string,
  { blocks }: ScenarioDefinition,
  refusesCall: (url: string) => string | null,
): FieldError[] {
  const node = blocks[name];
  if (!node) return [];
  const known = blockDefinition(node.type);
  if (!known) {
    const detail = `is none of ${Object.keys(BLOCKS).join(", ")}`;
    return [{ pointer: jsonPointer(["blocks", name, "type"]), detail }];
  }
  const parsed = known.params.safeParse(node.params);
  if (!parsed.success) return pointersOf(parsed.error, ["blocks", name, "params"]);
  const { calls } = known.traits(parsed.data);
  const detail = calls ? refusesCall(calls.url) : null;
  return calls && detail !== null ? [{ pointer: jsonPointer(["blocks", name, "params", calls.param]), detail }] : [];
}

function exitFaults(name: string, { blocks, start }: ScenarioDefinition): FieldError[] {
  const node = blocks[name];
  if (!node || !blockDefinition(node.type)) return [];
  const outputs = outputsOf(node);
  const at = (output: string): string => jsonPointer(["blocks", name, "next", output]);
  const given = Object.entries(node.next).flatMap(([output, target]) => {
    if (!outputs.includes(output)) {
      const known = outputs.length === 0 ? "the block has none" : `the block has ${outputs.join(", ")}`;
      return [{ pointer: at(output), detail: `is not an output: ${known}` }];
    }
    if (!Object.hasOwn(blocks, target)) return [{ pointer: at(output), detail: "names no block" }];
    return target === start ? [{ pointer: at(output), detail: "leads back to the start" }] : [];
  });
  // A branch that leads nowhere is a slip of the pen; a path that simply stops is lint's to point at.
  const missing = outputs.length > 1 ? outputs.filter((output) => !Object.hasOwn(node.next, output)) : [];
  return [...given, ...missing.map((output) => ({ pointer: at(output), detail: "is missing: it leads nowhere" }))];
}
