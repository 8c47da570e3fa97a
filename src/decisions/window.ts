import { countryOf, countryOfPhone } from "../contacts/address";
import type { Profile } from "../contacts/profile";
import { zonesOfCountry } from "../shared/country-zones";
import { isHoliday } from "../shared/holidays";
import type { Opening } from "../shared/opening";
import { nextOpening } from "../shared/opening";
import { isTimezone } from "../shared/wall-time";

/** Hours of one country: an opening, and whether its public holidays are closed. */
export interface Hours extends Opening {
  readonly holidays: "skip" | "include";
}

/** When messages that ring may leave. */
export interface WindowRules {
  /** Channels that they are for. */
  readonly channels: readonly string[];
  /** By country (ISO 3166-1 alpha-2). */
  readonly countries: Readonly<Record<string, Hours>>;
  readonly rest: Hours;
  /** Hours that hold for messages that are no marketing as well; null where those may leave at any time. */
  readonly transactional: Opening | null;
}

/** Where the clocks of a person are: every zone that they may live in, and whose hours and holidays count. */
export interface Place {
  readonly country: string | null;
  readonly zones: readonly string[];
}

type Who = Pick<Profile, "country" | "phone" | "timezone">;

/**
 * Where somebody is on a channel. A number's country is the one whose law counts for what rings there. The zone is the
 * person's own, else all those of the country, else the shop's (mission §9.3).
 */
export function placeOf(who: Who, channel: string, shopZone: string): Place {
  const byNumber = channel === "sms" && who.phone !== null ? countryOfPhone(who.phone) : null;
  const country = byNumber ?? countryOf(who);
  if (who.timezone !== null && isTimezone(who.timezone)) return { country, zones: [who.timezone] };
  const zones = country === null ? [] : zonesOfCountry(country);
  return { country, zones: zones.length > 0 ? zones : [shopZone] };
}

/** Zones of one country whose windows never meet within this many tries have none in common. */
const TRIES = 200;

/**
 * The first moment from `now` on (epoch ms) at which a message of a class may leave on a channel; `now` itself where it may
 * at once. Where a country has several zones, all their clocks have to be within the window. Null where that never comes.
 */
export function opensAt(
  rules: WindowRules | null,
  who: Who,
  message: { readonly channel: string; readonly class: string },
  shopZone: string,
  now: number,
): number | null {
  if (!rules?.channels.includes(message.channel)) return now;
  const isMarketing = message.class !== "transactional";
  if (!isMarketing && rules.transactional === null) return now;
  const { country, zones } = placeOf(who, message.channel, shopZone);
  const own = country !== null && Object.hasOwn(rules.countries, country) ? rules.countries[country] : undefined;
  const hours = own ?? rules.rest;
  const opening = isMarketing ? hours : (rules.transactional ?? hours);
  const isClosed = (day: string): boolean =>
    isMarketing && hours.holidays === "skip" && country !== null && isHoliday(day, country);
  let at = now;
  for (let tries = 0; tries < TRIES; tries++) {
    const before = at;
    for (const zone of zones) {
      const next = nextOpening(at, opening, zone, isClosed);
      if (next === null) return null;
      at = next;
    }
    if (at === before) return at;
  }
  return null;
}
