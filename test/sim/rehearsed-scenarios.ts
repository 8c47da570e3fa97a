import { CHANGE_KINDS } from "../../src/commerce/change";
import { AUDIENCES } from "../../src/scenarios/block";
import { BLOCKS, blockDefinition } from "../../src/scenarios/blocks";
import type { BlockNode, ScenarioDefinition } from "../../src/scenarios/definition";
import { definitionInput } from "../../src/scenarios/definition";
import { checkGraph, completeGraph, outputsOf } from "../../src/scenarios/graph";

/** Picks and numbers out of one stream of chance. */
export class Dice {
  constructor(private readonly random: () => number) {}

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)] as T;
  }

  chance(probability: number): boolean {
    return this.random() < probability;
  }

  /** A whole number within both bounds. */
  number(least: number, most: number): number {
    return least + Math.floor(this.random() * (most - least + 1));
  }
}

type Params = Record<string, unknown>;

/** What the shop's own events are called, which scenarios begin with, wait for, count and emit. */
export const SIGNALS = ["Quiz Done", "Store Visited", "Gift Wished"] as const;
const EMITTED = "Gift Earned";
const HEARD = [...SIGNALS, EMITTED, "Order Completed", "Product Viewed"] as const;
/** The scenarios of a world, by their ids. */
export const SCENARIO_IDS = ["scn_a", "scn_b", "scn_c", "scn_d"] as const;

const duration = (dice: Dice): string => dice.pick(["PT1H", "PT7H30M", "PT20S", "P1D", "P2D", "P1DT3H", "PT36H"]);
const level = (dice: Dice): readonly object[] => [
  { property: "level", as: "number", op: dice.pick(["gte", "lte"]), value: dice.number(1, 5) },
];

/** Rules that the journal has all that they ask for. */
function rule(dice: Dice): object {
  const asked: readonly (() => object)[] = [
    () => ({ type: "orders.count", op: dice.pick(["eq", "gte", "lte"]), value: dice.number(0, 2) }),
    () => ({ type: "orders.count", op: "gte", value: 1, within: dice.pick(["P2D", "P10D"]) }),
    () => ({ type: "cart.value", op: "gte", value: dice.number(10, 80) }),
    () => ({ type: "contact", field: "country", op: "in", value: [dice.pick(["FR", "US"]), "BE"] }),
    () => ({ type: "attribute", name: "shoe_size", as: "number", op: "gte", value: dice.number(38, 44) }),
    () => ({ type: "consent", key: "email", state: "granted" }),
    () => ({ not: rule(dice) }),
    () => ({ any: [rule(dice), rule(dice)] }),
  ];
  return dice.pick(asked)();
}

const date = (dice: Dice): Params => {
  const timing = {
    offset_days: dice.number(-3, 3),
    at: dice.pick(["09:00", "18:15"]),
    tz: dice.pick(["contact", "shop"]),
  };
  return dice.pick<Params>([
    { field: "birth_date", ...timing },
    { field: "attribute", name: "membership_ends", ...timing },
    { field: dice.pick(["first_order", "last_order", "created"]), ...timing },
  ]);
};

const exampleOf = (type: string): Params => blockDefinition(type)?.example as Params;

/** Parameters by type of block; whatever has none here takes the example of the catalog. */
const PARAMS: Readonly<Record<string, (dice: Dice) => Params>> = {
  "start.event": (dice) =>
    dice.pick<() => Params>([
      () => ({
        event: dice.pick(SIGNALS),
        ...(dice.chance(0.3) && { where: level(dice) }),
        ...(dice.chance(0.3) && { key: "level" }),
      }),
      () => ({ event: dice.pick(["Order Completed", "Product Viewed"]) }),
      () => ({ event: EMITTED }),
      () => ({
        event: "cart.abandoned",
        inactivity: { duration: dice.pick(["PT30M", "PT4H"]), moved_by: dice.pick(["any_event", "cart_events"]) },
      }),
    ])(),
  "start.targeting": (dice) => ({ rule: rule(dice), every: dice.pick(["PT6H", "P1D"]) }),
  "start.date": date,
  "start.catalogue": (dice) => ({
    kind: dice.pick(CHANGE_KINDS),
    audience: dice.pick(AUDIENCES),
    min_percent: dice.pick([0, 5, 30]),
    within: dice.pick(["PT6H", "P2D", "P90D"]),
  }),
  "start.segment": (dice) => ({
    family: "level",
    ...(dice.chance(0.5) && { to: dice.pick(["gold", "silver", null]) }),
  }),
  "if.targeting": (dice) => ({ rule: rule(dice) }),
  "if.since_start": (dice) => ({ event: dice.pick(HEARD), at_least: dice.number(1, 3) }),
  "split.random": (dice) => ({
    arms: [
      { name: "a", weight: dice.number(1, 3) },
      { name: "b", weight: 2 },
    ],
    ...(dice.chance(0.2) && { winner: "b" }),
  }),
  "wait.for": (dice) => ({ duration: duration(dice) }),
  "wait.until": date,
  "wait.window": (dice) => ({
    days: dice.pick([["mon", "tue", "wed", "thu", "fri", "sat"], ["sun"], ["tue", "fri"]]),
    from: dice.pick(["08:00", "22:00"]),
    to: dice.pick(["20:00", "03:00"]),
    holidays: dice.pick(["skip", "include"]),
  }),
  "wait.event": (dice) => ({
    event: dice.pick(HEARD),
    timeout: duration(dice),
    ...(dice.chance(0.3) && { where: level(dice) }),
  }),
  // Short of what the catalog's examples wait for, or nobody gets through within some days.
  "wait.message": (dice) => ({ ...exampleOf("wait.message"), timeout: duration(dice) }),
  "wait.stock": (dice) => ({ ...exampleOf("wait.stock"), max: dice.pick(["PT7H", "P1D"]) }),
  "emit.event": () => ({ event: EMITTED, properties: { level: 3 } }),
  "update.profile": (dice) => ({ attributes: { shoe_size: dice.number(36, 46) } }),
  "begin.scenario": (dice) => ({ scenario: dice.pick(SCENARIO_IDS) }),
  "issue.coupon": () => ({ offer: "gift" }),
};

