import { blockDefinition } from "../scenarios/blocks";
import type { BlockNode, ScenarioDefinition } from "../scenarios/definition";
import { outputsOf } from "../scenarios/graph";
import { CATEGORY_OF_UNKNOWN } from "./words/blocks";

/** A scenario's graph as a reader meets it: one block after the other, branches side by side until they meet again. */
export type PathStep =
  | { readonly kind: "block"; readonly name: string; readonly node: BlockNode }
  | { readonly kind: "fork"; readonly from: string; readonly node: BlockNode; readonly branches: readonly Branch[] }
  /** The path goes on at a block that is drawn elsewhere. */
  | { readonly kind: "jump"; readonly to: string }
  /** The graph names a block that it does not have. */
  | { readonly kind: "missing"; readonly to: string };

interface Branch {
  readonly output: string;
  readonly steps: readonly PathStep[];
}

/** The steps from the start, and the names of blocks that no path reaches. */
export function pathOf(definition: ScenarioDefinition): { steps: readonly PathStep[]; unreached: readonly string[] } {
  const walk = new Walk(definition.blocks);
  const steps = walk.from(definition.start, null, new Set());
  return { steps, unreached: Object.keys(definition.blocks).filter((name) => !walk.seen.has(name)) };
}

/** The kind of block: what its place in a path looks like. */
export function categoryOf(type: string): string {
  return blockDefinition(type)?.category ?? CATEGORY_OF_UNKNOWN;
}

class Walk {
  readonly seen = new Set<string>();

  constructor(private readonly blocks: ScenarioDefinition["blocks"]) {}

  /** The path from a block to `meeting`, where its branch joins the others. Blocks of `outer` are drawn further out. */
  from(start: string, meeting: string | null, outer: ReadonlySet<string>): PathStep[] {
    const steps: PathStep[] = [];
    for (let name: string | undefined = start; name !== undefined && name !== meeting; ) {
      const node: BlockNode | undefined = Object.hasOwn(this.blocks, name) ? this.blocks[name] : undefined;
      if (!node) return [...steps, { kind: "missing", to: name }];
      if (this.seen.has(name) || outer.has(name)) return [...steps, { kind: "jump", to: name }];
      this.seen.add(name);
      steps.push({ kind: "block", name, node });
      const outputs = outputsOf(node);
      if (outputs.length < 2) {
        name = node.next[outputs[0] ?? ""];
        continue;
      }
      const next: string | null = this.meetingOf(outputs.flatMap((output) => node.next[output] ?? []));
      const stops = new Set([...outer, ...(meeting === null ? [] : [meeting])]);
      const branches = outputs.map((output): Branch => {
        const target = node.next[output];
        return { output, steps: target === undefined ? [] : this.from(target, next ?? meeting, stops) };
      });
      steps.push({ kind: "fork", from: name, node, branches });
      name = next ?? undefined;
    }
    return steps;
  }

  /** The first block that every branch comes by. */
  private meetingOf(targets: readonly string[]): string | null {
    const [first, ...others] = targets.map((target) => this.reach(target));
    if (!first || others.length === 0) return null;
    return [...first].find((name) => !this.seen.has(name) && others.every((other) => other.has(name))) ?? null;
  }

  /** Every block that can be come to, the nearest first. */
  private reach(start: string): Set<string> {
    const reached = new Set([start]);
    for (const name of reached) {
      // What is drawn already is a way back, and what follows it no meeting of these branches.
      if (this.seen.has(name)) continue;
      const node = Object.hasOwn(this.blocks, name) ? this.blocks[name] : undefined;
      for (const next of Object.values(node?.next ?? {})) reached.add(next);
    }
    return reached;
  }
}
