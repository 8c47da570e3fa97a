import type { BlockNode, ScenarioDefinition } from "../../../src/scenarios/definition";

/** A marketing scenario of these blocks that starts at `start`; what a block leaves out is empty. */
export function scenario(
  blocks: Record<string, { type: string; params?: object; next?: object }>,
  rest: Partial<ScenarioDefinition> = {},
): ScenarioDefinition {
  const nodes = Object.entries(blocks).map(([name, { type, params = {}, next = {} }]) => [
    name,
    { type, params, next },
  ]);
  return {
    name: "Test",
    description: "",
    class: "marketing",
    priority: 50,
    holdout: 0,
    max_lateness: "P1D",
    stop_on: ["order", "withdrawal"],
    reentry: { policy: "by_key" },
    filter: { all: [] },
    start: "start",
    blocks: Object.fromEntries(nodes) as Record<string, BlockNode>,
    ...rest,
  };
}
