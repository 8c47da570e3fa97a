import * as z from "zod";
import type { Brake } from "../decisions/brake";
import type { PermitRow, SendKey } from "../decisions/permit";
import { MINUTE, SECOND } from "../shared/clock";
import type { CallResult, Health } from "./brake";
import { afterCall } from "./brake";
import type { Call, Called, CallPorts } from "./calls";
import { callsFor, giveBack, goesInBatch, HORIZON } from "./calls";
import type { Settled } from "./deliver";
import { mayBeOut, settledAs } from "./deliver";
import type { Channel } from "./message";

/** A queue message: ids only. It is a wake-up for rows of `sends`, so losing or repeating it does no harm. */
export const queueBody = z.object({
  v: z.literal(1),
  sends: z.array(z.tuple([z.number().int(), z.string()])).max(100),
});
export type QueueBody = z.infer<typeof queueBody>;

const KEYS_PER_MESSAGE = 25;
const MESSAGES_PER_CALL = 100;
const AT_ONCE = 50;
/** A pause that is longer is left to the sweep: a queue need not hold twenty thousand messages for a day. */
const SHORT = 5 * MINUTE;

/** How a message stands before it is asked for. */
export type Outlook = Pick<PermitRow, "class" | "attempts" | "reason">;

/** What keeps a channel within what its provider allows. Each part is left out where there is nothing to keep to. */
export interface PacePorts {
  readonly outlook: (keys: readonly SendKey[]) => Promise<ReadonlyMap<string, Outlook>>;
  /** Moments for calls, on the clock of `wall`: as many of `wanted` as lie within `horizon` ms, `interval` ms apart. */
  readonly slots: (channel: string, wanted: number, interval: number, horizon: number) => Promise<readonly number[]>;
  readonly wall: () => number;
  readonly pause: (ms: number) => Promise<void>;
  readonly brakeOf: (channel: string) => Promise<Brake | undefined>;
  readonly brake: (channel: string, brake: Brake | null) => Promise<void>;
  readonly health: Map<string, Health>;
}

