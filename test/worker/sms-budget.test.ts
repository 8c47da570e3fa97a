import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { createApp } from "../../src/app";
import { DEFAULT_SENDING, rulesOf, sendingInput } from "../../src/decisions/sending";
import { permitSends } from "../../src/decisions/store";
import type { Env } from "../../src/services/env";

const real = env as unknown as Env;
const { DB } = real;
const HOUR = 3_600_000;
// A Monday at ten in Paris.
const NOW = Date.UTC(2026, 10, 23, 9);
let next = 5_000_000;

async function run(sql: string, ...values: unknown[]): Promise<Record<string, unknown>[]> {
  return (
    await DB.prepare(sql)
      .bind(...values)
      .all()
  ).results;
}

/** New messages to as many numbers that begin alike; their keys. */
async function texts(
  prefix: string,
  count: number,
  kind = "transactional",
): Promise<{ contact: number; id: string }[]> {
  const keys = Array.from({ length: count }, () => ({ contact: ++next, id: `msg_k06_${next}` }));
  const rows = JSON.stringify(keys.map(({ contact, id }) => [contact, id, `${prefix}${String(contact).slice(-6)}`]));
  const consents = JSON.stringify({ sms: { state: "granted", at: 0 } });
  await run(
    "INSERT INTO contacts (id, status, phone, attributes, consents, created_at, tracked, ring, seq, seen_at) " +
      "SELECT value ->> 0, 'verified', value ->> 2, '{}', ?2, 0, 0, '', 0, 0 FROM json_each(?1)",
    rows,
    consents,
  );
  await run(
    "INSERT INTO sends (contact, id, run, scenario, block, channel, class, content, content_version, address, data, state, " +
      "open, attempts, next_at, lease_until, created_at, updated_at) SELECT value ->> 0, value ->> 1, 'r', 's', 'b', 'sms', ?3, " +
      "'c', 1, value ->> 2, '{}', 'queued', 1, 0, 0, 0, ?2, ?2 FROM json_each(?1)",
    rows,
    NOW,
    kind,
  );
  return keys;
}

const budget = { hour: 25, country: 10, countries: { FR: 12 } };
const limits = {
  rules: rulesOf({ ...DEFAULT_SENDING, caps: [], moment: null, sms_budget: budget }),
  zone: "Europe/Paris",
};
const permit = (keys: readonly { contact: number; id: string }[], at = NOW) => permitSends(DB, keys, "us", at, limits);
const claimed = async (keys: readonly { contact: number; id: string }[], at = NOW) =>
  (await permit(keys, at)).filter(({ state }) => state === "claimed").length;

beforeEach(async () => {
  await DB.batch([
    DB.prepare("UPDATE cursor SET owner = 'us'"),
    DB.prepare("DELETE FROM sms_spend"),
    DB.prepare("DELETE FROM settings WHERE key = 'kill'"),
  ]);
});

describe("K06: text messages to one prefix", () => {
  test("spend their country's budget of the hour and no more, however many ask at once; others go on", async () => {
    const pumped = await texts("+22507000", 40);
    const parts = [0, 1, 2, 3].map((part) => pumped.slice(part * 10, part * 10 + 10));
    const counts = await Promise.all(parts.map((part) => claimed(part)));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(10);
    // A country with a budget of its own has that.
    expect(await claimed(await texts("+33612", 15))).toBe(12);
    // What is left of the hour's budget for all: three of five.
    expect(await claimed(await texts("+32470", 5))).toBe(3);
    const ids = JSON.stringify(pumped.map(({ id }) => id));
    const held = await run(
      "SELECT DISTINCT state, reason, next_at FROM sends WHERE id IN (SELECT value FROM json_each(?1)) AND attempts = 0",
      ids,
    );
    expect(held).toEqual([{ state: "queued", reason: "sms_budget", next_at: NOW + HOUR }]);
    // Asked again within the hour nothing leaves; the next hour has its own budget.
    expect(await claimed(pumped, NOW + HOUR - 1)).toBe(0);
    expect(await claimed(pumped, NOW + HOUR)).toBe(10);
  });

  test("leave what somebody waits for to go first", async () => {
    const [ads, codes] = [await texts("+22507000", 10, "marketing"), await texts("+22507000", 5)];
    const rows = (await permit([...ads, ...codes])).filter(({ state }) => state === "claimed");
    expect(rows.filter((row) => row.class === "transactional")).toHaveLength(5);
    expect(rows).toHaveLength(10);
  });

  test("are stopped by the kill switch from the very next permit on", async () => {
    const some = await texts("+33612", 4);
    expect(await claimed(some.slice(0, 1))).toBe(1);
    const killed = await createApp().fetch(
      new Request("https://relance.test/api/switches/kill", {
        method: "POST",
        headers: { authorization: "Bearer ak_local", "content-type": "application/json" },
        body: JSON.stringify({ on: true, channel: "sms" }),
      }),
      real,
      { waitUntil: () => undefined, passThroughOnException: () => undefined } as unknown as ExecutionContext,
    );
    expect(killed.status, await killed.clone().text()).toBe(200);
    expect(await permit(some.slice(1))).toEqual([]);
  });

  test("have a budget where nobody set one, and a shop of before has it too", () => {
    const { sms_budget: _none, ...before } = DEFAULT_SENDING;
    expect(sendingInput.parse(before).sms_budget).toEqual({ hour: 20_000, country: 5_000, countries: {} });
  });
});
