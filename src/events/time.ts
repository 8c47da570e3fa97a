import { DAY, MINUTE } from "../shared/clock";

export interface CorrectedTime {
  readonly at: number;
  /** The client's own time when it lay outside the window and was clamped. */
  readonly skewed?: string;
}

/** A client's time stamp: ISO 8601 text, or a number of epoch ms. Null when it is neither. */
export function parseTime(value: unknown): number | null {
  if (typeof value === "number") return Number.isFinite(value) && Math.abs(value) < 8.64e15 ? value : null;
  if (typeof value !== "string" || value.length > 64) return null;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? null : ms;
}

/**
 * Segment's correction of a wrong client clock: receivedAt - (sentAt - timestamp), so that only the time which passed
 * on the client counts. The result is clamped to [receivedAt - 30 d, receivedAt + 5 min], then to receipt: a timer
 * never counts from the future. Without a usable timestamp it is the time of receipt.
 */
export function correctTime(timestamp: unknown, sentAt: unknown, receivedAt: number): CorrectedTime {
  const stamped = parseTime(timestamp);
  if (stamped === null)
    return timestamp === undefined ? { at: receivedAt } : { at: receivedAt, skewed: clip(timestamp) };
  const sent = parseTime(sentAt);
  const corrected = sent === null ? stamped : receivedAt - (sent - stamped);
  const oldest = receivedAt - 30 * DAY;
  if (corrected < oldest) return { at: oldest, skewed: clip(timestamp) };
  if (corrected > receivedAt + 5 * MINUTE) return { at: receivedAt, skewed: clip(timestamp) };
  return { at: Math.min(corrected, receivedAt) };
}

function clip(value: unknown): string {
  // Not String(): it throws for an object such as {"toString": 1}, and a client may send one.
  return (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).slice(0, 64);
}
