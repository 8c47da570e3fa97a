import type { Cell, Shop } from "../segments/facts";
import type { Trigger } from "./block";
import type { Run } from "./state";
import type { Stimulus } from "./stimulus";
import { moveKey, startsOnMove } from "./stop";
import { testWhere } from "./where";

/** How somebody comes into a scenario: the key that makes the run unique, and what began it. */
export interface Beginning {
  readonly key: string;
  readonly about?: NonNullable<Run["about"]>;
}

/** What a run keeps of the event that began it. */
const MOST_PROPERTIES = 40;
const MOST_LETTERS = 200;

/** How a stimulus lets somebody into a scenario with this trigger; null where it does not. */
export function beginsWith(
  scenario: string,
  trigger: Trigger | null,
  stimulus: Stimulus,
  shop: Shop,
): Beginning | null {
  if (stimulus.type === "enter") return stimulus.scenario === scenario ? called(stimulus) : null;
  if (stimulus.type === "segment") return startsOnMove(trigger, stimulus) ? { key: moveKey(stimulus) } : null;
  if (stimulus.type !== "event" || trigger?.kind !== "event" || trigger.event !== stimulus.name) return null;
  const { properties, at, id } = stimulus;
  if (!testWhere(trigger.where, properties, { now: at, shop })) return null;
  const stated = trigger.key === undefined ? undefined : properties?.[trigger.key];
  return {
    key: typeof stated === "string" || typeof stated === "number" ? String(stated) : id,
    about: told(properties),
  };
}

function called({ key, about }: Extract<Stimulus, { type: "enter" }>): Beginning {
  return { key, ...(about && { about }) };
}

/** The properties of one value each, which content and later blocks may speak of. */
function told(properties: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, Cell>> {
  const single = Object.entries(properties).flatMap(([name, value]): [string, Cell][] => {
    if (typeof value === "boolean") return [[name, Number(value)]];
    if (typeof value === "number") return [[name, value]];
    return typeof value === "string" ? [[name, value.slice(0, MOST_LETTERS)]] : [];
  });
  return Object.fromEntries(single.slice(0, MOST_PROPERTIES));
}
