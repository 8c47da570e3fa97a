import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import type { LedgerEvent } from "../../src/events/event";
import { enqueueSends } from "../../src/sends/queue";
import { openSends } from "../../src/sends/store";
import { servicesOf } from "../../src/services";
import type { Env } from "../../src/services/env";
import { runScheduled } from "../../src/services/scheduled";
import { sweep } from "../../src/services/sweep";
import { faultyD1 } from "../support/chaos-d1";
import { journalIds, track } from "../support/chaos-ledger";
import { scenario } from "../unit/scenarios/scenario";

const real = env as unknown as Env;
const services = servicesOf(real);
const { DB } = real;

const CRON = "*/5 * * * *";

/** The queue of the email channel, as it loses everything that is put into it. */
function losing(): { from: Env; offered: string[] } {
  const offered: string[] = [];
  const sendBatch = (messages: { body: { sends: [number, string][] } }[]) => {
    for (const { body } of messages) offered.push(...body.sends.map(([, id]) => id));
    return Promise.resolve();
  };
  return { from: { ...real, EMAIL_QUEUE: { sendBatch } } as unknown as Env, offered };
}

let users = 0;

/** A send whose wake-up was lost: its row is all that is left. */
async function lostSend(channel = "email"): Promise<string> {
  const id = `msg_lost_${++users}`;
  const at = Date.now() - 60_000;
  const columns = "contact, id, run, scenario, block, channel, class, content, content_version, address, data, state";
  await DB.prepare(
    `INSERT INTO sends (${columns}, open, attempts, next_at, lease_until, created_at, updated_at) ` +
      "VALUES (?1, ?2, 'run', 's', 'b', ?3, 'marketing', 'cart_1', 1, 'a@b.test', '{}', 'queued', 1, 0, ?4, 0, ?4, ?4)",
  )
    .bind(1_000 + users, id, channel, at)
    .run();
  return id;
}

beforeEach(async () => {
  await DB.batch([DB.prepare("DELETE FROM sends"), DB.prepare("DELETE FROM settings")]);
});

describe("the sweep (K08)", () => {
  test("that overlaps itself does its work once", async () => {
    const id = await lostSend();
    const { from, offered } = losing();
    await Promise.all([sweep(servicesOf(from)), sweep(servicesOf(from)), sweep(servicesOf(from))]);
    expect(offered).toEqual([id]);
  });

  test("that runs twice offers again what is still open, and nothing that has ended", async () => {
    const [open, ended] = [await lostSend(), await lostSend()];
    const { from, offered } = losing();
    await sweep(servicesOf(from));
    await DB.prepare("UPDATE sends SET state = 'sent', open = 0 WHERE id = ?1").bind(ended).run();
    await sweep(servicesOf(from));
    expect(offered.sort()).toEqual([open, ended, open].sort());
  });

  test("that is skipped leaves its work to the next one", async () => {
    const id = await lostSend();
    const until = String(Date.now() + 60_000);
    await DB.prepare("INSERT INTO settings (key, value) VALUES ('lease:sweep', ?1)").bind(until).run();
    const { from, offered } = losing();
    await sweep(servicesOf(from));
    expect(offered).toEqual([]);
    // The one that held the lease was killed; it runs out by itself.
    await DB.prepare("UPDATE settings SET value = ?1 WHERE key = 'lease:sweep'")
      .bind(String(Date.now() - 1))
      .run();
    await sweep(servicesOf(from));
    expect(offered).toEqual([id]);
  });

  test("leaves its lease behind when it fails, so that the next one is not kept waiting", async () => {
    const id = await lostSend();
    const { from, offered } = losing();
    const LEDGER = { idFromName: () => "x", get: () => ({ sweep: () => Promise.reject(new Error("lost")) }) };
    await expect(sweep(servicesOf({ ...from, LEDGER } as unknown as Env))).rejects.toThrow("lost");
    await sweep(servicesOf(from));
    expect(offered).toEqual([id]);
  });

  test("that cannot reach one queue goes on with the others, and with the rest of its work", async () => {
    const [text, mail] = [await lostSend("sms"), await lostSend()];
    const { from, offered } = losing();
    const closed = { ...from, SMS_QUEUE: { sendBatch: () => Promise.reject(new Error("no queue")) } } as unknown as Env;
    await sweep(servicesOf(closed));
    expect(offered).toEqual([mail]);
    expect((await openSends(DB, Date.now(), 10)).map(({ id }) => id)).toContain(text);
  });

  test("run through the cron at once and again has one effect on what lies beside the ledger", async () => {
    const event: LedgerEvent = track("swept-event", "swept", "Order Completed", { order_id: "swept-order" });
    const body = JSON.stringify({ receivedAt: Date.now(), events: [event] });
    await DB.prepare("INSERT INTO side_journal (body) VALUES (?1)").bind(body).run();
    await Promise.all([runScheduled(services, CRON), runScheduled(services, CRON)]);
    await runScheduled(services, CRON);
    expect((await journalIds(DB)).filter((id) => id === "swept-event")).toHaveLength(1);
    expect(await DB.prepare("SELECT count(*) AS n FROM orders WHERE order_id = 'swept-order'").first("n")).toBe(1);
  });

  test("that evaluates a target twice at once lets each contact in once", async () => {
    const definition = scenario({
      start: {
        type: "start.targeting",
        params: { rule: { type: "orders.count", op: "gte", value: 1 }, every: "P1D" },
        next: { next: "end" },
      },
      end: { type: "exit" },
    });
    const insert = "INSERT INTO scenarios (id, name, state, draft_version, live_version, created_at, updated_at)";
    await DB.batch([
      DB.prepare(`${insert} VALUES ('targets', 'targets', 'active', 1, 1, 0, 0)`),
      DB.prepare(
        "INSERT INTO scenario_versions (scenario, version, definition, created_at) VALUES ('targets', 1, ?1, 0)",
      ).bind(JSON.stringify(definition)),
      DB.prepare("INSERT INTO settings (key, value) VALUES ('revision', '7')"),
    ]);
    const bought = track("target-1", "target", "Order Completed", { order_id: "target-order", total: 10 });
    await services.append({ receivedAt: Date.now(), events: [bought] }, null);
    await Promise.all([sweep(services), sweep(services)]);
    await DB.prepare("UPDATE scenarios SET evaluated_at = NULL").run();
    await sweep(services);
    await services.ledger.settled();
    expect(await DB.prepare("SELECT count(*) AS n FROM runs WHERE scenario = 'targets'").first("n")).toBe(1);
  });
});