const TYPES = Object.keys(BLOCKS);
const categoryOf = (type: string) => blockDefinition(type)?.category;
/** Nobody answers outside. */
const isLocal = (type: string): boolean => {
  const known = blockDefinition(type);
  return known?.traits(known.example).calls === undefined;
};
const STARTS = TYPES.filter((type) => categoryOf(type) === "start");
export const BODY = TYPES.filter((type) => categoryOf(type) !== "start" && isLocal(type));

/** A scenario of blocks at random, good enough to be stored: what somebody would not have meant is let through. */
export function randomScenario(dice: Dice, name: string): ScenarioDefinition {
  const blocks = randomBlocks(dice);
  const definition = definitionInput.parse({ name, ...rulesOf(dice), start: "start", blocks });
  const [fault] = checkGraph(definition);
  if (fault) throw new Error(`${fault.pointer} ${fault.detail}`);
  return completeGraph(definition);
}

/** Another version: its start stays, and behind it is something else. */
export function nextVersion(dice: Dice, { blocks: before, ...rest }: ScenarioDefinition): ScenarioDefinition {
  const start = before["start"] as BlockNode;
  const blocks = randomBlocks(dice);
  return completeGraph({ ...rest, blocks: { ...blocks, start: { ...start, next: blocks["start"]?.next ?? {} } } });
}

function rulesOf(dice: Dice): object {
  const ending = () =>
    dice.pick<object>([
      { event: dice.pick(HEARD) },
      { event: dice.pick(SIGNALS), where: level(dice) },
      { rule: rule(dice) },
    ]);
  return {
    class: dice.pick(["marketing", "marketing", "transactional"]),
    priority: dice.number(0, 100),
    holdout: dice.pick([0, 0, 0.3]),
    stop_on: ["order", "emptied", "order_cancelled", "withdrawal"].filter(() => dice.chance(0.4)),
    ...(dice.chance(0.3) && { goal: ending() }),
    ...(dice.chance(0.2) && { stop_when: [ending()] }),
    ...(dice.chance(0.5) && { exclusion_group: dice.pick(["one", "two"]) }),
    reentry: {
      policy: dice.pick(["by_key", "by_key", "once"]),
      ...(dice.chance(0.4) && { while_running: dice.pick(["alongside", "refuse", "supersede"]) }),
      ...(dice.chance(0.2) && { after_end: "P1D" }),
      ...(dice.chance(0.2) && { after_message: "P2D" }),
      ...(dice.chance(0.2) && { max_runs: { count: 2, within: "P7D" } }),
    },
    ...(dice.chance(0.3) && { filter: { all: [rule(dice)] } }),
  };
}

/** A start and some blocks behind it; ways lead on, and now and then back to a wait. */
function randomBlocks(dice: Dice): Record<string, BlockNode> {
  const types = [
    dice.pick([...STARTS, "start.event", "start.event"]),
    ...Array.from({ length: dice.number(2, 8) }, () => dice.pick(BODY)),
  ];
  // Most scenarios say something.
  if (dice.chance(0.8)) types.push("send.email");
  const names = types.map((_, index) => (index === 0 ? "start" : `b${index}`));
  const sender = names.find((_, index) => types[index]?.startsWith("send."));
  const blocks: Record<string, BlockNode> = {};
  for (const [index, type] of types.entries()) {
    const known = blockDefinition(type);
    const params: Params = { ...(PARAMS[type]?.(dice) ?? exampleOf(type)) };
    // What speaks of another block speaks of one that is there.
    if (known?.traits(params).refersTo) params["block"] = sender ?? "start";
    const node = { type, params, next: {} };
    const later = names.slice(index + 1);
    const waits = names.slice(1, index).filter((_, place) => categoryOf(types[place + 1] ?? "") === "wait");
    const next = outputsOf(node).flatMap((output): [string, string][] => {
      const target =
        waits.length > 0 && dice.chance(0.05) ? dice.pick(waits) : dice.chance(0.8) ? later[0] : dice.pick(later);
      return target === undefined ? [[output, "end"]] : [[output, target]];
    });
    blocks[names[index] as string] = { ...node, next: Object.fromEntries(next) };
  }
  return { ...blocks, end: { type: "exit", params: {}, next: {} } };
}
