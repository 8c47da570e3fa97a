import { isEmptied } from "../../contacts/profile";
import { readContact, readHeads, selectContacts } from "../../contacts/store";
import { log } from "../../platform/log";
import { actedEvent } from "../../scenarios/acted";
import type { OwedAct } from "../../scenarios/copy-line";
import type { Services } from "../../services";
import { backoffMs } from "../../shared/backoff";
import { HOUR, MINUTE, SECOND } from "../../shared/clock";
import { performerOf } from "./catalog";
import { hindrancesOf } from "./hindrance";
import type { Attempt, PendingAct, Subject } from "./performer";

const BACKOFF = { base: 30 * SECOND, cap: 6 * HOUR } as const;
/** With this back-off an act is tried for five days and a half. */
const MOST_ATTEMPTS = 30;
/** What is done outside is nobody else's for so long; whoever took it and died is taken for gone after it. */
const CLAIM = MINUTE;
/** A Worker has six connections. */
const AT_ONCE = 5;
const PAGE = 100;
const PAGES = 50;

const COLUMNS = "a.contact, a.id, a.run, a.scenario, a.block, a.kind, a.details, a.at, a.attempts";
const NAMED_SQL =
  `SELECT ${COLUMNS} FROM json_each(?1) AS k JOIN acts AS a ON a.contact = k.value ->> 0 AND a.id = k.value ->> 1 ` +
  "WHERE a.state = 'pending' AND a.next_at <= ?2";
const DUE_SQL = `SELECT ${COLUMNS} FROM acts AS a WHERE a.state = 'pending' AND a.next_at <= ?1 ORDER BY a.next_at LIMIT ${PAGE}`;
const NEXT_SQL = "SELECT min(next_at) AS at FROM acts WHERE state = 'pending' AND next_at > ?1";
const CLAIM_SQL =
  "UPDATE acts SET attempts = attempts + 1, next_at = ?4, result = 'taken' " +
  "WHERE contact = ?1 AND id = ?2 AND attempts = ?3 AND state = 'pending'";
const LEFT_SQL =
  "UPDATE acts SET attempts = v.value ->> 2, next_at = v.value ->> 3, result = v.value ->> 4, state = v.value ->> 5, done_at = v.value ->> 6 FROM json_each(?1) AS v " +
  "WHERE acts.contact = v.value ->> 0 AND acts.id = v.value ->> 1 AND acts.state = 'pending'";
/** Nobody is left to be told: what an erased contact's runs wanted ends without an event. */
const GONE_SQL =
  "UPDATE acts SET state = 'refused', result = 'erased', done_at = ?2 WHERE state = 'pending' " +
  "AND (contact, id) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?1))";

/** Does some acts, those that are due. Repeating it, or running it beside itself, does nothing twice. */
export async function performActs(services: Services, keys: readonly OwedAct[]): Promise<void> {
  const named = JSON.stringify(keys.map(({ contact, id }) => [contact, id]));
  const { results } = await services.env.DB.prepare(NAMED_SQL).bind(named, services.clock.now()).all<ActRow>();
  await perform(services, results.map(readRow));
}

/**
 * Does what should have been done by `before` (epoch ms), and begins nothing more after the real time `until`. Resolves
 * with how many acts there were.
 */
export async function performDue(
  services: Services,
  before: number,
  until = Number.POSITIVE_INFINITY,
): Promise<number> {
  let count = 0;
  for (let page = 0; page < PAGES && Date.now() < until; page++) {
    const { results } = await services.env.DB.prepare(DUE_SQL).bind(before).all<ActRow>();
    count += results.length;
    if (results.length > 0) await perform(services, results.map(readRow), until);
    if (results.length < PAGE) break;
  }
  return count;
}

/** When the next act is to be tried after `after` (epoch ms), or null. */
export async function nextAct({ env }: Services, after: number): Promise<number | null> {
  return (await env.DB.prepare(NEXT_SQL).bind(after).first<{ at: number | null }>())?.at ?? null;
}

/** How many acts somebody is at, as far as is known. */
export async function takenActs({ env, clock }: Services): Promise<number> {
  const sql = "SELECT count(*) AS taken FROM acts WHERE state = 'pending' AND result = 'taken' AND next_at > ?1";
  return (await env.DB.prepare(sql).bind(clock.now()).first<number>("taken")) ?? 0;
}

type ActRow = Omit<PendingAct, "details"> & { readonly details: string };

function readRow(row: ActRow): PendingAct {
  return { ...row, details: JSON.parse(row.details) as PendingAct["details"] };
}

/** What is done outside comes last, a few at a time, so that nobody waits for a slow address. */
async function perform(
  services: Services,
  acts: readonly PendingAct[],
  until = Number.POSITIVE_INFINITY,
): Promise<void> {
  const isOutside = ({ kind }: PendingAct): boolean => performerOf(kind)?.isOutside === true;
  await performTogether(
    services,
    acts.filter((act) => !isOutside(act)),
  );
  const outside = acts.filter(isOutside);
  for (let from = 0; from < outside.length && Date.now() < until; from += AT_ONCE) {
    await performTogether(services, outside.slice(from, from + AT_ONCE));
  }
}

