import type { AlertSettings } from "../reports/alert-settings";
import { alertInput, NO_ALERTS } from "../reports/alert-settings";
import type { Services } from "../services";
import { webhookSecret } from "../shared/webhook-signature";

const KEY = "alerts";
const BREAKER = "alert_webhook";
const PUT_SQL =
  "INSERT INTO settings (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value " +
  "WHERE settings.value <> excluded.value";

/** Since when the webhook has taken nothing (epoch ms), and whether it is given up. */
export interface Breaker {
  readonly failingSince: number | null;
  readonly isOpen: boolean;
}

const CLOSED: Breaker = { failingSince: null, isOpen: false };

/** Whom operators want alerted; what was stored before a setting existed has its default. */
export async function readAlertSettings(db: D1Database): Promise<AlertSettings> {
  const row = await db.prepare("SELECT value FROM settings WHERE key = ?1").bind(KEY).first<{ value: string }>();
  if (!row) return NO_ALERTS;
  const { secretId, ...input } = JSON.parse(row.value) as AlertSettings;
  return { ...alertInput.parse(input), secretId };
}

/** Stores them. The webhook is asked again from then on, whatever it did before. */
export async function writeAlertSettings(db: D1Database, settings: AlertSettings): Promise<void> {
  const put = (key: string, value: unknown) => db.prepare(PUT_SQL).bind(key, JSON.stringify(value));
  await db.batch([put(KEY, settings), put(BREAKER, CLOSED)]);
}

export async function readBreaker(db: D1Database): Promise<Breaker> {
  const row = await db.prepare("SELECT value FROM settings WHERE key = ?1").bind(BREAKER).first<{ value: string }>();
  return row ? (JSON.parse(row.value) as Breaker) : CLOSED;
}

export async function writeBreaker(db: D1Database, breaker: Breaker): Promise<void> {
  await db.prepare(PUT_SQL).bind(BREAKER, JSON.stringify(breaker)).run();
}

/** What the webhook's calls are signed with; null without one. It is stored nowhere. */
export function alertSecret({ config }: Services, { webhook, secretId }: AlertSettings): string | null {
  return webhook === null || secretId === null ? null : webhookSecret(config.LINK_SECRET, secretId);
}