/** What a consumer needs of the world. */
export interface ConsumerPorts extends CallPorts {
  /** Reads what some contents print beside what was frozen, and freezes it; rows for which that failed are left out. */
  readonly complete?: (rows: readonly PermitRow[]) => Promise<readonly PermitRow[]>;
  readonly settle: (settled: readonly Settled[]) => Promise<void>;
  /** Offers sends to a queue again, at a time. */
  readonly later: (channel: string, keys: readonly SendKey[], delaySeconds: number) => Promise<void>;
  readonly log: (message: string, details: Readonly<Record<string, unknown>>) => void;
  /** Which of claimed rows go to addresses that must not be written to, with why. */
  readonly barred?: (rows: readonly PermitRow[]) => Promise<ReadonlyMap<string, string>>;
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

/** Handles one batch of a channel's queue: one permit for all of it, the provider's calls, one update. */
export async function consumeBatch(channel: string, batch: MessageBatch, ports: ConsumerPorts): Promise<void> {
  const keys = batch.messages.flatMap(({ body }) => {
    const parsed = queueBody.safeParse(body);
    if (!parsed.success) ports.log("queue message not understood", { channel });
    return parsed.success ? parsed.data.sends.map(([contact, id]) => ({ contact, id })) : [];
  });
  const provider = ports.channel(channel);
  let turn: Turn;
  let rows: readonly PermitRow[];
  try {
    turn = await turnOf(channel, provider, keys, ports);
    rows = turn.keys.length === 0 ? [] : await ports.permit(turn.keys);
  } catch (error) {
    ports.log("permit not answered", { channel, sends: keys.length, error: String(error) });
    batch.retryAll({ delaySeconds: 2 });
    return;
  }
  const claimed = rows.filter(({ state }) => state === "claimed");
  const barred = claimed.length === 0 ? undefined : await ports.barred?.(claimed);
  const free = claimed.filter(({ id }) => !barred?.has(id));
  const ended = claimed.flatMap((row) => {
    const reason = barred?.get(row.id);
    return reason === undefined ? [] : [settledAs(row, { state: "suppressed", reason })];
  });
  const whole = (await ports.complete?.(free)) ?? free;
  const lacking = free.filter(({ id }) => !whole.some((row) => row.id === id));
  const { settled: called, over } = await handOver(channel, provider, whole, turn.slots, ports);
  // Nobody was called for it, so it is no attempt that may have gone out.
  const later = { state: "queued", reason: "not_complete", nextAt: ports.now() + MINUTE } as const;
  const put = lacking.map((row) => settledAs(row, { ...later, ...(mayBeOut(row) && { reason: row.reason }) }));
  const settled = [...ended, ...put, ...called];
  // An update that is lost leaves a claim whose lease runs out: the sweep offers the row again, under the same key.
  if (settled.length > 0) await ports.settle(settled);
  if (over.length > 0) await ports.batches?.finish(over);
  await repeatLater(channel, settled, ports);
  if (turn.rest.length > 0) await ports.later(channel, turn.rest, turn.delay);
  batch.ackAll();
}

/** Hands claimed rows over by one opened channel. */
async function handOver(
  channel: string,
  provider: Channel | null,
  rows: readonly PermitRow[],
  slots: readonly number[] | null,
  ports: ConsumerPorts,
): Promise<{ settled: readonly Settled[]; over: readonly string[] }> {
  const own = provider?.forOneCall?.();
  const doors = own ? { ...ports, channel: (key: string) => (key === channel ? own : ports.channel(key)) } : ports;
  try {
    const { calls, settled: busy } = await callsFor(channel, own ?? provider, rows, doors);
    const { settled, over } = await runCalls(channel, calls, slots, doors);
    return { settled: [...busy, ...settled], over };
  } finally {
    await own?.close();
  }
}

/** What may be asked for now. */
interface Turn {
  readonly keys: readonly SendKey[];
  /** Moments of the calls; null where they may follow each other as they come. */
  readonly slots: readonly number[] | null;
  /** Offered again after `delay` seconds. */
  readonly rest: readonly SendKey[];
  readonly delay: number;
}

/** Cuts what is asked for to what the provider takes within the time that a claim holds, the urgent first. */
async function turnOf(
  channel: string,
  provider: Channel | null,
  keys: readonly SendKey[],
  { pace, now }: ConsumerPorts,
): Promise<Turn> {
  const all = { keys, slots: null, rest: [], delay: 0 };
  if (!pace || keys.length === 0) return all;
  const wait = ((await pace.brakeOf(channel))?.until ?? 0) - now();
  if (wait > 0) {
    const rest = wait <= SHORT ? keys : [];
    return { keys: [], slots: null, rest, delay: Math.ceil(wait / SECOND) };
  }
  const perSecond = provider?.callsPerSecond ?? 0;
  if (perSecond === 0) return all;
  const most = provider?.batches?.most ?? 1;
  const outlook = await pace.outlook(keys);
  const urgent = (key: SendKey): boolean => outlook.get(key.id)?.class === "transactional";
  const inOrder = [...keys.filter(urgent), ...keys.filter((key) => !urgent(key))];
  const costs = inOrder.map(({ id }) => {
    const known = outlook.get(id);
    return most > 1 && known && goesInBatch({ ...known, attempts: known.attempts + 1 }) ? 1 / most : 1;
  });
  const wanted = Math.ceil(costs.reduce((sum, cost) => sum + cost, 0) - 1e-6);
  const slots = await pace.slots(channel, wanted, intervalOf(perSecond), HORIZON);
  let left = slots.length + 1e-6;
  const taken = inOrder.filter((_, index) => {
    left -= costs[index] ?? 1;
    return left >= 0;
  });
  const ahead = costs.slice(taken.length).reduce((sum, cost) => sum + cost, 0) * intervalOf(perSecond);
  const delay = Math.ceil(Math.min(SHORT, Math.max(HORIZON / 2, ahead / 2)) / SECOND);
  return { keys: taken, slots, rest: inOrder.slice(taken.length), delay };
}

/** Milliseconds between two calls: a little more than the rate says, as a call may be a moment late and the next is not. */
function intervalOf(perSecond: number): number {
  return Math.ceil(1_000 / perSecond) + 20;
}

/** Makes the calls, each at its moment; where one of them finds the whole channel closed, those to come are given back. */
async function runCalls(
  channel: string,
  calls: readonly Call[],
  slots: readonly number[] | null,
  ports: ConsumerPorts,
): Promise<{ settled: Settled[]; over: string[] }> {
  const settled: Settled[] = [];
  const over: string[] = [];
  let closedUntil = 0;
  const one = async ({ rows, undo }: Call, hand: () => Promise<Called>): Promise<void> => {
    if (closedUntil > 0) {
      await undo?.();
      settled.push(...rows.map((row) => giveBack(row, closedUntil)));
      return;
    }
    const called = await hand();
    if (called.dropped !== undefined) await ports.batches?.finish([called.dropped]);
    settled.push(...called.settled);
    if (called.over !== undefined) over.push(called.over);
    closedUntil = Math.max(closedUntil, await noted(channel, called.result, ports));
  };
  if (slots === null) {
    for (let from = 0; from < calls.length; from += AT_ONCE) {
      await Promise.all(calls.slice(from, from + AT_ONCE).map(async (call) => one(call, await call.ready())));
    }
    return { settled, over };
  }
  const { pace } = ports;
  const running: Promise<void>[] = [];
  const interval = (slots[1] ?? 0) - (slots[0] ?? 0);
  let last = 0;
  for (const [index, call] of calls.entries()) {
    // There may be a call more than was thought, where a batch was refused: it follows the others.
    const at = Math.max(slots[index] ?? last + Math.max(interval, SECOND), last + interval);
    const hand = await call.ready();
    if (pace) await pace.pause(Math.max(0, at - pace.wall()));
    last = pace?.wall() ?? at;
    running.push(one(call, hand));
  }
  await Promise.all(running);
  return { settled, over };
}

/** Notes what a call says of its channel; until when that is closed by it, 0 where it is not. */
async function noted(channel: string, result: CallResult, { pace, now, log }: ConsumerPorts): Promise<number> {
  if (!pace) return 0;
  const health = pace.health.get(channel) ?? { failures: 0 };
  const isWell = result.state !== "retry" && result.state !== "unknown";
  // A channel that works and worked before costs no look.
  if (isWell && health.failures === 0 && !pace.health.has(`${channel} braked`)) return 0;
  const next = afterCall(health, await pace.brakeOf(channel), result, now());
  pace.health.set(channel, next.health);
  if (next.brake === undefined) return 0;
  if (next.brake === null) pace.health.delete(`${channel} braked`);
  else pace.health.set(`${channel} braked`, next.health);
  await pace.brake(channel, next.brake);
  log("channel paused or let go", { channel, reason: next.brake?.reason ?? null });
  return next.brake?.until ?? 0;
}

async function repeatLater(channel: string, settled: readonly Settled[], ports: ConsumerPorts): Promise<void> {
  const waiting = settled.filter(({ state }) => state === "queued");
  if (waiting.length === 0) return;
  const delay = Math.max(...waiting.map(({ nextAt }) => nextAt)) - ports.now();
  // The delay is a kindness to the provider; the row's own time is what counts, and a queue holds at most a day.
  await ports.later(channel, waiting, Math.min(43_200, Math.max(1, Math.ceil(delay / SECOND))));
}
