import type { MappingInput } from "./mapping-schema";

/** A mapping that a shop stored. Times are epoch ms. */
export interface StoredMapping {
  readonly name: string;
  readonly definition: MappingInput;
  /** Goes up with every change. */
  readonly version: number;
  readonly updatedAt: number;
}

interface Row {
  readonly name: string;
  readonly definition: string;
  readonly version: number;
  readonly updatedAt: number;
}

const COLUMNS = "name, definition, version, updated_at AS updatedAt";
const read = ({ definition, ...row }: Row): StoredMapping => ({
  ...row,
  definition: JSON.parse(definition) as MappingInput,
});

export async function findStoredMapping(db: D1Database, name: string): Promise<StoredMapping | null> {
  const row = await db.prepare(`SELECT ${COLUMNS} FROM import_mappings WHERE name = ?1`).bind(name).first<Row>();
  return row && read(row);
}

/** Every mapping that was stored, by name. */
export async function listStoredMappings(db: D1Database): Promise<StoredMapping[]> {
  const { results } = await db.prepare(`SELECT ${COLUMNS} FROM import_mappings ORDER BY name`).all<Row>();
  return results.map(read);
}

/**
 * Stores a mapping where its version still is `base` (0 where there is to be none yet, null for any). The same again
 * changes nothing. Resolves with what is stored by then, or null where the version is another one.
 */
export async function putMapping(
  db: D1Database,
  name: string,
  definition: MappingInput,
  base: number | null,
  now: number,
): Promise<StoredMapping | null> {
  const text = JSON.stringify(definition);
  const insert =
    "INSERT INTO import_mappings (name, definition, version, updated_at) SELECT ?1, ?2, 1, ?4 WHERE ?3 IS NULL OR ?3 = 0 " +
    "ON CONFLICT (name) DO NOTHING";
  const update =
    "UPDATE import_mappings SET definition = ?2, version = version + 1, updated_at = ?4 " +
    "WHERE name = ?1 AND definition <> ?2 AND (?3 IS NULL OR version = ?3)";
  const [, , found] = await db.batch<Row>([
    db.prepare(insert).bind(name, text, base, now),
    db.prepare(update).bind(name, text, base, now),
    db.prepare(`SELECT ${COLUMNS} FROM import_mappings WHERE name = ?1`).bind(name),
  ]);
  const row = found?.results[0];
  return row?.definition === text ? read(row) : null;
}

/** Deletes a mapping whose version still is `base`, where that is given; resolves with whether it is gone. */
export async function deleteMapping(db: D1Database, name: string, base: number | null): Promise<boolean> {
  const sql = "DELETE FROM import_mappings WHERE name = ?1 AND (?2 IS NULL OR version = ?2)";
  const { meta } = await db.prepare(sql).bind(name, base).run();
  return meta.changes > 0;
}
