import type { StoredScenario } from "../scenarios/admin-store";
import type { ScenarioDefinition } from "../scenarios/definition";
import { withDefaults } from "../scenarios/live";
import type { Services } from "../services";
import type { BackPlan } from "../services/back-plan";
import type { BackPreview } from "../services/back-population";
import { planOf, previewBack } from "../services/back-population";
import { DAY } from "../shared/clock";
import { Fault } from "../shared/fault";
import type { BackPopulation } from "./back-population-schema";

const NOT_POSSIBLE =
  "Only a scenario that starts on an event, on an abandoned cart, on a move into a named segment or on a target lets in who " +
  "was past its beginning: of other starts nobody can say whom they would have let in.";

/** What letting people in late would come to; throws unprocessable where the start allows none. */
export async function previewLate(
  services: Services,
  definition: ScenarioDefinition,
  { days, daily_cap: cap, within_days: within }: BackPopulation,
): Promise<BackPreview> {
  const choice = { days, cap: cap ?? null, within: within * DAY };
  const preview = await previewBack(services, withDefaults(definition), choice);
  if (preview) return preview;
  throw new Fault("unprocessable", NOT_POSSIBLE, [{ pointer: "/back_population", detail: "fits no start but these" }]);
}

/** The plan for a scenario that is switched on for the first time; throws where it cannot have one. */
export async function latePlan(
  services: Services,
  { liveVersion, definition }: StoredScenario,
  asked: BackPopulation,
): Promise<BackPlan> {
  if (liveVersion !== null) {
    throw new Fault("conflict", "The scenario has run before: it has let in by itself whoever came since.");
  }
  const preview = await previewLate(services, definition, asked);
  return planOf(definition, preview, asked.within_days * DAY, services.clock.now());
}
