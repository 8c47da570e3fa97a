import type { Programme } from "../commerce/loyalty-programme";
import { readProgramme } from "../commerce/loyalty-store";
import { crowdedContact } from "../contacts/browsers";
import { starTable } from "../contacts/star";
import { readyTables } from "../contacts/star/custom-store";
import { ordered, tableStatements } from "../contacts/star/store";
import type { StarTable } from "../contacts/star/table";
import { OPEN_SENDING, rulesOf } from "../decisions/sending";
import { permitSends } from "../decisions/store";
import type { LedgerObjectPorts } from "../events/object";
import { JournalStore } from "../events/store";
import { delayWake, faults, killPoint, withKillPoint } from "../local/faults";
import type { RowStatement } from "../platform/d1";
import { log } from "../platform/log";
import { chooseOnce, readSetting } from "../platform/settings";
import { CopyLine } from "../scenarios/copy-line";
import type { Interest } from "../scenarios/interest";
import { interestOf } from "../scenarios/interest";
import type { CatchUp, Receipt, ShardPorts, WakeCall } from "../scenarios/shard-port";
import { bundleWriter } from "../scenarios/store";
import type { Read } from "../segments/condition";
import { readsOf } from "../segments/rule";
import { SENDS_SQL } from "../sends/store";
import type { Services } from "../services";
import { readMid } from "../tracking/mid";
import { enqueueActs } from "./acts/queue";
import { readBriefing } from "./briefing";
import type { LedgerCargo } from "./env";
import { resumeMerges } from "./merges";
import { COUNTER_TABLES, factsWithHeads, headRecord, liveParts, lookUp, ROW_TABLES, standingFor } from "./records";
import { hasTombstones } from "./seal";
import { segmentFollower } from "./segments/follower";
import { SourceWatch } from "./source-watch";
import { withRows } from "./targeting";

