import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { createApp } from "../../src/app";
import type { LedgerEvent } from "../../src/events/event";
import { countArms, firstEntry } from "../../src/scenarios/winner-store";
import { enqueueSends } from "../../src/sends/queue";
import { openSends } from "../../src/sends/store";
import { servicesOf } from "../../src/services";
import type { Env } from "../../src/services/env";
import { runScheduled } from "../../src/services/scheduled";
import { evaluateTargets, sweep } from "../../src/services/sweep";
import { decideWinners, keepWinners } from "../../src/services/winners";
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
  test("that overlaps itself does its work once (mautic 3669)", async () => {
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

  test("that evaluates a target twice at once lets each contact in once, beside one that cannot be evaluated", async () => {
    const definition = scenario({
      start: {
        type: "start.targeting",
        params: { rule: { type: "orders.count", op: "gte", value: 1 }, every: "P1D" },
        next: { next: "end" },
      },
      end: { type: "exit" },
    });
    const insert = "INSERT INTO scenarios (id, name, state, draft_version, live_version, created_at, updated_at)";
    const broken = scenario({ start: { type: "start.targeting", params: { rule: { type: "gone" }, every: "P1D" } } });
    const versions = "INSERT INTO scenario_versions (scenario, version, definition, created_at)";
    await DB.batch([
      DB.prepare(`${insert} VALUES ('broken', 'broken', 'active', 1, 1, 0, 0)`),
      DB.prepare(`${versions} VALUES ('broken', 1, ?1, 0)`).bind(JSON.stringify(broken)),
      DB.prepare(`${insert} VALUES ('targets', 'targets', 'active', 1, 1, 0, 0)`),
      DB.prepare(
        "INSERT INTO scenario_versions (scenario, version, definition, created_at) VALUES ('targets', 1, ?1, 0)",
      ).bind(JSON.stringify(definition)),
      DB.prepare("INSERT INTO settings (key, value) VALUES ('revision', '7')"),
    ]);
    const bought = track("target-1", "target", "Order Completed", { order_id: "target-order", total: 10 });
    await services.append({ receivedAt: Date.now(), events: [bought] }, null);
    const swept = await Promise.allSettled([sweep(services), sweep(services)]);
    expect(swept.map(({ status }) => status)).toContain("rejected");
    await DB.prepare("UPDATE scenarios SET evaluated_at = NULL").run();
    await expect(sweep(services)).rejects.toThrow();
    await services.ledger.settled();
    expect(await DB.prepare("SELECT count(*) AS n FROM runs WHERE scenario = 'targets'").first("n")).toBe(1);
    expect(
      await DB.prepare("SELECT evaluated_at FROM scenarios WHERE id = 'targets'").first("evaluated_at"),
    ).not.toBeNull();
    // A version that was published while it ran is evaluated anew.
    const publish = DB.prepare("UPDATE scenarios SET evaluated_at = NULL, live_version = 2 WHERE id = 'targets'");
    const during = Object.create(services) as typeof services;
    const append: typeof services.append = async (intake, text) => {
      await publish.run();
      return services.append(intake, text);
    };
    Object.defineProperty(during, "append", { value: append });
    await DB.batch([DB.prepare("UPDATE scenarios SET evaluated_at = NULL"), DB.prepare("DELETE FROM runs")]);
    await expect(evaluateTargets(during)).rejects.toThrow();
    expect(
      await DB.prepare("SELECT evaluated_at FROM scenarios WHERE id = 'targets'").first("evaluated_at"),
    ).toBeNull();
    await DB.batch([DB.prepare("DELETE FROM scenarios"), DB.prepare("DELETE FROM settings WHERE key = 'revision'")]);
  });
});

