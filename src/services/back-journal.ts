import { headOf } from "../contacts/wanted";
import type { ScenarioDefinition } from "../scenarios/definition";
import { targetSql } from "../segments/target";
import type { Services } from "../services";
import { Fault } from "../shared/fault";
import type { PastStart } from "./back-events";
import { comesOnce, journalStart, pastStarts } from "./back-events";
import type { BackPlan, JournalPlace, LateEntry, LateStep } from "./back-plan";
import type { ArchivedRow } from "./read-journal";
import { lastRow, readPage } from "./read-journal";

/** Pages of the journal that one step reads: a cron has other things to do. */
const PAGES = 10;
/** Events of which it is asked together whose they are. */
const TOGETHER = 500;
/** Events that are read to count who would be let in: somebody waits for the answer. */
const MOST_EVENTS = 1_000_000;

/** An event that lets in whoever it is about, and where it stands. */
interface Fit {
  readonly start: PastStart;
  readonly entry: LateEntry;
}

/** What is read of the past for one scenario. Times are epoch ms. */
interface Reading {
  readonly scenario: string;
  readonly definition: ScenarioDefinition;
  readonly from: number;
  /** Runs of before count: who has been in is let in no more. */
  readonly runsBefore: number;
}

/**
 * Reads who would have been let in by what the journal tells. A step that is done again, since it died before it was noted,
 * comes to the same people: runs that it began itself do not count.
 */
class PastReader {
  private readonly seen = new Set<string>();

  constructor(
    private readonly services: Services,
    private readonly reading: Reading,
  ) {}

  /** Who is let in by rows behind a place, in the order in which they were told. */
  async *fitting(rows: readonly ArchivedRow[], place: JournalPlace): AsyncGenerator<Fit> {
    const { definition, from } = this.reading;
    const starts = pastStarts(rows, definition, { place, from, shop: this.services.terms.shop });
    for (let first = 0; first < starts.length; first += TOGETHER) {
      yield* await this.among(starts.slice(first, first + TOGETHER));
    }
  }

  private async among(starts: readonly PastStart[]): Promise<readonly Fit[]> {
    const owners = await this.ownersOf(starts);
    const heads = [...new Set(owners.filter((head) => head !== null))];
    const [fit, been] = await Promise.all([this.whoFits(heads), this.whoHasBeen(heads)]);
    const { definition } = this.reading;
    const once = comesOnce(definition);
    return starts.flatMap((start, index): Fit[] => {
      const contact = owners[index] ?? null;
      const orderedAt = contact === null ? undefined : fit.get(contact);
      if (contact === null || orderedAt === undefined) return [];
      // Who has bought since would have been let go by now.
      if (definition.stop_on.includes("order") && orderedAt > start.at) return [];
      const name = once ? String(contact) : `${contact} ${start.beginning.key}`;
      if (been.has(name) || this.seen.has(name)) return [];
      this.seen.add(name);
      return [{ start, entry: { contact, ...start.beginning } }];
    });
  }

  /** Whose events are by now, by row; null for what nobody is known by, or by a browser that has been somebody else’s. */
  private async ownersOf(starts: readonly PastStart[]): Promise<readonly (number | null)[]> {
    const rows = [...new Set(starts.flatMap(({ contact }) => contact ?? []))];
    const names = [...new Set(starts.flatMap(({ identities }) => identities))];
    const { DB } = this.services.env;
    const head = headOf("c");
    const read = (sql: string, values: readonly (string | number)[]) =>
      DB.prepare(`SELECT f.name, f.head, h.external_id AS user FROM (${sql}) f JOIN contacts h ON h.id = f.head`).bind(
        JSON.stringify(values),
      );
    const answers = await DB.batch<{ name: string | number; head: number; user: string | null }>([
      read(
        `SELECT c.id AS name, ${head} AS head FROM contacts c WHERE c.id IN (SELECT value FROM json_each(?1))`,
        rows,
      ),
      read(
        `SELECT i.identity AS name, ${head} AS head FROM identities i JOIN contacts c ON c.id = i.contact WHERE i.identity IN ` +
          "(SELECT value FROM json_each(?1)) AND i.identity NOT IN (SELECT browser FROM shared_browsers)",
        names,
      ),
    ]);
    const found = new Map(answers.flatMap(({ results }) => results.map((row) => [row.name, row] as const)));
    return starts.map(({ contact, identities, claims }) => {
      const known = [...(contact === null ? [] : [contact]), ...identities].find((name) => found.has(name));
      const owner = known === undefined ? undefined : found.get(known);
      const isAnothers = claims !== null && (owner?.user ?? claims) !== claims;
      return isAnothers ? null : (owner?.head ?? null);
    });
  }

