import { taskDoneEvent } from "../scenarios/task";
import type { Services } from "../services";
import { performerOf } from "../services/acts/catalog";
import { enqueueActs } from "../services/acts/queue";
import { Fault } from "../shared/fault";
import type { ActRow } from "./act-store";
import { findAct, findTask, rereadAct, reviveCall } from "./act-store";

/**
 * Whether an act can be tried again: a call to the outside that came to nothing, or whose host the operator did not allow.
 * What was refused for the contact's sake stays so. The run has gone on as if anything else had not been done, so that its
 * effect would come too late and beside what the run did instead.
 */
export function mayRetry({ kind, state, result }: Pick<ActRow, "kind" | "state" | "result">): boolean {
  const isOver = state === "failed" || (state === "refused" && result === "refused");
  return isOver && performerOf(kind)?.isOutside === true;
}

/** Puts a call that failed back in line and wakes its queue. Throws not-found, or conflict where it cannot be repeated. */
export async function retryAct(services: Services, id: string): Promise<ActRow> {
  const { DB, ACT_QUEUE } = services.env;
  const found = await findAct(DB, id);
  if (!found) throw new Fault("not-found", "No act has this id.");
  if (!mayRetry(found) || !(await reviveCall(DB, found, services.clock.now()))) {
    throw new Fault("conflict", `Only calls that failed can be tried again; this is ${found.kind}, ${found.state}.`);
  }
  await enqueueActs(ACT_QUEUE, [found]);
  return (await rereadAct(DB, found)) ?? found;
}

/** Says that a task is done; once for ever, however often. Throws not-found. */
export async function finishTask(services: Services, id: string): Promise<ActRow> {
  const found = await findTask(services.env.DB, id);
  if (!found) throw new Fault("not-found", "No task has this id.");
  if (found.state === "pending") throw new Fault("conflict", "The task is about to be created. Try again in a moment.");
  if (found.state !== "done")
    throw new Fault("conflict", "The task was never created: its run was stopped or measured.");
  if (found.result === "created") {
    const event = taskDoneEvent(found.contact, found.id, services.clock.now());
    await services.say([event], "The task could not be closed. Send it again.");
  }
  return (await rereadAct(services.env.DB, found)) ?? found;
}
