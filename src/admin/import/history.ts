import type { LedgerEvent } from "../../events/event";
import type { Services } from "../../services";
import { backoffMs } from "../../shared/backoff";

const ATTEMPTS = 8;

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
