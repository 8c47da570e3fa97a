import type { CallResult } from "./brake";
import { afterCall } from "./brake";
import type { BatchPorts, Call, Called } from "./calls";
import { giveBack, HORIZON } from "./calls";
import type { PacePorts } from "./turn";
import { intervalOf } from "./turn";

/** Calls under way at once, and messages in them: what is rendered and not handed over yet is held in memory. */
const CALLS = 50;
const MESSAGES = 500;
/** A call that has no answer yet has reached its provider after so long. */
const TRIP = 250;

export interface LinePorts {
  readonly now: () => number;
  readonly log: (message: string, details: Readonly<Record<string, unknown>>) => void;
  readonly batches?: BatchPorts;
  readonly pace?: PacePorts;
}

/** The calls that a consumer makes to one provider: each when there is room for it, and at its moment where it has one. */
export class CallLine {
  /** Until when a call found the whole channel closed; 0 where none did. */
  closedUntil = 0;
  private calls = 0;
  private messages = 0;
  private go: () => void = () => undefined;
  private readonly pacer: Pacer | null;

  constructor(
    private readonly channel: string,
    private readonly ports: LinePorts,
    slots: readonly number[] | null,
    perSecond: number,
  ) {
    const { pace } = ports;
    this.pacer = pace && slots ? new Pacer(channel, pace, slots, perSecond) : null;
  }

  /** Resolves when a call is handed over, or given back where the channel was closed meanwhile; `came`: what it came to. */
  async make(call: Call): Promise<{ readonly came: Promise<Called> }> {
    const size = call.rows.length;
    await this.room(size);
    this.calls += 1;
    this.messages += size;
    const leave = (): void => {
      this.calls -= 1;
      this.messages -= size;
      this.go();
    };
    try {
      if (this.closedUntil > 0) return { came: ended(this.givenBack(call), leave) };
      const hand = await call.ready();
      const made = this.pacer ? await this.pacer.moment() : () => undefined;
      if (this.closedUntil > 0 || made === null) {
        await call.undo?.();
        return { came: ended(this.givenBack(call), leave) };
      }
      return { came: ended(this.answered(hand, made), leave) };
    } catch (error) {
      leave();
      throw error;
    }
  }

  private async room(size: number): Promise<void> {
    while (this.calls > 0 && (this.calls >= CALLS || this.messages + size > MESSAGES)) {
      await new Promise<void>((go) => {
        this.go = go;
      });
    }
  }

  private async answered(hand: () => Promise<Called>, made: () => void): Promise<Called> {
    const called = await hand();
    made();
    if (called.dropped !== undefined) await this.ports.batches?.finish([called.dropped]);
    this.closedUntil = Math.max(this.closedUntil, await this.noted(called.result));
    return called;
  }

  private async givenBack({ rows }: Call): Promise<Called> {
    const at = this.closedUntil || this.ports.now() + HORIZON;
    return { settled: rows.map((row) => giveBack(row, at)), result: { state: "accepted" } };
  }

  /** Notes what a call says of its channel; until when that is closed by it, 0 where it is not. */
  private async noted(result: CallResult): Promise<number> {
    const { channel } = this;
    const { pace, now, log } = this.ports;
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
}

/** As `came`, with `leave` behind it. Whoever waits for it hears of what went wrong, whenever that is. */
function ended(came: Promise<Called>, leave: () => void): Promise<Called> {
  const done = came.finally(leave);
  done.catch(() => undefined);
  return done;
}

/**
 * Hands out the moments of calls. They were reserved by the calls' number and lie apart; as a call may be late and the next is
 * not, it is also seen to that the provider has had no more than its number within any second by the time it gets the next.
 */
class Pacer {
  private readonly slots: number[];
  private readonly interval: number;
  private readonly number: number;
  private readonly span: number;

  constructor(
    private readonly channel: string,
    private readonly pace: PacePorts,
    slots: readonly number[],
    perSecond: number,
  ) {
    this.slots = [...slots];
    this.interval = intervalOf(perSecond);
    this.number = Math.max(1, Math.floor(perSecond));
    this.span = (this.number * 1_000) / perSecond;
  }

  /** Resolves at the moment of the next call, with what is to be called once it is answered; null where there is none soon. */
  async moment(): Promise<(() => void) | null> {
    const { pace, channel, span, number } = this;
    const slot = this.next() ?? (await pace.slots(channel, 1, this.interval, HORIZON))[0];
    if (slot === undefined) return null;
    const arrivals = pace.arrivals.get(channel) ?? [];
    const at = Math.max(slot, (arrivals.at(-number)?.by ?? Number.NEGATIVE_INFINITY) + span);
    await pace.pause(Math.max(0, at - pace.wall()));
    const arrival = { by: pace.wall() + TRIP };
    pace.arrivals.set(channel, [...arrivals, arrival].slice(-number));
    return () => {
      arrival.by = Math.min(arrival.by, pace.wall());
    };
  }

  /** The next of the reserved moments. What is long over may be somebody else's by now, who came behind. */
  private next(): number | undefined {
    const soonest = this.pace.wall() - this.interval / 2;
    while (this.slots.length > 0) {
      const slot = this.slots.shift();
      if (slot !== undefined && slot >= soonest) return slot;
    }
    return undefined;
  }
}
