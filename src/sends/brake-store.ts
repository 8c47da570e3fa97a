import type { Brake, Brakes } from "../decisions/brake";
import { BRAKES } from "../decisions/brake";
import type { SendKey } from "../decisions/permit";
import { readSetting } from "../platform/settings";
import type { Outlook } from "./turn";

/** The channels that are paused or were lately. */
export async function readBrakes(db: D1Database): Promise<Brakes> {
  return JSON.parse((await readSetting(db, BRAKES)) ?? "{}") as Brakes;
}

const PUT_SQL =
  "INSERT INTO settings (key, value) VALUES (?1, json_object(?2, json(?3))) ON CONFLICT (key) DO UPDATE SET value = " +
  "json_set(settings.value, '$.' || ?2, json(?3)) WHERE coalesce(json_extract(settings.value, '$.' || ?2 || '.until'), 0) < ?4";
const END_SQL =
  "UPDATE settings SET value = json_remove(value, '$.' || ?2) WHERE key = ?1 AND json_extract(value, '$.' || ?2) IS NOT NULL";

/** Pauses a channel; null lets it go on. One that holds longer already stays. */
export async function putBrake(db: D1Database, channel: string, brake: Brake | null): Promise<void> {
  const statement =
    brake === null
      ? db.prepare(END_SQL).bind(BRAKES, channel)
      : db.prepare(PUT_SQL).bind(BRAKES, channel, JSON.stringify(brake), brake.until);
  await statement.run();
}

// What was asked for is cut to what fits between now and the horizon, in the same statement.
const FREE = "max(0, CAST((?2 + ?3 - max(at, ?2)) / ?4 AS INTEGER))";
const SLOTS_SQL =
  "INSERT INTO channel_slots (channel, before, at) VALUES (?1, ?2, ?2 + min(?5, CAST(?3 / ?4 AS INTEGER)) * ?4) " +
  `ON CONFLICT (channel) DO UPDATE SET before = max(at, ?2), at = max(at, ?2) + min(?5, ${FREE}) * ?4 RETURNING before, at`;

/**
 * Reserves moments for calls to a channel's provider, `interval` ms apart from each other and from all that anybody else
 * reserved: as many of `wanted` as lie within `horizon` ms. Epoch ms of the machine's own clock.
 */
export async function reserveSlots(
  db: D1Database,
  channel: string,
  wanted: number,
  { now, horizon, interval }: { readonly now: number; readonly horizon: number; readonly interval: number },
): Promise<number[]> {
  const statement = db.prepare(SLOTS_SQL).bind(channel, now, horizon, interval, wanted);
  const row = await statement.first<{ before: number; at: number }>();
  if (!row) return [];
  const count = Math.round((row.at - row.before) / interval);
  return Array.from({ length: count }, (_, index) => row.before + index * interval);
}

/** How messages stand before they are asked for, by their ids. */
export async function outlookOf(db: D1Database, keys: readonly SendKey[]): Promise<ReadonlyMap<string, Outlook>> {
  const sql =
    "SELECT s.id, s.class, s.attempts, s.reason FROM json_each(?1) v " +
    "JOIN sends s ON s.contact = v.value ->> 0 AND s.id = v.value ->> 1";
  const wanted = JSON.stringify(keys.map(({ contact, id }) => [contact, id]));
  const { results } = await db.prepare(sql).bind(wanted).all<Outlook & { readonly id: string }>();
  return new Map(results.map((row) => [row.id, row]));
}
