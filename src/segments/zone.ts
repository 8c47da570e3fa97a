import { isTimezone } from "../shared/wall-time";
import type { Facts } from "./facts";

/** The IANA zone of a contact's local days: their own, where it names one, else the shop's. */
export function zoneOf({ profile, shop }: Facts): string {
  const { timezone } = profile;
  return timezone !== null && isTimezone(timezone) ? timezone : shop.zone;
}
