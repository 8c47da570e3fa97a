import { blockDefinition } from "./blocks";
import type { ScenarioDefinition } from "./definition";
import { wayBetween } from "./graph";
import { triggerOf } from "./live";

/** Events of somebody who is about to buy. */
const ABOUT_TO_BUY = /^(carts?|checkout) |^product (viewed|added|clicked)/i;

/** Whether a scenario brings somebody back to what they were about to buy. */
function recovers(definition: ScenarioDefinition): boolean {
  const trigger = triggerOf(definition);
  if (definition.class !== "marketing" || trigger === null) return false;
  if (trigger.kind === "event") return ABOUT_TO_BUY.test(trigger.event);
  return trigger.kind === "abandoned_cart" || (trigger.kind === "catalogue" && trigger.audience === "cart");
}

function endsWithOrder({ stop_on: on, goal, stop_when: stops = [] }: ScenarioDefinition): boolean {
  const endings = [...(goal ? [goal] : []), ...stops];
  return on.includes("order") || endings.some(({ event }) => event?.toLowerCase() === "order completed");
}

/** A message after the purchase: the scenario goes on though what it is for has been bought, with the way to a message. */
export function recoveries(definition: ScenarioDefinition) {
  if (!recovers(definition) || endsWithOrder(definition)) return [];
  const { start, blocks } = definition;
  const sends = (block: string): boolean => {
    const node = blocks[block];
    return (node && blockDefinition(node.type)?.traits(node.params).sends) !== undefined;
  };
  const way = wayBetween(definition, start, sends);
  if (!way) return [];
  const en = "Somebody is written to even after they ordered: let an order stop the scenario.";
  const fr = "On écrit même à qui a commandé : faites arrêter le scénario par une commande.";
  // Who left a cart is known to be buying; of all others it is likely.
  const level = triggerOf(definition)?.kind === "abandoned_cart" ? ("error" as const) : ("warning" as const);
  return [{ level, code: "no_stop_on_order", message: { en, fr }, path: way }];
}
