import { beforeEach, describe, expect, test } from "vitest";
import type { LedgerEvent } from "../../src/events/event";
import type { ScenarioDefinition } from "../../src/scenarios/definition";
import { servicesOf } from "../../src/services";
import { archivePrefix, keyAfter, readArchive } from "../../src/services/archive";
import type { Env } from "../../src/services/env";
import { eraseDue } from "../../src/services/erase";
import { emptyContacts } from "../../src/services/erase-begin";
import { runHygiene } from "../../src/services/hygiene";
import { keepPrivacy } from "../../src/services/keep";
import { readJournal } from "../../src/services/read-journal";
import { alone, makeRehearsal, readPast } from "../../src/services/rehearse";
import { retain } from "../../src/services/retain";
import { DAY } from "../../src/shared/clock";
import { contactId } from "../../src/shared/ids";
import { bindings, placesOf, rowOf, services } from "../support/marked";
import { scenario } from "../unit/scenarios/scenario";

const { DB, ARCHIVE } = bindings;
const NOW = Date.now();
/** The shop's past, so that what is archived comes before what is not. */
const LONG_AGO = NOW - 500 * DAY;

let count = 0;

function event(change: Partial<LedgerEvent>): LedgerEvent {
  return { id: `past-${++count}`, type: "track", name: "Viewed", at: LONG_AGO, trust: "secret", ...change };
}

/** Takes a request in as if it had come at a time. */
async function at(time: number, ...events: Partial<LedgerEvent>[]): Promise<void> {
  const { status } = await services.append({ receivedAt: time, events: events.map(event) }, null);
  expect(status).toBe("stored");
}

/** Notes that the shards know of everything, which the ledger does with its next batch. */
async function heard(): Promise<void> {
  await services.ledger.settled();
  await DB.prepare("UPDATE cursor SET woken = applied").run();
}

async function keys(table: string): Promise<string[]> {
  const all: string[] = [];
  for (let key = await keyAfter(ARCHIVE, archivePrefix(table), ""); key; ) {
    all.push(key);
    key = await keyAfter(ARCHIVE, archivePrefix(table), key);
  }
  return all;
}

async function seqs(): Promise<number[]> {
  const all: number[] = [];
  for await (const rows of readJournal(services)) all.push(...rows.map(({ seq }) => seq));
  return all;
}

async function stored(table: string): Promise<number> {
  return (await DB.prepare(`SELECT count(*) AS n FROM ${table}`).first<number>("n")) ?? -1;
}

/** A database that fails at the first statement of a kind. */
function failing(start: string): Env {
  let failed = false;
  const prepare = (sql: string): D1PreparedStatement => {
    if (failed || !sql.startsWith(start)) return DB.prepare(sql);
    failed = true;
    throw new Error("the process died");
  };
  return { ...bindings, DB: { prepare, batch: DB.batch.bind(DB) } } as unknown as Env;
}

beforeEach(async () => {
  await DB.batch(["journal", "sends", "decisions"].map((table) => DB.prepare(`DELETE FROM ${table}`)));
  for (const table of ["journal", "sends", "decisions"]) for (const key of await keys(table)) await ARCHIVE.delete(key);
  await services.ledger.settled();
});

/** Days ago: the first two are young enough for the journal, and too old for the hash of an address. */
const RECENT = [45, 31, 2, 1];

const thanks: ScenarioDefinition = scenario({
  start: { type: "start.event", params: { event: "Order Completed" }, next: { next: "wait" } },
  wait: { type: "wait.for", params: { duration: "P3D" }, next: { next: "send" } },
  send: { type: "send.email", params: { content: "second_purchase_thanks" } },
});

async function rehearsed(): Promise<unknown> {
  const rehearsal = makeRehearsal(services, alone("scn", 1, thanks), { from: 0, to: NOW, programme: null });
  for (const past of await readPast(services, NOW)) rehearsal.play(past);
  return rehearsal.finish();
}

