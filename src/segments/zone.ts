import type { Profile } from "../contacts/profile";
import { isTimezone } from "../shared/wall-time";
import type { Shop } from "./facts";

/** The IANA zone of a contact's local days: their own, where it names one, else the shop's. */
export function zoneOf({
  profile,
  shop,
}: {
  readonly profile: Pick<Profile, "timezone">;
  readonly shop: Pick<Shop, "zone">;
}): string {
  const { timezone } = profile;
  return timezone !== null && isTimezone(timezone) ? timezone : shop.zone;
}
