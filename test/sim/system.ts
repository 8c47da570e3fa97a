import type { LedgerEvent } from "../../src/events/event";
import type { AppendAnswer } from "../../src/events/intake";
import { ledgerClass } from "../../src/events/object";
import { contactShardClass } from "../../src/scenarios/object";
import type { EmailContent } from "../../src/sends/content";
import { secondPurchaseSms } from "../../src/sends/contents/second-purchase-sms";
import type { ConsumerPorts } from "../../src/sends/queue";
import { consumeBatch } from "../../src/sends/queue";
import { Services, servicesOf } from "../../src/services";
import { consumeActs } from "../../src/services/acts/queue";
import type { Env, LedgerCargo } from "../../src/services/env";
import { ledgerPorts, shardPorts } from "../../src/services/ports";
import { sweep } from "../../src/services/sweep";
import { Bucket } from "./bucket";
import { DatabaseFile, d1Over, type Mutation, type ObjectDisk } from "./database";
import { Objects } from "./objects";
import { Provider } from "./provider";
import { SimulatedQueue } from "./queue";
import type { Timeline } from "./timeline";

const Ledger = ledgerClass<Env, LedgerCargo>((env) => ledgerPorts(servicesOf(env)));
const ContactShard = contactShardClass<Env>((env) => shardPorts(servicesOf(env)));
/** Its tick throws where the real one writes down what went wrong and goes on. */
const ThrowingShard = contactShardClass<Env>(async (env) => ({
  ...(await shardPorts(servicesOf(env))),
  log(message, { error }) {
    if (message === "shard tick failed") throw new Error(String(error));
  },
}));

const VARIABLES = {
  RELANCE_ENV: "local",
  TOKEN_SECRET: "simulated-token-secret",
  LINK_SECRET: "simulated-link-secret",
  CONTACT_SHARDS: "2",
  PUBLIC_URL: "https://relance.test",
  OUTBOUND_HOSTS: "hooks.shop.example",
};

const text = { subject: "Hello {{ contact.first_name }}", preheader: "Hello", html: "<p>Hello</p>" };
/** As small as a content can be: what is tried here is not the rendering. */
const CONTENT: EmailContent = {
  key: "hello",
  channel: "email",
  version: 1,
  class: "transactional",
  needs: [],
  texts: { en: text, fr: text },
};

/** What a breakage takes away. */
export interface Safeguards {
  readonly sweeps: boolean;
  readonly idempotencyKeys: boolean;
  readonly mutate: Mutation;
  /** Alarms that cannot be set, minutes without an answer, a provider that fails after it accepted. */
  readonly harsh?: boolean;
  /** False: an alarm throws what goes wrong in it. */
  readonly alarmsCatch?: false;
  /** A message is made anew at each attempt. */
  readonly rendersAgain?: true;
}

/** The whole product in one process over disks that outlive it: a crash keeps the disks and nothing else. */
export class System {
  readonly database: DatabaseFile;
  readonly disks = new Map<string, ObjectDisk>();
  readonly provider: Provider;
  readonly archive: Bucket;
  readonly queue: SimulatedQueue;
  private readonly acts: SimulatedQueue;
  private services!: Services;
  /** Resolves at the next crash, for callers who would wait for ever. */
  private gone!: Promise<null>;
  private end: (gone: null) => void = () => undefined;

  constructor(
    private readonly timeline: Timeline,
    private readonly safeguards: Safeguards,
  ) {
    this.database = DatabaseFile.d1(safeguards.mutate);
    this.provider = new Provider(timeline, safeguards.idempotencyKeys, safeguards.harsh ?? false);
    this.queue = new SimulatedQueue(timeline);
    this.acts = new SimulatedQueue(timeline);
    this.archive = new Bucket(timeline);
    timeline.onCrash = () => this.boot();
    this.boot();
  }

