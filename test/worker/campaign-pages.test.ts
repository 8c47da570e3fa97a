import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { listSends } from "../../src/admin/send-store";
import { readStanding } from "../../src/console/store";
import { putBrake } from "../../src/sends/brake-store";
import { findCampaign, openPages } from "../../src/sends/campaigns/campaign-store";
import { waitingByChannel } from "../../src/sends/store";
import { servicesOf } from "../../src/services";
import { preparePage } from "../../src/services/campaigns/prepare";
import { carryOn } from "../../src/services/campaigns/step";
import type { Env } from "../../src/services/env";
import { readStandingOf } from "../../src/services/standing";

const real = env as unknown as Env;
const services = servicesOf(real);
const HOUR = 3_600_000;
let id = "";
let count = 0;
const now = () => services.clock.now();

async function run(sql: string, ...values: unknown[]): Promise<Record<string, unknown>[]> {
  return (
    await real.DB.prepare(sql)
      .bind(...values)
      .all()
  ).results;
}

/** Somebody who agreed to email. */
async function person(): Promise<number> {
  const user = `paged-${++count}`;
  const base = { type: "identify" as const, name: "", at: Date.now(), trust: "secret" as const };
  const traits = { email: `${user}@x.test`, consent: { email: true } };
  const events = [{ ...base, id: `${user}-1`, user, traits }];
  expect((await services.append({ receivedAt: Date.now(), events }, null)).status).toBe("stored");
  return Number((await run("SELECT contact FROM identities WHERE identity = ?1", `u:${user}`))[0]?.["contact"]);
}

async function page(number: number, state: string, contacts: readonly number[]): Promise<void> {
  await run(
    "INSERT INTO campaign_pages (campaign, page, state, arm, stage, planned_at, due_at, released_at, withheld, contacts, control, made_at) " +
      "VALUES (?1, ?2, ?3, 'a', 0, ?4, ?4, iif(?3 = 'released', ?4, NULL), '{}', ?5, '[]', iif(?3 = 'frozen', NULL, ?4))",
    id,
    number,
    state,
    now() - 1_000,
    JSON.stringify(contacts),
  );
}

async function message(contact: number, nextAt: number): Promise<void> {
  await run(
    "INSERT INTO sends (contact, id, run, scenario, block, channel, class, content, content_version, address, data, state, reason, " +
      "open, attempts, next_at, lease_until, created_at, updated_at) VALUES (?1, ?2, ?3, ?3, 'a', 'email', 'marketing', " +
      "'second_purchase_thanks', 1, 'x@x.test', '{}', 'queued', 'frequency_cap', 2, 0, ?4, 0, ?5, ?5)",
    contact,
    `snd_${id}_${contact}`,
    id,
    nextAt,
    now(),
  );
}

beforeEach(async () => {
  id = `cmp_paged_${++count}`;
  const definition = {
    content: "second_purchase_thanks",
    channel: "email",
    class: "marketing",
    holdout: 0,
    ramp: false,
  };
  await run(
    "INSERT INTO campaigns (id, name, definition, state, audience, frozen, created_at, confirmed_at, starts_at, freeze_after, " +
      "frozen_at, versions, touched_at) VALUES (?1, 'c', ?2, 'confirmed', 50, 50, ?3, ?3, ?3, 0, ?3, '{}', ?3)",
    id,
    JSON.stringify(definition),
    now() - HOUR,
  );
});

describe("messages of a campaign that caps or hours have put off", () => {
  test("keep no others from leaving, and their page is due when the first of them is", async () => {
    const due = now() + HOUR;
    for (let number = 1; number <= 20; number++) {
      await message(1_000_000 + number, due + number);
      await page(number, "released", [1_000_000 + number]);
    }
    await page(21, "prepared", []);
    const next = await carryOn(services, id, 2_000);
    expect(next).toBe(due + 1);
    const pages = await openPages(real.DB, id);
    expect(pages.map(({ state, dueAt }) => [state, dueAt])).toEqual(
      Array.from({ length: 20 }, (_, index) => ["prepared", due + index + 1]),
    );
    // Nobody is offered twice: at its time it is in its queue again, and the campaign is not over before.
    await run("UPDATE sends SET state = 'suppressed', open = 0 WHERE run = ?1", id);
    await run("UPDATE campaign_pages SET due_at = ?2 WHERE campaign = ?1", id, now());
    expect(await carryOn(services, id, 2_000)).toBe(null);
    expect((await findCampaign(real.DB, id))?.state).toBe("done");
  });
});

