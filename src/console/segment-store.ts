import type { Terms } from "../segments/compile";
import type { SegmentDefinition } from "../segments/segment";
import { familyOfSegment } from "../segments/segment";

/** How many contacts each segment of a definition would have now. */
export async function countParts(
  db: D1Database,
  definition: SegmentDefinition,
  now: number,
  terms: Terms,
): Promise<ReadonlyMap<string, number>> {
  const { text, values } = familyOfSegment("preview", definition, terms).sql(now, 1);
  const sql = `SELECT segment, count(*) AS contacts FROM (${text}) WHERE segment IS NOT NULL GROUP BY segment`;
  const { results } = await db
    .prepare(sql)
    .bind(...values)
    .all<{ segment: string; contacts: number }>();
  return new Map(results.map(({ segment, contacts }) => [segment, contacts]));
}

/** A contact as a list names it. */
export interface NamedContact {
  readonly id: number;
  readonly email: string | null;
  readonly external_id: string | null;
}

/** What some contacts are called, in the order of their rows. */
export async function nameContacts(db: D1Database, rows: readonly number[]): Promise<readonly NamedContact[]> {
  if (rows.length === 0) return [];
  const sql = "SELECT id, email, external_id FROM contacts WHERE id IN (SELECT value FROM json_each(?1)) ORDER BY id";
  return (await db.prepare(sql).bind(JSON.stringify(rows)).all<NamedContact>()).results;
}

/** Values of the shop's catalogue that a rule may ask for; some of them where there are many. */
export async function suggestedValues(db: D1Database, most: number) {
  const some = (select: string) => db.prepare(`${select} LIMIT ${most}`);
  const [products, categories, brands, stores, scenarios] = await db.batch<{ value: string; text: string }>([
    some("SELECT product_id AS value, title AS text FROM products ORDER BY product_id"),
    some("SELECT DISTINCT category AS value, '' AS text FROM products WHERE category IS NOT NULL ORDER BY category"),
    some("SELECT DISTINCT brand AS value, '' AS text FROM products WHERE brand IS NOT NULL ORDER BY brand"),
    some("SELECT store_id AS value, name AS text FROM stores ORDER BY store_id"),
    some("SELECT id AS value, '' AS text FROM scenarios ORDER BY id"),
  ]);
  return {
    product: products?.results ?? [],
    category: categories?.results ?? [],
    brand: brands?.results ?? [],
    store: stores?.results ?? [],
    scenario: scenarios?.results ?? [],
  };
}

/** Where a contact is in a family now, with a fall that waits for its second night. Times are epoch ms. */
export interface Membership {
  readonly segment: string;
  readonly since: number;
  readonly next_since: number | null;
}

export function findMembership(db: D1Database, family: string, contact: number): Promise<Membership | null> {
  const sql = "SELECT segment, since, next_since FROM segment_members WHERE family = ?1 AND contact = ?2";
  return db.prepare(sql).bind(family, contact).first<Membership>();
}
