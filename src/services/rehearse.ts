import { withOrders } from "../commerce/guest-order";
import type { Programme } from "../commerce/loyalty-programme";
import { resolver } from "../contacts/identity";
import { profileOf } from "../contacts/profile";
import { starTable } from "../contacts/star";
import { isHistory } from "../events/event";
import type { ScenarioDefinition } from "../scenarios/definition";
import type { PastEvent } from "../scenarios/rehearsal";
import { inReplayOrder, Rehearsal } from "../scenarios/rehearsal";
import type { Services } from "../services";
import { durationMs } from "../shared/duration";
import { Fault } from "../shared/fault";
import { readJournal } from "./read-journal";
import { factsOf, projections } from "./records";

/** What fits into a Worker's memory; longer histories need to be rehearsed in parts. */
const MOST_EVENTS = 300_000;

/** Reads every past event up to `to`, from archive and journal, in the order of replay. */
export async function readPast(services: Services, to: number): Promise<PastEvent[]> {
  const past: PastEvent[] = [];
  for await (const rows of readJournal(services)) {
    for (const { seq, received_at, events } of rows) {
      events.forEach((event, index) => {
        const at = isHistory(event) ? event.at : received_at;
        // Of our own events words on consent and points are history; reactions to messages that were really sent are not.
        const counts =
          event.type !== "internal" || /^(consent|loyalty)\.|^referral\.(rewarded|reversed)$/.test(event.name);
        if (counts && at <= to) past.push({ at, seq, index, event });
      });
    }
    if (past.length > MOST_EVENTS) {
      throw new Fault(
        "unprocessable",
        `There are more than ${MOST_EVENTS.toLocaleString("en")} events up to this time. Choose an earlier end.`,
      );
    }
  }
  return inReplayOrder(past);
}

/** A rehearsal of one version, ready to be played. */
export function makeRehearsal(
  services: Services,
  id: string,
  version: number,
  definition: ScenarioDefinition,
  { from, to, programme }: { readonly from: number; readonly to: number; readonly programme: Programme | null },
): Rehearsal {
  const live = { id, version, state: "active" as const, definition };
  const { ready } = services.briefing;
  const { SHOP_CURRENCY, LINK_SECRET } = services.config;
  const loyalty = { programme: () => programme, secret: LINK_SECRET };
  return new Rehearsal({
    scenario: id,
    version,
    from,
    to,
    fold: {
      resolver: withOrders(resolver),
      projections: projections(SHOP_CURRENCY, { tables: { find: starTable, strict: false }, loyalty }),
    },
    factsOf: (record) => factsOf(record, services.terms.shop),
    isMerged: (record) => profileOf(record).status === "merged",
    playbook: {
      live: [live],
      definition: (scenario, of) => (scenario === id && of === version ? definition : undefined),
    },
    policy: ({ holdout, max_lateness }) => ({ killed: [], ready, holdout, maxLatenessMs: durationMs(max_lateness) }),
  });
}
