import { listFeeds } from "../commerce/feed-store";
import { isSteady } from "../events/source";
import type { Alert, Condition } from "../reports/alert";
import { remindedAt, transitions } from "../reports/alert";
import type { AlertSettings } from "../reports/alert-settings";
import { silenceAfter } from "../reports/alert-settings";
import type { AlertSender } from "../reports/alert-words";
import { failingFeeds, nextFailure } from "../reports/feed-failing";
import { isStillSilent } from "../reports/silence";
import type { SourceFigures } from "../reports/source-figures";
import type { Services } from "../services";
import { MINUTE } from "../shared/clock";
import type { FailingEndpoint } from "./acts/endpoints";
import { givenUpEndpoints } from "./acts/endpoints";
import { deliverNotices, nextNotice } from "./alert-notices";
import type { Told } from "./alert-rows";
import { changeStatements, noticeStatements, noticesOf, readOpenAlerts, readTold } from "./alert-rows";
import type { Breaker } from "./alert-settings";
import { readAlertSettings, readBreaker } from "./alert-settings";
import { withLease } from "./lease";
import { readSources } from "./sources";
import type { Standing } from "./standing";
import { readStandingOf } from "./standing";

const LEASE = 4 * MINUTE;
const LAG = MINUTE;
const SIDE_AGE = 5 * MINUTE;

/**
 * Looks whether something is wrong, and tells of what began or is over. A change and what is told of it are one batch,
 * so that a crash leaves both or neither.
 */
export async function watchAlerts(services: Services): Promise<void> {
  const { DB } = services.env;
  await withLease(DB, "alerts", services.clock.now(), LEASE, async () => {
    const settings = await readAlertSettings(DB);
    await judge(services, settings);
    await deliverNotices(services, settings);
    // The last notice may be what the webhook was given up with.
    if ((await readBreaker(DB)).isOpen) await judge(services, settings).then(() => deliverNotices(services, settings));
  });
}

async function judge(services: Services, settings: AlertSettings): Promise<void> {
  const { DB } = services.env;
  const standing = await readStandingOf(services);
  const [open, breaker, feeds] = await Promise.all([readOpenAlerts(DB), readBreaker(DB), listFeeds(DB)]);
  const sources = await readSources(services, settings, watched(settings, open));
  const now = services.clock.now();
  const conditions = [
    ...sources.flatMap(sourceConditions),
    ...silencesThatGoOn(open, sources, settings, now),
    ...failingFeeds(feeds, open, now),
    ...standingConditions(standing),
    ...webhookConditions(breaker),
    ...(await givenUpEndpoints(DB)).map(endpointCondition),
  ];
  const changes = transitions(conditions, open, now);
  if (changes.length === 0) return;
  const sender = senderOf(services);
  const notices = changes.flatMap((change) => {
    const useWebhook = !breaker.isOpen && change.alert.rule !== "webhook-failing";
    return noticesOf(change, settings, sender, now, useWebhook);
  });
  await DB.batch(changeStatements(DB, changes, notices));
}

/** Sends a test alert now; `id` names it, so that a repeat is the same one. Says how each address took it. */
export async function testAlert(services: Services, id: string): Promise<Told[]> {
  const { DB } = services.env;
  const settings = await readAlertSettings(DB);
  const now = services.clock.now();
  const notices = noticesOf({ kind: "test", alert: null, id }, settings, senderOf(services), now, true);
  if (notices.length === 0) return [];
  await DB.batch(noticeStatements(DB, notices));
  await deliverNotices(services, settings);
  return readTold(DB, id);
}

/** When the next alert is due to open, be repeated or be told, as far as that is known beforehand; null if never. */
export async function nextWatch(services: Services): Promise<number | null> {
  const { DB } = services.env;
  const settings = await readAlertSettings(DB);
  const [open, notice, feeds] = await Promise.all([readOpenAlerts(DB), nextNotice(DB), listFeeds(DB)]);
  const sources = await readSources(services, settings, watched(settings, open));
  const silent = new Set(open.filter(isSilence).map(({ subject }) => subject));
  const due = [
    notice,
    nextFailure(feeds, open),
    ...open.map(remindedAt),
    ...sources.filter(({ source }) => !silent.has(source)).map(({ silentAt }) => silentAt),
  ].filter((at) => at !== null);
  return due.length > 0 ? Math.min(...due) : null;
}

function senderOf({ shop, config }: Services): AlertSender {
  return { shop: shop.name, consoleUrl: `${config.PUBLIC_URL}/admin/sources` };
}

function isSilence({ rule }: Alert): boolean {
  return rule === "source-silent";
}

/** Sources that are looked at however long ago they were heard: for whom a time is set, or whose silence was told of. */
function watched({ silence }: AlertSettings, open: readonly Alert[]): string[] {
  return [...Object.keys(silence.sources), ...open.filter(isSilence).map(({ subject }) => subject)];
}

/** A silence lasts longer than what says how long is usual: it is over when the source is heard. */
function silencesThatGoOn(
  open: readonly Alert[],
  sources: readonly SourceFigures[],
  settings: AlertSettings,
  now: number,
): Condition[] {
  return open.filter((alert) => {
    const { subject, openedAt } = alert;
    const figures = sources.find(({ source }) => source === subject) ?? null;
    const isWatched = silenceAfter(settings, subject, isSteady(subject)) !== "off";
    return isSilence(alert) && figures?.state !== "silent" && isStillSilent(openedAt, figures, isWatched, now);
  });
}

function sourceConditions(figures: SourceFigures): Condition[] {
  const { source, state, lastAt, refusedLastHour: refused, refusedShare: share, usualShare } = figures;
  const last_event_at = lastAt === null ? {} : { last_event_at: timeText(lastAt) };
  if (state === "silent") return [{ rule: "source-silent", subject: source, facts: { source, ...last_event_at } }];
  if (state !== "rejecting") return [];
  const facts = { source, ...last_event_at, refused, share, usual_share: usualShare };
  return [{ rule: "rejections", subject: source, facts }];
}

function standingConditions({ ledger, queues }: Standing): Condition[] {
  // Without the object nobody knows what its shards have answered; what is accepted meanwhile lies beside it.
  const isBehind = ledger.reachable && ledger.lagMs > LAG;
  const isBeside = ledger.sideRows > 0 && ledger.sideAgeMs > SIDE_AGE;
  const lag_seconds = seconds(Math.max(isBehind ? ledger.lagMs : 0, ledger.sideAgeMs));
  const facts = { lag_seconds, side_rows: ledger.sideRows };
  const lagging: Condition[] = isBehind || isBeside ? [{ rule: "ledger-lag", subject: "", facts }] : [];
  const waiting = queues.map(({ channel, waiting: count, ageMs }): Condition => {
    return { rule: "sends-waiting", subject: channel, facts: { waiting: count, lag_seconds: seconds(ageMs) } };
  });
  return [...lagging, ...waiting];
}

function webhookConditions({ isOpen, failingSince }: Breaker): Condition[] {
  if (!isOpen || failingSince === null) return [];
  return [{ rule: "webhook-failing", subject: "", facts: { failing_since: timeText(failingSince) } }];
}

/** Of the address only where it is: what stands behind the host may be a secret. */
function endpointCondition({ url, failing_since: since }: FailingEndpoint): Condition {
  const subject = new URL(url).origin;
  return { rule: "scenario-webhook-failing", subject, facts: { failing_since: timeText(since) } };
}

function seconds(ms: number): number {
  return Math.round(ms / 1_000);
}

function timeText(at: number): string {
  return new Date(at).toISOString();
}
