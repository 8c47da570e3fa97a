import { mapIn } from "../../segments/rfm/definition";
import { namesOf } from "../../segments/rfm/map";
import { readRuns } from "../../segments/rfm/rfm-store";
import { RFM_FAMILY } from "../../segments/rfm/run";
import { keepScores } from "../rfm";
import { rescore } from "../rfm-rescore";
import { readDefinition } from "../rfm-terms";
import type { FamilySource, OwnFamily } from "./own-family";

/** The keys of the segments that RFM has by its settings, computed or not. */
export async function rfmParts({ env }: Pick<FamilySource, "env">): Promise<readonly string[]> {
  return Object.keys(namesOf(mapIn(await readDefinition(env.DB))));
}

/** The segments of RFM, once there are scores. */
export async function rfmFamily({ env, terms }: FamilySource): Promise<readonly OwnFamily[]> {
  const { done } = (await readRuns(env.DB)).live;
  if (done === null) return [];
  const parts = Object.entries(done.names).map(([key, name]) => ({ key, name }));
  const family: OwnFamily = {
    key: RFM_FAMILY,
    name: "RFM",
    parts,
    ranks: parts.map(({ key }) => key),
    dependsOn: [],
    sql: () => ({ text: "SELECT contact, segment, cause FROM rfm_scores WHERE segment IS NOT NULL", values: [] }),
    async refresh(at, contacts) {
      const scoring = { env, terms, clock: { now: () => at } };
      if (contacts !== null) return rescore(scoring, contacts);
      await keepScores(scoring);
      return [];
    },
  };
  return [family];
}
