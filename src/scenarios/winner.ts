import type { Contest } from "./block";
import { blockDefinition } from "./blocks";
import type { ScenarioDefinition } from "./definition";
import { nextBlocks, wayBetween } from "./graph";

/** Of the runs that went by one arm and are over: how many, and how many of them reached what the split goes by. */
export interface ArmCount {
  readonly arm: string;
  readonly runs: number;
  readonly reached: number;
}

/** An arm that won by its figures. `at` is epoch ms. */
export interface Winner {
  readonly scenario: string;
  readonly version: number;
  readonly block: string;
  readonly arm: string;
  readonly at: number;
  readonly figure: Contest["figure"];
  /** Its figures were clearly better, or the time was over. */
  readonly cause: "figures" | "time";
  readonly counts: readonly ArmCount[];
}

/** Probability that a winner is called by figures though its arm is no better. */
const ERROR = 0.05;
/** Fewer expected in any cell, and the normal distribution says nothing of it. */
const LEAST_EXPECTED = 5;

/** The splits of a definition that are still to be decided by figures, by their blocks. */
export function contestsOf({ blocks }: ScenarioDefinition): readonly { block: string; contest: Contest }[] {
  return Object.entries(blocks).flatMap(([block, { type, params }]) => {
    const contest = blockDefinition(type)?.traits(params).contest;
    return contest ? [{ block, contest }] : [];
  });
}

/** The blocks behind a way out of a block, or behind all of them: those whose messages count for it. */
export function blocksBehind(definition: ScenarioDefinition, block: string, output?: string): readonly string[] {
  const node = definition.blocks[block];
  const first = output === undefined ? nextBlocks(node) : [node?.next[output] ?? ""];
  return Object.keys(definition.blocks).filter((other) =>
    first.some((from) => from === other || wayBetween(definition, from, (name) => name === other, block)),
  );
}

/** The definition with the winners among its blocks, which send everybody their way. */
export function withWinners(
  definition: ScenarioDefinition,
  winners: readonly Pick<Winner, "block" | "arm">[],
): ScenarioDefinition {
  const open = new Set(contestsOf(definition).map(({ block }) => block));
  const won = winners.filter(({ block }) => open.has(block));
  if (won.length === 0) return definition;
  const blocks = { ...definition.blocks };
  for (const { block, arm } of won) {
    const node = blocks[block];
    if (node) blocks[block] = { ...node, params: { ...node.params, winner: arm } };
  }
  return { ...definition, blocks };
}

/**
 * How many runs of the arm with the fewest a look takes: `least`, and twice as many at each look that follows. Null
 * before the first. Looking at every run that comes would call a winner by chance sooner or later.
 */
export function lookOf(counts: readonly ArmCount[], least: number): { look: number; runs: number } | null {
  const fewest = Math.min(...counts.map(({ runs }) => runs));
  if (counts.length === 0 || fewest < least) return null;
  const look = Math.floor(Math.log2(fewest / least));
  return { look, runs: least * 2 ** look };
}

/**
 * The arm whose share is better than each other's by a two-proportion z-test with pooled variance (NIST/SEMATECH e-Handbook
 * of Statistical Methods, 7.3.3), two-sided; null where none is. The looks together err in 5 % at most: the first spends
 * half of that, each that follows half of what the one before it spent (Bonferroni's inequality).
 */
export function clearWinner(counts: readonly ArmCount[], look: number): string | null {
  const best = bestOf(counts);
  if (!best) return null;
  const level = ERROR / 2 ** (look + 1);
  const others = counts.filter(({ arm }) => arm !== best.arm);
  return others.length > 0 && others.every((other) => chanceOf(best, other) < level) ? best.arm : null;
}

/** The arm with the best share, the first of equals; null where no run is over yet. */
export function bestArm(counts: readonly ArmCount[]): string | null {
  return bestOf(counts)?.arm ?? null;
}

function bestOf(counts: readonly ArmCount[]): ArmCount | undefined {
  const over = counts.filter(({ runs }) => runs > 0);
  // By products of whole numbers, so that equal shares are equal.
  return over
    .slice(1)
    .reduce((best, one) => (one.reached * best.runs > best.reached * one.runs ? one : best), over[0] as ArmCount);
}

/** Probability of a difference as great as this one or greater, where there is none; 1 where there are too few to say. */
function chanceOf(one: ArmCount, other: ArmCount): number {
  const runs = one.runs + other.runs;
  const pooled = (one.reached + other.reached) / runs;
  const fewest = Math.min(one.runs, other.runs);
  if (!(fewest * Math.min(pooled, 1 - pooled) >= LEAST_EXPECTED)) return 1;
  const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / one.runs + 1 / other.runs));
  return bothTails(Math.abs(one.reached / one.runs - other.reached / other.runs) / deviation);
}

/** Share of the normal distribution beyond ±z, to within 1.5e-7 (Abramowitz and Stegun, 7.1.26). */
function bothTails(z: number): number {
  const x = z / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const sum = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return sum * Math.exp(-x * x);
}
