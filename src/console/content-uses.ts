import { blockDefinition } from "../scenarios/blocks";
import type { ScenarioDefinition } from "../scenarios/definition";
import type { Finding } from "../scenarios/lint";
import { RULES_OF_CONTENTS } from "../scenarios/lint-told";
import { withDefaults } from "../scenarios/live";
import type { Terms } from "../segments/compile";
import type { Content } from "../sends/content";
import { usesOf } from "../sends/uses";
import type { ScenarioRow } from "./store";

/** A scenario that sends a content, with what does not fit between the two. */
export interface ContentUse {
  readonly scenario: ScenarioRow;
  readonly findings: readonly Pick<Finding, "level" | "message" | "path">[];
}

function isSentBy({ blocks }: ScenarioDefinition, key: string): boolean {
  return Object.values(blocks).some(({ type, params }) =>
    (blockDefinition(type)?.traits(params).sends ?? []).some(({ content }) => content === key),
  );
}

/** The blocks that show it are on the scenario's own page. */
function pathless<One extends { readonly path: readonly string[] }>(finding: One): One {
  return { ...finding, path: [] };
}

/** Which scenarios send a content, and what each cannot give it. One that has ended sends nothing. */
export function usesOfContent(
  content: Content,
  scenarios: readonly ScenarioRow[],
  terms: Terms,
): readonly ContentUse[] {
  const { key, channel, class: kind, needs } = content;
  const known = { contents: [{ key, channel, class: kind, needs, ...usesOf(content) }], terms };
  return scenarios.flatMap((scenario) => {
    const { definition, state } = scenario;
    if (definition === null || state === "archived" || !isSentBy(definition, key)) return [];
    const whole = withDefaults(definition);
    return [{ scenario, findings: RULES_OF_CONTENTS.flatMap((rule) => rule(whole, known)).map(pathless) }];
  });
}
