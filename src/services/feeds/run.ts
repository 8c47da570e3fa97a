import type { Feed, FeedRun } from "../../commerce/feed";
import { EARLY, nextFetch, withRejection } from "../../commerce/feed";
import { statementOf } from "../../commerce/feed-item";
import { UnreadableFeed } from "../../commerce/feed-record";
import {
  beginRun,
  dueFeeds,
  endRun,
  findFeed,
  findRun,
  leaveWrites,
  listedBehind,
  runWrite,
  selectListed,
} from "../../commerce/feed-store";
import { productStatements } from "../../commerce/product-store";
import { killPoint } from "../../local/faults";
import { log } from "../../platform/log";
import { OutboundFailure } from "../../platform/outbound";
import { UnreadableText } from "../../platform/text-stream";
import type { Services } from "../../services";
import { HOUR, MINUTE } from "../../shared/clock";
import { withLease } from "../lease";
import type { PartLine } from "./parts";
import { clearParts, readPart, readSeen } from "./parts";
import { readFeed, seenKey } from "./read";

/** Longer than a step takes; what died in the middle is taken up when it has run out. */
const LEASE = 5 * MINUTE;
/** How far one step goes. */
interface Step {
  /** Parts that it works on: what they cost stays well under the CPU time of one invocation. */
  readonly parts: number;
  /** Items of one part, which is one batch of the database. */
  readonly partItems: number;
}

const STEP: Step = { parts: 100, partItems: 1_000 };
/** What fetching and reading a feed counts for, as a share of a step. */
const READING = 0.6;
/** A feed that ends the process whenever it is read is given up. */
const TRIES = 4;
const RETRY = HOUR;
const PAGE = 5_000;

/** Carries every feed on that is due or under way, as far as one step goes; the next one goes on where it stood. */
export async function runFeeds(services: Services, step = STEP): Promise<void> {
  let budget = step.parts;
  for (const { key } of await dueFeeds(services.env.DB, services.clock.now() + EARLY)) {
    if (budget <= 0) return;
    budget = (await stepFeed(services, key, { ...step, parts: budget }, false)) ?? budget;
  }
}

/** Fetches a feed at once, as far as one step goes. False where somebody is at it already. */
export async function fetchNow(services: Services, key: string): Promise<boolean> {
  return (await stepFeed(services, key, STEP, true)) !== null;
}

/** @returns how many parts the step has left; null where another one is at work */
async function stepFeed(services: Services, key: string, step: Step, asked: boolean): Promise<number | null> {
  const { env, clock } = services;
  const now = clock.now();
  return withLease(env.DB, `feed:${key}`, now, LEASE, async () => {
    const feed = await findFeed(env.DB, key);
    if (!feed) return step.parts;
    if (feed.run === null) {
      if (!asked && (feed.nextAt === null || feed.nextAt > now + EARLY)) return step.parts;
      await clearParts(env.ARCHIVE, key);
      const nextAt = nextFetch(feed.definition, feed.setAt, now);
      await beginRun(env.DB, feed, `run_${String(now).padStart(15, "0")}`, now, nextAt);
    }
    const begun = feed.run === null ? await findFeed(env.DB, key) : feed;
    const run = begun?.run ? await findRun(env.DB, key, begun.run) : null;
    return run ? await new FeedStep(services, feed, run, step).go() : step.parts;
  });
}

/** One step of a run. Each stage can be begun again from what the run's row says. */
class FeedStep {
  private unbilled = 0;
  private left: number;

  constructor(
    private readonly services: Services,
    private readonly feed: Feed,
    private run: FeedRun,
    private readonly step: Step,
  ) {
    this.left = step.parts;
  }

  async go(): Promise<number> {
    try {
      if (this.run.state === "reading") await this.read();
      if (this.run.state === "writing") await this.write();
      if (this.run.state === "leaving") await this.leave();
    } catch (error) {
      await this.fail(error);
    }
    return this.left;
  }

  private get db(): D1Database {
    return this.services.env.DB;
  }

  private async note(change: Partial<FeedRun>, before: readonly D1PreparedStatement[] = []): Promise<void> {
    const next = { ...change, rowsWritten: this.run.rowsWritten + this.unbilled };
    const results = await this.db.batch([...before, runWrite(this.db, this.run, next)]);
    this.run = { ...this.run, ...next };
    // What this batch wrote is known only now, and told with the next.
    this.unbilled = results.reduce((sum, { meta }) => sum + meta.rows_written, 0);
  }

