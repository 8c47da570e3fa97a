/** Whether a delivery was carried out before. */
export async function wasDelivered(db: D1Database, id: string): Promise<boolean> {
  return (await db.prepare("SELECT 1 FROM webhook_deliveries WHERE id = ?1").bind(id).first()) !== null;
}

/** Notes that a delivery was carried out. */
export async function noteDelivery(db: D1Database, id: string, at: number): Promise<void> {
  await db.prepare("INSERT OR IGNORE INTO webhook_deliveries (id, at) VALUES (?1, ?2)").bind(id, at).run();
}
