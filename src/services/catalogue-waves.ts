import * as z from "zod";
import type { ChangeKind } from "../commerce/change";
import { readShelves } from "../commerce/shelf-store";
import { moveSetting } from "../platform/settings";
import type { Services } from "../services";
import { DAY } from "../shared/clock";
import type { CatalogueTrigger } from "./catalogue-audience";
import { caringEvent, whoCares } from "./catalogue-audience";

/** Contacts of one request to the ledger. */
const PAGE = 500;
/** Pages that one cron plays for a scenario: whatever came in at once, others have their turn. */
const PAGES = 200;
/** A restock is no news any more, though some of those who wait were not told. */
const STALE = 30 * DAY;

/** How far the waves of one product are. Times are epoch ms. */
const wave = z.object({
  change: z.number().int(),
  product: z.string(),
  sku: z.string(),
  /** When the last of what it tells of came in. */
  begunAt: z.number(),
  /** When it was put down. */
  plannedAt: z.number(),
  /** More came in meanwhile: whoever began to care behind its back is looked for at its end. */
  renewed: z.boolean(),
  /** Only who began to care since it was put down is looked for. */
  isSecond: z.boolean(),
  /** The last contact that was let in. */
  behind: z.number().int(),
  nextAt: z.number(),
  /** What is left of the wave that is under way. */
  left: z.number().int(),
});

type Wave = z.output<typeof wave>;

interface StoredWave {
  readonly key: string;
  readonly text: string;
  readonly wave: Wave;
}

const prefixOf = (scenario: string): string => `catalogue:wave:${scenario}:`;

/**
 * Puts down a line of waves for each product that changed. A line that is under way goes on: each wave reads the stock of then,
 * and nobody is told twice before the others are told; what came in again makes it as fresh as that. A repeat changes nothing.
 */
export async function planWaves(
  db: D1Database,
  scenario: string,
  kind: ChangeKind,
  { after, upTo, since }: { readonly after: number; readonly upTo: number; readonly since: number },
  now: number,
): Promise<void> {
  const sql =
    "INSERT INTO settings (key, value) SELECT ?1 || product_id || ':' || sku, json_object('change', max(id), 'product', " +
    "product_id, 'sku', sku, 'begunAt', max(seen_at), 'plannedAt', ?2, 'renewed', json('false'), 'isSecond', json('false'), " +
    "'behind', 0, 'nextAt', ?2, 'left', 0) FROM catalogue_changes WHERE id > ?3 " +
    "AND id <= ?4 AND kind = ?5 AND seen_at >= ?6 GROUP BY product_id, sku ON CONFLICT (key) DO UPDATE SET " +
    "value = json_set(value, '$.begunAt', excluded.value -> 'begunAt', '$.renewed', json('true')) " +
    "WHERE value ->> 'begunAt' < excluded.value ->> 'begunAt'";
  await db.prepare(sql).bind(prefixOf(scenario), now, after, upTo, kind, since).run();
}

/**
 * Lets in whose turn it is: as many for each piece that is there now, and the next ones when some time has passed. What has
 * waited longest comes first; what is too much for one cron is left to the next one.
 */
export async function playWaves(services: Services, scenario: string, trigger: CatalogueTrigger): Promise<void> {
  let left = PAGES;
  for (const stored of await dueWaves(services, scenario)) {
    for (let next: StoredWave | null = stored; next && left > 0; left--) {
      next = await playPage(services, scenario, trigger, next);
    }
  }
}

/** When the next wave is due; null where none is. */
export async function nextWave(db: D1Database, scenario: string): Promise<number | null> {
  const sql = `SELECT min(value ->> 'nextAt') AS at FROM settings WHERE ${OF_SCENARIO}`;
  return db
    .prepare(sql)
    .bind(...rangeOf(scenario))
    .first<number>("at");
}

/** Lets in a page of a wave that is due; what is left of the wave behind it, or null. Its place is moved behind it. */
async function playPage(
  services: Services,
  scenario: string,
  trigger: CatalogueTrigger,
  stored: StoredWave,
): Promise<StoredWave | null> {
  const now = services.clock.now();
  const { perUnit, everyMs } = trigger.waves ?? { perUnit: 0, everyMs: DAY };
  const { DB } = services.env;
  const one = stored.wave;
  if (one.begunAt < now - STALE) return end(DB, stored);
  if (one.nextAt > now) return null;
  // What is gone again parks those who wait, and drops nobody.
  const quota = one.left > 0 ? one.left : await quotaOf(services, one, perUnit, now);
  if (quota === 0) return move(DB, stored, { ...one, nextAt: now + everyMs });
  const limit = Math.min(quota, PAGE);
  const asked = { after: one.change - 1, upTo: one.change, since: 0, behind: one.behind, limit };
  const withinMs = one.isSecond ? Math.min(trigger.withinMs, now - one.plannedAt) : trigger.withinMs;
  const page = await whoCares(services, { ...trigger, withinMs }, asked, now);
  const events = page.map((caring) => caringEvent(scenario, one.change, caring, now));
  if (events.length > 0) {
    const { status } = await services.append({ receivedAt: now, events }, null);
    if (status !== "stored") throw new Error(`entries of ${scenario} were not taken: ${status}`);
  }
  const last = page.at(-1);
  const left = quota - page.length;
  if (!last || page.length < limit) {
    // Whoever was told of this change is known by it: a second look tells them nothing.
    return one.renewed
      ? move(DB, stored, { ...one, renewed: false, isSecond: true, behind: 0, left })
      : end(DB, stored);
  }
  return move(DB, stored, { ...one, behind: last.contact, left, nextAt: left > 0 ? one.nextAt : now + everyMs });
}

/** Whoever finds the line moved by another leaves the rest to them. */
async function move(db: D1Database, { key, text: from }: StoredWave, to: Wave): Promise<StoredWave | null> {
  const text = JSON.stringify(to);
  const moved = await moveSetting(db, key, from, text);
  return moved && to.left > 0 ? { key, text, wave: to } : null;
}

async function end(db: D1Database, { key, text }: StoredWave): Promise<null> {
  await db.prepare("DELETE FROM settings WHERE key = ?1 AND value = ?2").bind(key, text).run();
  return null;
}

/** How many may be told, by what is there now. */
async function quotaOf({ env }: Services, { product, sku }: Wave, perUnit: number, now: number): Promise<number> {
  const shelves = (await readShelves(env.DB, [product], now)).get(product) ?? [];
  const known = shelves.filter((shelf) => !shelf.isGone && (shelf.sku === sku || sku === product));
  return Math.ceil(known.reduce((sum, { stock }) => sum + Math.max(0, stock ?? 0), 0) * perUnit);
}

const OF_SCENARIO = "key >= ?1 AND key < ?2";

function rangeOf(scenario: string): readonly [string, string] {
  const prefix = prefixOf(scenario);
  return [prefix, `${prefix.slice(0, -1)};`];
}

async function dueWaves({ env, clock }: Services, scenario: string): Promise<readonly StoredWave[]> {
  const sql =
    `SELECT key, value FROM settings WHERE ${OF_SCENARIO} AND value ->> 'nextAt' <= ?3 ` +
    "ORDER BY value ->> 'nextAt', key LIMIT ?4";
  const { results } = await env.DB.prepare(sql)
    .bind(...rangeOf(scenario), clock.now(), PAGES)
    .all<{ key: string; value: string }>();
  return results.flatMap(({ key, value }) => {
    const parsed = wave.safeParse(JSON.parse(value));
    return parsed.success ? [{ key, text: value, wave: parsed.data }] : [];
  });
}
