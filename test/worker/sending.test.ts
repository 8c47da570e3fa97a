import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { PERMIT_SQL, permitValues } from "../../src/decisions/permit";
import { ASKED_SENDS, refusedSql } from "../../src/decisions/refusal";
import { batchStore, dropOldBatches } from "../../src/sends/batch-store";
import { putBrake, readBrakes, reserveSlots } from "../../src/sends/brake-store";
import { SEND_COLUMNS } from "../../src/sends/send-row";
import { openSends, SENDS_SQL, settleSends } from "../../src/sends/store";
import { wireOf } from "../../src/sends/wire";
import { servicesOf } from "../../src/services";
import type { Env } from "../../src/services/env";
import { suppressionName } from "../../src/services/suppressions";

const real = env as unknown as Env;
const { DB, ARCHIVE } = real;
const services = servicesOf(real);
const NOW = Date.now();

async function contacts(from: number, count: number): Promise<void> {
  const consents = JSON.stringify({ email: { state: "granted", at: 0 } });
  await DB.prepare(
    "INSERT INTO contacts (id, status, email, attributes, consents, created_at, tracked, ring, seq, seen_at) " +
      "SELECT value, 'verified', 'n' || value || '@x.test', '{}', ?3, 0, 0, '', 0, 0 FROM json_each(?1) WHERE ?2 > 0",
  )
    .bind(JSON.stringify(Array.from({ length: count }, (_, index) => from + index)), count, consents)
    .run();
}

function sendRow(contact: number, id: string, kind = "marketing"): unknown[] {
  const row: Record<(typeof SEND_COLUMNS)[number], unknown> = {
    contact,
    id,
    run: "r",
    scenario: "s",
    block: "b",
    channel: "email",
    class: kind,
    content: "c",
    content_version: 1,
    address: `n${contact}@x.test`,
    data: "{}",
    state: "queued",
    open: 1,
    attempts: 0,
    next_at: 0,
    lease_until: 0,
    created_at: NOW,
    updated_at: NOW,
  };
  return SEND_COLUMNS.map((column) => row[column]);
}

test("a message of a batch costs four rows at most, with all that keeps the batch", async () => {
  await DB.prepare("UPDATE cursor SET owner = 'us'").run();
  await contacts(70_000, 100);
  const keys = Array.from({ length: 100 }, (_, index) => ({ contact: 70_000 + index, id: `snd_rows_${index}` }));
  const written: Record<string, number> = {};
  const count = async (what: string, run: Promise<{ meta: { rows_written?: number } }>): Promise<void> => {
    written[what] = (await run).meta.rows_written ?? Number.NaN;
  };
  const rows = JSON.stringify(keys.map(({ contact, id }) => sendRow(contact, id)));
  await count("insert", DB.prepare(SENDS_SQL).bind(rows).run());
  await count(
    "permit",
    DB.prepare(PERMIT_SQL)
      .bind(...permitValues(keys, "us", NOW))
      .run(),
  );
  await count(
    "explain",
    DB.prepare(refusedSql(ASKED_SENDS))
      .bind(JSON.stringify(keys.map(({ contact, id }) => [contact, id])), NOW, "[]", "[]")
      .run(),
  );
  expect(written["explain"]).toBe(0);
  const seen: D1Result[] = [];
  const watched = {
    ...real,
    ARCHIVE,
    DB: {
      prepare: (sql: string) => {
        const statement = DB.prepare(sql);
        return {
          bind: (...values: unknown[]) => {
            const bound = statement.bind(...values);
            return {
              run: async () => seen[seen.push(await bound.run()) - 1],
              all: () => bound.all(),
              first: () => bound.first(),
            };
          },
        };
      },
    } as unknown as D1Database,
  };
  const store = batchStore(watched, () => NOW);
  const bodies = keys.map(({ id }) => JSON.stringify({ id, html: "x".repeat(20_000) }));
  await store.keep("email", { id: "bat_rows", members: keys }, wireOf(bodies));
  expect(await store.bodies("bat_rows")).toEqual(bodies);
  expect(await store.open("email", false)).toEqual([]);
  const settled = keys.map((key, index) => ({
    ...key,
    state: "sent" as const,
    reason: null,
    providerId: `re_${index}`,
    nextAt: 0,
  }));
  await settleSends(watched.DB, settled, NOW);
  await store.finish(["bat_rows"]);
  written["batch"] = seen.reduce((sum, { meta }) => sum + (meta.rows_written ?? Number.NaN), 0);
  const all = Object.values(written).reduce((sum, one) => sum + one, 0);
  console.log(`rows written for 100 messages: ${JSON.stringify(written)}, ${all / 100} a message`);
  expect(await ARCHIVE.get("batches/bat_rows.ndjson.gz")).toBeNull();
  expect(all / 100).toBeLessThanOrEqual(4);
});

