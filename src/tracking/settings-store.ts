import { putSetting } from "../platform/settings";
import type { TrackingSettings } from "./settings";
import { TRACKING_DEFAULTS, trackingInput, windowsMs } from "./settings";

const KEY = "tracking";

/** Selects what a shop has set about links and figures. */
export function selectTracking(db: D1Database): D1PreparedStatement {
  return db.prepare(`SELECT value FROM settings WHERE key = '${KEY}'`);
}

/** The settings out of the rows of `selectTracking`. */
export function trackingOf(rows: readonly unknown[]): TrackingSettings {
  const [row] = rows as readonly { readonly value: string }[];
  if (!row) return TRACKING_DEFAULTS;
  const { utm, mid, windows } = JSON.parse(row.value) as Partial<TrackingSettings>;
  return trackingInput.parse({ utm, mid, windows });
}

/** What is set, or what the product comes with. */
export async function readTracking(db: D1Database): Promise<TrackingSettings> {
  return trackingOf((await selectTracking(db).all()).results);
}

/** Puts the settings, with the windows as `WINDOW_SQL` reads them. */
export function putTracking(db: D1Database, settings: TrackingSettings): D1PreparedStatement {
  return putSetting(db, KEY, JSON.stringify({ ...settings, ms: windowsMs(settings) }));
}

const USUAL = Object.entries(windowsMs(TRACKING_DEFAULTS)).map(([channel, ms]) => `WHEN '${channel}' THEN ${ms}`);

/** SQL for the window of a channel in ms; `channel` is an expression. */
export function windowSql(channel: string): string {
  const set = `(SELECT json_extract(value, '$.ms.' || ${channel}) FROM settings WHERE key = '${KEY}')`;
  return `coalesce(${set}, CASE ${channel} ${USUAL.join(" ")} ELSE 0 END)`;
}