describe("a random split that is decided by its figures", () => {
  const definition = scenario({
    start: { type: "start.event", params: { event: "Split Begun" }, next: { next: "ask" } },
    ask: {
      type: "split.random",
      params: {
        arms: [
          { name: "a", weight: 1 },
          { name: "b", weight: 1 },
        ],
        winner_by: { figure: "goal", after_entries: 20 },
      },
      next: { a: "out_a", b: "out_b" },
    },
    out_a: { type: "exit", params: { reason: "a" } },
    out_b: { type: "exit", params: { reason: "b" } },
  });
  const INSERT = "INSERT INTO runs (contact, id, scenario, version, entry_key, entered_at, exited_at, outcome, path) ";
  /** Runs that came at times from `from` on; of each arm the first so many reached the goal. */
  const gone = (arm: string, from: number, runs: number, reached: number) =>
    DB.prepare(
      "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?3) " +
        `${INSERT} SELECT 50000 + i, 'run_' || ?1 || CAST(?2 + i AS INTEGER), 'split', 1, 'k', ?2 + i, 9, iif(i < ?4, 'goal', 'completed'), ` +
        "json_array(json_array('start', 0, 'next'), json_array('ask', 0, ?1)) FROM n",
    ).bind(arm, from, runs, reached);
  const open = (at: number) =>
    DB.prepare(
      `${INSERT} VALUES (60000 + ?1, 'run_open' || CAST(?1 AS INTEGER), 'split', 1, 'k', ?1, NULL, NULL, NULL)`,
    ).bind(at);
  const winners = async () => (await DB.prepare("SELECT arm, cause, counts FROM split_winners").all()).results;

  test("waits for who is on the way, then is decided once for good, and everybody goes the winner's way", async () => {
    await DB.batch([
      DB.prepare(
        "INSERT INTO scenarios (id, name, state, draft_version, live_version, created_at, updated_at) VALUES ('split', 'Split', 'active', 1, 1, 0, 0)",
      ),
      DB.prepare(
        "INSERT INTO scenario_versions (scenario, version, definition, created_at) VALUES ('split', 1, ?1, 0)",
      ).bind(JSON.stringify(definition)),
      DB.prepare("INSERT INTO settings (key, value) VALUES ('revision', '70')"),
      gone("a", 100, 25, 5),
      gone("b", 100, 25, 18),
      open(110),
    ]);
    await decideWinners(services);
    expect(await winners()).toEqual([]);
    await DB.batch([DB.prepare("DELETE FROM runs WHERE id = 'run_open110'"), open(200)]);
    await Promise.all([decideWinners(services), decideWinners(services)]);
    // Of twenty-five runs of each the first look takes twenty.
    const counts = [
      { arm: "a", runs: 20, reached: 5 },
      { arm: "b", runs: 20, reached: 18 },
    ];
    const won = [{ arm: "b", cause: "figures", counts: JSON.stringify(counts) }];
    expect(await winners()).toEqual(won);
    // What comes later changes nothing.
    const { revision } = await services.briefings.read();
    expect(revision).toBeGreaterThan(70);
    await DB.batch([gone("a", 150, 40, 40), DB.prepare("DELETE FROM settings WHERE key LIKE 'window:%'")]);
    await keepWinners(services);
    expect(await winners()).toEqual(won);
    expect((await services.briefings.read()).revision).toBe(revision);

    const events = Array.from({ length: 8 }, (_, index) =>
      track(`split-${index}`, `split-${index}`, "Split Begun", {}),
    );
    await services.append({ receivedAt: Date.now(), events }, null);
    await services.ledger.settled();
    const ends = "SELECT reason, count(*) AS n FROM runs WHERE reason IN ('a', 'b') GROUP BY reason";
    expect((await DB.prepare(ends).all()).results).toEqual([{ reason: "b", n: 8 }]);

    const ask = async (path: string) => {
      const headers = { Authorization: "Bearer ak_local" };
      const context = createExecutionContext();
      const answer = await createApp().fetch(new Request(`https://relance.test${path}`, { headers }), real, context);
      await waitOnExecutionContext(context);
      return answer;
    };
    const splits = await (await ask("/api/scenarios/split/splits")).json();
    expect(splits).toMatchObject({ data: [{ version: 1, block: "ask", winner: "b", cause: "figures", counts }] });
    const page = (await (await ask("/admin/scenarios/split?lang=en")).text()).replaceAll(/\s+/g, " ");
    expect(page).toContain("Sends everybody to “b”.");
    expect(page).toMatch(/“b” won on .*: runs that reached the goal: “a” 5 of 20, “b” 18 of 20\./);
  });

  test("goes by time and by clicks where it says so", async () => {
    const [scenario, version] = ["clicks", 1];
    const contest = { arms: ["a", "b"], figure: "clicked", leastRuns: null, afterMs: 1 } as const;
    await DB.batch([
      gone("a", 300, 3, 3),
      gone("b", 300, 2, 0),
      DB.prepare("UPDATE runs SET scenario = 'clicks' WHERE id IN ('run_a300', 'run_a301', 'run_b300')"),
      DB.prepare("INSERT INTO message_acts VALUES (50000, 'msg_b', 'clicked', 5), (50000, 'msg_a', 'clicked', 5)"),
    ]);
    const columns = "contact, id, run, scenario, block, channel, class, content, content_version, address, data, state";
    for (const [arm, block] of [
      ["a", "before"],
      ["b", "hello"],
    ] as const) {
      await DB.prepare(
        `INSERT INTO sends (${columns}, open, attempts, next_at, lease_until, created_at, updated_at) ` +
          "VALUES (50000, ?1, ?2, 'clicks', ?3, 'email', 'marketing', 'c', 1, 'x', '{}', 'sent', 0, 1, 0, 0, 0, 0)",
      )
        .bind(`msg_${arm}`, `run_${arm}300`, block)
        .run();
    }
    expect(await firstEntry(DB, scenario, version)).toBe(300);
    const split = { scenario, version, block: "ask", contest, behind: ["hello"] };
    expect(await countArms(DB, split, { settled: false })).toEqual([
      { arm: "a", runs: 2, reached: 0 },
      { arm: "b", runs: 1, reached: 1 },
    ]);
    await DB.batch(["runs", "scenarios", "sends", "message_acts"].map((table) => DB.prepare(`DELETE FROM ${table}`)));
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
