import type { LedgerEvent } from "../events/event";
import { ownEvent } from "../events/event";
import type { ApplyContext } from "../events/projection";

/** Our own event by which a person says that a task is done. */
export const TASK_DONE = "task.done";

/** The event that closes a task: once for ever, whoever says it again. */
export function taskDoneEvent(contact: number, act: string, now: number): LedgerEvent {
  return ownEvent(`task.${act}`, TASK_DONE, now, contact, { act });
}

/** The statement behind it: a task is its act's own row, found by its key and not among all that are open, and closed once. */
export const TASK_TABLES: Readonly<Record<string, string>> = {
  tasks_done:
    "UPDATE acts SET result = 'closed', done_at = v.value ->> 2 FROM json_each(?1) AS v " +
    "WHERE acts.contact = v.value ->> 0 AND acts.id = v.value ->> 1 AND +acts.kind = 'task.create' AND acts.result = 'created'",
};

/** Closes the act's row in the batch of the event that tells of it. */
export function closeTask({ event, record, rows }: ApplyContext): void {
  const { act } = event.properties ?? {};
  if (typeof act === "string") rows.put("tasks_done", act, [event.contact ?? record.id, act, event.at]);
}