test("moments for calls are given out once, whoever asks, and none beyond the horizon", async () => {
  const ask = (wanted: number, now: number) =>
    reserveSlots(DB, "email", wanted, { now, horizon: 20_000, interval: 520 });
  const got = (await Promise.all([ask(10, 1_000_000), ask(10, 1_000_000), ask(30, 1_000_000)]))
    .flat()
    .sort((a, b) => a - b);
  expect(got).toEqual(Array.from({ length: 38 }, (_, index) => 1_000_000 + index * 520));
  expect(await ask(5, 1_000_000)).toEqual([]);
  expect(await ask(2, 1_010_000)).toEqual([1_019_760, 1_020_280]);
  expect(await ask(1, 2_000_000)).toEqual([2_000_000]);
});

test("a channel that is paused gets no permit and is not offered; the longer pause stands, and it ends for that channel alone", async () => {
  await contacts(71_000, 2);
  await DB.prepare(SENDS_SQL)
    .bind(JSON.stringify([sendRow(71_000, "snd_brake_1"), sendRow(71_001, "snd_brake_2", "transactional")]))
    .run();
  await DB.prepare("UPDATE sends SET channel = 'email' WHERE id LIKE 'snd_brake_%'").run();
  const keys = [71_000, 71_001].map((contact, index) => ({ contact, id: `snd_brake_${index + 1}` }));
  const ask = async () =>
    (
      await DB.prepare(PERMIT_SQL)
        .bind(...permitValues(keys, "us", NOW))
        .all()
    ).results.length;
  const offered = async () =>
    (await openSends(DB, NOW, 100)).filter(({ id }) => id.startsWith("snd_brake_")).map(({ id }) => id);
  await putBrake(DB, "email", { until: NOW + 60_000, reason: "daily_quota_exceeded", times: 1 });
  await putBrake(DB, "email", { until: NOW + 1_000, reason: "rate_limit_exceeded", times: 1 });
  await putBrake(DB, "sms", { until: NOW + 5_000, reason: "circuit_open", times: 2 });
  expect(await readBrakes(DB)).toMatchObject({
    email: { until: NOW + 60_000, reason: "daily_quota_exceeded" },
    sms: { times: 2 },
  });
  expect([await ask(), await offered()]).toEqual([0, []]);
  await putBrake(DB, "email", null);
  expect(await readBrakes(DB)).toEqual({ sms: { until: NOW + 5_000, reason: "circuit_open", times: 2 } });
  // What somebody waits for goes first.
  expect(await offered()).toEqual(["snd_brake_2", "snd_brake_1"]);
  expect(await ask()).toBe(2);
  await putBrake(DB, "sms", null);
});

test("a batch that nobody repeats any more is forgotten, bodies and all", async () => {
  const store = batchStore(real, () => NOW - 25 * 3_600_000);
  const batch = { id: "bat_old", members: [{ contact: 1, id: "a" }] };
  await store.keep("email", batch, wireOf(["{}"]));
  expect(await store.open("email", true)).toEqual([batch]);
  await dropOldBatches(real, NOW);
  expect(await store.open("email", true)).toEqual([]);
  expect(await ARCHIVE.get("batches/bat_old.ndjson.gz")).toBeNull();
});

test("an address that was suppressed stays so for whoever has it next, after an erasure too (I10)", async () => {
  const barred = services.consumer().barred;
  const row = (id: string, kind: "marketing" | "transactional" | "service") =>
    ({ id, channel: "email", address: "gone@x.test", class: kind, contact: 1 }) as never;
  const hash = services.seal(suppressionName("email", "gone@x.test"));
  const put = (kind: string) =>
    DB.prepare(
      "INSERT INTO suppressions (hash, kind, channel, source, contact, send, at) VALUES (?1, ?2, 'email', 'resend', NULL, '', 0)",
    )
      .bind(hash, kind)
      .run();
  await put("complaint");
  expect(await barred?.([row("a", "marketing"), row("b", "transactional"), row("c", "service")])).toEqual(
    new Map([["a", "suppressed_complaint"]]),
  );
  await put("hard_bounce");
  expect(await barred?.([row("a", "marketing"), row("b", "transactional")])).toEqual(
    new Map([
      ["a", "suppressed_address"],
      ["b", "suppressed_address"],
    ]),
  );
  await DB.prepare("UPDATE suppressions SET lifted_at = 1").run();
  expect(await barred?.([row("a", "marketing")])).toEqual(new Map());
});
