import type { Services } from "../../services";
import { DAY, HOUR, SECOND } from "../../shared/clock";
import { webhookSecret } from "../../shared/webhook-signature";

/** An address that takes nothing at present. Times are epoch ms. */
export interface FailingEndpoint {
  readonly url: string;
  readonly failing_since: number;
  readonly tried_at: number;
  /** It is given up, and asked once a day whether it is back. */
  readonly is_open: number;
}

/** An address that takes nothing for so long is not called any more (F09). */
const GIVEN_UP = 5 * DAY;
const ASKED_AGAIN = DAY;
const SHORTEST = 20 * SECOND;
const LONGEST = HOUR;

/** What calls to an address are signed with. It is stored nowhere, and each origin has its own. */
export function endpointSecret({ config }: Services, url: string): string {
  return webhookSecret(config.LINK_SECRET, "scenario", new URL(url).origin);
}

/** How an address stands; null where nothing is wrong with it. */
export async function readEndpoint(db: D1Database, url: string): Promise<FailingEndpoint | null> {
  const sql = "SELECT url, failing_since, tried_at, is_open FROM webhook_endpoints WHERE url = ?1";
  return db.prepare(sql).bind(url).first<FailingEndpoint>();
}

/** The addresses that are given up. */
export async function givenUpEndpoints(db: D1Database): Promise<FailingEndpoint[]> {
  const sql = "SELECT url, failing_since, tried_at, is_open FROM webhook_endpoints WHERE is_open = 1 ORDER BY url";
  return (await db.prepare(sql).all<FailingEndpoint>()).results;
}

/** Whether an address may be called now; one that fails is left alone for a while, however many calls wait for it. */
export function mayCall(
  { failing_since: since, tried_at: tried, is_open: isOpen }: FailingEndpoint,
  now: number,
): boolean {
  const pause = isOpen === 1 ? ASKED_AGAIN : Math.min(LONGEST, Math.max(SHORTEST, (tried - since) / 4));
  return now >= tried + pause;
}

/** Notes that an address took nothing. Resolves with whether it is given up. */
export async function noteFailure(db: D1Database, url: string, now: number): Promise<boolean> {
  const sql =
    "INSERT INTO webhook_endpoints (url, failing_since, tried_at, is_open) VALUES (?1, ?2, ?2, 0) " +
    "ON CONFLICT (url) DO UPDATE SET tried_at = ?2, is_open = max(is_open, ?2 - failing_since >= ?3) RETURNING is_open";
  return (await db.prepare(sql).bind(url, now, GIVEN_UP).first<number>("is_open")) === 1;
}

/** Notes that an address is back. */
export async function noteSuccess(db: D1Database, url: string): Promise<void> {
  await db.prepare("DELETE FROM webhook_endpoints WHERE url = ?1").bind(url).run();
}
