import type { LedgerEvent } from "../events/event";
import { ownEvent } from "../events/event";
import { chooseOnce, moveSetting, readSetting } from "../platform/settings";
import type { Stated } from "../scenarios/date-expression";
import { isYearly, occasionsWithin, zoneFor } from "../scenarios/date-expression";
import { triggerOf } from "../scenarios/live";
import type { StartDate } from "../scenarios/start-date";
import { countsAt, dateKey } from "../scenarios/start-date";
import type { Services } from "../services";
import { DAY, HOUR, MINUTE } from "../shared/clock";
import { sinceMidnight } from "../shared/opening";

/** A span of time, of which the beginning is not part. Epoch ms. */
interface Span {
  readonly after: number;
  readonly until: number;
}

/** Where a scenario stands: what fell up to `after` is done, and of the round up to `until` the contacts up to `behind`. */
interface Place {
  readonly after: number;
  readonly round: { readonly until: number; readonly behind: number } | null;
}

interface Start {
  readonly scenario: string;
  readonly date: StartDate;
  readonly activeSince: number;
  readonly place: Place;
}

/** Contacts of one request to the ledger. */
const PAGE = 500;
/** What fell longer ago is let go: a cron that stood still congratulates nobody days later. */
const NEWS = DAY;
/** Clocks differ by whole quarters of an hour, so that nothing falls in between. */
const QUARTER = 15 * MINUTE;
/** A cron goes on for so long in real time, and leaves the rest to the next one. */
const PATIENCE = MINUTE;
/** How far whoever moves the clock looks ahead. */
const AHEAD = 30 * DAY;

/** Lets in whoever has a date that has fallen since the last round, for every active scenario that starts on one. */
export async function startOnDates(services: Services): Promise<void> {
  const stopAt = Date.now() + PATIENCE;
  const failed: unknown[] = [];
  // One that fails keeps none of the others waiting.
  for (const start of await starts(services)) {
    await playRound(services, start, stopAt).catch((error: unknown) => failed.push(error));
  }
  if (failed.length > 0) throw failed[0];
}

/**
 * What a round looks at is stored before anybody is let in. A page that is let in twice, by a crash or by crons beside each
 * other, makes the same events again, which count once.
 */
async function playRound(services: Services, start: Start, stopAt: number): Promise<void> {
  const { DB } = services.env;
  const now = services.clock.now();
  let { place } = start;
  // Whoever finds the place moved by another leaves the rest to them.
  const moveTo = async (next: Place): Promise<boolean> => {
    const moved = await movePlace(DB, start.scenario, place, next);
    place = next;
    return moved;
  };
  if (place.round === null) {
    if (!isTimeBetween(start.date, { after: place.after, until: now })) return;
    if (!(await moveTo({ ...place, round: { until: now, behind: 0 } }))) return;
  }
  const { after, round } = place;
  if (!round) return;
  const span = { after: Math.max(after, start.activeSince - 1, now - NEWS), until: round.until };
  for (let behind: number | null = round.behind; span.after < span.until; ) {
    const page = await fallsWithin(services, start.date, span, behind);
    const events = page.entries.map((entry) => entryEvent(start, entry));
    if (events.length > 0) {
      const { status } = await services.append({ receivedAt: services.clock.now(), events }, null);
      if (status !== "stored") throw new Error(`entries of ${start.scenario} were not taken: ${status}`);
    }
    behind = page.behind;
    if (behind === null) break;
    if (!(await moveTo({ after, round: { ...round, behind } })) || Date.now() > stopAt) return;
  }
  await moveTo({ after: round.until, round: null });
}

/** Whether a date with such a time of day can have fallen within a span, by any clock on earth. */
function isTimeBetween({ at }: StartDate, { after, until }: Span): boolean {
  const quarters = (time: number): number => Math.floor((time - sinceMidnight(at)) / QUARTER);
  return quarters(until) > quarters(after);
}

/** Somebody whose date has fallen. */
interface Entry {
  readonly contact: number;
  readonly key: string;
  readonly at: number;
}

interface Candidate {
  readonly id: number;
  /** A JSON list where a contact has several. */
  readonly stated: Stated;
  readonly timezone: string | null;
  readonly birthDate: string | null;
  readonly birthDateSetAt: number | null;
}

/** Those of the next page of contacts whose date falls within a span; `behind` is null where it was the last page. */
async function fallsWithin(
  services: Services,
  date: StartDate,
  span: Span,
  behind: number,
): Promise<{ readonly entries: readonly Entry[]; readonly behind: number | null }> {
  const { shop } = services.terms;
  const { results } = await services.env.DB.prepare(candidatesSql(date))
    .bind(JSON.stringify(daysAround(date, span)), behind, PAGE, ...("name" in date ? [`$."${date.name}"`] : []))
    .all<Candidate>();
  const entries = results.flatMap((contact) => {
    const stated = FIELDS[date.field].group ? (JSON.parse(String(contact.stated)) as Stated[]) : [contact.stated];
    return occasionsWithin(date, stated, zoneFor(date, { profile: contact, shop }), span)
      .filter(({ at }) => countsAt(date, contact, at))
      .map(({ key, at }) => ({ contact: contact.id, key: dateKey(date, key), at }));
  });
  const last = results.at(-1);
  return { entries, behind: last && results.length === PAGE ? last.id : null };
}

/** Where a date stands: contacts `c` that may have it, and what is stated, once as a date by UTC. */
interface Field {
  readonly from: string;
  readonly id: string;
  readonly stated: string;
  readonly day: string;
  /** Of one contact there may be several. */
  readonly group?: true;
}

