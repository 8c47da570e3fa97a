import type { Channel, Outcome, OutgoingMessage } from "../../src/sends/message";
import { DAY } from "../../src/shared/clock";
import type { Timeline } from "./timeline";

/** One message that the provider took and a person has in the inbox. */
export interface Accepted {
  readonly id: string;
  readonly to: string;
  readonly scenario: string;
  /** The tick at which the permit of this attempt was asked for. */
  readonly askedAt: number;
  /** Virtual times, epoch ms: of the call, and of that question. The claim lies between the two. */
  readonly at: number;
  readonly askedTime: number;
}

/** An email provider with its own ledger and idempotency keys that it keeps for a day. */
export class Provider {
  readonly accepted: Accepted[] = [];
  readonly conflicts: string[] = [];
  /** When the permit behind each send's present attempt was asked for. */
  readonly asked = new Map<string, number>();
  readonly askedTimes = new Map<string, number>();
  private readonly keys = new Map<string, { at: number; body: string }>();

  constructor(
    private readonly timeline: Timeline,
    private readonly keepsKeys: boolean,
    private readonly harsh: boolean,
  ) {}

  readonly channel: Channel = {
    key: "email",
    send: (message) => {
      if (this.timeline.chance(0.03)) {
        this.timeline.count("provider says 429");
        return Promise.resolve<Outcome>({ state: "retry", reason: "rate_limit_exceeded", afterMs: 1_000 });
      }
      if (this.harsh && this.timeline.chance(0.03)) {
        this.timeline.count("provider says 500 before it accepts");
        return Promise.resolve<Outcome>({ state: "retry", reason: "internal_error", afterMs: null });
      }
      const unclear = (): Outcome => ({ state: "retry", reason: "network", afterMs: null });
      return this.timeline.step("provider call", () => this.take(message), unclear);
    },
  };

  private take(message: OutgoingMessage): Outcome {
    const { id, to, subject, html, text, headers } = message;
    const body = JSON.stringify([to, subject, html, text, headers]);
    const known = this.keepsKeys ? this.keys.get(id) : undefined;
    if (known && this.timeline.now - known.at < DAY) {
      this.timeline.count("provider knows the key");
      if (known.body !== body) this.conflicts.push(id);
      return { state: "accepted", providerId: `re_${id}` };
    }
    this.keys.set(id, { at: this.timeline.now, body });
    this.timeline.count("messages", `${to} ${message.scenario}`);
    const { now: at } = this.timeline;
    const asked = { askedAt: this.asked.get(id) ?? -1, askedTime: this.askedTimes.get(id) ?? at };
    this.accepted.push({ id, to, scenario: message.scenario ?? "", at, ...asked });
    if (this.harsh && this.timeline.chance(0.03)) {
      this.timeline.count("provider says 500 after it accepted");
      return { state: "retry", reason: "internal_error", afterMs: null };
    }
    return { state: "accepted", providerId: `re_${id}` };
  }
}
