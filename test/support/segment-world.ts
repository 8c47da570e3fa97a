import { env } from "cloudflare:workers";
import { createSegment } from "../../src/admin/segment-actions";
import type { LedgerEvent } from "../../src/events/event";
import { localClock } from "../../src/local/clock";
import type { Rule } from "../../src/segments/rule";
import type { Services } from "../../src/services";
import { servicesOf } from "../../src/services";
import type { Env } from "../../src/services/env";
import { keepSegments } from "../../src/services/segments/keep";
import { parseDuration } from "../../src/shared/duration";

export const bindings = env as unknown as Env;
export const services: Services = servicesOf(bindings);
const { DB } = bindings;

/** A Monday in the shop's noon. */
export const NOON = Date.UTC(2026, 0, 5, 12);

export function setTime(at: number): void {
  localClock.move(at, 0);
}

/** Lets time pass, without anything being computed. */
export function pass(duration: string): void {
  localClock.move(services.clock.now() + (parseDuration(duration) ?? Number.NaN), 0);
}

/** The night pass of the next day, two hours after it is due. */
export async function night(): Promise<void> {
  const day = 24 * 3_600_000;
  localClock.move((Math.floor(services.clock.now() / day) + 1) * day + 5 * 3_600_000, 0);
  await keepSegments(services);
}

const behind: Promise<unknown>[] = [];

/** Makes a segment as the API does, and has it computed over everybody. */
export async function segment(key: string, of: Rule | { segments: [string, Rule][]; rest?: string }): Promise<void> {
  const parts =
    "segments" in of && Array.isArray(of.segments)
      ? {
          segments: (of.segments as [string, Rule][]).map(([one, rule]) => ({ key: one, name: one, rule })),
          ...(of.rest !== undefined && { rest: { key: of.rest as string, name: of.rest as string } }),
        }
      : { rule: of as Rule };
  await createSegment(services, { key, name: key, ...parts }, (work) => behind.push(work));
  await Promise.all(behind.splice(0));
}

let ids = 0;

/** Takes events in, and has everything computed that follows. */
export async function tell(...events: Partial<LedgerEvent>[]): Promise<void> {
  const at = services.clock.now();
  const told = events.map(
    (event): LedgerEvent => ({ id: `told-${++ids}`, type: "track", name: "", at, trust: "secret", ...event }),
  );
  const { status } = await services.append({ receivedAt: at, events: told }, null);
  if (status !== "stored") throw new Error(status);
  await services.ledger.followed();
}

export function person(user: string, rest: Partial<LedgerEvent> = {}): Partial<LedgerEvent> {
  return { type: "identify", user, traits: { email: `${user}@x.test` }, ...rest };
}

export function order(user: string, id: string, rest: Partial<LedgerEvent> = {}): Partial<LedgerEvent> {
  return {
    user,
    name: "Order Completed",
    properties: { order_id: id, total: 50, products: [{ product_id: "p", price: 50 }] },
    ...rest,
  };
}

export async function rowOf(user: string): Promise<number> {
  const sql = "SELECT contact FROM identities WHERE identity = ?1";
  return (await DB.prepare(sql).bind(`u:${user}`).first<number>("contact")) ?? 0;
}

let floor = 0;

/** A shop at noon without segments; what follows tells of the contacts that come from now on. */
export async function begin(): Promise<void> {
  setTime(NOON);
  const sql =
    "SELECT name FROM sqlite_master WHERE name LIKE 'segment%' AND type = 'table' AND name <> 'segment_progress'";
  const { results } = await DB.prepare(sql).all<{ name: string }>();
  await DB.batch([
    ...results.map(({ name }) => DB.prepare(`DELETE FROM ${name}`)),
    DB.prepare(
      "UPDATE segment_progress SET night = '', night_at = 0, night_before = 0, night_after = NULL, version = version + 1",
    ),
    DB.prepare("DELETE FROM settings WHERE key = 'lease:segments'"),
  ]);
  await services.ledger.refresh();
  floor = (await DB.prepare("SELECT max(id) AS last FROM contacts").first<number | null>("last")) ?? 0;
}

/** Who is where in a family, by user id; a fall that waits behind an arrow. */
export async function members(family: string): Promise<Record<string, string>> {
  const sql =
    "SELECT c.external_id AS user, m.segment, m.next_since, m.next FROM segment_members m JOIN contacts c ON c.id = m.contact " +
    "WHERE m.family = ?1 AND m.contact > ?2 ORDER BY user";
  const { results } = await DB.prepare(sql)
    .bind(family, floor)
    .all<{ user: string; segment: string; next_since: number | null; next: string | null }>();
  return Object.fromEntries(
    results.map(({ user, segment: one, next_since: since, next }) => [
      user,
      since === null ? one : `${one} > ${next ?? ""}`,
    ]),
  );
}

/** Moves of a family as texts, in their order. */
export async function moves(family: string): Promise<string[]> {
  const sql =
    "SELECT c.external_id AS user, t.* FROM segment_transitions t JOIN contacts c ON c.id = t.contact WHERE t.family = ?1 AND t.contact > ?2 ORDER BY t.at, user, t.to_segment";
  const { results } = await DB.prepare(sql).bind(family, floor).all<Record<string, string | null>>();
  return results.map(
    (row) => `${row["user"]}: ${row["from_segment"] ?? ""} > ${row["to_segment"] ?? ""} (${row["cause"]})`,
  );
}

/** The events of moves that are in the journal, as texts, in their order. */
export async function told(): Promise<string[]> {
  const sql =
    "SELECT c.external_id AS user, e.value ->> 'properties' AS about FROM journal j, json_each(j.body) e " +
    "JOIN contacts c ON c.id = e.value ->> 'contact' WHERE e.value ->> 'name' = 'segment.changed' AND c.id > ?1 ORDER BY j.seq, e.key";
  const { results } = await DB.prepare(sql).bind(floor).all<{ user: string; about: string }>();
  return results.map(({ user, about }) => {
    const { family, from, to, cause } = JSON.parse(about) as Record<string, string | null>;
    return `${user}: ${family} ${from ?? ""} > ${to ?? ""} (${cause})`;
  });
}
