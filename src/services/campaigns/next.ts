import { findCampaign, openCampaigns, openPages, placeOf } from "../../sends/campaigns/campaign-store";
import { HOLD } from "../../sends/campaigns/definition";
import { areLeaving } from "../../sends/campaigns/page-store";
import type { Services } from "../../services";
import { SECOND } from "../../shared/clock";
import { carryOn } from "./step";
import { nextLook } from "./winner";

const ANY_TIME = Number.MAX_SAFE_INTEGER;
/** Messages that a provider or the kill switch keeps waiting are none of our clock's business. */
const STANDSTILL = 2 * SECOND;
/** Those that may leave are on their way, however slow the machine; only what a killed process held is lost for good. */
const ON_THEIR_WAY = 15 * SECOND;
const TURN = SECOND;
const POLL = 20;

/** When a campaign is to be carried on, epoch ms; null where nothing of it waits for a time. */
async function dueAt(services: Services, id: string): Promise<number | null> {
  const { DB } = services.env;
  const campaign = await findCampaign(DB, id);
  if (!campaign || campaign.endedAt !== null || campaign.state === "paused") return null;
  if (campaign.state === "cancelled") return 0;
  if (campaign.frozenAt === null) return (campaign.startsAt ?? 0) - HOLD;
  const pages = await openPages(DB, id);
  const times = pages.flatMap(({ state, dueAt: at }) => {
    if (state === "released") return [0];
    return at === null ? [] : [state === "frozen" ? at - HOLD : at];
  });
  if (pages.length === 0) return 0;
  const isTried = pages.every(({ dueAt: at, releasedAt }) => at === null || releasedAt !== null);
  const look = isTried && pages.some(({ dueAt: at }) => at === null) ? await nextLook(services, campaign) : null;
  return Math.min(...times, ...(look === null ? [] : [look]));
}

/** When the next campaign is to be carried on, later than `after`; null where none is. For the local clock. */
export async function nextCampaign(services: Services, after: number): Promise<number | null> {
  const ids = await openCampaigns(services.env.DB, ANY_TIME);
  const times = await Promise.all(ids.map((id) => dueAt(services, id)));
  // What was due at the last run and could not be done is not due again by itself.
  const known = times.filter((at): at is number => at !== null && at > after);
  return known.length > 0 ? Math.min(...known) : null;
}

/** Carries every campaign on until nothing of it is due. For the local clock. */
export async function runCampaigns(services: Services): Promise<void> {
  for (const id of await openCampaigns(services.env.DB, ANY_TIME)) {
    let seen = "";
    let since = Date.now();
    // Once in any case: a look at a test is due at its moment and not behind it.
    for (;;) {
      const next = await carryOn(services, id, TURN);
      const due = await dueAt(services, id);
      if (due === null || due > services.clock.now()) break;
      const place = await placeOf(services.env.DB, id);
      if (place !== seen) since = Date.now();
      seen = place;
      const stood = Date.now() - since;
      if (stood > ON_THEIR_WAY) break;
      if (stood > STANDSTILL && !(await areLeaving(services.env.DB, id, services.clock.now()))) break;
      // Another may be at it, or a provider.
      if (next === null || next > services.clock.now()) await new Promise((resolve) => setTimeout(resolve, POLL));
    }
  }
}
