import { DAY } from "../shared/clock";
import type { Profile } from "./profile";

/** A birth date counts for an incentive once it has stood for so long. */
const SETTLED = 30 * DAY;
/** It may be changed once in so long. */
const CHANGE_AFTER = 365 * DAY;
const OLDEST = Date.UTC(1900, 0, 1);

/** The part of a profile that a birth date is kept in. */
export type BirthDate = Pick<Profile, "birthDate" | "birthDateSetAt" | "birthDateRefused">;

/** A calendar date `YYYY-MM-DD` of the past, out of a date or a time in ISO 8601; null for anything else. */
export function readBirthDate(value: unknown, now: number): string | null {
  if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}(T.*)?$/.test(value)) return null;
  const date = value.slice(0, 10);
  const at = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== date) return null;
  return at >= OLDEST && at <= now ? date : null;
}

/**
 * The birth date after somebody stated `date` at `at` (epoch ms). A change within a year of the last word is kept out
 * and counted: a date that moves is one that follows the coupons.
 */
export function stateBirthDate(known: BirthDate, date: string, at: number): BirthDate {
  if (known.birthDate === date) return known;
  if (known.birthDate === null) return { ...known, birthDate: date, birthDateSetAt: at };
  if (at - (known.birthDateSetAt ?? 0) >= CHANGE_AFTER) return { ...known, birthDate: date, birthDateSetAt: at };
  return { ...known, birthDateRefused: (known.birthDateRefused ?? 0) + 1 };
}

/** Whether a birthday's incentive may be given at `at`: the date is known and was not set just for it. */
export function birthdayHolds({ birthDate, birthDateSetAt }: Omit<BirthDate, "birthDateRefused">, at: number): boolean {
  return birthDate !== null && birthDateSetAt !== null && at - birthDateSetAt >= SETTLED;
}
