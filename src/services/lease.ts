import { putSetting, readSetting } from "../platform/settings";

/** Runs something alone, by its name: not at all, which is null, while another holds the lease, which lasts `ms` at most. */
export async function withLease<T>(
  db: D1Database,
  name: string,
  now: number,
  ms: number,
  run: () => Promise<T>,
): Promise<T | null> {
  const sql =
    "INSERT INTO settings (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value " +
    "WHERE CAST(settings.value AS INTEGER) <= ?3";
  const key = `lease:${name}`;
  const mine = String(now + ms);
  const { meta } = await db.prepare(sql).bind(key, mine, now).run();
  if (meta.changes === 0) return null;
  try {
    return await run();
  } finally {
    // One that ran out meanwhile may be another's by now.
    await db.prepare("UPDATE settings SET value = '0' WHERE key = ?1 AND value = ?2").bind(key, mine).run();
  }
}

/** Runs something once in a window of time, by its name; what did not finish is tried again at the next call. */
export async function oncePer(
  db: D1Database,
  name: string,
  window: string,
  run: () => Promise<boolean>,
): Promise<void> {
  const key = `window:${name}`;
  if ((await readSetting(db, key)) === window || !(await run())) return;
  await putSetting(db, key, window).run();
}