/** What the ledger object is made of. */
export async function ledgerPorts(services: Services): Promise<LedgerObjectPorts<LedgerCargo>> {
  const { env, config, clock } = services;
  await services.ready();
  let interest: Interest = { carts: false, activity: false, events: new Set() };
  let [revision, rules] = [0, rulesOf(OPEN_SENDING)];
  let own: ReadonlyMap<string, StarTable> = new Map();
  const statements: Record<string, string | RowStatement> = { ...ROW_TABLES };
  let [programme, barring]: [Programme | null, boolean] = [null, false];
  let reads: readonly Read[] = [];
  const refresh = async (): Promise<void> => {
    programme = await readProgramme(env.DB);
    const briefing = await readBriefing(env.DB, services.briefing);
    interest = interestOf(briefing.playbook);
    revision = briefing.revision;
    rules = briefing.sending ?? rules;
    own = await readyTables(env.DB);
    // Those of a table that went stay: a group may be on its way.
    Object.assign(statements, ordered([...own.values()].map(tableStatements)));
    barring = await hasTombstones(env.DB);
    await follower.refresh();
    await services.tables.read();
    reads = readsOf({ all: briefing.playbook.asks ?? [] }, services.terms);
  };
  const parts = liveParts(config.SHOP_CURRENCY, () => interest, {
    tables: { find: (key) => starTable(key) ?? own.get(key), strict: true },
    loyalty: { programme: () => programme, secret: config.LINK_SECRET },
    touchOf: (mid) => readMid(config.LINK_SECRET, mid),
  });
  const follower = segmentFollower(services, (event) => parts.resolver.keys(event));
  await checkPlacement(env.DB, services.jurisdiction);
  await checkShards(env.DB, config.CONTACT_SHARDS);
  await refresh();
  const journal = new JournalStore(env.DB, statements, COUNTER_TABLES);
  if (__LOCAL__) journal.write = withKillPoint("after-ledger-batch", journal.write.bind(journal));
  const copies = copyLine(services);
  const receipts = new Map<number, Receipt>();
  const now = () => clock.now();
  const watch = new SourceWatch({ db: env.DB, now, realNow: () => Date.now(), life: crypto.randomUUID(), log });
  return {
    core: {
      stored: (intake) => watch.stored(intake),
      journal,
      parts,
      touched: (contacts, seq) => follower.touch(contacts, seq),
      lookUp: (keys, ids) =>
        lookUp(env.DB, keys, ids, { loyalty: programme !== null, seal: barring ? services.seal : null }),
      owner: () => crypto.randomUUID(),
      pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      log,
    },
    shards: config.CONTACT_SHARDS,
    now,
    async wake(shard, items, recordOf) {
      if (__LOCAL__) await delayWake();
      if (__LOCAL__) await killPoint("between-batch-and-wake");
      const known = items.map(({ contact, seq, happenings }) => {
        const head = headRecord(contact, recordOf);
        return { contact, seq, happenings, facts: head ? standingFor(contact, head, services.terms.shop) : null };
      });
      const facts = await withRows(
        services,
        known.map((entry) => entry.facts),
        reads,
      );
      const entries = known.map((entry, index) => ({ ...entry, facts: facts[index] ?? null }));
      const call: WakeCall = { v: 2, revision, entries, receipt: receipts.get(shard) ?? null };
      const owed = await services.shard(shard).wake(call);
      if (owed.rows.length > 0) receipts.set(shard, await copies.copy(owed));
      // Not waited for: it asks whether this very call has been answered. The sweep makes good what is lost here.
      if (items.some(({ happenings }) => happenings.some(({ type }) => type === "handover.in"))) {
        void resumeMerges(services).catch((error: unknown) => log("merges not resumed", { error: String(error) }));
      }
    },
    copy: (owed) => copies.copy(owed),
    async facts(contacts, recordOf) {
      const facts = await factsWithHeads(env.DB, contacts, recordOf, services.terms.shop);
      return { revision, facts: await withRows(services, facts, reads) };
    },
    permit: (keys, owner, now) => permitSends(env.DB, keys, owner, now, { rules, zone: config.SHOP_TIMEZONE }),
    contactsOf(keys, recordOf) {
      const heads = keys.map(({ contact }) => headRecord(contact, recordOf)?.id);
      // Of a contact that is not in memory nobody knows whether another one stands for it by now.
      if (heads.includes(undefined)) return "all";
      return [...keys.map(({ contact }) => contact), ...heads.flatMap((head) => head ?? [])];
    },
    crowding(events, cache, now) {
      const crowd = crowdedContact(events, cache, now);
      if (!crowd) return 0;
      log("alert: too many browsers for one contact", { contact: crowd.contact });
      return crowd.seconds;
    },
    watch,
    follow: () => follower.settle(),
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
    async catchUp(contacts, others) {
      // The stub's own type gives up on values of any kind.
      const { sheet, owed } = await (services.ledger.catchUp(contacts, others) as unknown as Promise<CatchUp>);
      return { sheet, owed: __LOCAL__ && !faults.wakesAreTold ? [] : owed };
    },
    copy: (owed) => services.ledger.copy(owed),
    now: () => clock.now(),
    newLife: () => crypto.randomUUID(),
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
    enqueue: (sends) => services.offer(sends),
    enact: (acts) => enqueueActs(services.env.ACT_QUEUE, acts),
  });
}

/** An object of another jurisdiction is another object, and empty: where they are is chosen once and recorded. */
async function checkPlacement(db: D1Database, jurisdiction: string): Promise<void> {
  const key = "object_jurisdiction";
  // A shop that began before the choice was recorded has its objects anywhere.
  const begun = "EXISTS (SELECT 1 FROM settings WHERE key = 'contact_shards')";
  const sql = `INSERT OR IGNORE INTO settings (key, value) SELECT ?1, CASE WHEN ${begun} THEN '' ELSE ?2 END`;
  await db.prepare(sql).bind(key, jurisdiction).run();
  const made = (await readSetting(db, key)) ?? "";
  if (made === jurisdiction) return;
  throw new Error(`OBJECT_JURISDICTION is "${jurisdiction}", but the objects were made in "${made}"`);
}

/** Contacts are found by the number of shards: it is chosen once, recorded, and never changed by a variable. */
async function checkShards(db: D1Database, shards: number): Promise<void> {
  const chosen = await chooseOnce(db, "contact_shards", String(shards));
  if (Number(chosen) === shards) return;
  throw new Error(`CONTACT_SHARDS is ${shards}, but the contacts were spread over ${chosen} when the shop began`);
}
