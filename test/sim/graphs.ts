import { BLOCKS, blockDefinition } from "../../src/scenarios/blocks";
import type { BlockNode, ScenarioDefinition } from "../../src/scenarios/definition";
import { definitionInput } from "../../src/scenarios/definition";
import { checkGraph, completeGraph, outputsOf } from "../../src/scenarios/graph";
import type { Chance } from "./chance";

/** What people do that scenarios begin with, wait for, or end with. */
export const EVENTS = ["Trigger", "Waiter", "Looked"] as const;
export const GOAL = "Goal Reached";
export const OFFER = "gift";

/** Acts whose effect comes back to the contact at the time at which they are done: what is late changes what follows. */
const TELLING = [
  "subscribe",
  "unsubscribe",
  "suppress",
  "update.profile",
  "begin.scenario",
  "emit.event",
  "issue.coupon",
];

const SHORT = ["PT5M", "PT45M", "PT6H", "P1D", "P2D", "P4D"] as const;

interface Around {
  readonly chance: Chance;
  /** The blocks before this one that send. */
  readonly senders: readonly string[];
  /** The scenario that may be begun. */
  readonly next: string;
}

/** Parameters that vary, or speak of this world; every other block stands as its own example. */
const PARAMS: Readonly<Record<string, (around: Around) => object | null>> = {
  "wait.for": ({ chance }) => ({ duration: chance.pick(SHORT) }),
  "wait.event": ({ chance }) => ({ event: chance.pick(EVENTS), timeout: chance.pick(SHORT) }),
  "wait.message": ({ chance, senders }) =>
    senders.length > 0 ? { block: chance.pick(senders), on: "engaged", timeout: chance.pick(SHORT) } : null,
  "wait.window": ({ chance }) => {
    const from = chance.pick(["01:30", "08:00", "20:00"]);
    return { days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], from, to: "23:00", holidays: "include" };
  },
  "if.since_start": ({ chance }) => ({ event: chance.pick(EVENTS), at_least: 1 }),
  "issue.coupon": () => ({ offer: OFFER }),
  "begin.scenario": ({ next }) => ({ scenario: next }),
  "emit.event": ({ chance }) => ({ event: chance.pick(EVENTS), properties: { k: chance.below(3) } }),
  "wait.until": () => ({
    field: "attribute",
    name: "membership_ends",
    yearly: true,
    feb29: "feb28",
    offset_days: -1,
    at: "02:30",
    tz: "contact",
  }),
  exit: ({ chance }) => ({ outcome: chance.pick(["goal", "completed", "timeout"]), reason: "end" }),
};

/** The blocks there were when the first seeds failed: with any other a seed makes other scenarios. */
export const FIRST_BLOCKS: readonly string[] = [
  "start.event",
  "start.catalogue",
  "start.date",
  "start.segment",
  "start.targeting",
  "if.targeting",
  "if.attribute",
  "if.place",
  "if.since_start",
  "switch.segment",
  "switch.channel",
  "split.random",
  "wait.for",
  "wait.until",
  "wait.window",
  "wait.event",
  "wait.message",
  "send.email",
  "send.sms",
  "send.preferred",
  "issue.coupon",
  "award.points",
  "update.profile",
  "subscribe",
  "unsubscribe",
  "suppress",
  "webhook",
  "emit.event",
  "begin.scenario",
  "audience.add",
  "audience.remove",
  "task.create",
  "exit",
];

/** The same with what was added before the next ones failed. */
export const SECOND_BLOCKS: readonly string[] = [
  ...FIRST_BLOCKS,
  "start.subscription",
  "start.loyalty",
  "start.interaction",
  "start.api",
  "start.called",
  "if.stock",
  "if.price",
  "wait.stock",
  "wait.activity_peak",
  "send.push",
  "send.wallet",
  "send.print",
];

const TYPES = Object.keys(BLOCKS).filter((type) => blockDefinition(type)?.category !== "start");
const STARTS = Object.keys(BLOCKS).filter((type) => blockDefinition(type)?.category === "start");

