import * as z from "zod";
import type { PermitRow, SendKey } from "../decisions/permit";
import { SECOND } from "../shared/clock";
import type { DeliveryPorts, Settled } from "./deliver";
import { deliver } from "./deliver";

/** A queue message: ids only. It is a wake-up for rows of `sends`, so losing or repeating it does no harm. */
export const queueBody = z.object({
  v: z.literal(1),
  sends: z.array(z.tuple([z.number().int(), z.string()])).max(100),
});
export type QueueBody = z.infer<typeof queueBody>;

const KEYS_PER_MESSAGE = 25;
const MESSAGES_PER_CALL = 100;
const AT_ONCE = 50;

/** What a consumer needs of the world. */
export interface ConsumerPorts extends DeliveryPorts {
  readonly permit: (keys: readonly SendKey[]) => Promise<readonly PermitRow[]>;
  /** Reads what some contents print beside what was frozen, and freezes it; rows for which that failed are left out. */
  readonly complete?: (rows: readonly PermitRow[]) => Promise<readonly PermitRow[]>;
  readonly settle: (settled: readonly Settled[]) => Promise<void>;
  /** Offers sends to a queue again, at a time. */
  readonly later: (channel: string, keys: readonly SendKey[], delaySeconds: number) => Promise<void>;
  readonly log: (message: string, details: Readonly<Record<string, unknown>>) => void;
}

/** Puts sends into a channel's queue, many to a message and many messages to a call. */
export async function enqueueSends(queue: Queue, keys: readonly SendKey[], delaySeconds = 0): Promise<void> {
  const messages: { body: QueueBody; delaySeconds?: number }[] = [];
  for (let from = 0; from < keys.length; from += KEYS_PER_MESSAGE) {
    const sends = keys.slice(from, from + KEYS_PER_MESSAGE).map(({ contact, id }): [number, string] => [contact, id]);
    messages.push({ body: { v: 1, sends }, ...(delaySeconds > 0 && { delaySeconds }) });
  }
  for (let from = 0; from < messages.length; from += MESSAGES_PER_CALL) {
    await queue.sendBatch(messages.slice(from, from + MESSAGES_PER_CALL));
  }
}

/** Handles one batch of a channel's queue: one permit for all of it, the provider's calls, one update. */
export async function consumeBatch(channel: string, batch: MessageBatch, ports: ConsumerPorts): Promise<void> {
  const keys = batch.messages.flatMap(({ body }) => {
    const parsed = queueBody.safeParse(body);
    if (!parsed.success) ports.log("queue message not understood", { channel });
    return parsed.success ? parsed.data.sends.map(([contact, id]) => ({ contact, id })) : [];
  });
  let rows: readonly PermitRow[];
  try {
    rows = await ports.permit(keys);
  } catch (error) {
    ports.log("permit not answered", { channel, sends: keys.length, error: String(error) });
    batch.retryAll({ delaySeconds: 2 });
    return;
  }
  const mine = rows.filter(({ state }) => state === "claimed");
  const claimed = (await ports.complete?.(mine)) ?? mine;
  const settled: Settled[] = [];
  for (let from = 0; from < claimed.length; from += AT_ONCE) {
    settled.push(...(await Promise.all(claimed.slice(from, from + AT_ONCE).map((row) => deliver(row, ports)))));
  }
  // An update that is lost leaves a claim whose lease runs out: the sweep offers the row again, under the same key.
  if (settled.length > 0) await ports.settle(settled);
  await repeatLater(channel, settled, ports);
  batch.ackAll();
}

async function repeatLater(channel: string, settled: readonly Settled[], ports: ConsumerPorts): Promise<void> {
  const waiting = settled.filter(({ state }) => state === "queued");
  if (waiting.length === 0) return;
  const delay = Math.max(...waiting.map(({ nextAt }) => nextAt)) - ports.now();
  // The delay is a kindness to the provider; the row's own time is what counts, and a queue holds at most a day.
  await ports.later(channel, waiting, Math.min(43_200, Math.max(1, Math.ceil(delay / SECOND))));
}