describe("the journal's archive", () => {
  test("takes what is old, oldest first, before it is deleted; a rehearsal tells the same as before", async () => {
    for (let day = 0; day < 12; day++) {
      const user = `past-${day % 4}`;
      const order = { name: "Order Completed", properties: { order_id: `o-${day}`, total: 10 } };
      const known = { type: "identify" as const, traits: { email: `${user}@x.test`, consent: { email: true } } };
      const time = day < 8 ? LONG_AGO + day * DAY : NOW - (RECENT[day - 8] ?? 0) * DAY;
      await at(time, { user, at: time, ...known, origin: "hash-of-an-ip" }, { user, at: time, ...order });
    }
    const [before, all] = [await rehearsed(), await seqs()];
    expect(before).toMatchObject({ totals: expect.anything() });
    expect(await retain(services)).toBe(true);
    expect(await stored("journal")).toBe(4);
    expect((await keys("journal")).length).toBe(1);
    expect(await seqs()).toEqual(all);
    expect(await rehearsed()).toEqual(before);
    // The hash of a network address is kept with the consent that it proves, and nowhere else for long (J09).
    expect((await placesOf("hash-of-an-ip")).sort()).toEqual(["D1 consent_events", "D1 journal"]);
    const holding = await DB.prepare("SELECT received_at FROM journal WHERE instr(body, 'hash-of-an-ip')").all();
    expect(holding.results).toEqual([{ received_at: NOW - 2 * DAY }, { received_at: NOW - DAY }]);
  });

  test("has every row once where the process dies between writing and deleting", async () => {
    for (let index = 0; index < 5; index++) await at(LONG_AGO, { user: "dying" });
    const all = await seqs();
    await expect(retain(servicesOf(failing("DELETE FROM journal")))).rejects.toThrow("died");
    expect(await stored("journal")).toBe(5);
    expect(await seqs()).toEqual(all);
    await at(LONG_AGO, { user: "dying" });
    await heard();
    expect(await retain(services)).toBe(true);
    expect(await keys("journal")).toHaveLength(1);
    expect(await stored("journal")).toBe(0);
    expect((await seqs()).length).toBe(6);
  });

  test("keeps what a shard may not have heard of", async () => {
    await at(LONG_AGO, { user: "unheard" }, { user: "unheard" });
    await DB.prepare("UPDATE cursor SET woken = 0").run();
    await retain(services);
    expect(await stored("journal")).toBe(1);
    await heard();
    await retain(services);
    expect(await stored("journal")).toBe(0);
  });
});

describe("the delivery log's archive", () => {
  const columns = "contact, id, run, scenario, block, channel, class, content, content_version, address, data, state";
  const put = (id: string, open: number, createdAt: number): Promise<unknown> =>
    DB.prepare(
      `INSERT INTO sends (${columns}, open, attempts, next_at, lease_until, created_at, updated_at) ` +
        "VALUES (1, ?1, 'run', 's', 'b', 'email', 'marketing', 'c', 1, 'a@b.test', '{}', 'sent', ?2, 1, 0, 0, ?3, 0)",
    )
      .bind(id, open, createdAt)
      .run();

  test("takes rows that are old and settled, whole, and leaves the others", async () => {
    await put("old-1", 0, LONG_AGO);
    await put("old-2", 0, LONG_AGO + 1);
    await put("old-open", 1, LONG_AGO);
    await put("young", 0, NOW);
    const rows = await DB.prepare("SELECT * FROM sends WHERE id IN ('old-1', 'old-2') ORDER BY id").all();
    await expect(retain(servicesOf(failing("DELETE FROM sends")))).rejects.toThrow("died");
    expect(await stored("sends")).toBe(4);
    await retain(services);
    const left = await DB.prepare("SELECT id FROM sends ORDER BY id").all<{ id: string }>();
    expect(left.results.map(({ id }) => id)).toEqual(["old-open", "young"]);
    const [key = "", ...others] = await keys("sends");
    expect(others).toEqual([]);
    expect((await readArchive(ARCHIVE, key)).map((line) => JSON.parse(line) as unknown)).toEqual(rows.results);
  });
});

