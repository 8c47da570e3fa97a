import { readProgramme } from "../../commerce/loyalty-store";
import { ownEvent } from "../../events/event";
import type { Performer } from "./performer";

/** Points of the loyalty programme, under the act's own id: the account counts it once for ever. */
export const awardPoints: Performer = {
  async perform({ env }, { contact, id, details }, _subject, now) {
    if (!(await readProgramme(env.DB))?.enabled) return { end: "refused", result: "no_programme" };
    const { points, reason } = details;
    const event = ownEvent(`earn.${id}`, "loyalty.earned", now, contact, { points, reason, id });
    return { end: "done", result: "awarded", events: [event] };
  },
};
