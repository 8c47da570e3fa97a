import { DAY } from "../../shared/clock";
import { durationMs } from "../../shared/duration";
import { stableFraction } from "../../shared/ids";
import { nextOpening, openingInput, sinceMidnight } from "../../shared/opening";
import { momentAt, wallTime } from "../../shared/wall-time";
import type { CampaignDefinition, Ramp, Schedule } from "./definition";
import { armsOf, HOLD } from "./definition";

/** The zone whose clocks are ahead of all others: there a local hour comes first. */
const FIRST_ZONE = "Pacific/Kiritimati";
const EVERY_DAY = () => false;

/** The moment (epoch ms) from which on messages may leave: never before the hold is over. */
export function startOf(schedule: Schedule | undefined, confirmedAt: number): number {
  const held = confirmedAt + HOLD;
  if (schedule === undefined) return held;
  if (schedule.mode === "local") return Math.max(held, localMoment(schedule, FIRST_ZONE));
  return Math.max(held, schedule.at === undefined ? 0 : Date.parse(schedule.at));
}

function localMoment({ date, time }: { readonly date: string; readonly time: string }, zone: string): number {
  return momentAt(Date.parse(`${date}T00:00:00Z`) + sinceMidnight(time), zone);
}

/**
 * When a contact's message leaves, by their clock. An hour that had passed in their zone when the campaign started is that
 * of the next day, never another hour. Notices keep to the day besides.
 */
export function dueOf({ schedule, class: kind }: CampaignDefinition, startsAt: number, zone: string): number {
  const due = scheduled(schedule, startsAt, zone);
  if (kind !== "service") return due;
  return nextOpening(due, openingInput.parse({}), zone, EVERY_DAY) ?? due;
}

function scheduled(schedule: Schedule | undefined, startsAt: number, zone: string): number {
  if (schedule === undefined || schedule.mode === "at") return startsAt;
  if (schedule.mode === "local") return sameHourFrom(localMoment(schedule, zone), startsAt, zone);
  const hour = String((Number(schedule.usual.slice(0, 2)) + 1) % 24).padStart(2, "0");
  const opening = openingInput.parse({ from: schedule.usual, to: `${hour}${schedule.usual.slice(2)}` });
  return nextOpening(startsAt, opening, zone, EVERY_DAY) ?? startsAt;
}

/** The same time of day in a zone, on the first day on which it is not before `least`. */
function sameHourFrom(at: number, least: number, zone: string): number {
  let due = at;
  for (let wall = wallTime(at, zone); due < least; ) {
    wall += Math.max(1, Math.floor((least - due) / DAY)) * DAY;
    due = momentAt(wall, zone);
  }
  return due;
}

/**
 * When a page leaves that a pause or a test has kept: what is still to come stays where it is. What leaves at the contact's own
 * hour waits for that hour of another day (the zone is not known any more, so a day has 24 hours there); anything else leaves at
 * once, step by step from the first that is left.
 */
export function dueAgain(
  { schedule }: CampaignDefinition,
  ramp: Ramp | null,
  { plannedAt, stage }: { readonly plannedAt: number; readonly stage: number },
  firstStage: number,
  now: number,
): number {
  if (schedule !== undefined && schedule.mode !== "at") {
    return plannedAt >= now ? plannedAt : plannedAt + Math.ceil((now - plannedAt) / DAY) * DAY;
  }
  return Math.max(plannedAt, now + stageDelay(ramp, stage - firstStage));
}

/** How a contact takes part. The same contact has the same part in a campaign for ever. */
export interface Part {
  /** Null: gets what wins. */
  readonly arm: string | null;
  readonly stage: number;
}

/** The part of a contact: by its number alone, so that whoever is looked at twice gets one message. */
export function partOf(id: string, definition: CampaignDefinition, ramp: Ramp | null, contact: number): Part {
  const place = stableFraction("ramp", id, contact);
  const steps = ramp?.steps ?? [];
  const stage = steps.findIndex((step) => place < step);
  return { arm: armOf(id, definition, contact), stage: stage < 0 ? steps.length : stage };
}

function armOf(id: string, definition: CampaignDefinition, contact: number): string | null {
  const { test } = definition;
  if (!test) return "a";
  const arms = Object.keys(armsOf(definition));
  const place = stableFraction("arm", id, contact) / test.share;
  return place < 1 ? (arms[Math.floor(place * arms.length)] ?? null) : null;
}

/** How much later a step of the ramp leaves than the first. */
export function stageDelay(ramp: Ramp | null, stage: number): number {
  return ramp === null ? 0 : stage * durationMs(ramp.every);
}

/** Contacts that leave together. */
export interface Bucket extends Part {
  readonly plannedAt: number;
  readonly contacts: readonly number[];
}

/** Puts contacts together that get the same at the same time, at most `size` to a bucket. */
export function bucketsOf(
  some: readonly { readonly contact: number; readonly part: Part; readonly plannedAt: number }[],
  size: number,
): Bucket[] {
  const same = Map.groupBy(some, ({ part, plannedAt }) => `${plannedAt}|${part.stage}|${part.arm}`);
  return [...same.values()].flatMap((group) => {
    const { part, plannedAt } = group[0] as (typeof group)[number];
    const count = Math.ceil(group.length / size);
    return Array.from({ length: count }, (_, index) => {
      const contacts = group.slice(index * size, (index + 1) * size).map(({ contact }) => contact);
      return { ...part, plannedAt, contacts };
    });
  });
}

/** What was sent so far, and what came back of it. */
export interface Echo {
  readonly sent: number;
  readonly bounced: number;
  readonly complained: number;
}

/** A few returns say nothing of a few messages. */
const LEAST_BOUNCES = 5;
const LEAST_COMPLAINTS = 2;

/** Why a campaign that grows is to pause itself; null where it goes on. */
export function brakeOf(ramp: Ramp, { sent, bounced, complained }: Echo): "brake_bounces" | "brake_complaints" | null {
  if (sent === 0) return null;
  if (complained >= LEAST_COMPLAINTS && complained / sent > ramp.complaints) return "brake_complaints";
  return bounced >= LEAST_BOUNCES && bounced / sent > ramp.bounces ? "brake_bounces" : null;
}

/** Whether an audience is so much larger than the number that was typed that nobody can have meant it. */
export function hasGrown(confirmed: number, found: number): boolean {
  return found > confirmed * 1.1 + 10;
}

/** The looks at a test that may end it: how many have come, by the share of the time that is over. The last takes the best. */
export function looksDue(
  sentAt: number,
  limitMs: number,
  now: number,
): { readonly look: number; readonly isLast: boolean } | null {
  const over = (now - sentAt) / limitMs;
  if (over >= 1) return { look: 2, isLast: true };
  if (over >= 0.5) return { look: 1, isLast: false };
  return over >= 0.25 ? { look: 0, isLast: false } : null;
}
