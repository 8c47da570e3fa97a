import { blockDefinition } from "./blocks";
import type { ScenarioDefinition } from "./definition";
import { blocksBehind, contestsOf } from "./winner";

/** Arms that are to win by clicks and send nothing that could be clicked. */
export function clicksOfNothing(definition: ScenarioDefinition) {
  const sends = (block: string): boolean => {
    const node = definition.blocks[block];
    return ((node && blockDefinition(node.type)?.traits(node.params).sends) ?? []).length > 0;
  };
  return contestsOf(definition)
    .filter(({ contest }) => contest.figure === "clicked")
    .flatMap(({ block, contest }) =>
      contest.arms
        .filter((arm) => !blocksBehind(definition, block, arm).some(sends))
        .map((arm) => ({
          level: "warning" as const,
          code: "winner_without_message",
          message: {
            en: `“${block}” goes by clicks, but no message follows its arm “${arm}”, which can never win.`,
            fr: `« ${block} » se décide aux clics, mais aucun message ne suit sa branche « ${arm} », qui ne peut donc gagner.`,
          },
          path: [block],
        })),
    );
}
