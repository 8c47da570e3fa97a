import type { Performer } from "./performer";

/** Something for a person to do: the act's own row is the task. */
export const taskCreate: Performer = {
  perform: () => Promise.resolve({ end: "done", result: "created" }),
};
