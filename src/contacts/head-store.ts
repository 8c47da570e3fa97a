import { headOf } from "./wanted";

/** Whoever stands for users by now, by the shop's own ids. */
export async function headsOfUsers(db: D1Database, users: readonly string[]): Promise<Map<string, number>> {
  const sql =
    `SELECT v.value AS user, ${headOf("c")} AS head FROM json_each(?1) v ` +
    "JOIN identities i ON i.identity = 'u:' || v.value JOIN contacts c ON c.id = i.contact";
  const { results } = await db.prepare(sql).bind(JSON.stringify(users)).all<{ user: string; head: number }>();
  return new Map(results.map(({ user, head }) => [user, head]));
}
