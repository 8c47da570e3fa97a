import type { Playbook } from "./live";
import type { Unsettled } from "./signal";
import { isDisowned } from "./signal";
import type { Run } from "./state";
import type { Stimulus } from "./stimulus";

/** What is left open after a stimulus: of reactions, those that somebody moves by, the run that sent it or a rule of any. */
export function unsettledAfter(
  unsettled: readonly Unsettled[],
  stimulus: Stimulus,
  runs: readonly Pick<Run, "sends">[],
  { hears }: Pick<Playbook, "hears">,
): readonly Unsettled[] {
  if (stimulus.type === "message") {
    const { send, signal, at } = stimulus;
    const isKnown = unsettled.some((one) => one.send === send && one.signal === signal && one.at === at);
    const matters = hears?.everything === true || runs.some(({ sends }) => Object.values(sends).includes(send));
    return isKnown || !matters ? unsettled : [...unsettled, { send, signal, at }];
  }
  if (stimulus.type !== "disowned" || !unsettled.some((one) => isDisowned(one, stimulus))) return unsettled;
  return unsettled.filter((one) => !isDisowned(one, stimulus));
}
