import type { LedgerEvent } from "../../events/event";
import type { Services } from "../../services";
import { backoffMs } from "../../shared/backoff";

const ATTEMPTS = 8;
/** A sweep of the ledger takes in a page of what lies beside it. */
const SWEEPS = 50;

/**
 * Hands events of history to the ledger, as one row of the journal.
 * @param receivedAt what they count as received at, epoch ms
 * @throws where the ledger does not take them: the same again is safe
 */
export async function appendHistory(
  services: Services,
  events: readonly LedgerEvent[],
  receivedAt: number,
): Promise<void> {
  for (let attempt = 1; events.length > 0; attempt++) {
    const { status } = await services.append({ receivedAt, events, source: "import" }, null);
    if (status === "stored") return;
    if (attempt >= ATTEMPTS) throw new Error(`events were not taken: ${status}`);
    await new Promise((resolve) => setTimeout(resolve, backoffMs(attempt, 50, 2_000)));
  }
}

/**
 * Resolves when everything is applied that was accepted before: what lies beside the ledger is not in the tables yet, and
 * whoever adds to what stands there must not pass it.
 * @throws where the ledger does not take it in: the same again is safe
 */
export async function untilApplied({ env, ledger }: Services): Promise<void> {
  const isBeside = () => env.DB.prepare("SELECT 1 FROM side_journal LIMIT 1").first();
  for (let sweep = 0; (await isBeside()) !== null; sweep++) {
    if (sweep >= SWEEPS) throw new Error("what was stored beside the ledger is not in yet");
    await ledger.sweep();
  }
}