test("messages of a campaign are counted and listed while they wait, and by nobody once it is over", async () => {
  const counted = async () => ({
    overview: (await readStanding(real.DB)).openSends,
    channel: (await waitingByChannel(real.DB)).get("email") ?? 0,
    overdue: (await readStandingOf(services)).queues.find(({ channel }) => channel === "email")?.waiting ?? 0,
    listed: (await listSends(real.DB, "queued", null, 200))
      .filter(({ run: of }) => of === id)
      .map(({ campaign }) => campaign),
  });
  const before = await counted();
  const due = now() - HOUR;
  for (const contact of [2_000_001, 2_000_002]) await message(contact, due);
  await page(1, "released", [2_000_001]);
  await page(2, "prepared", [2_000_002]);
  const more = { overview: before.overview + 2, channel: before.channel + 2, overdue: before.overdue + 2 };
  expect(await counted()).toEqual({ ...more, listed: ["c", "c"] });
  // What somebody has paused is not overdue.
  await run("UPDATE campaigns SET state = 'paused' WHERE id = ?1", id);
  expect(await counted()).toEqual({ ...more, overdue: before.overdue, listed: ["c", "c"] });
  await run("UPDATE sends SET state = 'suppressed', open = 0 WHERE run = ?1", id);
  expect(await counted()).toEqual(before);
});

describe("a campaign whose provider holds it back", () => {
  /** How often the step looked at its campaign meanwhile. */
  async function carried(): Promise<{ next: number | null; looks: number }> {
    let looks = 0;
    const DB = new Proxy(real.DB, {
      get(target, key) {
        if (key === "prepare") {
          return (sql: string) => {
            if (sql.includes("FROM campaign_pages")) looks += 1;
            return target.prepare(sql);
          };
        }
        const found = Reflect.get(target, key) as unknown;
        return typeof found === "function" ? found.bind(target) : found;
      },
    });
    const watched = Object.create(services, { env: { value: { ...real, DB } } }) as typeof services;
    return { next: await carryOn(watched, id, 1_200), looks };
  }
  const brake = (until: number) => putBrake(real.DB, "email", { until, reason: "rate_limit_exceeded", times: 1 });
  const states = async () => (await openPages(real.DB, id)).map(({ state, dueAt }) => [state, (dueAt ?? 0) < now()]);

  beforeEach(async () => {
    await message(2_000_001, 0);
    await message(2_000_002, 0);
    await page(1, "released", [2_000_001]);
    await page(2, "prepared", [2_000_002]);
  });
  afterEach(() => putBrake(real.DB, "email", null));

  test.each([20_000, 40 * 60_000])(
    "waits for as long as its channel is paused, a minute at most (%i ms)",
    async (ms) => {
      const until = now() + ms;
      await brake(until);
      const before = now();
      const { next, looks } = await carried();
      expect(next).toBeGreaterThanOrEqual(Math.min(until, before + 60_000));
      expect(next).toBeLessThanOrEqual(Math.min(until, now() + 60_000));
      expect(looks).toBeLessThan(6);
      // Nothing is put in a queue that would not take it, and what was in it stays where it is.
      expect(await states()).toEqual([
        ["released", true],
        ["prepared", true],
      ]);
    },
  );

  test("waits for as long as the calls of a page take where its provider counts them", async () => {
    const counted = { key: "email", callsPerSecond: 2, batches: { most: 100 } };
    vi.spyOn(services, "channel").mockReturnValue(counted as never);
    const before = now();
    const { next, looks } = await carried();
    vi.restoreAllMocks();
    expect(next).toBeGreaterThanOrEqual(before + 2_500);
    expect(looks).toBeLessThan(8);
    expect((await states())[0]).toEqual(["released", true]);
  });
});

test("who is erased while their message is made leaves nothing behind", async () => {
  const [gone, stays] = [await person(), await person()];
  await page(1, "frozen", [gone, stays]);
  const [campaign, pages] = [await findCampaign(real.DB, id), await openPages(real.DB, id)];
  let isMade = false;
  const DB = new Proxy(real.DB, {
    get(target, key) {
      if (key === "prepare") {
        return (sql: string) => {
          isMade ||= sql.startsWith("UPDATE campaign_pages");
          return target.prepare(sql);
        };
      }
      if (key === "batch") {
        return async (statements: D1PreparedStatement[]) => {
          if (isMade) await run("UPDATE contacts SET status = 'erased' WHERE id = ?1", gone);
          return target.batch(statements);
        };
      }
      const found = Reflect.get(target, key) as unknown;
      return typeof found === "function" ? found.bind(target) : found;
    },
  });
  const between = Object.create(services, { env: { value: { ...real, DB } } }) as typeof services;
  if (!campaign || !pages[0]) throw new Error("there is no page");
  await preparePage(between, campaign, pages[0]);
  expect(isMade).toBe(true);
  expect(await run("SELECT contact FROM sends WHERE run = ?1", id)).toEqual([{ contact: stays }]);
  expect(await run("SELECT contact FROM decisions WHERE run = ?1 AND contact = ?2", id, gone)).toEqual([]);
});
