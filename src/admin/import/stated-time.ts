import { parseTime } from "../../events/time";
import { HOUR, MINUTE } from "../../shared/clock";
import { parseWallTime } from "../../shared/wall-time";

/** A time of day with its distance from UTC: `2026-02-28T10:00:00Z`, `2026-02-28 10:00:00 +0100`. */
const ZONED = /^(.{16,29}?) ?(?:Z|UTC|([+-])(\d{2})(?::?(\d{2}))?)$/;
const LONGEST = 14 * HOUR;

/** The forms in which a file may write a time, as the end of "is not a time: …". */
export const TIME_FORMS =
  "2026-02-28, 2026-02-28 10:00:00 or 2026-02-28T10:00:00+01:00; a mapping's `dates` says how 28/02/2026 is meant";

/**
 * A time as a line states it, epoch ms: ISO 8601, in UTC where it names no zone, or a number of epoch ms. Null for
 * anything else: what one reader takes for April is March to another, and nobody would see it.
 */
export function statedTime(value: unknown): number | null {
  if (typeof value === "number") return parseTime(value);
  if (typeof value !== "string") return null;
  const text = value.trim();
  const zoned = ZONED.exec(text);
  if (!zoned) return parseWallTime(text, "UTC");
  const wall = parseWallTime(zoned[1] ?? "", "UTC");
  const ahead = Number(zoned[3] ?? 0) * HOUR + Number(zoned[4] ?? 0) * MINUTE;
  if (wall === null || ahead > LONGEST || Number(zoned[4] ?? 0) > 59) return null;
  return zoned[2] === "-" ? wall + ahead : wall - ahead;
}
