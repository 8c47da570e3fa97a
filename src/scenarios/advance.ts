import type { Facts } from "../segments/facts";
import type { Act, BlockContext, Step } from "./block";
import { blockDefinition } from "./blocks";
import type { ScenarioDefinition } from "./definition";
import { actId, passageId } from "./passage";
import type { Outcome, Run } from "./state";
import { PATH_KEPT } from "./state";
import type { Stimulus } from "./stimulus";

/** What moves a run: it begins, its wait runs out, or something happens while it waits. */
export type RunInput =
  | { readonly kind: "enter" }
  | { readonly kind: "due" }
  | { readonly kind: "heard"; readonly stimulus: Stimulus };

/** A message that the run wants to send at this point. */
export interface Wanted {
  readonly block: string;
  readonly send: string;
  readonly channel: string;
  readonly content: string;
}

/** Something other than a message that the run wants done at this point. */
export interface WantedAct {
  readonly block: string;
  readonly id: string;
  readonly act: Act;
}

export interface Advanced {
  readonly run: Run;
  readonly wanted: readonly Wanted[];
  readonly acts: readonly WantedAct[];
  readonly exit: { readonly outcome: Outcome; readonly reason: string } | null;
}

/** A run that walks further than this without waiting goes in circles. */
const MAX_STEPS = 20;

/**
 * Moves a run as far as it goes: until it waits or leaves. `at` is the logical time of the input; a wait counts from
 * it, so that a late alarm shifts nothing that follows. The next block is looked up after the wait, never before.
 */
export function advance(run: Run, input: RunInput, at: number, facts: Facts, definition: ScenarioDefinition): Advanced {
  const wanted: Wanted[] = [];
  const acts: WantedAct[] = [];
  let current = run;
  let step = firstStep(current, input, at, facts, definition);
  for (let steps = 0; step !== null; steps++) {
    if (steps >= MAX_STEPS) step = { do: "exit", outcome: "failed", reason: "loop_without_wait" };
    if (step.do === "act") {
      acts.push({ block: current.block, id: actId(current), act: step.act });
      step = step.then;
    }
    if (step.do === "exit") {
      const { outcome, reason } = step;
      return { run: { ...current, due: null }, wanted, acts, exit: { outcome, reason } };
    }
    if (step.do === "wait") return { run: { ...current, due: step.until }, wanted, acts, exit: null };
    if (step.do === "send") {
      const send = passageId("msg", current, step.channel);
      wanted.push({ block: current.block, send, channel: step.channel, content: step.content });
      current = { ...current, sends: { ...current.sends, [current.block]: send } };
    }
    const ways = definition.blocks[current.block]?.next ?? {};
    current = leaving(current, at, step.output);
    const next = Object.hasOwn(ways, step.output) ? ways[step.output] : undefined;
    if (next === undefined) return { run: current, wanted, acts, exit: { outcome: "completed", reason: "end" } };
    current = visit(current, next);
    step = enterStep(current, at, facts, definition);
  }
  return { run: current, wanted, acts, exit: null };
}

function leaving(run: Run, at: number, output: string): Run {
  return { ...run, due: null, path: [...(run.path ?? []), { block: run.block, at, output }].slice(-PATH_KEPT) };
}

function visit(run: Run, block: string): Run {
  return { ...run, block, due: null, visits: { ...run.visits, [block]: (run.visits[block] ?? 0) + 1 } };
}

function firstStep(run: Run, input: RunInput, at: number, facts: Facts, definition: ScenarioDefinition): Step | null {
  if (input.kind === "enter") return enterStep(run, at, facts, definition);
  const node = definition.blocks[run.block];
  const known = node ? blockDefinition(node.type) : undefined;
  // The block was taken out of the graph, or out of the product: say so rather than guess.
  if (!node || !known) return { do: "exit", outcome: "failed", reason: "block_gone" };
  const context: BlockContext = { at, run, block: run.block, facts };
  if (input.kind === "heard") return known.hear?.(node.params, context, input.stimulus) ?? null;
  return known.due?.(node.params, context) ?? { do: "exit", outcome: "failed", reason: "block_never_due" };
}

function enterStep(run: Run, at: number, facts: Facts, definition: ScenarioDefinition): Step {
  const node = definition.blocks[run.block];
  const known = node ? blockDefinition(node.type) : undefined;
  if (!node || !known) return { do: "exit", outcome: "failed", reason: "block_gone" };
  return known.enter(node.params, { at, run, block: run.block, facts });
}
