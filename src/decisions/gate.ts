import type { Facts } from "../segments/facts";
import type { Attempt } from "./caps";
import { POINTS, shareIn } from "./points";
import type { GatePolicy, Intent, Question } from "./question";

export type { GatePolicy, Intent, MessageClass } from "./question";

/** The gate's answer. `inputs` are what it looked at, kept with the decision. */
export interface Decision {
  readonly outcome: "send" | "suppressed" | "held";
  readonly reason: string;
  /** Epoch ms; only where held. */
  readonly until: number | null;
  readonly rule: number;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Columns of `decisions`, in the order of its rows. */
export const DECISION_COLUMNS = [
  "contact",
  "id",
  "send",
  "run",
  "scenario",
  "block",
  "channel",
  "outcome",
  "reason",
  "rule",
  "inputs",
  "at",
] as const;

/** Raised whenever the gate would answer differently for the same inputs. */
export const RULE_VERSION = 4;

/** Whether a contact is in a scenario's control group, of whom it is only measured what they do by themselves. */
export function isControl(scenario: string, contact: number, { holdout }: Pick<GatePolicy, "holdout">): boolean {
  return shareIn(scenario, contact) < holdout;
}

/**
 * Whether an intent may become a send, and why. Pure: the same question has the same answer for ever.
 *
 * @param attempts marketing that was let through for the contact, as far as whoever asks knows
 */
export function decide(
  intent: Intent,
  facts: Facts,
  policy: GatePolicy,
  now: number,
  attempts: readonly Attempt[] = [],
): Decision {
  const question: Question = { intent, facts, policy, now, attempts };
  const inputs: Record<string, unknown> = {};
  for (const point of POINTS) {
    Object.assign(inputs, point.inputs(question));
    if (!point.fails(question)) continue;
    const until = point.until?.(question) ?? null;
    if (until !== null) return { outcome: "held", reason: point.reason, until, rule: RULE_VERSION, inputs };
    const reason = point.stops?.(question) ?? point.reason;
    return { outcome: "suppressed", reason, until, rule: RULE_VERSION, inputs };
  }
  return { outcome: "send", reason: "permitted", until: null, rule: RULE_VERSION, inputs };
}

/** The answer for what is not to leave any more because its run is over: point 3. */
export function runOver(): Decision {
  return { outcome: "suppressed", reason: "run_stopped", until: null, rule: RULE_VERSION, inputs: {} };
}
