import type { PermitRow, SendKey } from "../../src/decisions/permit";
import type { AppendAnswer } from "../../src/events/intake";
import type { LedgerEvent } from "../../src/events/event";
import { ledgerClass } from "../../src/events/object";
import { contactShardClass } from "../../src/scenarios/object";
import type { EmailContent } from "../../src/sends/content";
import { consumeBatch } from "../../src/sends/queue";
import { Services, servicesOf } from "../../src/services";
import type { Env } from "../../src/services/env";
import { ledgerPorts, shardPorts } from "../../src/services/ports";
import { sweep } from "../../src/services/sweep";
import { DatabaseFile, d1Over, type Mutation, ObjectDisk } from "./database";
import { Provider } from "./provider";
import type { Timeline } from "./timeline";

const Ledger = ledgerClass<Env, SendKey, PermitRow>((env) => ledgerPorts(servicesOf(env)));
const ContactShard = contactShardClass<Env>((env) => shardPorts(servicesOf(env)));

const VARIABLES = {
  RELANCE_ENV: "local",
  TOKEN_SECRET: "simulated-token-secret",
  LINK_SECRET: "simulated-link-secret",
  CONTACT_SHARDS: "2",
  PUBLIC_URL: "https://relance.test",
};

const texts = { subject: "Hello {{ contact.first_name }}", preheader: "Hello", html: "<p>Hello</p>" };
/** As small as a content can be: what is tried here is not the rendering. */
const CONTENT: EmailContent = {
  key: "hello",
  channel: "email",
  version: 1,
  class: "transactional",
  needs: [],
  texts: { en: texts, fr: texts },
};

/** What a breakage takes away. */
export interface Safeguards {
  readonly sweeps: boolean;
  readonly idempotencyKeys: boolean;
  readonly mutate: Mutation;
}

interface Message {
  readonly body: unknown;
  readonly notBefore: number;
}

type ObjectClass = new (state: DurableObjectState, env: Env) => unknown;
type Answer = { readonly value?: unknown; readonly error?: unknown };
type Instance = Record<string, (...args: unknown[]) => Promise<unknown>>;

/** The whole product in one process over disks that outlive it: a crash keeps the disks and nothing else. */
export class System {
  readonly database: DatabaseFile;
  readonly disks = new Map<string, ObjectDisk>();
  readonly provider: Provider;
  private services!: Services;
  private objects = new Map<string, { instance: Instance; ready: Promise<unknown> }>();
  private messages: Message[] = [];
  private consuming = false;
  /** Resolves at the next crash, for callers who would wait for ever. */
  private ended!: Promise<"gone">;
  private end: (gone: "gone") => void = () => undefined;

  constructor(
    private readonly timeline: Timeline,
    private readonly safeguards: Safeguards,
  ) {
    this.database = DatabaseFile.d1(safeguards.mutate);
    this.provider = new Provider(timeline, safeguards.idempotencyKeys);
    timeline.onCrash = () => this.boot();
    this.boot();
  }

  /** Hands events in as the entrance does; null when the process went before it answered. */
  async append(events: readonly LedgerEvent[]): Promise<AppendAnswer | null> {
    const answer = this.services.append({ receivedAt: this.timeline.now, events }, null);
    const first = await Promise.race([answer, this.ended]);
    return first === "gone" ? null : first;
  }

  /** The cron. An error of it is the next one's to make good. */
  async sweep(): Promise<void> {
    if (!this.safeguards.sweeps) return;
    this.timeline.count("sweeps");
    const done = sweep(this.services).catch(() => this.timeline.count("sweeps that failed"));
    await Promise.race([done, this.ended]);
  }

  private boot(): void {
    const { timeline } = this;
    this.end("gone");
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
    this.objects = new Map();
    this.consuming = false;
    // The local queue lives in memory; the real one delivers again what was not acknowledged.
    if (timeline.chance(0.5)) this.messages = [];
    const env = {
      ...VARIABLES,
      DB: d1Over(this.database, timeline),
      LEDGER: this.namespace(Ledger),
      SHARDS: this.namespace(ContactShard),
      EMAIL_QUEUE: { sendBatch: (batch: readonly Message[]) => timeline.step("queue", () => this.enqueue(batch)) },
    };
    this.services = new Services(env as unknown as Env);
    for (const [name, disk] of this.disks) this.recoverAlarm(name, disk);
    if (this.messages.length > 0) timeline.after(0, () => this.pump());
  }

