import type { LedgerEvent } from "../../src/events/event";
import type { AppendAnswer } from "../../src/events/intake";
import { ledgerClass } from "../../src/events/object";
import { contactShardClass } from "../../src/scenarios/object";
import type { EmailContent } from "../../src/sends/content";
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

const VARIABLES = {
  RELANCE_ENV: "local",
  TOKEN_SECRET: "simulated-token-secret",
  LINK_SECRET: "simulated-link-secret",
  CONTACT_SHARDS: "2",
  PUBLIC_URL: "https://relance.test",
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
}

/** The whole product in one process over disks that outlive it: a crash keeps the disks and nothing else. */
export class System {
  readonly database: DatabaseFile;
  readonly disks = new Map<string, ObjectDisk>();
  readonly provider: Provider;
  readonly archive: Bucket;
  private readonly queue: SimulatedQueue;
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
    this.provider = new Provider(timeline, safeguards.idempotencyKeys);
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
    const done = sweep(this.services).catch(() => this.timeline.count("sweeps that failed"));
    await Promise.race([done, this.gone]);
  }

  private boot(): void {
    const { timeline } = this;
    this.end(null);
    this.gone = new Promise((resolve) => {
      this.end = resolve;
    });
    const objects = new Objects(timeline, this.disks, () => this.services.env);
    const env = {
      ...VARIABLES,
      DB: d1Over(this.database, timeline),
      LEDGER: objects.namespace(Ledger),
      SHARDS: objects.namespace(ContactShard),
      EMAIL_QUEUE: this.queue.binding,
      ACT_QUEUE: this.acts.binding,
      ARCHIVE: this.archive.binding,
    };
    this.services = new Services(env as unknown as Env);
    objects.recoverAlarms(ContactShard);
    const ports = this.consumerPorts(this.services);
    this.queue.restart((batch) => consumeBatch("email", batch, ports));
    const { services } = this;
    this.acts.restart((batch) => consumeActs(services, batch));
  }

  private consumerPorts(services: Services): ConsumerPorts {
    const { provider, timeline } = this;
    return {
      ...services.consumer(),
      channel: () => provider.channel,
      content: async () => CONTENT,
      log: () => undefined,
      async permit(keys) {
        const asked = timeline.ticks;
        const rows = await services.ledger.permit(keys);
        for (const { id } of rows) provider.asked.set(id, asked);
        return rows;
      },
    };
  }
}
