import type { FeedRun } from "../../commerce/feed";
import type { FeedItem } from "../../commerce/feed-item";
import { deleteUnder } from "../../platform/bucket";

/** An item of a part: its line in the feed, its hash, and what it says. */
export type PartLine = readonly [line: number, hash: string, item: FeedItem];

type Place = Pick<FeedRun, "feed" | "id">;

const PREFIX = "feeds/";

function placeOf({ feed, id }: Place, name: string): string {
  return `${PREFIX}${feed}/${id}/${name}`;
}

export async function writePart(bucket: R2Bucket, run: Place, part: number, lines: readonly PartLine[]): Promise<void> {
  await bucket.put(placeOf(run, String(part)), JSON.stringify(lines));
}

/** A part as it was laid; null where it is gone. */
export async function readPart(bucket: R2Bucket, run: Place, part: number): Promise<PartLine[] | null> {
  return (await (await bucket.get(placeOf(run, String(part))))?.json<PartLine[]>()) ?? null;
}

/** Notes every variant that the feed lists. */
export async function writeSeen(bucket: R2Bucket, run: Place, keys: readonly string[]): Promise<void> {
  await bucket.put(placeOf(run, "seen"), JSON.stringify(keys));
}

export async function readSeen(bucket: R2Bucket, run: Place): Promise<ReadonlySet<string> | null> {
  const keys = await (await bucket.get(placeOf(run, "seen")))?.json<string[]>();
  return keys ? new Set(keys) : null;
}

/** Clears away the parts of a feed's runs. */
export function clearParts(bucket: R2Bucket, feed: string): Promise<void> {
  return deleteUnder(bucket, `${PREFIX}${feed}/`);
}
