import type { Facts } from "../segments/facts";
import { DAY } from "../shared/clock";
import { idWithin } from "../shared/ids";
import type { Act, BlockContext, Step } from "./block";
import { blockDefinition } from "./blocks";
import type { ScenarioDefinition } from "./definition";
import type { Outcome, Passage, Run } from "./state";
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
 * it, so that a late alarm shifts nothing that follows. The next block is looked up after the wait, never before. `now` is
 * how far time has come, where the input was held up.
 */
export function advance(
  run: Run,
  input: RunInput,
  at: number,
  facts: Facts,
  definition: ScenarioDefinition,
  now = at,
): Advanced {
  const world = { at, now, facts };
  const wanted: Wanted[] = [];
  const acts: WantedAct[] = [];
  let step = firstStep(run, input, world, definition);
  if (step === null) return { run, wanted, acts, exit: null };
  const draft = draftOf(run);
  for (let steps = 0; ; steps++) {
    if (steps >= MAX_STEPS) step = { do: "exit", outcome: "failed", reason: "loop_without_wait" };
    if (step.do === "act") {
      const { turn } = step.act;
      const id = passageId("act", draft, ...(turn === undefined ? [] : [String(turn)]));
      acts.push({ block: draft.block, id, act: step.act });
      step = step.after;
      if (step.do === "wait") draft.awaited = { act: id };
    }
    draft.due = step.do === "wait" ? step.until : null;
    if (step.do === "wait") return { run: draft, wanted, acts, exit: null };
    if (step.do === "exit") return { run: draft, wanted, acts, exit: { outcome: step.outcome, reason: step.reason } };
    if (step.do === "send") {
      const send = passageId("msg", draft, step.channel);
      wanted.push({ block: draft.block, send, channel: step.channel, content: step.content });
      draft.sends[draft.block] = send;
    }
    const ways = definition.blocks[draft.block]?.next ?? {};
    const next = Object.hasOwn(ways, step.output) ? ways[step.output] : undefined;
    draft.path.push({ block: draft.block, at, output: step.output });
    // A round of short waits: a person has seen more of it in a day than anybody meant.
    if (draft.path.length > PATH_KEPT && (draft.path.shift()?.at ?? 0) > at - DAY) {
      return { run: draft, wanted, acts, exit: { outcome: "failed", reason: "too_many_steps" } };
    }
    if (next === undefined) return { run: draft, wanted, acts, exit: { outcome: "completed", reason: "end" } };
    draft.block = next;
    draft.visits[next] = (draft.visits[next] ?? 0) + 1;
    step = enterStep(draft, world, definition);
  }
}

/** A run of a paused scenario that something happens to: which way that leads is kept until the scenario goes on. */
export function overhear(run: Run, stimulus: Stimulus, at: number, facts: Facts, definition: ScenarioDefinition): Run {
  if (run.heard !== undefined) return run;
  const step = firstStep(run, { kind: "heard", stimulus }, { at, now: at, facts }, definition);
  return step?.do === "go" ? { ...run, heard: step.output, due: at } : run;
}

/** A run as its way is worked out: what goes in stays as it is. */
interface Draft extends Run {
  block: string;
  due: number | null;
  awaited?: { readonly act: string };
  readonly visits: Record<string, number>;
  readonly sends: Record<string, string>;
  readonly path: Passage[];
}

function draftOf({ heard: _heard, ...run }: Run): Draft {
  return { ...run, visits: { ...run.visits }, sends: { ...run.sends }, path: [...(run.path ?? [])] };
}

/** What comes of one passage of a run through a block has one id, however often it is worked out. */
function passageId(prefix: string, run: Run, ...more: readonly string[]): string {
  return idWithin(prefix, run.id, run.block, run.visits[run.block] ?? 0, ...more);
}

type World = Pick<BlockContext, "at" | "now" | "facts">;

function firstStep(run: Run, input: RunInput, world: World, definition: ScenarioDefinition): Step | null {
  if (input.kind === "enter") return enterStep(run, world, definition);
  const node = definition.blocks[run.block];
  const known = node ? blockDefinition(node.type) : undefined;
  // The block was taken out of the graph, or out of the product: say so rather than guess.
  if (!node || !known) return { do: "exit", outcome: "failed", reason: "block_gone" };
  const context: BlockContext = { ...world, run, block: run.block };
  if (input.kind === "heard") return known.hear?.(node.params, context, input.stimulus) ?? null;
  if (run.heard !== undefined) return { do: "go", output: run.heard };
  return known.due?.(node.params, context) ?? { do: "exit", outcome: "failed", reason: "block_never_due" };
}

function enterStep(run: Run, world: World, definition: ScenarioDefinition): Step {
  const node = definition.blocks[run.block];
  const known = node ? blockDefinition(node.type) : undefined;
  if (!node || !known) return { do: "exit", outcome: "failed", reason: "block_gone" };
  return known.enter(node.params, { ...world, run, block: run.block });
}
