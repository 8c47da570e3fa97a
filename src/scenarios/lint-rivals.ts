import type { ScenarioDefinition } from "./definition";
import type { OtherScenario } from "./lint-acts";
import { triggerOf } from "./live";

/** Two scenarios that begin with the same thing, of which neither goes first: whose message leaves would be chance. */
export function rivals(
  definition: ScenarioDefinition,
  { others = [] }: { readonly others?: readonly OtherScenario[] },
) {
  const trigger = triggerOf(definition);
  // Whoever lets somebody in says into which scenario.
  if (trigger?.kind === "api" || trigger?.kind === "called") return [];
  const own = JSON.stringify(trigger);
  const equals = others
    .map((other) => other.definition)
    .filter(
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

/** An order is told of more than once: without its number as the key each time begins a run of its own. */
export function startsWithoutKey(definition: ScenarioDefinition) {
  const trigger = triggerOf(definition);
  if (trigger?.kind !== "event" || trigger.key !== undefined || !/^orders?\b/i.test(trigger.event)) return [];
  if (definition.reentry.policy === "once") return [];
  return [
    {
      level: "warning" as const,
      code: "start_without_key",
      message: {
        en: `“${trigger.event}” may be told twice of one order, under two ids: name the property with the order’s number as the key.`,
        fr: `« ${trigger.event} » peut être annoncé deux fois pour une commande, sous deux identifiants : donnez pour clé la propriété du numéro de commande.`,
      },
      path: [definition.start],
    },
  ];
}