const FIELDS: Readonly<Record<StartDate["field"], Field>> = {
  birth_date: ofContact("c.birth_date"),
  attribute: ofContact("json_extract(c.attributes, ?4)"),
  first_order: ofOrders("first_order_at"),
  last_order: ofOrders("last_order_at"),
  created: { ...ofContact("c.created_at"), day: dayOf("c.created_at") },
  points_expire: {
    // Lots stay those of the contact to whom they came.
    from:
      "loyalty_lots l CROSS JOIN contacts o ON o.id = l.contact AND l.points_left > 0 " +
      "CROSS JOIN contacts c ON c.id = coalesce(o.merged_into, o.id)",
    id: "c.id",
    stated: "json_group_array(l.expires_at)",
    day: dayOf("l.expires_at"),
    group: true,
  },
};

function ofContact(stated: string): Field {
  return { from: "contacts c", id: "c.id", stated, day: stated };
}

/** The row of figures is a tenth of the contact's, and is looked at first. */
function ofOrders(column: string): Field {
  const from = "contact_metrics m CROSS JOIN contacts c ON c.id = m.contact";
  return { from, id: "m.contact", stated: `m.${column}`, day: dayOf(`m.${column}`) };
}

function dayOf(moment: string): string {
  return `date(${moment} / 1000, 'unixepoch')`;
}

/** A page of ?3 contacts behind ?2 that have a date on one of the days ?1; more than really have one. */
function candidatesSql(date: StartDate): string {
  const { from, id, stated, day, group } = FIELDS[date.field];
  const days = "IN (SELECT value FROM json_each(?1))";
  const isOn =
    date.field === "birth_date"
      ? "c.id IN (SELECT id FROM contacts INDEXED BY contacts_by_birthday " +
        `WHERE birth_date IS NOT NULL AND substr(birth_date, 6) ${days})`
      : `substr(${day}, ${isYearly(date) ? "6, 5" : "1, 10"}) ${days}`;
  return (
    `SELECT c.id, ${stated} AS stated, c.timezone, c.birth_date AS birthDate, c.birth_date_set_at AS birthDateSetAt ` +
    `FROM ${from} WHERE ${id} > ?2 AND c.status = 'verified' AND ${isOn} ` +
    `${group ? `GROUP BY ${id} ` : ""}ORDER BY ${id} LIMIT ?3`
  );
}

/**
 * The days, or days of the year, on which what falls within a span can have been stated: by every clock on earth, and two
 * days more on both sides, as a moment's day is another one where it was written down.
 */
function daysAround(date: StartDate, { after, until }: Span): readonly string[] {
  const [first, last] = [after - 12 * HOUR, until + 14 * HOUR].map((at) => Math.floor(at / DAY));
  const days = new Set<string>();
  for (let day = (first ?? 0) - 2; day <= (last ?? 0) + 2; day++) {
    const text = new Date((day - date.offset_days) * DAY).toISOString().slice(0, 10);
    days.add(isYearly(date) ? text.slice(5) : text);
  }
  if (days.has("02-28") || days.has("03-01")) days.add("02-29");
  return [...days];
}

function entryEvent({ scenario }: Start, { contact, key, at }: Entry): LedgerEvent {
  return ownEvent(`enter.${scenario}.${key}`, "scenario.enter", at, contact, { scenario, key });
}

/** When a date next falls that lets somebody in, later than `after`, or there is to look again; null without a start on one. */
export async function nextDate(services: Services, after: number): Promise<number | null> {
  const times: number[] = [];
  for (const { date, place, activeSince } of await starts(services)) {
    if (place.round) times.push(services.clock.now());
    const span = { after: Math.max(place.after, activeSince - 1), until: place.after + AHEAD };
    let first = span.until;
    for (let behind: number | null = 0; behind !== null; ) {
      const page = await fallsWithin(services, date, span, behind);
      first = Math.min(first, ...page.entries.map(({ at }) => at));
      behind = page.behind;
    }
    times.push(first);
  }
  const later = times.filter((time) => time > after);
  return later.length > 0 ? Math.min(...later) : null;
}

async function starts(services: Services): Promise<readonly Start[]> {
  const { playbook } = await services.briefings.read();
  const found = playbook.live.flatMap(({ id, state, definition }) => {
    const trigger = triggerOf(definition);
    return state === "active" && trigger?.kind === "date" ? [{ scenario: id, date: trigger.date }] : [];
  });
  return Promise.all(found.map(async (one) => ({ ...one, ...(await standing(services, one.scenario)) })));
}

const keyOf = (scenario: string): string => `dates:starts:${scenario}`;

/** Where a scenario stands; at its first look, at the moment when it was published as it is. */
async function standing({ env }: Services, scenario: string): Promise<Pick<Start, "activeSince" | "place">> {
  const row = await env.DB.prepare("SELECT active_since, updated_at FROM scenarios WHERE id = ?1")
    .bind(scenario)
    .first<{ active_since: number | null; updated_at: number }>();
  // A draft that is stored later changes the other time, and not what runs.
  const published = row?.active_since ?? row?.updated_at ?? 0;
  const stored =
    (await readSetting(env.DB, keyOf(scenario))) ??
    (await chooseOnce(env.DB, keyOf(scenario), placeText({ after: published - 1, round: null })));
  return { activeSince: published, place: readPlace(stored) };
}

function placeText({ after, round }: Place): string {
  return round === null ? String(after) : [after, round.until, round.behind].join(":");
}

function readPlace(text: string): Place {
  const [after = 0, until, behind = 0] = text.split(":").map(Number);
  return { after, round: until === undefined ? null : { until, behind } };
}

/** @returns false where the scenario does not stand at `from` any more */
function movePlace(db: D1Database, scenario: string, from: Place, to: Place): Promise<boolean> {
  return moveSetting(db, keyOf(scenario), placeText(from), placeText(to));
}
