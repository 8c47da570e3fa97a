import { DAY } from "../shared/clock";

/** At most so many messages to one person on a channel, or on all, within a span of time that goes with the clock. */
export interface Cap {
  /** A channel, or `all`. */
  readonly channel: string;
  /** Sum of the weights of what may leave; a message weighs 1 unless its scenario says otherwise. */
  readonly count: number;
  readonly withinMs: number;
  /** Segment `family.key` whose members it is for; everybody where it is left out. */
  readonly level?: string | undefined;
  /** One message for one occasion: no factor widens it, as nobody wants two at once however engaged. */
  readonly isMoment?: boolean | undefined;
}

/** Caps, and whose are wider: a factor for every count of theirs. */
export interface CapRules {
  readonly caps: readonly Cap[];
  readonly factors: readonly { readonly level: string; readonly factor: number }[];
}

/** A marketing message that left, or that was let through: what comes of it is not waited for. */
export interface Attempt {
  /** Epoch ms. */
  readonly at: number;
  readonly channel: string;
  readonly weight: number;
}

/** A cap that another message would break, and when it would not any more. */
export interface FullCap {
  readonly cap: Cap;
  /** What counts of it by now. */
  readonly used: number;
  /** Epoch ms; null where no time makes room, as the message alone weighs more. */
  readonly freeAt: number | null;
}

/** No cap looks further back: 31 days. */
export const LONGEST_CAP = 31 * DAY;
/** What is kept of a contact's messages; the caps of any shop are full long before. */
const KEPT = 100;

/**
 * The cap that holds a message of a weight on a channel back longest; null where all have room. `levels` are the segments
 * that the person is in. Whoever does not know them leaves them out, and is told of what holds back everybody: the widest
 * factor is taken to be theirs, and the caps of levels are left to who knows. A message counts for exactly as long as its cap says, wherever the clock stands.
 */
export function fullCap(
  { caps, factors }: CapRules,
  attempts: readonly Attempt[],
  { channel, weight, levels }: { channel: string; weight: number; levels?: readonly string[] },
  now: number,
): FullCap | null {
  const isTheirs = ({ level }: { readonly level: string }): boolean => levels?.includes(level) ?? true;
  const factor = factors.filter(isTheirs).reduce((most, one) => Math.max(most, one.factor), 1);
  let longest: FullCap | null = null;
  for (const cap of caps) {
    if (cap.channel !== "all" && cap.channel !== channel) continue;
    if (cap.level !== undefined && !levels?.includes(cap.level)) continue;
    const full = fullness(cap, cap.isMoment ? cap.count : cap.count * factor, attempts, weight, now);
    if (full && isLonger(full, longest)) longest = full;
  }
  return longest;
}

function isLonger({ freeAt }: FullCap, other: FullCap | null): boolean {
  if (other === null) return true;
  return other.freeAt !== null && (freeAt === null || freeAt > other.freeAt);
}

function fullness(cap: Cap, most: number, all: readonly Attempt[], weight: number, now: number): FullCap | null {
  const counted = all
    .filter(({ channel, at }) => (cap.channel === "all" || channel === cap.channel) && at > now - cap.withinMs)
    .sort((left, right) => left.at - right.at);
  const used = counted.reduce((sum, one) => sum + one.weight, 0);
  if (used + weight <= most) return null;
  let left = used;
  for (const { at, weight: gone } of counted) {
    left -= gone;
    if (left + weight <= most) return { cap, used, freeAt: at + cap.withinMs };
  }
  return { cap, used, freeAt: null };
}

/** Attempts with one more, without what no cap counts any more. */
export function withAttempt(attempts: readonly Attempt[], attempt: Attempt): readonly Attempt[] {
  return [...attempts.filter(({ at }) => at > attempt.at - LONGEST_CAP), attempt].slice(-KEPT);
}
