import type { SendKey } from "./decisions/permit";
import type { LedgerEvent } from "./events/event";
import type { AppendAnswer, Caller, Intake } from "./events/intake";
import { writeSideJournal } from "./events/store";
import type { SourceNote } from "./events/tally";
import { localClock } from "./local/clock";
import { demoUrl } from "./local/demo-url";
import { killPoint } from "./local/faults";
import { inboxStore } from "./local/inbox-store";
import { Keyring } from "./platform/auth";
import { systemClock } from "./platform/clock";
import type { Config } from "./platform/env";
import { readConfig } from "./platform/env";
import { log } from "./platform/log";
import { placed } from "./platform/placement";
import { openSocket } from "./platform/socket";
import type { Terms } from "./segments/compile";
import { batchStore } from "./sends/batch-store";
import type { ChannelKey } from "./sends/channels";
import { CHANNELS, openChannels } from "./sends/channels";
import type { Content } from "./sends/content";
import { STARTER_CONTENTS } from "./sends/contents";
import { storedContent } from "./sends/input";
import type { Channel } from "./sends/message";
import type { ConsumerPorts } from "./sends/queue";
import { enqueueSends } from "./sends/queue";
import type { Shop } from "./sends/scope";
import type { Senders } from "./sends/sender";
import { settleSends } from "./sends/store";
import type { BriefingSettings } from "./services/briefing";
import { BriefingCache } from "./services/briefing";
import { barredOf, paceOf } from "./services/consumer-ports";
import { completeRows } from "./services/contents/complete";
import { DoorNotes } from "./services/door-notes";
import type { Env, LedgerRpc, ShardRpc } from "./services/env";
import type { Seal } from "./services/seal";
import { sealUnder } from "./services/seal";
import { TableCatalog } from "./services/tables";
import type { Clock } from "./shared/clock";
import { Fault } from "./shared/fault";
import type { OutboundPolicy } from "./shared/outbound-url";
import { linksFor } from "./tracking/links";

/** Everything that routes, objects and consumers are given: made once for each environment. */
export class Services {
  readonly config: Config;
  readonly clock: Clock = __LOCAL__ ? localClock : systemClock;
  readonly keyring: Keyring;
  readonly shop: Shop & Senders & { readonly cartUrl: string };
  readonly briefing: BriefingSettings;
  readonly briefings: BriefingCache;
  readonly tables: TableCatalog;
  /** What rules are compiled and tested under; tables are those that were last read. */
  readonly terms: Terms;
  /** What erased people were known by is kept under it. */
  readonly seal: Seal;
  /** Counts what comes to the door and not to the ledger, for what operators see of each source. */
  readonly notes: DoorNotes;
  private readonly channels: Readonly<Record<ChannelKey, Channel>>;
  private ledgerId: DurableObjectId | null = null;
  private readonly contents = new Map<string, Content>();

  constructor(readonly env: Env) {
    this.config = readConfig(env);
    const { config } = this;
    const { WRITE_KEYS: write, SECRET_KEYS: secret, ADMIN_KEYS: admin } = config;
    this.keyring = new Keyring({ write, secret, admin });
    const url = config.SHOP_URL || (__LOCAL__ ? demoUrl(config.PUBLIC_URL) : config.PUBLIC_URL);
    this.shop = {
      name: config.SHOP_NAME,
      url,
      postalAddress: config.SHOP_POSTAL_ADDRESS,
      emailFrom: config.EMAIL_FROM,
      emailFromTransactional: config.EMAIL_FROM_TRANSACTIONAL,
      emailFromNotice: config.EMAIL_FROM_NOTICE,
      emailReplyTo: config.EMAIL_REPLY_TO,
      timezone: config.SHOP_TIMEZONE,
      cartUrl: config.SHOP_CART_URL || `${url}/cart`,
    };
    this.channels = openChannels(env, __LOCAL__ && this.isLocal ? inboxStore(env.DB) : null, openSocket);
    const { isLocal } = this;
    this.briefing = {
      cartUrl: this.shop.cartUrl,
      mailbox: config.UNSUBSCRIBE_MAILBOX,
      ready: this.readyChannels(),
      isLocal,
      now: () => this.clock.now(),
    };
    this.briefings = new BriefingCache(env.DB, this.briefing);
    this.tables = new TableCatalog(env.DB);
    const { SHOP_TIMEZONE: zone, SHOP_CURRENCY: currency } = config;
    this.terms = { shop: { zone, currency }, table: (key) => this.tables.find(key) };
    const tell = (notes: readonly SourceNote[]) => this.ledger.note(notes);
    this.notes = new DoorNotes({ now: () => this.clock.now(), realNow: () => Date.now(), tell });
    this.seal = sealUnder(config.ERASURE_SECRET || config.LINK_SECRET);
  }

  get isLocal(): boolean {
    return __LOCAL__ && this.config.RELANCE_ENV === "local";
  }

  /** Where we go on somebody's word: the shop's own host and those that the operator lists. */
  get outbound(): OutboundPolicy {
    const own = URL.canParse(this.config.SHOP_URL) ? [new URL(this.config.SHOP_URL).hostname] : [];
    return { isLocal: this.isLocal, hosts: [...own, ...this.config.OUTBOUND_HOSTS] };
  }

