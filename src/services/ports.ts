import { permitSends } from "../decisions/store";
import type { LedgerObjectPorts } from "../events/object";
import { JournalStore } from "../events/store";
import { delayWake, faults, killPoint, withKillPoint } from "../local/faults";
import { log } from "../platform/log";
import { CopyLine } from "../scenarios/copy-line";
import type { Interest } from "../scenarios/interest";
import { interestOf } from "../scenarios/interest";
import type { Receipt, ShardPorts, WakeCall } from "../scenarios/shard-port";
import { bundleWriter } from "../scenarios/store";
import { enqueueSends } from "../sends/queue";
import { SENDS_SQL } from "../sends/store";
import type { Services } from "../services";
import { readBriefing } from "./briefing";
import type { LedgerCargo } from "./env";
import { COUNTER_TABLES, factsOf, liveParts, lookUp, ROW_TABLES } from "./records";

/** What the ledger object is made of. */
export async function ledgerPorts(services: Services): Promise<LedgerObjectPorts<LedgerCargo>> {
  const { env, config, clock } = services;
  await services.ready();
  let interest: Interest = { carts: false, activity: false, events: new Set() };
  let revision = 0;
  const refresh = async (): Promise<void> => {
    const briefing = await readBriefing(env.DB, services.briefing);
    interest = interestOf(briefing.playbook);
    revision = briefing.revision;
  };
  await checkShards(env.DB, config.CONTACT_SHARDS);
  await refresh();
  const journal = new JournalStore(env.DB, ROW_TABLES, COUNTER_TABLES);
  if (__LOCAL__) journal.write = withKillPoint("after-ledger-batch", journal.write.bind(journal));
  const copies = copyLine(services);
  const receipts = new Map<number, Receipt>();
  return {
    core: {
      journal,
      parts: liveParts(config.SHOP_CURRENCY, () => interest),
      lookUp: (keys, ids) => lookUp(env.DB, keys, ids),
      owner: () => crypto.randomUUID(),
      pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      log,
    },
    shards: config.CONTACT_SHARDS,
    now: () => clock.now(),
    async wake(shard, items, recordOf) {
      if (__LOCAL__) await delayWake();
      if (__LOCAL__) await killPoint("between-batch-and-wake");
      const entries = items.map(({ contact, seq, happenings }) => {
        const record = recordOf(contact);
        return { contact, seq, happenings, facts: record ? factsOf(record) : null };
      });
      const call: WakeCall = { v: 2, revision, entries, receipt: receipts.get(shard) ?? null };
      const owed = await services.shard(shard).wake(call);
      if (owed.rows.length > 0) receipts.set(shard, await copies.copy(owed));
    },
    copy: (owed) => copies.copy(owed),
    async facts(contacts, recordOf) {
      const missing = contacts.filter((contact) => !recordOf(contact));
      const read = missing.length > 0 ? (await lookUp(env.DB, [], missing)).records : [];
      const known = contacts.flatMap((contact) => recordOf(contact) ?? []);
      // What was read is not put into the ledger's memory: a group that is being written may know it better.
      return { revision, facts: [...read, ...known].map(factsOf) };
    },
    permit: (keys, owner, now) => permitSends(env.DB, keys, owner, now),
    contactsOf: (keys) => keys.map(({ contact }) => contact),
    refresh,
    permitWaits: () => !__LOCAL__ || faults.permitWaits,
  };
}

/** What a shard object is made of. */
export async function shardPorts(services: Services): Promise<ShardPorts> {
  const { env, clock } = services;
  await services.ready();
  return {
    briefing: () => readBriefing(env.DB, services.briefing),
    facts: (contacts) => services.ledger.facts(contacts),
    copy: (owed) => services.ledger.copy(owed),
    now: () => clock.now(),
    realTimeOf: (at) => clock.realTimeOf(at),
    log,
  };
}

/** What shards owe on its way to D1, and from there to the queues. */
function copyLine(services: Services): CopyLine {
  const write = bundleWriter(services.env.DB, SENDS_SQL);
  return new CopyLine({
    async write(bundles) {
      if (__LOCAL__) await killPoint("after-shard-commit");
      await write(bundles);
      if (__LOCAL__) await killPoint("after-outbox");
    },
    async enqueue(sends) {
      const channels = new Set(sends.map(({ channel }) => channel));
      for (const channel of channels) {
        const queue = services.queue(channel);
        const keys = sends.filter((send) => send.channel === channel);
        try {
          if (queue) await enqueueSends(queue, keys);
        } catch (error) {
          // The rows are in D1: the sweep offers them again.
          log("queue not reached", { channel, sends: keys.length, error: String(error) });
        }
      }
    },
  });
}

/** Contacts are found by the number of shards: it is chosen once, recorded, and never changed by a variable. */
async function checkShards(db: D1Database, shards: number): Promise<void> {
  const key = "contact_shards";
  await db.prepare("INSERT OR IGNORE INTO settings (key, value) VALUES (?1, ?2)").bind(key, String(shards)).run();
  const row = await db.prepare("SELECT value FROM settings WHERE key = ?1").bind(key).first<{ value: string }>();
  if (Number(row?.value) === shards) return;
  throw new Error(`CONTACT_SHARDS is ${shards}, but the contacts were spread over ${row?.value} when the shop began`);
}
