import * as z from "zod";
import type { PermitRow, SendKey } from "../decisions/permit";
import { MINUTE, SECOND } from "../shared/clock";
import type { Called, CallPorts } from "./calls";
import { callsFor, unbarred } from "./calls";
import type { Settled } from "./deliver";
import { mayBeOut, settledAs } from "./deliver";
import { CallLine } from "./line";
import type { Channel } from "./message";
import type { PacePorts, Turn } from "./turn";
import { afterPause, turnOf } from "./turn";

/** A queue message: ids only. It is a wake-up for rows of `sends`, so losing or repeating it does no harm. */
export const queueBody = z.object({
  v: z.literal(1),
  sends: z.array(z.tuple([z.number().int(), z.string()])).max(100),
});
export type QueueBody = z.infer<typeof queueBody>;

const KEYS_PER_MESSAGE = 25;
const MESSAGES_PER_CALL = 100;

/** What a consumer needs of the world. */
export interface ConsumerPorts extends CallPorts {
  /** Reads what some contents print beside what was frozen, and freezes it; rows for which that failed are left out. */
  readonly complete?: (rows: readonly PermitRow[]) => Promise<readonly PermitRow[]>;
  readonly settle: (settled: readonly Settled[]) => Promise<void>;
  /** Offers sends to a queue again, at a time. */
  readonly later: (channel: string, keys: readonly SendKey[], delaySeconds: number) => Promise<void>;
  readonly log: (message: string, details: Readonly<Record<string, unknown>>) => void;
  readonly pace?: PacePorts;
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

/** A permit that could not be had: what was asked for comes again. */
class NoPermit extends Error {}

/** Handles one batch of a channel's queue: a permit for each portion, the provider's calls, an update for each portion. */
export async function consumeBatch(channel: string, batch: MessageBatch, ports: ConsumerPorts): Promise<void> {
  const keys = batch.messages.flatMap(({ body }) => {
    const parsed = queueBody.safeParse(body);
    if (!parsed.success) ports.log("queue message not understood", { channel });
    return parsed.success ? parsed.data.sends.map(([contact, id]) => ({ contact, id })) : [];
  });
  const provider = ports.channel(channel);
  try {
    const turn = await permitted(turnOf(channel, provider, keys, ports));
    const left = await runTurn(channel, provider, turn, ports);
    for (const { rest, delay } of [turn, left]) if (rest.length > 0) await ports.later(channel, rest, delay);
  } catch (error) {
    if (!(error instanceof NoPermit)) throw error;
    ports.log("permit not answered", { channel, sends: keys.length, error: String(error.cause) });
    batch.retryAll({ delaySeconds: 2 });
    return;
  }
  batch.ackAll();
}

async function permitted<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (cause) {
    throw new NoPermit("", { cause });
  }
}

/**
 * Claims one portion after the other, each while the calls of the one before are with the provider. Returns what was not
 * claimed, as the channel was closed meanwhile. Whatever goes wrong, it ends behind the calls that were made.
 */
async function runTurn(
  channel: string,
  provider: Channel | null,
  { portions, slots }: Turn,
  ports: ConsumerPorts,
): Promise<Pick<Turn, "rest" | "delay">> {
  const line = new CallLine(channel, ports, slots, provider?.callsPerSecond ?? 0);
  // What the messages of one queue call need of their provider is opened once for all of them.
  const own = provider?.forOneCall?.();
  const doors = own ? { ...ports, channel: (key: string) => (key === channel ? own : ports.channel(key)) } : ports;
  const written: Promise<void>[] = [];
  const claim = async (): Promise<Pick<Turn, "rest" | "delay">> => {
    for (const [index, portion] of portions.entries()) {
      const wait = line.closedUntil - ports.now();
      if (wait > 0) return afterPause(portions.slice(index).flat(), wait);
      const rows = await permitted(ports.permit(portion));
      const { done } = await handle(channel, own ?? provider, rows, line, doors);
      // Whoever waits for it below hears of it.
      done.catch(() => undefined);
      written.push(done);
    }
    return { rest: [], delay: 0 };
  };
  try {
    const left = await claim();
    await Promise.all(written);
    return left;
  } finally {
    await Promise.allSettled(written);
    await own?.close();
  }
}

/** Makes the calls that permitted rows come to; `done` once it is written down what came of them. */
async function handle(
  channel: string,
  provider: Channel | null,
  rows: readonly PermitRow[],
  line: CallLine,
  ports: ConsumerPorts,
): Promise<{ readonly done: Promise<void> }> {
  const claimed = rows.filter(({ state }) => state === "claimed");
  if (claimed.length === 0) return { done: Promise.resolve() };
  const { free, ended } = await unbarred(claimed, ports);
  const whole = (await ports.complete?.(free)) ?? free;
  const lacking = free.filter(({ id }) => !whole.some((row) => row.id === id));
  const { calls, settled: busy } = await callsFor(channel, provider, whole, ports);
  // Nobody was called for it, so it is no attempt that may have gone out.
  const later = { state: "queued", reason: "not_complete", nextAt: ports.now() + MINUTE } as const;
  const put = lacking.map((row) => settledAs(row, { ...later, ...(mayBeOut(row) && { reason: row.reason }) }));
  const before = [...ended, ...put, ...busy];
  const called: Promise<Called>[] = [];
  try {
    for (const call of calls) called.push((await line.make(call)).came);
  } catch (error) {
    await write(channel, before, called, ports);
    throw error;
  }
  return { done: write(channel, before, called, ports) };
}

/** Writes down what came of a portion's calls, once all of them are answered. */
async function write(
  channel: string,
  before: readonly Settled[],
  calls: readonly Promise<Called>[],
  ports: ConsumerPorts,
): Promise<void> {
  const called = await Promise.all(calls);
  const settled = [...before, ...called.flatMap((one) => one.settled)];
  const over = called.flatMap((one) => (one.over === undefined ? [] : [one.over]));
  // An update that is lost leaves a claim whose lease runs out: the sweep offers the row again, under the same key.
  if (settled.length > 0) await ports.settle(settled);
  if (over.length > 0) await ports.batches?.finish(over);
  await repeatLater(channel, settled, ports);
}

async function repeatLater(channel: string, settled: readonly Settled[], ports: ConsumerPorts): Promise<void> {
  const waiting = settled.filter(({ state }) => state === "queued");
  if (waiting.length === 0) return;
  const delay = Math.max(...waiting.map(({ nextAt }) => nextAt)) - ports.now();
  // The delay is a kindness to the provider; the row's own time is what counts, and a queue holds at most a day.
  await ports.later(channel, waiting, Math.min(43_200, Math.max(1, Math.ceil(delay / SECOND))));
}
