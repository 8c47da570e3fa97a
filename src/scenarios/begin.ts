import type { Cell, Shop } from "../segments/facts";
import { derivedId } from "../shared/ids";
import type { Trigger } from "./block";
import type { Run } from "./state";
import type { Stimulus } from "./stimulus";
import { moveKey, startsOnMove } from "./stop";
import { testWhere } from "./where";

/** How somebody comes into a scenario: the key that makes the run unique, and what began it. */
export interface Beginning {
  readonly key: string;
  readonly about?: NonNullable<Run["about"]>;
  /** The cart that it is about, and when that was last touched (epoch ms). */
  readonly cart?: { readonly id: string; readonly at: number };
}

/** What the keys of those begin with whom the API lets in. */
export const API_KEY = "api:";

/** What a run keeps of the event that began it. */
const MOST_PROPERTIES = 40;
const MOST_LETTERS = 200;
const MOST_NAME = 80;

/** How a stimulus lets somebody into a scenario with this trigger; null where it does not. */
export function beginsWith(
  scenario: string,
  trigger: Trigger | null,
  stimulus: Stimulus,
  shop: Shop,
): Beginning | null {
  if (stimulus.type === "enter") return stimulus.scenario === scenario ? called(stimulus) : null;
  if (stimulus.type === "segment") return startsOnMove(trigger, stimulus) ? { key: moveKey(stimulus) } : null;
  if (stimulus.type === "subscription") return subscribed(trigger, stimulus);
  if (stimulus.type === "row") return toldOf(trigger, stimulus, shop);
  if (stimulus.type !== "event" || trigger?.kind !== "event" || trigger.event !== stimulus.name) return null;
  const { properties, at, id } = stimulus;
  if (stimulus.claimed) return null;
  if (!testWhere(trigger.where, properties, { now: at, shop })) return null;
  const stated = trigger.key === undefined ? undefined : properties?.[trigger.key];
  return {
    key: typeof stated === "string" || typeof stated === "number" ? shortKey(String(stated)) : id,
    about: told(properties),
  };
}

/** Whoever states it may state a book: what is longer than any order's number is known by its hash. */
function shortKey(stated: string): string {
  return stated.length <= MOST_LETTERS ? stated : derivedId("key", stated);
}

function called({ key, about, cart }: Extract<Stimulus, { type: "enter" }>): Beginning {
  return { key, ...(about && { about: told(about) }), ...(cart && { cart }) };
}

/** One word of a person begins one run, however many of the keys it speaks of. */
function subscribed(
  trigger: Trigger | null,
  { to, on, since }: Extract<Stimulus, { type: "subscription" }>,
): Beginning | null {
  if (trigger?.kind !== "subscription" || trigger.on !== on || !trigger.to.includes(to)) return null;
  return { key: `${on}:${new Date(since).toISOString()}`, about: { subscription: to } };
}

/** Nobody reads a row before it is written, so that only its id can say that it was told of before. */
function toldOf(
  trigger: Trigger | null,
  { table, id, at, values }: Extract<Stimulus, { type: "row" }>,
  shop: Shop,
): Beginning | null {
  if (trigger?.kind !== "row" || trigger.table !== table) return null;
  if (!testWhere(trigger.where, values, { now: at, shop })) return null;
  const key = `${table}:${id}`;
  return { key: trigger.once ? key : `${key}@${new Date(at).toISOString()}`, about: { row: id, ...told(values) } };
}

/** The properties of one value each, which content and later blocks may speak of. */
function told(properties: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, Cell>> {
  const named = Object.entries(properties).filter(([name]) => name.length <= MOST_NAME);
  const single = named.flatMap(([name, value]): [string, Cell][] => {
    if (typeof value === "boolean") return [[name, Number(value)]];
    if (typeof value === "number") return [[name, value]];
    return typeof value === "string" ? [[name, value.slice(0, MOST_LETTERS)]] : [];
  });
  return Object.fromEntries(single.slice(0, MOST_PROPERTIES));
}
