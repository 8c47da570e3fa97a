import { readRuns } from "../../segments/rfm/rfm-store";
import { RFM_FAMILY } from "../../segments/rfm/run";
import { keepRfm } from "../rfm";
import { rescore } from "../rfm-rescore";
import type { FamilySource, OwnFamily } from "./own-family";

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
      await keepRfm(scoring);
      return [];
    },
  };
  return [family];
}
