import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { DEFAULT_SENDING } from "../../src/decisions/sending";
import { readSetting } from "../../src/platform/settings";
import { servicesOf } from "../../src/services";
import type { Env } from "../../src/services/env";
import { keepMailboxes } from "../../src/services/mailboxes";
import { saveSending } from "../../src/services/sending";
import { DAY, HOUR } from "../../src/shared/clock";

const services = servicesOf(env as unknown as Env);
const { DB } = services.env;

/** Letters that left so long ago, the first of which came back with a complaint. */
async function letters(domain: string, count: number, complaints: number, ago = HOUR): Promise<void> {
  const rows = Array.from({ length: count }, (_, place) => [
    place + 1,
    `msg_${domain}_${ago}_${place}`,
    `a${place}@${domain}`,
  ]);
  await DB.batch([
    DB.prepare(
      "INSERT INTO sends (contact, id, run, scenario, block, channel, class, content, content_version, address, data, state, " +
        "open, attempts, next_at, lease_until, attempted_at, created_at, updated_at) SELECT value ->> 0, value ->> 1, 'r', 's', 'b', " +
        "'email', 'marketing', 'c', 1, value ->> 2, '{}', 'sent', 0, 1, 0, 0, ?2, ?2, ?2 FROM json_each(?1)",
    ).bind(JSON.stringify(rows), services.clock.now() - ago),
    DB.prepare(
      "INSERT INTO message_acts (contact, send, kind, at) SELECT value ->> 0, value ->> 1, 'complained', 0 FROM json_each(?1)",
    ).bind(JSON.stringify(rows.slice(0, complaints))),
  ]);
}

const spared = async (): Promise<string[]> => Object.keys(JSON.parse((await readSetting(DB, "mailboxes")) ?? "{}"));
const lookAgain = () => DB.prepare("UPDATE settings SET value = '1' WHERE key = 'mailboxes_looked_at'").run();

beforeEach(async () => {
  await DB.batch(["sends", "message_acts", "settings"].map((table) => DB.prepare(`DELETE FROM ${table}`)));
  await saveSending(services, { ...DEFAULT_SENDING, brake: { complaints: 0.01, bounces: 0.05, least: 100 } });
});

test("marketing waits for a mailbox provider whose people complain, under any of its domains, and goes on when that is over", async () => {
  await letters("orange.fr", 60, 1);
  await letters("wanadoo.fr", 50, 1);
  await letters("gmail.com", 200, 1);
  await letters("gmail.com", 100, 90, 8 * DAY);
  await keepMailboxes(services);
  expect(await spared()).toEqual(["orange"]);
  const { policy } = await services.briefings.read();
  expect(policy({ holdout: 0, max_lateness: "P1D" } as never).mailboxes).toHaveProperty("orange");
  await DB.prepare("DELETE FROM message_acts").run();
  // Once an hour is often enough.
  await keepMailboxes(services);
  expect(await spared()).toEqual(["orange"]);
  await lookAgain();
  await keepMailboxes(services);
  expect(await spared()).toEqual([]);
});