  /** Where objects are made: the local runtime knows no jurisdictions. */
  get jurisdiction(): "" | "eu" {
    return this.config.RELANCE_ENV === "local" ? "" : this.config.OBJECT_JURISDICTION;
  }

  /** Resolves when time can be told. */
  async ready(): Promise<void> {
    if (__LOCAL__) await localClock.load(this.env.DB);
  }

  get ledger(): DurableObjectStub<LedgerRpc> {
    const ledgers = placed(this.env.LEDGER, this.jurisdiction);
    this.ledgerId ??= ledgers.idFromName("ledger-0");
    return ledgers.get(this.ledgerId);
  }

  shard(index: number): DurableObjectStub<ShardRpc> {
    const shards = placed(this.env.SHARDS, this.jurisdiction);
    return shards.get(shards.idFromName(`shard-${index}`));
  }

  shards(): DurableObjectStub<ShardRpc>[] {
    return Array.from({ length: this.config.CONTACT_SHARDS }, (_, index) => this.shard(index));
  }

  queue(channel: string): Queue | null {
    const { EMAIL_QUEUE: email, SMS_QUEUE: sms, PUSH_QUEUE: push, WALLET_QUEUE: wallet, PRINT_QUEUE: print } = this.env;
    const queues: Readonly<Record<ChannelKey, Queue>> = { email, sms, push, wallet, print };
    return Object.hasOwn(queues, channel) ? queues[channel as ChannelKey] : null;
  }

  /** Wakes the queues of sends whose rows are in D1. Never throws: the sweep offers again what is not reached now. */
  async offer(sends: readonly (SendKey & { readonly channel: string })[]): Promise<void> {
    for (const [channel, keys] of Map.groupBy(sends, (send) => send.channel)) {
      try {
        const queue = this.queue(channel);
        if (queue) await enqueueSends(queue, keys);
      } catch (error) {
        log("queue not reached", { channel, sends: keys.length, error: String(error) });
      }
    }
  }

  /** Takes events in. Where the ledger cannot be reached they go to the side journal, which it reads when it is back. */
  async append(intake: Intake, caller: Caller | null): Promise<AppendAnswer> {
    try {
      const { events, rejections = [], ...rest } = intake;
      return await this.ledger.append({ ...rest, text: JSON.stringify(events), rejections }, caller);
    } catch (error) {
      log("ledger not reached", { error: String(error) });
      try {
        await writeSideJournal(this.env.DB, JSON.stringify(intake));
        return { status: "stored" };
      } catch {
        return { status: "unavailable" };
      }
    }
  }

  /** Takes events of our own in. Throws a Fault with these words where they could not be stored. */
  async say(events: readonly LedgerEvent[], refusal: string): Promise<void> {
    const { status } = await this.append({ receivedAt: this.clock.now(), events }, null);
    if (status !== "stored") throw new Fault("unavailable", refusal, [], 5);
  }

  /** A content of one version: the shop's own, or ours. */
  async content(key: string, version: number): Promise<Content | null> {
    const starter = (STARTER_CONTENTS as Readonly<Record<string, Content>>)[key];
    if (starter?.version === version) return starter;
    const id = `${key}.${version}`;
    const known = this.contents.get(id);
    if (known) return known;
    const sql = "SELECT definition FROM contents WHERE key = ?1 AND version = ?2";
    const row = await this.env.DB.prepare(sql).bind(key, version).first<{ definition: string }>();
    if (!row) return null;
    const content: Content = { ...storedContent.parse(JSON.parse(row.definition)), key, version };
    this.contents.set(id, content);
    return content;
  }

  /** One way to reach a person, for what is no message to a contact, such as a test send. */
  channel(key: ChannelKey): Channel {
    return this.channels[key];
  }

  /** What a queue consumer is made of. */
  consumer(): ConsumerPorts {
    const { env, config, clock, shop } = this;
    return {
      channel: (key) => (Object.hasOwn(this.channels, key) ? this.channels[key as ChannelKey] : null),
      content: (key, version) => this.content(key, version),
      links: (row, data) =>
        linksFor(row, data, { publicUrl: config.PUBLIC_URL, shopUrl: shop.url, secret: config.LINK_SECRET }),
      shop,
      now: () => clock.now(),
      permit: (keys) => this.ledger.permit(keys),
      complete: (rows) => completeRows(this, rows),
      async settle(settled) {
        if (__LOCAL__) await killPoint("after-provider");
        await settleSends(env.DB, settled, clock.now());
      },
      later: async (channel, keys, delaySeconds) => {
        const queue = this.queue(channel);
        if (queue) await enqueueSends(queue, keys, delaySeconds);
      },
      log,
      batches: batchStore(env, () => clock.now()),
      pace: paceOf(this),
      barred: (rows) => barredOf(this, rows),
    };
  }

  private readyChannels(): string[] {
    const { config } = this;
    if (this.isLocal) return Object.keys(CHANNELS);
    const provider = config.RESEND_API_KEY !== "" || config.SMTP_HOST !== "";
    const email = provider && config.EMAIL_FROM !== "" && config.SHOP_POSTAL_ADDRESS !== "";
    return email ? ["email"] : [];
  }
}

const made = new WeakMap<Env, Services>();

/** The services of an environment. */
export function servicesOf(env: Env): Services {
  const known = made.get(env);
  if (known) return known;
  const services = new Services(env);
  made.set(env, services);
  return services;
}