  /** Hands events in as the entrance does; null when the process went before it answered. */
  append(events: readonly LedgerEvent[]): Promise<AppendAnswer | null> {
    return Promise.race([this.services.append({ receivedAt: this.timeline.now, events }, null), this.gone]);
  }

  /** Lets the product do something; null where that failed, or the process went before it was done. */
  attempt<T>(what: string, work: (services: Services) => Promise<T>): Promise<T | null> {
    const tried = work(this.services).catch((error: unknown) => {
      this.timeline.count(`${what} failed`, String(error));
      return null;
    });
    return Promise.race([tried, this.gone]);
  }

  /** The merge of whoever had an identity; null while the event that brings it about lies beside the ledger. */
  mergeOf(identity: string): { id: string; winner: number; loser: number; seq: number; taken: string } | null {
    const sql = "SELECT m.* FROM merges m JOIN identities i ON i.contact = m.loser WHERE i.identity = ?1";
    return this.database.all<NonNullable<ReturnType<System["mergeOf"]>>>(sql, [identity])[0] ?? null;
  }

  /** The cron. An error of it is the next one's to make good. */
  async sweep(): Promise<void> {
    if (!this.safeguards.sweeps) return;
    this.timeline.count("sweeps");
    const [before, excused] = [this.swept(), this.timeline.excused];
    const done = sweep(this.services).catch(() => this.timeline.count("sweeps that failed"));
    await Promise.race([done, this.gone]);
    if (this.swept() >= before + 1 + Number(VARIABLES.CONTACT_SHARDS)) this.timeline.swept(excused);
  }

  /** How many times an object's sweep has been answered, less those that failed. */
  private swept(): number {
    const times = (what: string): number => this.timeline.happened.get(what) ?? 0;
    // A group that was not stored leaves the side journal as it was.
    return times("answer of sweep") - times("log: shards not swept") - times("log: group not stored");
  }

  private boot(): void {
    const { timeline } = this;
    this.end(null);
    this.gone = new Promise((resolve) => {
      this.end = resolve;
    });
    const { harsh = false, alarmsCatch } = this.safeguards;
    // What an alarm throws is lost where nothing answers for longer than it is tried: looked for more often.
    const outages = alarmsCatch === false ? 0.3 : undefined;
    const objects = new Objects(timeline, this.disks, () => this.services.env, harsh, outages);
    const shard = this.safeguards.alarmsCatch === false ? ThrowingShard : ContactShard;
    const env = {
      ...VARIABLES,
      DB: d1Over(this.database, timeline),
      LEDGER: objects.namespace(Ledger),
      SHARDS: objects.namespace(shard),
      EMAIL_QUEUE: this.queue.binding,
      // One consumer is as good as two here.
      SMS_QUEUE: this.queue.binding,
      ACT_QUEUE: this.acts.binding,
      ARCHIVE: this.archive.binding,
    };
    this.services = new Services(env as unknown as Env);
    objects.recoverAlarms(shard);
    const ports = this.consumerPorts(this.services);
    this.queue.restart((batch) => consumeBatch("email", batch, ports));
    const { services } = this;
    this.acts.restart((batch) => consumeActs(services, batch));
  }

  private consumerPorts(services: Services): ConsumerPorts {
    const { provider, timeline, safeguards } = this;
    return {
      ...services.consumer(),
      channel: () => provider.channel,
      content: async (key) => (key.endsWith("_sms") ? secondPurchaseSms : CONTENT),
      log: () => undefined,
      async permit(keys) {
        const { ticks: asked, now } = timeline;
        const rows = await services.ledger.permit(keys);
        for (const { id } of rows) {
          provider.asked.set(id, asked);
          provider.askedTimes.set(id, now);
        }
        if (!safeguards.rendersAgain) return rows;
        return rows.map((row) => ({
          ...row,
          data: row.data.replace(/"first_name":"[^"]*"/, `"first_name":"${timeline.now}"`),
        }));
      },
    };
  }
}
