/** Takes a lease by name until `until`; false while another holds it. */
export async function takeLease(db: D1Database, name: string, now: number, until: number): Promise<boolean> {
  const sql =
    "INSERT INTO settings (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value " +
    "WHERE CAST(settings.value AS INTEGER) <= ?3";
  const { meta } = await db.prepare(sql).bind(`lease:${name}`, String(until), now).run();
  return meta.changes > 0;
}

/** Gives a lease back. */
export async function endLease(db: D1Database, name: string): Promise<void> {
  await db.prepare("UPDATE settings SET value = '0' WHERE key = ?1").bind(`lease:${name}`).run();
}

/** Runs something once in a window of time, by its name; what did not finish is tried again at the next call. */
export async function oncePer(
  db: D1Database,
  name: string,
  window: string,
  run: () => Promise<boolean>,
): Promise<void> {
  const key = `window:${name}`;
  const row = await db.prepare("SELECT value FROM settings WHERE key = ?1").bind(key).first<{ value: string }>();
  if (row?.value === window || !(await run())) return;
  const sql =
    "INSERT INTO settings (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
  await db.prepare(sql).bind(key, window).run();
}
