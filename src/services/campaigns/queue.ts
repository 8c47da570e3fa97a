import * as z from "zod";
import { log } from "../../platform/log";
import { openCampaigns } from "../../sends/campaigns/campaign-store";
import type { Services } from "../../services";
import { MINUTE, SECOND } from "../../shared/clock";
import { carryOn } from "./step";

/** A queue message: a wake-up for a campaign, whose rows say what is to be done. Losing or repeating it does no harm. */
const queueBody = z.object({ v: z.literal(1), campaign: z.string() });

/** So long a message works on its campaign before it hands on to the next. */
const TURN = 20 * SECOND;
/** The sweep comes sooner than what is due later than this. */
const SWEPT = 5 * MINUTE;
/** Whoever is at a campaign says so at the end of each turn. */
const UNTOUCHED = 2 * MINUTE;

/** Asks for a campaign to be carried on. */
export async function wakeCampaign(services: Services, id: string, delayMs = 0): Promise<void> {
  try {
    await services.env.CAMPAIGN_QUEUE.send({ v: 1, campaign: id }, { delaySeconds: Math.ceil(delayMs / SECOND) });
  } catch (error) {
    // The row is there: the sweep asks again.
    log("campaign not woken", { campaign: id, error: String(error) });
  }
}

/** Carries on what a batch of messages asks for. */
export async function consumeCampaigns(services: Services, batch: MessageBatch): Promise<void> {
  for (const message of batch.messages) {
    const parsed = queueBody.safeParse(message.body);
    if (parsed.success) {
      const { campaign } = parsed.data;
      const next = await carryOn(services, campaign, TURN);
      const wait = next === null ? null : Math.max(0, next - services.clock.now());
      if (wait !== null && wait <= SWEPT) await wakeCampaign(services, campaign, wait);
    } else log("queue message not understood", { queue: batch.queue });
    message.ack();
  }
}

/** Finds campaigns again whose wake-up was lost, or that were not due when it came. */
export async function sweepCampaigns(services: Services): Promise<void> {
  const ids = await openCampaigns(services.env.DB, services.clock.now() - UNTOUCHED);
  for (const id of ids) await wakeCampaign(services, id);
}