  private async read(): Promise<void> {
    if (this.run.tries >= TRIES) throw new UnreadableFeed("could not be read to its end in several tries");
    await this.note({ tries: this.run.tries + 1 });
    this.left -= Math.floor(READING * this.step.parts);
    const read = await readFeed(this.services, this.feed, this.run, this.step.partItems);
    if (read.state === "unchanged") return this.end({ state: "unchanged" });
    const { etag, lastModified, parts, items, rejected } = read;
    await this.note({ state: "writing", etag, lastModified, parts, items, rejected });
  }

  private async write(): Promise<void> {
    for (; this.run.part < this.run.parts; this.left--) {
      if (this.left <= 0) return;
      const lines = await readPart(this.services.env.ARCHIVE, this.run, this.run.part);
      if (!lines) throw new UnreadableFeed("was read, but a part of it is gone");
      await this.writePart(lines);
    }
    await this.note({ state: "leaving" });
  }

  /** The rows of a part and the place behind it go in one batch: a part counts once, whoever dies where. */
  private async writePart(lines: readonly PartLine[]): Promise<void> {
    const { key } = this.feed;
    const now = this.services.clock.now();
    const { listed, leads } = await selectListed(
      this.db,
      lines.map(([, , { product, sku }]) => [product, sku] as const),
    );
    const known = new Map(listed.map((one) => [seenKey(one), one]));
    const lead = new Map(leads.map(({ product, sku }) => [product, sku]));
    for (const [, , { product, sku }] of lines) {
      const first = lead.get(product);
      if (first === undefined || sku < first) lead.set(product, sku);
    }
    let { rejected } = this.run;
    const fresh = lines.filter(([line, hash, item]) => {
      const before = known.get(seenKey(item));
      const foreign = before !== undefined && before.feed !== null && before.feed !== key;
      if (foreign) rejected = withRejection(rejected, "id is listed by another feed", line, item.sku);
      return !foreign && (before?.feed !== key || before.hash !== hash);
    });
    const said = fresh.map(([, hash, item]) =>
      statementOf(item, { feed: key, hash }, lead.get(item.product) === item.sku, now),
    );
    const statements = await productStatements(this.db, said, `feed:${key}`);
    const change = { part: this.run.part + 1, changed: this.run.changed + fresh.length, rejected };
    await this.note(change, statements);
    if (__LOCAL__) await killPoint("feed-part");
  }

  /** What the feed lists no more is marked; it stays in the catalogue. */
  private async leave(): Promise<void> {
    const seen = await readSeen(this.services.env.ARCHIVE, this.run);
    if (!seen) throw new UnreadableFeed("was read, but what it lists is gone");
    const now = this.services.clock.now();
    for (let after: readonly [string, string] = ["", ""]; ; ) {
      const page = await listedBehind(this.db, this.feed.key, after, PAGE);
      const gone = page.filter((one) => !seen.has(seenKey(one)));
      if (gone.length > 0) {
        await this.note({ gone: this.run.gone + gone.length }, leaveWrites(this.db, this.feed.key, gone, now));
      }
      const last = page.at(-1);
      if (!last) break;
      after = [last.product, last.sku];
    }
    await this.end({ state: "done" });
  }

  private async end(change: Partial<FeedRun>, retryAt: number | null = null): Promise<void> {
    const finishedAt = this.services.clock.now();
    const rowsWritten = this.run.rowsWritten + this.unbilled;
    await endRun(this.db, this.run, { ...change, finishedAt, rowsWritten }, retryAt);
    this.run = { ...this.run, ...change };
    const { notes } = this.services;
    if (this.run.state === "failed") notes.refused("feed", { "feed-failed": 1 });
    // A feed in which nothing has changed was heard all the same.
    else notes.taken("feed", Math.max(1, this.run.changed));
    await clearParts(this.services.env.ARCHIVE, this.feed.key);
  }

  /** A feed that cannot be had is told so, and asked again within the hour. Anything else is tried again as it stands. */
  private async fail(error: unknown): Promise<void> {
    const reason = reasonOf(error);
    if (reason === null) {
      log("feed step failed", { feed: this.feed.key, run: this.run.id, error: String(error).slice(0, 300) });
      return;
    }
    await this.end({ state: "failed", reason }, this.services.clock.now() + RETRY);
  }
}

/** What a feed could not be read for; null for a fault of our own. */
function reasonOf(error: unknown): string | null {
  if (error instanceof UnreadableFeed || error instanceof UnreadableText) return error.message;
  return error instanceof OutboundFailure ? `could not be fetched: ${error.message}` : null;
}
