import { ownEvent } from "../../events/event";
import type { Performer } from "./performer";

/** Lets the contact into another scenario: the key follows from the passage, so that one passage is one run. */
export const beginScenario: Performer = {
  async perform({ env }, { contact, id, details }, _subject, now) {
    const scenario = String(details["scenario"]);
    const state = await env.DB.prepare("SELECT state FROM scenarios WHERE id = ?1")
      .bind(scenario)
      .first<string>("state");
    if (state !== "active") return { end: "refused", result: "not_active" };
    const { about } = details;
    const properties = { scenario, key: id, ...(about !== undefined && { about }) };
    const event = ownEvent(`enter.${id}`, "scenario.enter", now, contact, properties);
    return { end: "done", result: "told", events: [event] };
  },
};
