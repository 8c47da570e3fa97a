import { putSetting, readSetting } from "../platform/settings";
import type { AlertSettings } from "../reports/alert-settings";
import { alertInput, NO_ALERTS } from "../reports/alert-settings";
import type { Services } from "../services";
import { webhookSecret } from "../shared/webhook-signature";

const KEY = "alerts";
const BREAKER = "alert_webhook";

/** Since when the webhook has taken nothing (epoch ms), and whether it is given up. */
export interface Breaker {
  readonly failingSince: number | null;
  readonly isOpen: boolean;
}

const CLOSED: Breaker = { failingSince: null, isOpen: false };

/** Whom operators want alerted; what was stored before a setting existed has its default. */
export async function readAlertSettings(db: D1Database): Promise<AlertSettings> {
  const stored = await readSetting(db, KEY);
  if (stored === null) return NO_ALERTS;
  const { secretId, ...input } = JSON.parse(stored) as AlertSettings;
  return { ...alertInput.parse(input), secretId };
}

/** Stores them. The webhook is asked again from then on, whatever it did before. */
export async function writeAlertSettings(db: D1Database, settings: AlertSettings): Promise<void> {
  await db.batch([putSetting(db, KEY, JSON.stringify(settings)), putSetting(db, BREAKER, JSON.stringify(CLOSED))]);
}

export async function readBreaker(db: D1Database): Promise<Breaker> {
  const stored = await readSetting(db, BREAKER);
  return stored === null ? CLOSED : (JSON.parse(stored) as Breaker);
}

export async function writeBreaker(db: D1Database, breaker: Breaker): Promise<void> {
  await putSetting(db, BREAKER, JSON.stringify(breaker)).run();
}

/** What the webhook's calls are signed with; null without one. It is stored nowhere. */
export function alertSecret({ config }: Services, { webhook, secretId }: AlertSettings): string | null {
  return webhook === null || secretId === null ? null : webhookSecret(config.LINK_SECRET, secretId);
}
