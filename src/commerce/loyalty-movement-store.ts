import { WANTED_FAMILIES } from "../contacts/wanted";

/** Which of some movements were made, each as the JSON of [row of the contact, id of the movement], as they are asked for. */
export async function movementsOf(
  db: D1Database,
  wanted: readonly (readonly [contact: number, id: string])[],
): Promise<ReadonlySet<string>> {
  const sql =
    `${WANTED_FAMILIES} SELECT f.head, m.id FROM family AS f JOIN loyalty_movements AS m ON m.contact = f.member ` +
    "AND m.id IN (SELECT value FROM json_each(?3))";
  const contacts = JSON.stringify([...new Set(wanted.map(([contact]) => contact))]);
  const ids = JSON.stringify([...new Set(wanted.map(([, id]) => id))]);
  const { results } = await db.prepare(sql).bind(contacts, "[]", ids).all<{ head: number; id: string }>();
  return new Set(results.map(({ head, id }) => JSON.stringify([head, id])));
}