describe("tables with a limit", () => {
  test("lose every row that is older, many pages of them, and no other", async () => {
    const insert =
      "INSERT INTO rejected_events (received_at, stage, message_id, reason, body) " +
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500) SELECT ?1 - i % 40, 'input', i, '', '' FROM n";
    await DB.prepare(insert)
      .bind(NOW - 91 * DAY)
      .run();
    await DB.prepare(insert.replace("2500", "7"))
      .bind(NOW - 80 * DAY)
      .run();
    expect(await retain(services)).toBe(true);
    expect(await stored("rejected_events")).toBe(7);
  });

  test("are those of browsing too: it goes after thirteen months, and what somebody bought or wished for stays", async () => {
    const put = (table: string, id: string, at: number): D1PreparedStatement =>
      DB.prepare(`INSERT INTO ${table} (source_id, contact, source, updated_at) VALUES (?1, 1, 'x', ?2)`).bind(id, at);
    const browsing = ["visits", "app_events", "recommendations"];
    await DB.batch(
      [...browsing, "wishlist_items"].flatMap((table) => [
        put(table, "old", NOW - 396 * DAY),
        put(table, "young", NOW - 394 * DAY),
      ]),
    );
    await retain(services);
    for (const table of browsing) {
      const { results } = await DB.prepare(`SELECT source_id FROM ${table} WHERE source = 'x'`).all();
      expect(results, table).toEqual([{ source_id: "young" }]);
    }
    expect(await DB.prepare("SELECT count(*) AS n FROM wishlist_items WHERE source = 'x'").first("n")).toBe(2);
  });
});

describe("the daily and monthly work (K08)", () => {
  test("is done once in its window, and beside itself not at all", async () => {
    await DB.prepare("DELETE FROM settings").run();
    await at(LONG_AGO, { user: "daily" });
    await heard();
    await Promise.all([keepPrivacy(services), keepPrivacy(services), keepPrivacy(services)]);
    await keepPrivacy(services);
    expect(await stored("journal")).toBe(0);
    await at(LONG_AGO, { user: "daily" });
    await heard();
    await keepPrivacy(services);
    expect(await stored("journal")).toBe(1);
    await DB.prepare("UPDATE settings SET value = '2020-01-01' WHERE key = 'window:retention'").run();
    await keepPrivacy(services);
    expect(await stored("journal")).toBe(0);
  });
});