  /** Who passes the scenario’s filter now, with the time of their last order (−1 for none). */
  private async whoFits(heads: readonly number[]): Promise<ReadonlyMap<number, number>> {
    const { env, clock, terms, tables } = this.services;
    await tables.read();
    const rule = { rule: this.reading.definition.filter, everybody: true };
    const { text, values } = targetSql(rule, clock.now(), terms, 1);
    const sql =
      "SELECT c.id, coalesce(o.last_order_at, -1) AS ordered FROM contacts c LEFT JOIN contact_metrics o ON o.contact = c.id " +
      `WHERE c.id IN (SELECT value FROM json_each(?2)) AND (${text})`;
    const { results } = await env.DB.prepare(sql)
      .bind(...values, JSON.stringify(heads))
      .all<{ id: number; ordered: number }>();
    return new Map(results.map(({ id, ordered }) => [id, ordered]));
  }

  /** Who has been in: by contact, and by contact and key. */
  private async whoHasBeen(heads: readonly number[]): Promise<ReadonlySet<string>> {
    const { scenario, runsBefore } = this.reading;
    const sql =
      "SELECT contact, entry_key AS key, outcome FROM runs WHERE contact IN (SELECT value FROM json_each(?1)) " +
      "AND scenario = ?2 AND entered_at < ?3";
    const { results } = await this.services.env.DB.prepare(sql)
      .bind(JSON.stringify(heads), scenario, runsBefore)
      .all<{ contact: number; key: string; outcome: string | null }>();
    // Who was refused may come by another event.
    const came = results.filter(({ outcome }) => outcome !== "refused");
    return new Set([...came.map((run) => String(run.contact)), ...results.map((run) => `${run.contact} ${run.key}`)]);
  }
}

/** The next whom events of the past let in, `limit` at most: a step reads no more than some pages. */
export async function nextPast(
  services: Services,
  { scenario, definition }: Pick<Reading, "scenario" | "definition">,
  plan: BackPlan,
  limit: number,
): Promise<LateStep> {
  // What is told from now on lets in by itself; what was told in between did so under the same key.
  let place = plan.journal ?? journalStart(await lastRow(services.env.DB));
  const entries: LateEntry[] = [];
  if (limit === 0) return { entries, reached: { behind: 0 } };
  const from = plan.begunAt - plan.within;
  const reader = new PastReader(services, { scenario, definition, from, runsBefore: plan.nextAt });
  for (let pages = 0; pages < PAGES; pages++) {
    const page = await readPage(services, place.point, place.until);
    if (!page) return { entries, reached: { done: true } };
    for await (const { entry, start } of reader.fitting(page.rows, place)) {
      entries.push(entry);
      const point = { ...place.point, seq: start.seq - 1 };
      if (entries.length === limit) return { entries, reached: { journal: { ...place, point, index: start.index } } };
    }
    place = { ...place, point: page.point, index: -1 };
  }
  return { entries, reached: { journal: place } };
}

/**
 * How many events of the past would let in; throws unprocessable where there are too many to count. Reads from the
 * journal's beginning, as rehearsals do: nothing finds a row by its time. An index would be a row more for each request
 * that is stored, and parts of the archive do not say of which days they are.
 */
export async function countPast(services: Services, definition: ScenarioDefinition, from: number): Promise<number> {
  const reader = new PastReader(services, { scenario: "", definition, from, runsBefore: 0 });
  let place = journalStart(await lastRow(services.env.DB));
  let count = 0;
  let read = 0;
  for (let page = await readPage(services, place.point, place.until); page; ) {
    for (const { received_at: receivedAt, events } of page.rows) if (receivedAt >= from) read += events.length;
    if (read > MOST_EVENTS) throw tooMany();
    for await (const _ of reader.fitting(page.rows, place)) count++;
    place = { ...place, point: page.point, index: -1 };
    page = await readPage(services, place.point, place.until);
  }
  return count;
}

function tooMany(): Fault {
  const detail = `holds more than ${MOST_EVENTS.toLocaleString("en")} events: choose fewer days`;
  return new Fault("unprocessable", "The period is too long to be read.", [
    { pointer: "/back_population/within_days", detail },
  ]);
}
