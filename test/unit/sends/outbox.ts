import type { Brake } from "../../../src/decisions/brake";
import type { PermitRow, SendKey } from "../../../src/decisions/permit";
import type { BatchPorts, OpenBatch } from "../../../src/sends/calls";
import type { Settled } from "../../../src/sends/deliver";
import type { Channel } from "../../../src/sends/message";
import type { ConsumerPorts } from "../../../src/sends/queue";
import { consumeBatch } from "../../../src/sends/queue";
import type { Senders } from "../../../src/sends/sender";
import type { PacePorts } from "../../../src/sends/turn";
import { bodiesOf } from "../../../src/sends/wire";
import { MINUTE } from "../../../src/shared/clock";

interface Kept {
  row: PermitRow;
  state: string;
  nextAt: number;
  lease: number;
  providerId: string | null;
  /** What the permit says of it from now on. */
  refusal: string | null;
}

const DATA = JSON.stringify({
  language: "en",
  contact: { first_name: "Ann", last_name: null },
  cart: null,
  order: null,
  tracking: false,
});
const text = { subject: "Hello", preheader: "Hello", html: "<p>Hello {{ contact.first_name }}</p>" };

/** The rows of messages as D1 would keep them, a consumer over them, and a clock that only a test moves. */
export class Outbox {
  now = Date.UTC(2026, 10, 23, 9);
  readonly kept = new Map<string, Kept>();
  readonly batches = new Map<string, { batch: OpenBatch; bodies: readonly string[]; noted: boolean }>();
  /** Runs before something is written down; a throw is a crash. */
  onWrite: (what: string) => void = () => undefined;
  brake: Brake | undefined;
  /** When each call was made, on the machine's clock. */
  readonly started: number[] = [];
  wall = 1_000_000;
  /** Why addresses must not be written to. */
  readonly barred = new Map<string, string>();
  /** How an open row is marked: 1, or 2 for a campaign's. */
  mark = 1;
  /** Who writes, where it is not one and the same for everything. */
  senders: Partial<Senders> = {};
  private taken = 0;

  constructor(private channel: Channel) {}

  use(channel: Channel): void {
    this.channel = channel;
  }

  add(count: number, change: Partial<PermitRow> = {}): string[] {
    return Array.from({ length: count }, () => {
      const number = this.kept.size + 1;
      const id = `snd_${number}`;
      const about = { run: "run_1", scenario: "s", block: "b", channel: "email", class: "marketing" } as const;
      const content = { content: "hello", content_version: 1, address: `to-${number}@x.test`, data: DATA };
      const row: PermitRow = {
        contact: number,
        id,
        state: "claimed",
        reason: null,
        ...about,
        ...content,
        attempts: 0,
        first_attempt_at: 0,
        created_at: this.now,
        ...change,
      };
      this.kept.set(id, { row, state: "queued", nextAt: 0, lease: 0, providerId: null, refusal: null });
      return id;
    });
  }

