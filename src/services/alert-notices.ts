import { log } from "../platform/log";
import type { AlertSettings } from "../reports/alert-settings";
import type { Services } from "../services";
import { backoffMs } from "../shared/backoff";
import { DAY, HOUR, MINUTE } from "../shared/clock";
import { signedHeaders } from "../shared/webhook-signature";
import type { Notice } from "./alert-rows";
import { alertSecret, readBreaker, writeBreaker } from "./alert-settings";
import { postOutbound } from "./post-outbound";

/** Whoever claimed a notice and died is taken for gone after this. */
const CLAIM = 2 * MINUTE;
const BACKOFF = { base: MINUTE, cap: 6 * HOUR } as const;
/** The provider forgets an idempotency key after 24 hours: a letter must not be repeated later. */
const LETTER_LIMIT = 23 * HOUR;
/** A webhook that takes nothing for so long is not called any more (F09). */
const GIVEN_UP = 5 * DAY;
const PAGE = 50;
const ROUNDS = 5;

// What was made first is told first: that it is over must not come before that it began.
const DUE_SQL = `
SELECT id, alert, kind, way, target, body, made_at AS madeAt, attempts FROM alert_notices n
WHERE state = 'open' AND next_at <= ?1 AND NOT EXISTS (
  SELECT 1 FROM alert_notices o WHERE o.state = 'open' AND o.way = n.way AND o.target = n.target
    AND (o.made_at, o.id) < (n.made_at, n.id) AND o.kind <> 'test' AND n.kind <> 'test')
ORDER BY made_at, id LIMIT ${PAGE}`;
const CLAIM_SQL =
  "UPDATE alert_notices SET attempts = attempts + 1, next_at = ?3 WHERE id = ?1 AND attempts = ?2 AND state = 'open'";
const SETTLE_SQL = "UPDATE alert_notices SET state = ?2, reason = ?3, next_at = ?4 WHERE id = ?1 AND state = 'open'";

/** What one attempt came to. */
type Told =
  | { readonly state: "sent" }
  | { readonly state: "failed"; readonly reason: string }
  | { readonly state: "open"; readonly reason: string; readonly afterMs: number | null };

/** Tells what is to be told by now. Running it twice, or beside itself, tells nothing twice. */
export async function deliverNotices(services: Services, settings: AlertSettings): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    const { results } = await services.env.DB.prepare(DUE_SQL).bind(services.clock.now()).all<Notice>();
    if (results.length === 0) return;
    for (const notice of results) await attempt(services, settings, notice);
  }
}

/** When the next notice is due, or null. */
export async function nextNotice(db: D1Database): Promise<number | null> {
  const sql = "SELECT min(next_at) AS at FROM alert_notices WHERE state = 'open'";
  return (await db.prepare(sql).first<{ at: number | null }>())?.at ?? null;
}

async function attempt(services: Services, settings: AlertSettings, notice: Notice): Promise<void> {
  const { DB } = services.env;
  const now = services.clock.now();
  const claimed = await DB.prepare(CLAIM_SQL)
    .bind(notice.id, notice.attempts, now + CLAIM)
    .run();
  if (claimed.meta.changes === 0) return;
  const told = notice.way === "email" ? await mail(services, notice, now) : await call(services, settings, notice, now);
  if (told.state === "open") {
    const wait = told.afterMs ?? backoffMs(notice.attempts + 1, BACKOFF.base, BACKOFF.cap);
    await DB.prepare(SETTLE_SQL)
      .bind(notice.id, "open", told.reason, now + wait)
      .run();
    log("alert not told yet", { notice: notice.id, way: notice.way, reason: told.reason });
    return;
  }
  const reason = told.state === "failed" ? told.reason : null;
  await DB.prepare(SETTLE_SQL).bind(notice.id, told.state, reason, now).run();
}

/** A letter to an operator: no contact's message, so no gate and no consent; its id is the idempotency key. */
async function mail(services: Services, { id, target, body, madeAt }: Notice, now: number): Promise<Told> {
  if (now - madeAt > LETTER_LIMIT) return { state: "failed", reason: "too-late" };
  const channel = services.consumer().channel("email");
  if (!channel) return { state: "failed", reason: "no-channel" };
  const letter = JSON.parse(body) as { subject: string; html: string; text: string };
  const nobody = { contactId: "", scenario: null, block: null, campaign: null, headers: {}, links: [] };
  const from = services.shop.emailFrom;
  const outcome = await channel.send({ ...letter, ...nobody, id, to: target, from, sentAt: madeAt });
  if (outcome.state === "accepted") return { state: "sent" };
  if (outcome.state === "retry") return { state: "open", reason: outcome.reason, afterMs: outcome.afterMs };
  return { state: "failed", reason: outcome.reason };
}

/** The webhook, signed for this attempt; the id stays, so that a receiver knows a repeat. */
async function call(services: Services, settings: AlertSettings, notice: Notice, now: number): Promise<Told> {
  const secret = alertSecret(services, settings);
  const { webhook } = settings;
  if (webhook === null || secret === null) return { state: "failed", reason: "no-webhook" };
  const { DB } = services.env;
  const breaker = await readBreaker(DB);
  const isTest = notice.kind === "test";
  if (breaker.isOpen && !isTest) return { state: "failed", reason: "given-up" };
  const { id, body } = notice;
  const signed = signedHeaders(secret, { id, timestamp: Math.floor(now / 1_000), body });
  const headers = { ...webhook.headers, "content-type": "application/json", "user-agent": "Relance", ...signed };
  const problem = await postOutbound(services, webhook.url, { method: "POST", headers, body });
  if (problem === null) {
    if (breaker.failingSince !== null) await writeBreaker(DB, { failingSince: null, isOpen: false });
    return { state: "sent" };
  }
  // A test is somebody who looks at the answer: it is not repeated, and says nothing of how long nothing came through.
  if (isTest) return { state: "failed", reason: problem };
  const failingSince = breaker.failingSince ?? now;
  const isOpen = now - failingSince >= GIVEN_UP;
  await writeBreaker(DB, { failingSince, isOpen });
  return isOpen ? { state: "failed", reason: "given-up" } : { state: "open", reason: problem, afterMs: null };
}
