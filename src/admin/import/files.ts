import { joined } from "../../shared/bytes";
import type { Part } from "./store";

/** Files of imports lie under here, as long as their import has something left to do. */
const IMPORTS_PREFIX = "imports/";
/** What is uploaded is stored in objects of about this many bytes, as they come. */
const OBJECT = 8_000_000;

export function importPrefix(id: string): string {
  return `${IMPORTS_PREFIX}${id}/`;
}

/** What was uploaded as one part, by one request. */
export function rawPrefix(id: string, { part, generation }: Pick<Part, "part" | "generation">): string {
  return `${importPrefix(id)}raw/${part}/${generation}/`;
}

function rawKey(id: string, part: Pick<Part, "part" | "generation">, object: number): string {
  return `${rawPrefix(id, part)}${object}`;
}

/** The text of a piece. */
export function pieceKey(id: string, piece: number): string {
  return `${importPrefix(id)}piece/${piece}`;
}

/** The lines of a piece, by bucket. */
export function bucketsKey(id: string, piece: number): string {
  return `${importPrefix(id)}buckets/${piece}`;
}

/** Stores what comes as one part, a few megabytes in memory at a time. `tooLarge` is thrown past `most` bytes. */
export async function storePart(
  bucket: R2Bucket,
  id: string,
  { part, generation }: Pick<Part, "part" | "generation">,
  body: AsyncIterable<Uint8Array> | null,
  most: number,
  tooLarge: () => Error,
): Promise<Part> {
  let bytes = 0;
  let objects = 0;
  let waiting: Uint8Array[] = [];
  let size = 0;
  const put = async (): Promise<void> => {
    await bucket.put(rawKey(id, { part, generation }, objects), joined(waiting));
    objects++;
    waiting = [];
    size = 0;
  };
  for await (const some of body ?? []) {
    bytes += some.length;
    if (bytes > most) throw tooLarge();
    waiting.push(some);
    size += some.length;
    if (size >= OBJECT) await put();
  }
  if (size > 0) await put();
  return { part, generation, objects, bytes };
}

/** Everything that was uploaded, part after part. */
export async function* readParts(bucket: R2Bucket, id: string, parts: readonly Part[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    for (let object = 0; object < part.objects; object++) {
      const found = await bucket.get(rawKey(id, part, object));
      if (!found) throw new Error(`part ${part.part} of import ${id} is gone`);
      for await (const bytes of found.body) yield bytes as Uint8Array;
    }
  }
}

export async function readTextObject(bucket: R2Bucket, key: string): Promise<string> {
  const object = await bucket.get(key);
  if (!object) throw new Error(`${key} is gone`);
  return object.text();
}

/** A range of an object as text, from one byte up to another. */
export async function readRange(bucket: R2Bucket, key: string, from: number, to: number): Promise<string> {
  if (to <= from) return "";
  const object = await bucket.get(key, { range: { offset: from, length: to - from } });
  if (!object) throw new Error(`${key} is gone`);
  return object.text();
}