async function performTogether(services: Services, acts: readonly PendingAct[]): Promise<void> {
  if (acts.length === 0) return;
  const now = services.clock.now();
  const subjects = await subjectsOf(services, acts);
  const gone = acts.filter(({ contact }) => !subjects.has(contact));
  if (gone.length > 0) await services.env.DB.prepare(GONE_SQL).bind(keysOf(gone), now).run();
  const living = acts.filter(({ contact }) => subjects.has(contact));
  const hindered = await hindrancesOf(services, living, subjects);
  const attempts = await Promise.all(
    living.map(async (act) => {
      const subject = subjects.get(act.contact);
      const attempt = subject ? (hindered.get(act.id) ?? (await attemptOf(services, act, subject, now))) : null;
      return { act, attempt };
    }),
  );
  const tried = attempts.flatMap(({ act, attempt }) => (attempt ? [{ act, attempt }] : []));
  const events = tried.flatMap(({ act, attempt }) => {
    const given = giveUp(act, attempt);
    return given.end === "later"
      ? []
      : [...(given.events ?? []), actedEvent(act.contact, act.id, outcomeOf(given), now)];
  });
  // The effect and the mark are one request, and so one batch: neither is there alone.
  if (events.length > 0) await services.append({ receivedAt: now, events }, null);
  // Only of those that are still open: what was done is marked by now, unless it lies beside the ledger.
  const left = tried.map(({ act, attempt }) => leftRow(act, attempt, now));
  if (left.length > 0) await services.env.DB.prepare(LEFT_SQL).bind(JSON.stringify(left)).run();
}

function outcomeOf({ end, result, told }: Exclude<Attempt, { end: "later" }>) {
  return { end, result, ...(told && { told }) };
}

/** An act that failed so often fails for good, and the run that waits for it goes on. */
function giveUp(act: PendingAct, attempt: Attempt): Attempt {
  const isLast = attempt.end === "later" && act.attempts + 1 >= MOST_ATTEMPTS;
  return isLast ? { end: "failed", result: attempt.result } : attempt;
}

/**
 * What the row of an act says that no event has settled. What was done outside is done, though nobody could be told of it
 * yet; and nothing is tried for ever.
 */
function leftRow({ contact, id, kind, attempts }: PendingAct, { end, result }: Attempt, now: number): unknown[] {
  const isDone = end !== "later" && performerOf(kind)?.isOutside === true;
  const state = isDone ? end : attempts > MOST_ATTEMPTS ? "failed" : "pending";
  const nextAt = now + backoffMs(attempts + 1, BACKOFF.base, BACKOFF.cap);
  return [contact, id, attempts + 1, nextAt, result, state, state === "pending" ? null : now];
}

/** One attempt; null where somebody else is at it. Throws nothing. */
async function attemptOf(services: Services, act: PendingAct, subject: Subject, now: number): Promise<Attempt | null> {
  const performer = performerOf(act.kind);
  // One of a later release: after a way back it is done, or given up.
  if (!performer) return { end: "later", result: "unknown_kind" };
  try {
    if (performer.isOutside && !(await claim(services, act, now))) return null;
    return await performer.perform(services, act, subject, now);
  } catch (error) {
    log("act failed", { act: act.id, kind: act.kind, error: String(error).slice(0, 300) });
    return { end: "later", result: "error" };
  }
}

async function claim({ env }: Services, { contact, id, attempts }: PendingAct, now: number): Promise<boolean> {
  const { meta } = await env.DB.prepare(CLAIM_SQL)
    .bind(contact, id, attempts, now + CLAIM)
    .run();
  return meta.changes > 0;
}

/** Whoever stands for the acts' contacts, by the acts' contact; nobody for those that are erased. */
async function subjectsOf({ env }: Services, acts: readonly PendingAct[]): Promise<ReadonlyMap<number, Subject>> {
  const heads = await readHeads(env.DB, [...new Set(acts.map(({ contact }) => contact))]);
  const { results } = await selectContacts(env.DB, JSON.stringify([...new Set(heads.values())])).all();
  const known = new Map<number, Subject>();
  for (const row of results) {
    const { base, profile } = readContact(row);
    if (!isEmptied(profile)) known.set(base.id, { id: base.id, profile });
  }
  return new Map(
    [...heads].flatMap(([contact, head]) => {
      const subject = known.get(head);
      return subject ? [[contact, subject] as const] : [];
    }),
  );
}

function keysOf(acts: readonly PendingAct[]): string {
  return JSON.stringify(acts.map(({ contact, id }) => [contact, id]));
}
