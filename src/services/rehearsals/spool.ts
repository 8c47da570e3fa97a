import type { LedgerEvent } from "../../events/event";
import { deleteUnder } from "../../platform/bucket";
import type { PastEvent } from "../../scenarios/rehearsal";

/** Everything that a rehearsal lays down until it is over. */
export function rehearsalPrefix(id: string): string {
  return `rehearsals/${id}/`;
}

const familiesKey = (id: string): string => `${rehearsalPrefix(id)}families`;
const rawKey = (id: string, file: number): string => `${rehearsalPrefix(id)}raw/${file}`;
const fileKey = (id: string, file: number): string => `${rehearsalPrefix(id)}file/${file}`;
const placesKey = (id: string, file: number): string => `${rehearsalPrefix(id)}places/${file}`;

/** Files of a part that are read at once. */
const AT_ONCE = 6;

export async function putFamilies(bucket: R2Bucket, id: string, bytes: ArrayBuffer): Promise<void> {
  await bucket.put(familiesKey(id), bytes);
}

/** Null where they were never laid down. */
export async function readFamilies(bucket: R2Bucket, id: string): Promise<ArrayBuffer | null> {
  return (await (await bucket.get(familiesKey(id)))?.arrayBuffer()) ?? null;
}

export async function dropSpool(bucket: R2Bucket, id: string): Promise<void> {
  await deleteUnder(bucket, rehearsalPrefix(id));
}

/** An event as a line, behind the place of whom it is about. */
export function lineOf(place: number, { at, seq, index, event }: PastEvent): string {
  return `${place},${at},${seq},${index},${JSON.stringify(event)}\n`;
}

/** Lays down lines as they come. */
export async function putFile(bucket: R2Bucket, id: string, file: number, lines: readonly string[]): Promise<void> {
  await bucket.put(rawKey(id, file), lines.join(""));
}

/** Sorts the lines of a file by parts: part behind part, and beside it where each ends. */
export async function sortFile(
  bucket: R2Bucket,
  id: string,
  file: number,
  parts: number,
  partOf: (place: number) => number,
): Promise<void> {
  const object = await bucket.get(rawKey(id, file));
  if (!object) throw new Error(`file ${file} of ${id} is gone`);
  const text = await object.text();
  const lines: string[][] = Array.from({ length: parts }, () => []);
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf("\n", start) + 1;
    const comma = text.indexOf(",", start);
    lines[partOf(Number(text.slice(start, comma)))]?.push(text.slice(comma + 1, end));
    start = end;
  }
  const encoder = new TextEncoder();
  const pieces = lines.map((own) => encoder.encode(own.join("")));
  const ends: number[] = [];
  for (const piece of pieces) ends.push((ends.at(-1) ?? 0) + piece.length);
  await bucket.put(fileKey(id, file), await new Blob(pieces).arrayBuffer());
  await bucket.put(placesKey(id, file), JSON.stringify(ends));
}

/** Where the parts of each file end. */
export async function readPlaces(bucket: R2Bucket, id: string, files: number): Promise<readonly (readonly number[])[]> {
  const places: (readonly number[])[] = [];
  for (let file = 0; file < files; file++) {
    const text = await (await bucket.get(placesKey(id, file)))?.text();
    if (text === undefined) throw new Error(`file ${file} of ${id} is gone`);
    places.push(JSON.parse(text) as number[]);
  }
  return places;
}

/** The events of one part, file by file. */
export async function readPart(
  bucket: R2Bucket,
  id: string,
  part: number,
  places: readonly (readonly number[])[],
): Promise<PastEvent[]> {
  const found: PastEvent[] = [];
  for (let file = 0; file < places.length; file += AT_ONCE) {
    const texts = places.slice(file, file + AT_ONCE).map(async (ends, index) => {
      const offset = part === 0 ? 0 : (ends[part - 1] ?? 0);
      const length = (ends[part] ?? offset) - offset;
      if (length === 0) return "";
      const object = await bucket.get(fileKey(id, file + index), { range: { offset, length } });
      if (!object) throw new Error(`file ${file + index} of ${id} is gone`);
      return object.text();
    });
    for (const text of await Promise.all(texts)) readLines(text, found);
  }
  return found;
}

function readLines(text: string, into: PastEvent[]): void {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf("\n", start);
    const first = text.indexOf(",", start);
    const second = text.indexOf(",", first + 1);
    const third = text.indexOf(",", second + 1);
    into.push({
      at: Number(text.slice(start, first)),
      seq: Number(text.slice(first + 1, second)),
      index: Number(text.slice(second + 1, third)),
      event: JSON.parse(text.slice(third + 1, end)) as LedgerEvent,
    });
    start = end + 1;
  }
}
