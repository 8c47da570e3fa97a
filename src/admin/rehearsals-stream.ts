import type { Services } from "../services";
import { rehearsalOf } from "../services/rehearsals/begin";
import { SECOND } from "../shared/clock";
import { showRehearsal } from "./rehearsals-show";

const EVERY = SECOND / 2;
/** Whoever wants to watch for longer asks again: the rehearsal goes on by itself. */
const PATIENCE = 120;

/** A line of progress whenever there is some, and at last the whole of it. */
export function streamProgress(services: Services, id: string): Response {
  const encoder = new TextEncoder();
  let last = "";
  let looks = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      for (;;) {
        const row = await rehearsalOf(services, id);
        const shown = await showRehearsal(services, row);
        const { status, phase, progress, events } = shown;
        const isOver = status !== "running";
        const line = JSON.stringify(isOver ? { rehearsal: shown } : { progress: { phase, done: progress, events } });
        const isNews = line !== last;
        last = line;
        if (isNews) controller.enqueue(encoder.encode(`${line}\n`));
        if (isOver || ++looks > PATIENCE) controller.close();
        if (isNews || isOver || looks > PATIENCE) return;
        await new Promise((resolve) => setTimeout(resolve, EVERY));
      }
    },
  });
  return new Response(body, { headers: { "Content-Type": "application/x-ndjson", "Cache-Control": "no-store" } });
}
