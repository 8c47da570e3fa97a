import * as z from "zod";
import { log } from "../../platform/log";
import type { OwedAct } from "../../scenarios/copy-line";
import type { Services } from "../../services";
import { performActs } from "./perform";

/** A queue message: ids only. It is a wake-up for rows of `acts`, so losing or repeating it does no harm. */
const queueBody = z.object({ v: z.literal(1), acts: z.array(z.tuple([z.number().int(), z.string()])).max(100) });

const KEYS_PER_MESSAGE = 50;
const MESSAGES_PER_CALL = 100;

/** Has acts done whose rows are in D1. Never throws: the sweep does what is not reached now. */
export async function enqueueActs(queue: Queue, acts: readonly OwedAct[]): Promise<void> {
  try {
    const messages: { body: z.output<typeof queueBody> }[] = [];
    for (let from = 0; from < acts.length; from += KEYS_PER_MESSAGE) {
      const keys = acts.slice(from, from + KEYS_PER_MESSAGE).map(({ contact, id }): [number, string] => [contact, id]);
      messages.push({ body: { v: 1, acts: keys } });
    }
    for (let from = 0; from < messages.length; from += MESSAGES_PER_CALL) {
      await queue.sendBatch(messages.slice(from, from + MESSAGES_PER_CALL));
    }
  } catch (error) {
    log("queue not reached", { channel: "act", acts: acts.length, error: String(error) });
  }
}

/** Does what a batch of messages asks for. What fails is a row that the sweep finds. */
export async function consumeActs(services: Services, batch: MessageBatch): Promise<void> {
  const keys = batch.messages.flatMap(({ body }) => {
    const parsed = queueBody.safeParse(body);
    if (!parsed.success) log("queue message not understood", { queue: batch.queue });
    return parsed.success ? parsed.data.acts.map(([contact, id]) => ({ contact, id })) : [];
  });
  await performActs(services, keys);
  batch.ackAll();
}
