import * as z from "zod";
import { log } from "../../platform/log";
import { openRehearsals } from "../../scenarios/rehearsal-store";
import type { Services } from "../../services";
import { rehearseOn } from "./work";

/** A queue message: a wake-up for a rehearsal, whose row says what is to be done. Losing or repeating it does no harm. */
const queueBody = z.object({ v: z.literal(1), rehearsal: z.string() });

/** Seconds until a step that failed is tried again. */
const LATER = 5;

/** Asks for a rehearsal to be carried on. */
export async function wakeRehearsal(services: Services, id: string, delaySeconds = 0): Promise<void> {
  try {
    await services.env.REHEARSAL_QUEUE.send({ v: 1, rehearsal: id }, { delaySeconds });
  } catch (error) {
    // The row is there: the sweep asks again.
    log("rehearsal not woken", { rehearsal: id, error: String(error) });
  }
}

/** Carries on what a batch of messages asks for. */
export async function consumeRehearsals(services: Services, batch: MessageBatch): Promise<void> {
  for (const message of batch.messages) {
    const parsed = queueBody.safeParse(message.body);
    if (parsed.success) {
      const { rehearsal } = parsed.data;
      const outcome = await rehearseOn(services, rehearsal);
      if (outcome === "more") await wakeRehearsal(services, rehearsal);
      if (outcome === "later") await wakeRehearsal(services, rehearsal, LATER);
    } else log("queue message not understood", { queue: batch.queue });
    message.ack();
  }
}

/** Finds rehearsals again whose wake-up was lost. */
export async function sweepRehearsals(services: Services): Promise<void> {
  for (const id of await openRehearsals(services.env.DB)) await wakeRehearsal(services, id);
}
