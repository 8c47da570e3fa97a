import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEFAULT_SENDING } from "../../src/decisions/sending";
import { unaccounted } from "../support/account";
import type { Server } from "../support/server";
import { startServer } from "../support/server";

// A Monday, on which text messages may ring all day in Paris.
const START = "2026-11-23T09:00:00Z";
const HOUR = 3_600_000;
let server: Server;

beforeAll(async () => {
  server = await startServer({ tick: 0, at: START });
});

afterAll(async () => {
  await server.stop();
});

/** A scenario that writes at once to whoever does something, on a channel, as long as it is worth it. */
async function wants(event: string, priority: number, more: object = {}, type = "send.email"): Promise<string> {
  const content = type === "send.sms" ? "second_purchase_sms" : "second_purchase_thanks";
  // What rings has to wait for hours in a graph as well; by the shop's clock, which is not the person's.
  const blocks = {
    start: { type: "start.event", params: { event }, next: { next: "hours" } },
    hours: {
      type: "wait.window",
      params: { days: ["mon", "tue", "wed", "thu", "fri", "sat"], from: "08:00", to: "20:00", holidays: "skip" },
      next: { next: "send" },
    },
    send: { type, params: { content } },
  };
  const definition = { name: `${event} ${priority}`, priority, max_lateness: "PT6H", start: "start", blocks, ...more };
  const made = await server.post("/api/scenarios", { definition });
  expect(made.status, made.text).toBe(201);
  const { status, text } = await server.post(`/api/scenarios/${made.json.id}/activate`);
  expect(status, text).toBe(200);
  return made.json.id;
}

async function person(name: string): Promise<void> {
  const consent = { email: true, sms: true };
  const traits = { email: `${name}@wanted.test`, phone: "+33612345678", consent, consent_source: "form" };
  await server.send("identify", { userId: name, traits });
}

interface Stand {
  readonly id: string;
  readonly scenario: string;
  readonly channel: string;
  readonly state: string;
  readonly reason: string | null;
  readonly attempted_at: number | null;
}

const OF = "contact = (SELECT id FROM contacts WHERE external_id = ?1)";
const sends = (name: string) => server.rows<Stand>(`SELECT * FROM sends WHERE ${OF} ORDER BY attempted_at`, name);

interface Decided {
  readonly send: string;
  readonly scenario: string;
  readonly outcome: string;
  readonly reason: string;
  readonly rule: number;
  readonly inputs: string;
}

/** The last word on each message that was decided. */
const decided = (name: string) =>
  server.rows<Decided>(
    `SELECT send, scenario, outcome, reason, rule, inputs, max(at) AS at FROM decisions WHERE ${OF} GROUP BY send`,
    name,
  );

/** decided = sent + suppressed + unknown + pending: each message is one row with its reason, or withheld, or held. */
async function account(name: string): Promise<void> {
  expect(await unaccounted(server.rows)).toEqual([]);
  const [all, rows] = [await decided(name), await sends(name)];
  const known = new Map(rows.map((row) => [row.id, row]));
  for (const { send, outcome, reason } of all) {
    const row = known.get(send);
    expect(row === undefined || row.state === "suppressed", `${send} ${outcome}`).toBe(outcome !== "send");
    if (row?.state === "suppressed") expect(row.reason).toBe(reason);
  }
}