  // Objects

  private namespace(Class: ObjectClass) {
    const stub = (name: string) =>
      new Proxy({}, { get: (_, method) => (...args: unknown[]) => this.call(Class, name, String(method), args) });
    return { idFromName: (name: string) => name, get: stub };
  }

  private async call(Class: ObjectClass, name: string, method: string, args: unknown[]): Promise<unknown> {
    const sent = JSON.stringify(args);
    const outcome = await this.timeline.step(`call of ${method}`, () => this.invoke(Class, name, method, sent));
    // The answer takes its own way back, and may be lost on it.
    const { value, error } = await outcome;
    return this.timeline.step(`answer of ${method}`, () => {
      if (error !== undefined) throw error;
      return value;
    });
  }

  private async invoke(Class: ObjectClass, name: string, method: string, sent: string): Promise<Answer> {
    try {
      const { instance, ready } = this.object(Class, name);
      await ready;
      const value = await instance[method]?.(...(JSON.parse(sent) as unknown[]));
      return { value: value === undefined ? undefined : JSON.parse(JSON.stringify(value)) };
    } catch (error) {
      return { error };
    }
  }

  private object(Class: ObjectClass, name: string) {
    const known = this.objects.get(name);
    if (known) return known;
    const disk = this.disks.get(name) ?? new ObjectDisk();
    this.disks.set(name, disk);
    let ready: Promise<unknown> = Promise.resolve();
    const state = {
      storage: disk.storage(() => this.arm(Class, name, disk)),
      blockConcurrencyWhile: (run: () => Promise<unknown>) => {
        ready = run();
        return ready;
      },
    };
    const instance = new Class(state as never, this.services.env) as Instance;
    // An object that cannot start is thrown away; the next call makes a new one.
    ready.catch(() => this.objects.delete(name));
    const made = { instance, ready };
    this.objects.set(name, made);
    return made;
  }

  // Alarms

  private arm(Class: ObjectClass, name: string, disk: ObjectDisk): void {
    const at = disk.alarm;
    if (at === null) return;
    this.timeline.after(at - this.timeline.now, () => {
      if (disk.alarm !== at) return;
      disk.alarm = null;
      this.timeline.count("alarms");
      void this.invoke(Class, name, "alarm", "[]");
    });
  }

  private recoverAlarm(name: string, disk: ObjectDisk): void {
    if (disk.alarm === null) return;
    // Runtimes keep alarms across a crash; ours must live with one that is lost all the same.
    if (this.timeline.chance(0.3)) {
      disk.alarm = null;
      this.timeline.count("alarms lost");
    } else this.arm(ContactShard, name, disk);
  }

  // Queue

  private enqueue(batch: readonly { body: unknown; delaySeconds?: number }[]): void {
    for (const { body, delaySeconds = 0 } of batch) {
      this.messages.push({ body, notBefore: this.timeline.now + delaySeconds * 1_000 });
      this.timeline.after(delaySeconds * 1_000, () => this.pump());
    }
  }

  private pump(): void {
    const ready = this.messages.filter(({ notBefore }) => notBefore <= this.timeline.now).slice(0, 4);
    if (this.consuming || ready.length === 0) return;
    this.consuming = true;
    let retryIn: number | null = null;
    const batch = {
      messages: ready,
      ackAll: () => undefined,
      retryAll: ({ delaySeconds }: { delaySeconds: number }) => {
        retryIn = delaySeconds * 1_000;
      },
    };
    const { provider, timeline, services } = this;
    const ports = {
      ...services.consumer(),
      channel: () => provider.channel,
      content: async () => CONTENT,
      log: () => undefined,
      permit: async (keys: readonly SendKey[]) => {
        const asked = timeline.ticks;
        const rows = await services.ledger.permit(keys);
        for (const { id } of rows) provider.asked.set(id, asked);
        return rows as readonly PermitRow[];
      },
    };
    const done = (delay: number | null) => {
      this.messages = this.messages.filter((message) => !ready.includes(message));
      if (delay === null && timeline.chance(0.05)) {
        timeline.count("queue delivers twice");
        this.enqueue(ready);
      } else if (delay !== null) this.enqueue(ready.map(({ body }) => ({ body, delaySeconds: delay / 1_000 })));
      this.consuming = false;
      timeline.after(0, () => this.pump());
    };
    consumeBatch("email", batch as unknown as MessageBatch, ports).then(
      () => done(retryIn),
      () => done(1_000),
    );
  }
}