/** How a made scenario is to be. */
export interface Wish {
  readonly chance: Chance;
  readonly name: string;
  readonly next: string;
  /** The types of blocks to make it of; all, where it is left out. */
  readonly blocks: readonly string[] | undefined;
  /** Nothing that is done comes back to the contact. */
  readonly silent: boolean;
}

/** A scenario out of the catalog of blocks: any of them in any order, now and then in a circle. */
export function randomScenario({ chance, name, next, silent, blocks: known }: Wish): ScenarioDefinition {
  const isKnown = (type: string): boolean => known?.includes(type) ?? true;
  const types = TYPES.filter((type) => isKnown(type) && !(silent && TELLING.includes(type)));
  const count = 3 + chance.below(6);
  const blocks: Record<string, BlockNode> = {};
  const senders: string[] = [];
  for (let index = 1; index <= count; index++) {
    const block = `b${index}`;
    // Without messages and waits among them there would be little to lose.
    const type = chance.one(0.3)
      ? "send.email"
      : chance.one(0.25)
        ? chance.pick(["wait.for", "wait.event"])
        : chance.pick(types);
    const params = PARAMS[type]?.({ chance, senders, next }) ?? blockDefinition(type)?.example;
    const isMade = PARAMS[type]?.({ chance, senders, next }) !== null;
    blocks[block] = node(isMade ? type : "exit", isMade ? params : {});
    if (type.startsWith("send.")) senders.push(block);
  }
  const names = Object.keys(blocks);
  blocks["last"] = node("exit", {});
  for (const [index, block] of names.entries()) {
    const from = blocks[block] as BlockNode;
    const later = [...names.slice(index + 1), "last"];
    // A circle without a wait is the engine's to end, as is one of short waits.
    const ways = outputsOf(from).map((output) => [
      output,
      chance.one(0.05) ? chance.pick(names) : nearer(chance, later),
    ]);
    blocks[block] = { ...from, next: Object.fromEntries(ways) as Record<string, string> };
  }
  return whole({
    name,
    ...rules(chance),
    start: "start",
    blocks: { start: startOf(chance, STARTS.filter(isKnown)), ...blocks },
  });
}

function nearer(chance: Chance, later: readonly string[]): string {
  return chance.one(0.75) ? (later[0] ?? "last") : chance.pick(later);
}

function node(type: string, params: unknown): BlockNode {
  return { type, params: params as BlockNode["params"], next: {} };
}

function startOf(chance: Chance, starts: readonly string[]): BlockNode {
  const next = { next: "b1" };
  if (chance.one(0.6)) return { type: "start.event", params: { event: chance.pick(EVENTS), key: "k" }, next };
  if (chance.one(0.5))
    return {
      ...node("start.event", { event: "cart.abandoned", inactivity: { duration: "PT30M", moved_by: "any_event" } }),
      next,
    };
  const type = chance.pick(starts);
  return { ...node(type, blockDefinition(type)?.example), next };
}

function rules(chance: Chance): object {
  return {
    class: chance.one(0.6) ? "marketing" : "transactional",
    priority: chance.below(100),
    holdout: chance.one(0.2) ? 0.3 : 0,
    max_lateness: "P3D",
    stop_on: chance.one(0.7) ? ["order", "emptied", "withdrawal"] : [],
    ...(chance.one(0.3) && { goal: { event: GOAL } }),
    ...(chance.one(0.2) && { stop_when: [{ event: GOAL }] }),
    ...(chance.one(0.3) && { exclusion_group: "one" }),
    reentry: {
      policy: chance.one(0.85) ? "by_key" : "once",
      ...(chance.one(0.6) && { while_running: chance.pick(["alongside", "refuse", "supersede"]) }),
      ...(chance.one(0.2) && { after_end: "P1D" }),
      ...(chance.one(0.1) && { after_message: "P2D" }),
      ...(chance.one(0.1) && { max_runs: { count: 2, within: "P7D" } }),
    },
  };
}

function whole(raw: object): ScenarioDefinition {
  const definition = definitionInput.parse(raw);
  const faults = checkGraph(definition);
  if (faults.length > 0) throw new Error(`a made scenario is none: ${JSON.stringify([faults, definition])}`);
  return completeGraph(definition);
}