describe("fifty scenarios and a campaign that want one contact at once", () => {
  const scenarios: string[] = [];

  test("are ready", async () => {
    for (let priority = 1; priority <= 50; priority++) {
      scenarios.push(await wants("Wanted", priority, {}, priority % 5 === 0 ? "send.sms" : "send.email"));
    }
    const kept = await server.put("/api/settings/sending", DEFAULT_SENDING);
    expect(kept.status, kept.text).toBe(200);
  });

  test("send the most valuable first, and hold all others", async () => {
    await person("ann");
    await server.send("track", { userId: "ann", event: "Wanted", messageId: "w-1" });
    await server.moveClock({ advance: "PT1S" });
    const out = (await sends("ann")).filter(({ state }) => state === "sent");
    expect(out.map(({ scenario }) => scenario)).toEqual([scenarios[49]]);
    const all = await decided("ann");
    expect(all).toHaveLength(50);
    const held = all.filter(({ outcome }) => outcome === "held");
    expect(held).toHaveLength(49);
    for (const { reason, rule, inputs } of held) {
      expect([reason, rule]).toEqual(["frequency_cap", 4]);
      expect(JSON.parse(inputs)).toMatchObject({ cap_channel: expect.any(String), cap_count: 1 });
    }
    await account("ann");
  });

  test("keep the caps whatever comes from elsewhere, though it is worth more than they are", async () => {
    const db = await server.mf.getD1Database("DB");
    const contact = (await server.rows<{ id: number }>("SELECT id FROM contacts WHERE external_id = 'ann'"))[0]?.id;
    const [like] = await server.rows<Record<string, unknown>>(`SELECT * FROM sends WHERE ${OF}`, "ann");
    // Of a campaign: nobody arbitrated it with the scenarios, and its rows stand for its queue to take.
    const rows = Array.from({ length: 20 }, (_, place) => {
      const data = JSON.stringify({ ...JSON.parse(String(like?.["data"])), priority: undefined, leave_by: undefined });
      const fresh = { state: "queued", reason: null, open: 1, attempts: 0, lease_until: 0, channel: "email" };
      const now = Date.parse(START) + 1_000;
      const times = { next_at: now, created_at: now, first_attempt_at: null, attempted_at: null, provider_id: null };
      const address = "ann@wanted.test";
      return {
        ...like,
        ...fresh,
        ...times,
        contact,
        address,
        data,
        id: `by_hand_${place}`,
        run: "campaign",
        scenario: "campaign",
        content: "second_purchase_thanks",
      };
    });
    for (const row of rows) {
      const names = Object.keys(row);
      const sql = `INSERT INTO sends (${names}) VALUES (${names.map(() => "?")})`;
      await db
        .prepare(sql)
        .bind(...Object.values(row))
        .run();
    }
    for (let hours = 0; hours < 30; hours++) await server.moveClock({ advance: "PT1H" });
    const all = await sends("ann");
    const out = all.filter(({ state }) => state === "sent");
    for (const { attempted_at: at } of out) {
      const within = (ms: number, channel?: string) =>
        out.filter((one) => {
          const [then, now] = [one.attempted_at ?? 0, at ?? 0];
          return then > now - ms && then <= now && (channel === undefined || one.channel === channel);
        }).length;
      expect(within(24 * HOUR)).toBeLessThanOrEqual(2);
      expect(within(16 * HOUR, "email")).toBeLessThanOrEqual(1);
      expect(within(24 * HOUR, "sms")).toBeLessThanOrEqual(1);
      expect(within(HOUR)).toBe(1);
    }
    // The sms of the highest priority, and an hour later the best letter that had not to wait for sixteen.
    expect(out.length).toBeGreaterThanOrEqual(2);
    expect(out[1]?.scenario).toBe(scenarios[48]);
    expect(all.filter(({ state }) => state === "queued")).toEqual([]);
    // Those that the gate withheld and those that the permit stopped: each has its decision.
    const losers = (await decided("ann")).filter(({ outcome }) => outcome === "suppressed");
    expect(new Set(losers.map(({ reason }) => reason))).toEqual(new Set(["lost_arbitration"]));
    expect(losers.length + out.length).toBe(70);
    await account("ann");
  });
});

describe("the gate's way in time", () => {
  test("holds a text message over the night and a Sunday, and says so (Appendix B 9, 40)", async () => {
    await server.put("/api/settings/sending", { ...DEFAULT_SENDING, caps: [], moment: null });
    const scenario = await wants("Night", 60, { max_lateness: "P3D" }, "send.sms");
    // Saturday, 28 November, at half past eight in the evening in Paris.
    const now = (await server.api("/dev/clock")).json.now;
    await server.moveClock({ advance: `PT${(Date.parse("2026-11-28T19:30:00Z") - Date.parse(now)) / 1_000}S` });
    await person("ben");
    await server.send("track", { userId: "ben", event: "Night", messageId: "n-1" });
    await server.moveClock({ advance: "PT1S" });
    expect(await sends("ben")).toEqual([]);
    expect(await decided("ben")).toMatchObject([{ scenario, outcome: "held", reason: "quiet_hours" }]);
    await server.moveClock({ advance: "PT35H30M" });
    const [sent] = await sends("ben");
    expect(sent).toMatchObject({ state: "sent", attempted_at: Date.parse("2026-11-30T07:00:00Z") });
    await account("ben");
  });

  test("is not moved by an event that is dated back: what is planned counts from its receipt (A16)", async () => {
    const scenario = await wants("Dated", 60, { max_lateness: "PT6H" });
    await person("cid");
    const now = Date.parse((await server.api("/dev/clock")).json.now);
    const [early, late] = [now - 20 * 86_400_000, now + 20 * 86_400_000].map((at) => new Date(at).toISOString());
    for (const [place, timestamp] of [early, late].entries()) {
      await server.send("track", { userId: "cid", event: "Dated", messageId: `d-${place}`, timestamp });
    }
    await server.moveClock({ advance: "PT1S" });
    const words = (await decided("cid")).filter((one) => one.scenario === scenario);
    for (const { inputs } of words) expect(JSON.parse(inputs).planned_at).toBeLessThanOrEqual(now + 1_000);
    await account("cid");
  });
});