  states(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { state } of this.kept.values()) counts[state] = (counts[state] ?? 0) + 1;
    return counts;
  }

  /** Offers all that is open to the consumer, as the sweep does. */
  async offer(ids: readonly string[] = [...this.kept.keys()]): Promise<void> {
    const open = ids.flatMap((id): [number, string][] => {
      const one = this.kept.get(id);
      return one && (one.state === "queued" || one.state === "claimed") ? [[one.row.contact, id]] : [];
    });
    const bodies = Array.from({ length: Math.ceil(open.length / 25) }, (_, index) => ({
      v: 1,
      sends: open.slice(index * 25, index * 25 + 25),
    }));
    const batch = { messages: bodies.map((body) => ({ body })), ackAll: () => undefined, retryAll: () => undefined };
    await consumeBatch("email", batch as unknown as MessageBatch, this.ports());
  }

  private readonly permit = async (keys: readonly SendKey[]): Promise<PermitRow[]> => {
    const braked = this.brake !== undefined && this.brake.until > this.now;
    return keys.flatMap(({ id }): PermitRow[] => {
      const one = this.kept.get(id);
      if (!one || braked || one.nextAt > this.now) return [];
      if (one.state !== "queued" && !(one.state === "claimed" && one.lease <= this.now)) return [];
      if (one.refusal !== null) {
        one.state = "suppressed";
        return [{ ...one.row, state: "suppressed", reason: one.refusal }];
      }
      const reason = one.state === "claimed" ? "lease_over" : one.row.reason;
      const first = one.row.attempts === 0 ? this.now : one.row.first_attempt_at;
      one.row = { ...one.row, attempts: one.row.attempts + 1, reason, first_attempt_at: first };
      one.state = "claimed";
      one.lease = this.now + MINUTE;
      this.taken += 1;
      return [one.row];
    });
  };

  private readonly store: BatchPorts = {
    open: async (_channel, lost) =>
      [...this.batches.values()].flatMap(({ batch, noted }) => (noted || lost ? [batch] : [])),
    note: async (_channel, { id }) => {
      this.onWrite("outcome");
      const kept = this.batches.get(id);
      if (kept) kept.noted = true;
    },
    keep: async (_channel, batch, wire) => {
      this.onWrite("bodies");
      this.batches.set(batch.id, { batch, bodies: bodiesOf(new TextDecoder().decode(wire)), noted: false });
    },
    bodies: async (id) => this.batches.get(id)?.bodies ?? [],
    finish: async (ids) => {
      this.onWrite("finish");
      for (const id of ids) this.batches.delete(id);
    },
    doubt: async (keys) => {
      for (const { id } of keys) {
        const one = this.kept.get(id);
        if (one?.state === "suppressed") one.state = "unknown";
      }
    },
    proven: async (sent) => {
      this.onWrite("proven");
      for (const { id, providerId } of sent) {
        const one = this.kept.get(id);
        if (one?.state === "suppressed") Object.assign(one, { state: "sent", providerId });
      }
    },
    standing: async (keys) =>
      new Map(
        keys.flatMap(({ id }) => {
          const one = this.kept.get(id);
          const open = one?.state === "queued" || one?.state === "claimed" ? this.mark : 0;
          return one ? [[id, { state: one.state, open }] as const] : [];
        }),
      ),
  };

  readonly pace: { -readonly [Key in keyof PacePorts]: PacePorts[Key] } = {
    outlook: async (keys) =>
      new Map(keys.flatMap(({ id }) => (this.kept.has(id) ? [[id, (this.kept.get(id) as Kept).row]] : []))),
    slots: async (_channel, wanted, interval, horizon) =>
      Array.from(
        { length: Math.min(wanted, Math.floor(horizon / interval)) },
        (_, index) => this.wall + index * interval,
      ),
    wall: () => this.wall,
    pause: async (ms) => {
      this.wall += ms;
    },
    brakeOf: async () => this.brake,
    brake: async (_channel, brake) => {
      this.brake = brake ?? undefined;
    },
    health: new Map(),
    arrivals: new Map(),
  };

  private ports(): ConsumerPorts {
    return {
      channel: () => this.channel,
      content: async (key, version) => ({
        key,
        version,
        channel: "email",
        class: "transactional",
        needs: [],
        texts: { en: text, fr: text },
      }),
      links: () => ({ unsubscribe: "https://relance.test/u/1", open: null, click: (destination) => destination }),
      shop: {
        ...{ name: "Shop", url: "https://shop.test", postalAddress: "1 Street", emailFrom: "Shop <a@shop.test>" },
        ...this.senders,
      },
      now: () => this.now,
      permit: this.permit,
      barred: async (rows) =>
        new Map(
          rows.flatMap(({ id, address }): [string, string][] => {
            const reason = this.barred.get(address);
            return reason === undefined ? [] : [[id, reason]];
          }),
        ),
      settle: async (settled: readonly Settled[]) => {
        this.onWrite("settle");
        for (const { id, state, reason, providerId, nextAt } of settled) {
          const one = this.kept.get(id);
          if (one?.state !== "claimed") continue;
          Object.assign(one, { state, providerId, nextAt, row: { ...one.row, reason } });
        }
      },
      later: async () => undefined,
      log: () => undefined,
      batches: this.store,
      pace: this.pace,
    };
  }
}
