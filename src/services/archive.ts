import { packLines, unpackLines } from "../platform/lines";

/** Everything archived lies under here: `archive/{table}/{first row}.ndjson.gz`. */
export const ARCHIVE_PREFIX = "archive/";
const DIGITS = 16;

/** Where a table's archived parts lie. */
export function archivePrefix(table: string): string {
  return `${ARCHIVE_PREFIX}${table}/`;
}

/** The place of an archived part, by its first row: writing the part again overwrites it, and keys sort as rows do. */
export function archiveKey(table: string, first: readonly (string | number)[]): string {
  const name = first.map((part) => (typeof part === "number" ? String(part).padStart(DIGITS, "0") : part)).join(".");
  return `${archivePrefix(table)}${name}.ndjson.gz`;
}

/** The table that an archived part is of. */
export function archivedTable(key: string): string {
  return key.slice(ARCHIVE_PREFIX.length).split("/", 1)[0] ?? "";
}

/**
 * Writes lines as gzip NDJSON and reads them back: whoever deletes what they say may do so when this resolves. The
 * object's metadata says how many there are, so that a listing is the archive's table of contents.
 */
export async function writeArchive(bucket: R2Bucket, key: string, lines: readonly string[]): Promise<void> {
  await bucket.put(key, await packLines(lines), {
    httpMetadata: { contentType: "application/x-ndjson", contentEncoding: "gzip" },
    customMetadata: { rows: String(lines.length) },
  });
  const stored = await readArchive(bucket, key);
  if (stored.length !== lines.length || stored.some((line, index) => line !== lines[index])) {
    throw new Error(`${key} was not stored as it was written`);
  }
}

/** The lines of an archived part; none where it is gone. */
export async function readArchive(bucket: R2Bucket, key: string): Promise<string[]> {
  const object = await bucket.get(key);
  return object ? unpackLines(object.body) : [];
}

/** The next key under a prefix after another; null behind the last one. */
export async function keyAfter(bucket: R2Bucket, prefix: string, after: string): Promise<string | null> {
  const { objects } = await bucket.list({ prefix, limit: 1, ...(after !== "" && { startAfter: after }) });
  return objects[0]?.key ?? null;
}

/** Takes lines out of an archived part, or changes them; `null` drops one. Nothing is written where nothing changes. */
export async function rewriteArchive(
  bucket: R2Bucket,
  key: string,
  change: (line: string) => string | null,
): Promise<void> {
  const lines = await readArchive(bucket, key);
  const left = lines.map(change).filter((line) => line !== null);
  if (left.length === lines.length && left.every((line, index) => line === lines[index])) return;
  if (left.length === 0) await bucket.delete(key);
  else await writeArchive(bucket, key, left);
}
