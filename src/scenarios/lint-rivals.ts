import type { ScenarioDefinition } from "./definition";
import { triggerOf } from "./live";

/** Two scenarios that begin with the same thing, of which neither goes first: whose message leaves would be chance. */
export function rivals(
  definition: ScenarioDefinition,
  { others = [] }: { readonly others?: readonly ScenarioDefinition[] },
) {
  const own = JSON.stringify(triggerOf(definition));
  const equals = others.filter(
    (other) =>
      other.priority === definition.priority &&
      JSON.stringify(triggerOf(other)) === own &&
      (definition.exclusion_group === undefined || other.exclusion_group !== definition.exclusion_group),
  );
  return equals.map(({ name }) => ({
    level: "warning" as const,
    code: "same_trigger",
    message: {
      en: `“${name}” begins with the same thing and has the same priority: give one of them a higher one, or put both into one group.`,
      fr: `« ${name} » démarre sur la même chose avec la même priorité : donnez à l’un une priorité supérieure, ou mettez-les dans un même groupe.`,
    },
    path: [definition.start],
  }));
}
