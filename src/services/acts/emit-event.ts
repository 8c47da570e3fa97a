import { ownEvent } from "../../events/event";
import { EMITTED } from "../../scenarios/acted";
import type { Performer } from "./performer";

/** An event of the shop's name. Scenarios hear it; it is no act of the person and no order, whatever it is called. */
export const emitEvent: Performer = {
  perform(_services, { contact, id, details }, _subject, now) {
    const { name, properties } = details;
    const event = ownEvent(`emitted.${id}`, EMITTED, now, contact, { name, properties });
    return Promise.resolve({ end: "done", result: "emitted", events: [event] });
  },
};
