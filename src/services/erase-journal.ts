import type { Names } from "../contacts/names";
import { joinNames, NO_NAMES } from "../contacts/names";
import type { TrailState } from "../contacts/scrub";
import { lowerAscii, needlesOf, scrub, Trail, UNDO_NEEDLE } from "../contacts/scrub";
import type { LedgerEvent } from "../events/event";
import { bulk } from "../platform/d1";
import type { Services } from "../services";
import { archivePrefix, keyAfter, readArchive, rewriteArchive } from "./archive";
import type { ArchivedRow } from "./read-journal";

const PAGE = 1_000;
/** More needles than this are looked for here rather than in SQL, which would search each body for each of them. */
const SQL_NEEDLES = 60;
const PREFIX = archivePrefix("journal");

/** How far a pass over archive and journal has come. */
export interface JournalPlace {
  /** The last archived part that was looked at; null once the archive is behind. */
  readonly key: string | null;
  readonly seq: number;
  /** The browsers of the trail, as they were then. */
  readonly browsers: TrailState;
}

/** Whose events a pass looks for. */
export interface Sought {
  readonly contacts: readonly number[];
  /** What they alone are known by. */
  readonly names: Names;
  /** Browsers that were theirs for a time and are somebody else's. */
  readonly shared: readonly string[];
  /** Browsers that were somebody else's first. */
  readonly foreign: readonly string[];
}

export const BEGINNING: JournalPlace = { key: "", seq: -1, browsers: [] };

interface Row {
  readonly seq: number;
  readonly received_at: number;
  readonly body: string;
  readonly wakes: string | null;
}

/** A pass over everything that came in before some contacts were emptied: first the archive, then the journal. */
export class JournalPass {
  private readonly names: Names;
  private readonly needles: readonly string[];
  private readonly contacts: ReadonlySet<number>;
  private readonly trail: Trail;

  constructor(
    private readonly services: Services,
    sought: Sought,
    /** The number of the last journal row that may concern them: later ones are of whoever they became. */
    private readonly last: number,
    private readonly place: JournalPlace,
    private readonly found: (event: LedgerEvent, seq: number, receivedAt: number) => void = () => undefined,
  ) {
    this.names = joinNames([sought.names, { ...NO_NAMES, browsers: sought.shared }]);
    this.needles = [...needlesOf(this.names, sought.contacts), UNDO_NEEDLE];
    this.contacts = new Set(sought.contacts);
    const foreign = sought.foreign.map((browser) => [browser, false, null] as const);
    this.trail = new Trail(this.names, this.contacts, [...foreign, ...place.browsers]);
  }

  /** Looks at one more page, and rewrites it where asked to. Null when everything was looked at. */
  async next(rewrite: boolean): Promise<JournalPlace | null> {
    const { key } = this.place;
    if (key === null) return this.nextRows(rewrite);
    const found = await keyAfter(this.services.env.ARCHIVE, PREFIX, key);
    if (found === null) return { key: null, seq: this.place.seq, browsers: this.trail.state };
    await this.archived(found, rewrite);
    return { key: found, seq: this.place.seq, browsers: this.trail.state };
  }

  /** What a pass that has seen everything knows of browsers: those beside `own` that were theirs, and whose were first. */
  learned(own: readonly string[]): Pick<Sought, "shared" | "foreign"> {
    const { ever, foreign } = this.trail;
    return { shared: ever.filter((browser) => !own.includes(browser)), foreign };
  }

  private async archived(key: string, rewrite: boolean): Promise<void> {
    const { ARCHIVE } = this.services.env;
    const look = (line: string): string | null => {
      if (!this.isLikely(line)) return line;
      const row = JSON.parse(line) as ArchivedRow;
      if (row.seq > this.last) return line;
      const events = this.scrub(row.events, row.seq, row.received_at);
      return events.length === 0 ? null : JSON.stringify({ ...row, events });
    };
    if (rewrite) await rewriteArchive(ARCHIVE, key, look);
    else for (const line of await readArchive(ARCHIVE, key)) look(line);
  }

  private async nextRows(rewrite: boolean): Promise<JournalPlace | null> {
    const { DB } = this.services.env;
    const few = this.needles.length <= SQL_NEEDLES;
    const within = "seq > ?1 AND seq <= ?2 ORDER BY seq LIMIT ?3";
    const likely =
      "EXISTS (SELECT 1 FROM json_each(?4) n WHERE instr(lower(body), n.value) > 0) OR (wakes IS NOT NULL AND " +
      "EXISTS (SELECT 1 FROM json_each(wakes) w WHERE w.value ->> 0 IN (SELECT value FROM json_each(?5))))";
    const sql = `WITH page AS (SELECT seq, received_at, body, wakes FROM journal WHERE ${within}) SELECT * FROM page`;
    const bounds = [this.place.seq, this.last, PAGE];
    const contacts = JSON.stringify([...this.contacts]);
    const [rows, end] = await DB.batch([
      few
        ? DB.prepare(`${sql} WHERE ${likely}`).bind(...bounds, JSON.stringify(this.needles), contacts)
        : DB.prepare(sql).bind(...bounds),
      DB.prepare(`SELECT max(seq) AS seq FROM (SELECT seq FROM journal WHERE ${within})`).bind(...bounds),
    ]);
    const { seq } = (end?.results[0] ?? { seq: null }) as { seq: number | null };
    if (seq === null) return null;
    const changes = ((rows?.results ?? []) as Row[]).flatMap((row) => this.rewritten(row));
    if (rewrite && changes.length > 0) await this.write(changes);
    return { key: null, seq, browsers: this.trail.state };
  }

  private rewritten(row: Row): [number, string | null, string | null][] {
    const { seq, body } = row;
    const events = this.isLikely(body) ? this.scrub(JSON.parse(body) as LedgerEvent[], seq, row.received_at) : null;
    const wakes = (JSON.parse(row.wakes ?? "[]") as [number, unknown][]).filter(([id]) => !this.contacts.has(id));
    const left = {
      body: events ? JSON.stringify(events) : body,
      wakes: wakes.length > 0 ? JSON.stringify(wakes) : null,
    };
    if (left.body === body && left.wakes === row.wakes) return [];
    return left.body === "[]" && left.wakes === null ? [[seq, null, null]] : [[seq, left.body, left.wakes]];
  }

  private async write(changes: readonly [number, string | null, string | null][]): Promise<void> {
    const { DB } = this.services.env;
    const kept =
      "UPDATE journal SET body = v.value ->> 1, wakes = v.value ->> 2 FROM json_each(?1) AS v " +
      "WHERE journal.seq = v.value ->> 0";
    const gone = "DELETE FROM journal WHERE seq IN (SELECT value ->> 0 FROM json_each(?1))";
    const [left, empty] = [changes.filter(([, body]) => body !== null), changes.filter(([, body]) => body === null)];
    await DB.batch([...bulk(DB, kept, left), ...bulk(DB, gone, empty)]);
  }

  private scrub(events: readonly LedgerEvent[], seq: number, receivedAt: number): LedgerEvent[] {
    return scrub(events, this.trail, this.names, (event) => this.found(event, seq, receivedAt));
  }

  private isLikely(text: string): boolean {
    const lower = lowerAscii(text);
    return this.needles.some((needle) => lower.includes(needle));
  }
}
