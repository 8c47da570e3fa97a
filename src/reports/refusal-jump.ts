import { DAY, HOUR } from "../shared/clock";
import type { SourceHours } from "./source-hours";
import { lastHour } from "./source-hours";

/** Fewer refusals in an hour are no alarm, whatever their share. */
const AT_LEAST = 20;
const SHARE = 0.05;
const TIMES = 3;

/** Refusals of a source in the last hour against what is usual for it. Shares are of all that came, 0 to 1. */
export interface RefusalJump {
  readonly refused: number;
  readonly share: number;
  readonly usual: number;
  readonly isJump: boolean;
}

/** Whether refusals have jumped: above 5 % of the last hour and three times the seven days before it, 20 at least. */
export function refusalJump(of: SourceHours, now: number): RefusalJump {
  const { events, refused } = lastHour(of, now);
  let [allEvents, allRefused] = [0, 0];
  for (const hour of of.hours.values()) {
    if (hour.hour < now - 7 * DAY - HOUR) continue;
    for (const [taken, not] of hour.counts.slots) {
      allEvents += taken;
      allRefused += not;
    }
  }
  const share = shareOf(refused, events);
  const usual = shareOf(Math.max(0, allRefused - refused), Math.max(0, allEvents - events));
  return { refused, share, usual, isJump: refused >= AT_LEAST && share > SHARE && share > TIMES * usual };
}

function shareOf(refused: number, events: number): number {
  return refused === 0 ? 0 : refused / (refused + events);
}
