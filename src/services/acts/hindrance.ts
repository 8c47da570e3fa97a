import { DONE_ANYWAY } from "../../scenarios/gift";
import type { Services } from "../../services";
import type { Attempt, PendingAct, Subject } from "./performer";

/** Rows `[act, contact, whoever stands for it, run, scenario]` in ?1, with why an act may not be done, or not yet. */
const HINDERED_SQL =
  "WITH asked AS (SELECT value ->> 0 AS id, value ->> 1 AS contact, value ->> 2 AS head, value ->> 3 AS run, " +
  "value ->> 4 AS scenario FROM json_each(?1)) SELECT a.id, CASE " +
  "WHEN EXISTS (SELECT 1 FROM stops x WHERE x.contact = a.contact AND x.run = a.run) THEN 'run_stopped' " +
  "WHEN EXISTS (SELECT 1 FROM scenarios z WHERE z.id = a.scenario AND z.state = 'archived') THEN 'scenario_archived' " +
  // What was accepted of such a contact has not been heard by its runs.
  "WHEN EXISTS (SELECT 1 FROM parked_contacts p WHERE p.contact IN (a.contact, a.head)) " +
  "OR EXISTS (SELECT 1 FROM merges m INDEXED BY merges_open WHERE m.step <> 'done' " +
  "AND (m.winner IN (a.contact, a.head) OR m.loser IN (a.contact, a.head))) THEN 'wait' END AS why FROM asked AS a";

/**
 * The last look before acts are done, by the act's id: what its run was stopped for meanwhile keeps it back, as the permit
 * keeps messages back. It runs behind everything that was accepted before, shards included. What only takes something back
 * is not asked about. Acts that may be done are left out.
 */
export async function hindrancesOf(
  services: Services,
  acts: readonly PendingAct[],
  subjects: ReadonlyMap<number, Subject>,
): Promise<ReadonlyMap<string, Attempt>> {
  const asked = acts.flatMap(({ id, contact, run, scenario, kind }) => {
    const subject = subjects.get(contact);
    return subject && !DONE_ANYWAY.has(kind) ? [[id, contact, subject.id, run, scenario] as const] : [];
  });
  if (asked.length === 0) return new Map();
  await services.ledger.settled([...new Set(asked.flatMap(([, contact, head]) => [contact, head]))]);
  const { results } = await services.env.DB.prepare(HINDERED_SQL)
    .bind(JSON.stringify(asked))
    .all<{ id: string; why: string | null }>();
  return new Map(results.flatMap(({ id, why }) => (why === null ? [] : [[id, attemptFor(why)] as const])));
}

function attemptFor(why: string): Attempt {
  return why === "wait" ? { end: "later", result: "not_settled" } : { end: "left_out", result: why };
}
