import type { GatePolicy } from "../decisions/gate";
import type { Facts } from "../segments/facts";
import type { ScenarioDefinition } from "./definition";
import type { Playbook } from "./live";

/** What a reaction needs to know beside the contact's state. */
export interface Surroundings {
  readonly playbook: Playbook;
  readonly facts: Facts;
  /** What is known of whoever stands for the contact that a run began with; left out where only one contact counts. */
  readonly factsOf?: (origin: number) => Facts | undefined;
  readonly policy: (definition: ScenarioDefinition) => GatePolicy;
  /** Real time of the reaction, epoch ms; the logical time of each step is its own. */
  readonly now: number;
}
