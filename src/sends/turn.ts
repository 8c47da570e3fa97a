import type { Brake } from "../decisions/brake";
import type { PermitRow, SendKey } from "../decisions/permit";
import { MINUTE, SECOND } from "../shared/clock";
import type { Health } from "./brake";
import { goesInBatch, HORIZON } from "./calls";
import type { Channel } from "./message";

/** A pause that is longer is left to the sweep: a queue need not hold twenty thousand messages for a day. */
const SHORT = 5 * MINUTE;
/** Messages that are claimed at a time where each is a call of its own, and calls where many go in one. */
const SINGLES = 50;
const BATCHES = 5;

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
  /** By channel, when each of its last calls has reached the provider at the latest, on the clock of `wall`. */
  readonly arrivals: Map<string, readonly { readonly by: number }[]>;
}

/** What may be asked for now. */
export interface Turn {
  /**
   * What is claimed at a time, one after the other: not much more than the next calls take, as nobody knows of what was claimed
   * by a process that died whether it is out, and it goes message by message then.
   */
  readonly portions: readonly (readonly SendKey[])[];
  /** Moments of the calls; null where they may follow each other as they come. */
  readonly slots: readonly number[] | null;
  /** Offered again after `delay` seconds. */
  readonly rest: readonly SendKey[];
  readonly delay: number;
}

/** Cuts what is asked for to what the provider takes within the time that a claim holds, the urgent first. */
export async function turnOf(
  channel: string,
  provider: Channel | null,
  keys: readonly SendKey[],
  { pace, now }: { readonly pace?: PacePorts; readonly now: () => number },
): Promise<Turn> {
  const most = provider?.batches?.most ?? 1;
  const all = { portions: chunks(keys, most > 1 ? most * BATCHES : SINGLES), slots: null, rest: [], delay: 0 };
  if (!pace || keys.length === 0) return all;
  const wait = ((await pace.brakeOf(channel))?.until ?? 0) - now();
  if (wait > 0) return { portions: [], slots: null, ...afterPause(keys, wait) };
  const perSecond = provider?.callsPerSecond ?? 0;
  if (perSecond === 0) return all;
  const outlook = await pace.outlook(keys);
  const urgent = (key: SendKey): boolean => outlook.get(key.id)?.class === "transactional";
  const inOrder = [...keys.filter(urgent), ...keys.filter((key) => !urgent(key))];
  const isOneOfMany = ({ id }: SendKey): boolean => {
    const known = outlook.get(id);
    return most > 1 && known !== undefined && goesInBatch({ ...known, attempts: known.attempts + 1 });
  };
  const costs = inOrder.map((key) => (isOneOfMany(key) ? 1 / most : 1));
  const wanted = Math.ceil(costs.reduce((sum, cost) => sum + cost, 0) - 1e-6);
  const slots = await pace.slots(channel, wanted, intervalOf(perSecond), HORIZON);
  let left = slots.length + 1e-6;
  const taken = inOrder.filter((_, index) => {
    left -= costs[index] ?? 1;
    return left >= 0;
  });
  const [many, alone] = [taken.filter(isOneOfMany), taken.filter((key) => !isOneOfMany(key))];
  const ahead = costs.slice(taken.length).reduce((sum, cost) => sum + cost, 0) * intervalOf(perSecond);
  const delay = Math.ceil(Math.min(SHORT, Math.max(HORIZON / 2, ahead / 2)) / SECOND);
  return {
    portions: [...chunks(alone, SINGLES), ...chunks(many, most)],
    slots,
    rest: inOrder.slice(taken.length),
    delay,
  };
}

/** What to offer again, and in how many seconds, where a channel is paused for so long. */
export function afterPause(keys: readonly SendKey[], wait: number): Pick<Turn, "rest" | "delay"> {
  return { rest: wait <= SHORT ? keys : [], delay: Math.ceil(wait / SECOND) };
}

function chunks(keys: readonly SendKey[], size: number): SendKey[][] {
  return Array.from({ length: Math.ceil(keys.length / size) }, (_, index) =>
    keys.slice(index * size, (index + 1) * size),
  );
}

/** Milliseconds between two calls: a little more than the rate says, as a call may be a moment late and the next is not. */
export function intervalOf(perSecond: number): number {
  return Math.ceil(1_000 / perSecond) + 20;
}
