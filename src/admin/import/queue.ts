import * as z from "zod";
import { log } from "../../platform/log";
import type { Services } from "../../services";
import { HOUR, SECOND } from "../../shared/clock";
import { kindOfImport } from "./kinds";
import { takeStep } from "./steps";
import { findImport, leaveImport, noteFailure, openImports, takeImport, waitingBehind } from "./store";
import { Overtaken, Work } from "./work";

/** A queue message: a wake-up for an import, whose row says what is to be done. Losing or repeating it does no harm. */
const queueBody = z.object({ v: z.literal(1), import: z.string(), asked: z.number().int() });

/** Real milliseconds that one call works: a queue's consumer may take 30 seconds of CPU. */
const BUDGET = 15 * SECOND;
/** So often a lease is taken anew. */
const HELD = 5 * SECOND;
/** Seconds that an import waits at most after a step that failed. */
const LONGEST = 300;
/** A step that fails so often in a row will not pass any more. */
const ATTEMPTS = 8;
/** Why one is given up whose attempts end without a word, as what runs out of memory or time does. */
const DEADLY =
  "reading it takes more memory or time than there is; send it in smaller files, with an order_id for each order";
/** Seconds until somebody asks again, time after time, for an import that another has: that other one may be dead. */
const ASK_AGAIN = [1, 2, 4, 8, 15, 30, 60];
/** As long as an upload may stand still. */
const UPLOAD = 24 * HOUR;

/** Asks for imports to be carried on. */
export async function wakeImport(services: Services, id: string, delaySeconds = 0, asked = 0): Promise<void> {
  try {
    await services.env.IMPORT_QUEUE.send({ v: 1, import: id, asked }, { delaySeconds });
  } catch (error) {
    // The row is there: the sweep asks again.
    log("import not woken", { import: id, error: String(error) });
  }
}

/** What became of a call: nothing is left to do, more is, somebody else is at it, or it is tried again after a while. */
type Outcome = "done" | "more" | "taken" | "later";

/** Carries an import on until it is done, or the time is up. Throws nothing: what failed is noted and tried again. */
export async function workOn(services: Services, id: string, budget: number = BUDGET): Promise<Outcome> {
  const { DB } = services.env;
  const owner = crypto.randomUUID();
  const until = Date.now() + budget;
  if (!(await takeImport(DB, id, owner))) return (await findImport(DB, id))?.step ? "taken" : "done";
  let held = Date.now();
  const hold = async (): Promise<void> => {
    if (Date.now() - held < HELD) return;
    if (!(await takeImport(DB, id, owner))) throw new Overtaken(`import ${id} is another's by now`);
    held = Date.now();
  };
  try {
    for (;;) {
      const row = await findImport(DB, id);
      if (!row?.step || row.step.phase === "upload") {
        for (const next of row ? await waitingBehind(DB, row) : []) await wakeImport(services, next, 1);
        return "done";
      }
      if (row.attempts > ATTEMPTS && row.status === "running") {
        await giveUp(services, id, DEADLY);
        continue;
      }
      const kind = await kindOfImport(services, row.kind);
      await takeStep(new Work(services, kind, row, () => Date.now() > until, hold), row.step);
      if (Date.now() > until) return "more";
      await hold();
    }
  } catch (error) {
    if (error instanceof Overtaken) return "taken";
    await failed(services, id, error);
    return "later";
  } finally {
    await leaveImport(DB, id, owner);
  }
}

async function failed(services: Services, id: string, error: unknown): Promise<void> {
  const { DB } = services.env;
  log("import step failed", { import: id, error: String(error).slice(0, 300) });
  const attempts = await noteFailure(DB, id);
  if (attempts >= ATTEMPTS) await giveUp(services, id, "not everything could be stored; send the file again");
  await wakeImport(services, id, Math.min(2 ** attempts, LONGEST));
}

/** Ends an import where it stands; its files go with the next step. */
async function giveUp(services: Services, id: string, reason: string): Promise<void> {
  const row = await findImport(services.env.DB, id);
  // To delete its files is never given up.
  if (row?.status !== "running") return;
  const kind = await kindOfImport(services, row.kind);
  const left = { status: "failed", reason, finishedAt: services.clock.now(), step: { phase: "clean" } } as const;
  await new Work(services, kind, row).note(left);
}

/** Carries on what a batch of messages asks for. */
export async function consumeImports(services: Services, batch: MessageBatch): Promise<void> {
  for (const message of batch.messages) {
    const parsed = queueBody.safeParse(message.body);
    if (parsed.success) {
      const { import: id, asked } = parsed.data;
      const outcome = await workOn(services, id);
      if (outcome === "more") await wakeImport(services, id);
      const delay = outcome === "taken" ? ASK_AGAIN[asked] : undefined;
      if (delay !== undefined) await wakeImport(services, id, delay, asked + 1);
    } else log("queue message not understood", { queue: batch.queue });
    message.ack();
  }
}

/** Finds imports again whose wake-up was lost, and ends uploads that nobody goes on with. */
export async function sweepImports(services: Services): Promise<void> {
  const now = services.clock.now();
  for (const { id, uploading, touchedAt } of await openImports(services.env.DB)) {
    if (!uploading) await wakeImport(services, id);
    else if (now - touchedAt > UPLOAD) {
      await giveUp(services, id, "the file was not sent to its end");
      await wakeImport(services, id);
    }
  }
}

/** Resolves when nothing is left to do of any import whose file has come. For the local clock, and tests. */
export async function drainImports(services: Services): Promise<void> {
  for (;;) {
    const open = (await openImports(services.env.DB)).filter(({ uploading }) => !uploading);
    if (open.length === 0) return;
    for (const { id } of open) {
      if (["taken", "later"].includes(await workOn(services, id)))
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
