import { consumeImports } from "../admin/import/queue";
import { log } from "../platform/log";
import { consumeBatch, queueBody } from "../sends/queue";
import type { Services } from "../services";
import { consumeActs } from "./acts/queue";
import { consumeCampaigns } from "./campaigns/queue";
import { consumeRehearsals } from "./rehearsals/queue";

/** Hands a queue's batch to its channel's consumer. What ended in a dead-letter queue is still a row: the sweep has it. */
export async function consumeQueue(services: Services, batch: MessageBatch): Promise<void> {
  await services.ready();
  const [, channel = "", dead] = /^relance-([a-z]+)(-dead)?$/.exec(batch.queue) ?? [];
  if (channel === "act") {
    if (dead === undefined) await consumeActs(services, batch);
    else batch.ackAll();
    return;
  }
  if (channel === "campaign") {
    // As an import's.
    if (dead === undefined) await consumeCampaigns(services, batch);
    else batch.ackAll();
    return;
  }
  if (channel === "import") {
    // What ended in its dead-letter queue is a row as well.
    if (dead === undefined) await consumeImports(services, batch);
    else batch.ackAll();
    return;
  }
  if (channel === "rehearsal") {
    // As an import's.
    if (dead === undefined) await consumeRehearsals(services, batch);
    else batch.ackAll();
    return;
  }
  if (dead === undefined) {
    await consumeBatch(channel, batch, services.consumer());
    return;
  }
  const sends = batch.messages.reduce((sum, { body }) => sum + (queueBody.safeParse(body).data?.sends.length ?? 0), 0);
  log("queue messages gave up", { channel, sends });
  batch.ackAll();
}
