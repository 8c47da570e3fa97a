import type { Changeable } from "../../contacts/change";
import { CHANGE_FIELDS, CHANGED, MAX_ATTRIBUTES, withChange } from "../../contacts/change";
import { ownEvent } from "../../events/event";
import type { Performer } from "./performer";

type Values = Readonly<Record<string, string | null>>;

/** A change of fields and attributes, as an admin makes one: never of who somebody is, or of what they agreed to. */
export const updateProfile: Performer = {
  perform(_services, { contact, id, details }, { profile }, now) {
    const stated = Object.entries((details["fields"] ?? {}) as Values);
    const fields: Partial<Record<Changeable, string | null>> = {};
    for (const [name, field] of Object.entries(CHANGE_FIELDS)) {
      const value = stated.find(([key]) => key === name)?.[1];
      if (value !== undefined && field !== "phone") fields[field] = value;
    }
    const change = { fields, attributes: (details["attributes"] ?? {}) as Record<string, unknown> };
    if (Object.keys(withChange(profile, change).attributes).length > MAX_ATTRIBUTES) {
      return Promise.resolve({ end: "refused", result: "too_many_attributes" });
    }
    const event = ownEvent(`changed.${id}`, CHANGED, now, contact, { change });
    return Promise.resolve({ end: "done", result: "updated", events: [event] });
  },
};
