import { isGranted } from "../contacts/consent";
import type { Facts } from "../segments/facts";
import { testRule } from "../segments/rule";
import { DAY } from "../shared/clock";
import { durationMs } from "../shared/duration";
import type { Trigger } from "./block";
import type { Ending, ScenarioDefinition } from "./definition";
import { triggerOf } from "./live";
import type { Outcome, PastRun, Run } from "./state";
import type { Stimulus } from "./stimulus";
import { testWhere } from "./where";

interface StopVerdict {
  readonly outcome: Outcome;
  readonly reason: string;
}

/** What of a run says whether something ends it. */
type Ended = Pick<Run, "entryKey" | "enteredAt" | "since" | "cart">;

type Check = (run: Ended, definition: ScenarioDefinition, stimulus: never, facts: Facts) => StopVerdict | null;

/** What each stimulus may end, by its type. An order of before the run has nothing to say about it. */
const CHECKS: Readonly<Partial<Record<Stimulus["type"], Check>>> = {
  order(run, definition, stimulus: Extract<Stimulus, { type: "order" }>) {
    if (!definition.stop_on.includes("order") || stimulus.at < run.since) return null;
    const bought = run.cart === null || stimulus.inCart;
    return bought ? { outcome: "goal", reason: "order" } : { outcome: "interrupted", reason: "other_order" };
  },
  emptied(run, definition, stimulus: Extract<Stimulus, { type: "emptied" }>) {
    if (!definition.stop_on.includes("emptied") || run.cart !== stimulus.cart || stimulus.at < run.since) return null;
    return { outcome: "interrupted", reason: "cart_emptied" };
  },
  cart(run, _definition, stimulus: Extract<Stimulus, { type: "cart" }>) {
    if (run.cart === null || stimulus.at <= run.since) return null;
    return { outcome: "superseded", reason: "cart_changed" };
  },
  order_changed(_run, definition, stimulus: Extract<Stimulus, { type: "order_changed" }>) {
    const undone = stimulus.status === "cancelled" || stimulus.status === "refunded";
    return undone && definition.stop_on.includes("order_cancelled")
      ? { outcome: "interrupted", reason: "order_undone" }
      : null;
  },
  segment(run, definition, stimulus: Extract<Stimulus, { type: "segment" }>) {
    return leavesPlace(run.entryKey, definition, stimulus) ? { outcome: "interrupted", reason: "segment_left" } : null;
  },
  withdrawal(_run, definition, _stimulus: never, facts) {
    const { consents } = facts.profile;
    // While another channel is consented to, the gate answers for each message.
    const reachable = isGranted(consents, "email") || isGranted(consents, "sms") || isGranted(consents, "push");
    const stops = definition.class === "marketing" && definition.stop_on.includes("withdrawal") && !reachable;
    return stops ? { outcome: "interrupted", reason: "consent_withdrawn" } : null;
  },
};

/** Whether a stimulus ends a run, and how: its goal first, then whatever else stops it. */
export function stopVerdict(
  run: Ended,
  definition: ScenarioDefinition,
  stimulus: Stimulus,
  facts: Facts,
): StopVerdict | null {
  const { goal, stop_when: stops = [] } = definition;
  if (goal && isReached(goal, run, stimulus, facts)) return { outcome: "goal", reason: "goal" };
  if (stops.some((ending) => isReached(ending, run, stimulus, facts)))
    return { outcome: "interrupted", reason: "stop_condition" };
  return CHECKS[stimulus.type]?.(run, definition, stimulus as never, facts) ?? null;
}

/** An event of before the run has nothing to say about it; a rule is asked of whatever happens. */
function isReached({ event, where, rule }: Ending, run: Ended, stimulus: Stimulus, facts: Facts): boolean {
  const { at } = stimulus;
  if (event !== undefined) {
    if (stimulus.type !== "event" || stimulus.name !== event || at < run.enteredAt) return false;
    if (!testWhere(where, stimulus.properties, { now: at, shop: facts.shop })) return false;
  }
  return rule === undefined || testRule(rule, facts, at);
}

type Moved = Extract<Stimulus, { type: "segment" }>;

/** What makes a run unique that a move began: into each place once a year, however often the contact comes and goes. */
export function moveKey({ family, to, at }: Moved): string {
  return `${family}:${to ?? ""}:${new Date(at).getUTCFullYear()}`;
}

/** Whether a scenario begins with such a move. */
export function startsOnMove(trigger: Trigger | null, { family, from, to }: Moved): boolean {
  if (trigger?.kind !== "segment" || trigger.family !== family) return false;
  return (trigger.from === undefined || trigger.from === from) && (trigger.to === undefined || trigger.to === to);
}

/** Whether a contact leaves the place that a run is about, by the key of its entry. */
function leavesPlace(entryKey: string, definition: ScenarioDefinition, { family, to }: Moved): boolean {
  const trigger = triggerOf(definition);
  return trigger?.kind === "segment" && trigger.family === family && !entryKey.startsWith(`${family}:${to ?? ""}:`);
}

/**
 * Whether something stops the messages of a run that had come to its end by itself: its last one may be held, queued or
 * waiting for its provider by then.
 */
export function stopsAfterEnd(
  past: PastRun,
  definition: ScenarioDefinition,
  stimulus: Stimulus,
  facts: Facts,
): boolean {
  if (past.stopped || past.outcome === "superseded" || past.outcome === "refused") return false;
  // The permit asks for consent itself, and says so.
  if (stimulus.type === "withdrawal") return false;
  const settled = past.endedAt + durationMs(definition.max_lateness) + DAY;
  const since = past.since ?? past.enteredAt;
  if (stimulus.at < since || stimulus.at >= settled) return false;
  return stopVerdict({ ...past, since, cart: cartOf(past, definition) }, definition, stimulus, facts) !== null;
}

/** The cart that an entry was about, by its key; null for whoever another scenario or the API let in. */
function cartOf({ entryKey }: PastRun, definition: ScenarioDefinition): string | null {
  const behind = entryKey.lastIndexOf("@");
  return behind >= 0 && triggerOf(definition)?.kind === "abandoned_cart" ? entryKey.slice(0, behind) : null;
}

/** What makes a run unique that a cart began: the cart, and when it was last touched. */
export function cartKey(cart: string, lastAt: number): string {
  return `${cart}@${new Date(lastAt).toISOString()}`;
}
