/** The value of a setting; null where it was never put. */
export async function readSetting(db: D1Database, key: string): Promise<string | null> {
  const row = await db.prepare("SELECT value FROM settings WHERE key = ?1").bind(key).first<{ value: string }>();
  return row?.value ?? null;
}

const PUT_SQL =
  "INSERT INTO settings (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE";

/** Puts a setting, whatever it was before. */
export function putSetting(db: D1Database, key: string, value: string): D1PreparedStatement {
  return db.prepare(`${PUT_SQL} settings.value IS NOT excluded.value`).bind(key, value);
}

/** Raises a setting that is a whole number: one that is higher already stays. */
export function raiseSetting(db: D1Database, key: string, value: number): D1PreparedStatement {
  const sql = `${PUT_SQL} CAST(settings.value AS INTEGER) < CAST(excluded.value AS INTEGER)`;
  return db.prepare(sql).bind(key, String(value));
}

/** What a setting was put to first, by whoever came first: `value` where nobody did before. */
export async function chooseOnce(db: D1Database, key: string, value: string): Promise<string> {
  await db.prepare("INSERT OR IGNORE INTO settings (key, value) VALUES (?1, ?2)").bind(key, value).run();
  return (await readSetting(db, key)) ?? value;
}

/** Changes a value where it still is `from`; false where somebody else was faster. */
export async function moveSetting(db: D1Database, key: string, from: string, to: string): Promise<boolean> {
  const sql = "UPDATE settings SET value = ?3 WHERE key = ?1 AND value = ?2";
  return (await db.prepare(sql).bind(key, from, to).run()).meta.changes > 0;
}