describe("the monthly hygiene (SC-30)", () => {
  const FOUR_YEARS = NOW - 4 * 365 * DAY;
  const status = async (user: string): Promise<string | undefined> => {
    const contact = known.get(user) ?? 0;
    return (await DB.prepare("SELECT status FROM contacts WHERE id = ?1").bind(contact).first<string>("status")) ?? "";
  };
  const known = new Map<string, number>();

  /** Told of some days ago: what was told a moment ago may be history that is still being loaded. */
  let received = NOW - 3 * DAY;

  async function prospect(user: string, ...acts: Partial<LedgerEvent>[]): Promise<number> {
    const traits = { email: `${user}@x.test`, first_name: `hygiene-${user}` };
    const came = { user, at: FOUR_YEARS, trust: "import" } as const;
    await at(received, { ...came, type: "identify", traits }, ...acts.map((act) => ({ user, ...act })));
    const contact = (await rowOf(`u:${user}`)) ?? 0;
    known.set(user, contact);
    return contact;
  }

  test("empties prospects without contact for three years; an open is none, a click, a visit and an order are", async () => {
    const lately = { at: NOW - DAY };
    await prospect("silent");
    const opener = await prospect("opener");
    const clicker = await prospect("clicker");
    await prospect("visitor", lately);
    await prospect("buyer", { ...lately, name: "Order Completed", properties: { order_id: "h-1", total: 5 } });
    await prospect("subscriber", { ...lately, type: "identify", traits: { consent: { email: true } } });
    const signal = { type: "internal", trust: "internal", ...lately } as const;
    await at(received, { ...signal, name: "message.opened", contact: opener, properties: { send: "s" } });
    await at(received, { ...signal, name: "message.clicked", contact: clicker, properties: { send: "s" } });
    const report = await runHygiene(services, "2026-01");
    expect(report.expired).toBeGreaterThanOrEqual(2);
    await eraseDue(services);
    for (const user of ["silent", "opener"]) {
      expect(await status(user)).toBe("expired");
      expect(await placesOf(`hygiene-${user}`)).toEqual([]);
      expect(await rowOf(`u:${user}`)).toBeNull();
    }
    for (const user of ["clicker", "visitor", "buyer", "subscriber"]) expect(await status(user), user).toBe("verified");
    // Kept too long is not erased on request: who comes again is welcome.
    await prospect("silent", { at: NOW });
    expect(await status("silent")).toBe("verified");
  });

  test("leaves alone who was told of a moment ago: their orders may come in the next file", async () => {
    received = NOW;
    await prospect("loading");
    await runHygiene(services, "2026-06");
    expect(await status("loading")).toBe("verified");
    await DB.prepare("UPDATE journal SET received_at = ?1")
      .bind(NOW - 3 * DAY)
      .run();
    expect((await runHygiene(services, "2026-07")).expired).toBeGreaterThan(0);
    expect(await status("loading")).toBe("expired");
    received = NOW - 3 * DAY;
  });

  test("empties claims that nobody confirmed for thirty days, and younger ones not", async () => {
    const claim = (anon: string, time: number): Partial<LedgerEvent> => ({
      anon,
      type: "identify",
      trust: "write",
      at: time,
      traits: { email: `${anon}@x.test`, consent: { email: true } },
    });
    await at(NOW, claim("unconfirmed-old", NOW - 31 * DAY), claim("unconfirmed-new", NOW - 29 * DAY));
    const fresh = await rowOf("a:unconfirmed-new");
    expect((await runHygiene(services, "2026-02")).unconfirmed).toBe(1);
    await eraseDue(services);
    expect(await placesOf("unconfirmed-old")).toEqual([]);
    expect(await rowOf("a:unconfirmed-new")).toBe(fresh);
  });

  test("copies the consents of the month before to the archive, from where an erasure takes them again", async () => {
    await prospect("agreed", {
      at: NOW,
      type: "identify",
      traits: { consent: { email: true }, consent_source: "zqcopied" },
    });
    const recorded = Date.UTC(2026, 2, 31, 23);
    await DB.prepare("UPDATE consent_events SET recorded_at = ?1 WHERE source = 'zqcopied'").bind(recorded).run();
    expect((await runHygiene(services, "2026-04")).consents_copied).toBe(1);
    expect((await runHygiene(services, "2026-05")).consents_copied).toBe(0);
    expect(await placesOf("zqcopied")).toHaveLength(3);
    await emptyContacts(services, "prv_copied", [known.get("agreed") ?? 0], true);
    await eraseDue(services);
    expect(await placesOf("zqcopied")).toEqual([]);
  });

  test("tells of desks and of people who are there twice, by their ids", async () => {
    const desk = await prospect("info-desk", { at: NOW });
    await DB.prepare("UPDATE contacts SET email = 'info@x.test' WHERE id = ?1").bind(desk).run();
    const phone = { type: "identify" as const, at: NOW, traits: { phone: "+33698765432" } };
    const twins = [await prospect("twin-1", phone, { at: NOW }), await prospect("twin-2", phone, { at: NOW })];
    const report = await runHygiene(services, "2026-03");
    expect(report.role_addresses).toEqual([contactId(desk)]);
    expect(report.duplicates).toContainEqual(twins.map(contactId));
    expect(JSON.stringify(report)).not.toContain("@");
  });
});
