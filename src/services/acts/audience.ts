import { ownEvent } from "../../events/event";
import { AUDIENCE_CHANGED } from "../../scenarios/audience";
import type { Performer } from "./performer";

/** Notes who is in an audience. What ads and the site make of it is for their channels. */
function membership(isIn: boolean): Performer {
  return {
    perform(_services, { contact, id, details }, _subject, now) {
      const properties = { audience: details["audience"], in: isIn };
      const event = ownEvent(`audience.${id}`, AUDIENCE_CHANGED, now, contact, properties);
      return Promise.resolve({ end: "done", result: isIn ? "added" : "removed", events: [event] });
    },
  };
}

export const audienceAdd = membership(true);
export const audienceRemove = membership(false);
