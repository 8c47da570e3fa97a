import type { Properties } from "../events/event";
import { derivedId } from "../shared/ids";
import type { Profile } from "./profile";

/** The name of our own event by which an admin changes a profile. */
export const CHANGED = "contact.changed";

/** Fields of a profile that an admin may set. Whoever somebody is and what they agreed to has ways of its own. */
export const CHANGEABLE = ["phone", "firstName", "lastName", "civility", "language", "country", "timezone"] as const;
export type Changeable = (typeof CHANGEABLE)[number];

/** The same by the names that the API has for them. */
export const CHANGE_FIELDS = {
  phone: "phone",
  first_name: "firstName",
  last_name: "lastName",
  civility: "civility",
  language: "language",
  country: "country",
  timezone: "timezone",
} as const satisfies Record<string, Changeable>;

/** How many attributes a contact may have. */
export const MAX_ATTRIBUTES = 200;

/** A change: what is left out stays, null takes a value away. */
export interface ProfileChange {
  readonly fields: Readonly<Partial<Record<Changeable, string | null>>>;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A text that differs whenever anything of the profile does that an admin may change. */
export function profileVersion(profile: Profile): string {
  return derivedId("ver", JSON.stringify([CHANGEABLE.map((field) => profile[field]), profile.attributes]));
}

/** The profile after a change. */
export function withChange<Some extends Pick<Profile, Changeable | "attributes">>(
  profile: Some,
  { fields, attributes }: ProfileChange,
): Some {
  const kept = Object.entries({ ...profile.attributes, ...attributes }).filter(([, value]) => value !== null);
  return { ...profile, ...fields, attributes: Object.fromEntries(kept) };
}

/** Carries out an admin's change, unless the profile is no longer as the admin saw it. */
export function applyChange(profile: Profile, { seen, change }: Properties): void {
  if (typeof seen === "string" && seen !== profileVersion(profile)) return;
  Object.assign(profile, withChange(profile, change as ProfileChange), { changed: true });
}