describe("what the sweep offers", () => {
  test("is never crowded out by sends that have to wait: a killed channel, a parked contact", async () => {
    const held = await Promise.all(Array.from({ length: 30 }, () => lostSend("sms")));
    const parked = await lostSend();
    const free = await lostSend();
    await DB.prepare("INSERT INTO settings (key, value) VALUES ('kill', '[\"sms\"]')").run();
    await DB.prepare("INSERT INTO parked_contacts SELECT contact, 'x', 0 FROM sends WHERE id = ?1").bind(parked).run();
    expect((await openSends(DB, Date.now(), 10)).map(({ id }) => id)).toEqual([free]);
    await DB.batch([DB.prepare("DELETE FROM settings"), DB.prepare("DELETE FROM parked_contacts")]);
    const all = (await openSends(DB, Date.now(), 100)).map(({ id }) => id);
    expect(all.sort()).toEqual([...held, parked, free].sort());
  });

  test("leaves out a send whose contact's head is parked, or still being merged with somebody", async () => {
    await lostSend();
    const contact =
      "INSERT INTO contacts (id, status, merged_into, attributes, consents, created_at, tracked, ring, seq, seen_at) " +
      "VALUES (?1, 'x', ?2, '{}', '{}', 0, 0, '', 0, 0)";
    const [loser, head] = [1_000 + users, 2_000];
    await DB.batch([
      DB.prepare(contact).bind(loser, head),
      DB.prepare(contact).bind(head, null),
      DB.prepare("INSERT INTO parked_contacts VALUES (?1, 'x', 0)").bind(head),
    ]);
    expect(await openSends(DB, Date.now(), 10)).toEqual([]);
    const moving =
      "INSERT INTO merges (id, seq, winner, loser, cause, by, at, taken, step) " +
      "VALUES ('m', 0, ?1, 3000, 'x', 'x', 0, '{}', 'moving')";
    await DB.batch([DB.prepare("DELETE FROM parked_contacts"), DB.prepare(moving).bind(head)]);
    expect(await openSends(DB, Date.now(), 10)).toEqual([]);
    await DB.prepare("DELETE FROM merges").run();
    expect(await openSends(DB, Date.now(), 10)).toMatchObject([{ contact: loser }]);
  });
});

describe("twenty thousand sends at once (K05)", () => {
  test("go through the local queue, whose broker holds ten thousand messages at most", async () => {
    const keys = Array.from({ length: 20_000 }, (_, contact) => ({ contact, id: `msg_${contact}` }));
    await expect(enqueueSends(real.EMAIL_QUEUE, keys)).resolves.toBeUndefined();
  });
});

describe("a cron of which a part fails", () => {
  test.each([
    ["the sweep", "FROM sends"],
    ["what is kept first", "SELECT epoch, "],
  ])("goes on with all the others: %s", async (_part, statement) => {
    await DB.prepare("INSERT INTO segments VALUES ('gone', 'gone', '{}', 'removing', 0, 0)").run();
    const broken = faultyD1(DB, (sql) => (sql.includes(statement) ? "overloaded" : "well"));
    await expect(runScheduled(servicesOf({ ...real, DB: broken }), CRON)).rejects.toThrow("overloaded");
    expect(await DB.prepare("SELECT count(*) AS n FROM segments").first("n")).toBe(0);
  });
});
