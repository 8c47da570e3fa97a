import type { Programme } from "../commerce/loyalty-programme";
import { resolver } from "../contacts/identity";
import { profileOf } from "../contacts/profile";
import type { LedgerEvent } from "../events/event";
import { isHistory } from "../events/event";
import type { ScenarioDefinition } from "../scenarios/definition";
import type { PastEvent } from "../scenarios/rehearsal";
import { inReplayOrder, Rehearsal } from "../scenarios/rehearsal";
import type { Services } from "../services";
import { durationMs } from "../shared/duration";
import { Fault } from "../shared/fault";
import { factsOf, projections } from "./records";

const PAGE = 1_000;
/** What fits into a Worker's memory; longer histories need to be rehearsed in parts. */
const MOST_EVENTS = 300_000;

/** Reads every past event up to `to`, in the order of replay. */
export async function readPast(db: D1Database, to: number): Promise<PastEvent[]> {
  const past: PastEvent[] = [];
  const sql = "SELECT seq, received_at, body FROM journal WHERE seq > ?1 ORDER BY seq LIMIT ?2";
  for (let after = -1; ; ) {
    const { results } = await db
      .prepare(sql)
      .bind(after, PAGE)
      .all<{ seq: number; received_at: number; body: string }>();
    const last = results.at(-1);
    if (!last) return inReplayOrder(past);
    for (const { seq, received_at, body } of results) {
      (JSON.parse(body) as LedgerEvent[]).forEach((event, index) => {
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
    after = last.seq;
  }
}

/** A rehearsal of one version, ready to be played. */
export function makeRehearsal(
  services: Services,
  id: string,
  version: number,
  definition: ScenarioDefinition,
  from: number,
  to: number,
  programme: Programme | null,
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
    fold: { resolver, projections: projections(SHOP_CURRENCY, loyalty) },
    factsOf,
    isMerged: (record) => profileOf(record).status === "merged",
    playbook: {
      live: [live],
      definition: (scenario, of) => (scenario === id && of === version ? definition : undefined),
    },
    policy: ({ holdout, max_lateness }) => ({ killed: [], ready, holdout, maxLatenessMs: durationMs(max_lateness) }),
  });
}
