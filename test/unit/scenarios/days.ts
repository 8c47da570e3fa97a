import type { GatePolicy } from "../../../src/decisions/gate";
import type { ScenarioDefinition } from "../../../src/scenarios/definition";
import type { Effect } from "../../../src/scenarios/effect";
import { Reaction } from "../../../src/scenarios/react";
import type { ContactState } from "../../../src/scenarios/state";
import { EMPTY_STATE } from "../../../src/scenarios/state";
import type { Stimulus } from "../../../src/scenarios/stimulus";
import type { Surroundings } from "../../../src/scenarios/surroundings";
import type { Facts } from "../../../src/segments/facts";
import { DAY } from "../../../src/shared/clock";
import { facts, playbook } from "./facts";

/** Everything may leave. */
export const OPEN: GatePolicy = { killed: [], ready: ["email", "sms"], holdout: 0, maxLatenessMs: DAY };

export interface Around {
  readonly definitions: Readonly<Record<string, ScenarioDefinition>>;
  readonly paused?: boolean;
  readonly facts?: Facts;
  readonly policy?: GatePolicy | Surroundings["policy"];
}

/** A contact's days: state goes in and comes out, as a shard keeps it between its rounds. */
export class Days {
  state: ContactState = EMPTY_STATE;
  readonly effects: Effect[] = [];

  constructor(private readonly around: Around) {}

  hear(now: number, ...stimuli: Stimulus[]): this {
    const { definitions, paused = false, policy = OPEN, facts: known = facts() } = this.around;
    const book = playbook(definitions, paused ? "paused" : "active");
    const of = typeof policy === "function" ? policy : () => policy;
    const reaction = new Reaction(this.state, { playbook: book, facts: known, policy: of, now });
    for (const stimulus of stimuli) reaction.hear(stimulus);
    reaction.passTime(now);
    this.state = reaction.state;
    this.effects.push(...reaction.effects);
    return this;
  }

  /** What came of it, in a word each. */
  get told(): string[] {
    return this.effects.map((effect) => {
      if (effect.kind === "decided") return `${effect.decision.outcome}:${effect.decision.reason}`;
      return "reason" in effect ? `${effect.kind}:${effect.reason}` : effect.kind;
    });
  }
}
