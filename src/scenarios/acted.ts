import type { LedgerEvent } from "../events/event";
import { ownEvent } from "../events/event";
import type { Resolver } from "../events/fold";
import type { ApplyContext } from "../events/projection";
import type { Run } from "./state";

/** Our own event that says what came of something that a run had done. */
export const ACTED = "scenario.acted";
/** Our own event that stands for one of the shop's: scenarios hear it under its name, and nothing else follows from it. */
export const EMITTED = "scenario.emitted";

/** How an act ended: it is done, it could not be done, it may not be done, or it is left out as a message would be. */
export type ActEnd = "done" | "failed" | "refused" | "left_out";

/** What came of an act. `result` is a word that the run hears, `told` what it remembers of it. */
export interface ActOutcome {
  readonly end: ActEnd;
  readonly result: string;
  readonly told?: NonNullable<Run["about"]>;
}

/** The event that settles an act. It goes in one request with the act's own effect, so that neither is there alone. */
export function actedEvent(contact: number, act: string, { end, ...outcome }: ActOutcome, now: number): LedgerEvent {
  return ownEvent(`acted.${act}`, ACTED, now, contact, { act, state: end, ...outcome });
}

/** Events by which an act is done, the last one among them: `topics.act_…`, `acted.act_…`. What comes behind it (`task.…`) is none. */
const BY_ACT = /^(?!task\.)[a-z]+\.(act_[0-9a-z]+)(\.|$)/;
const SETTLED = "act:";

/**
 * Takes what an act brings about once, however often it is told: two who perform the same act at one moment both say so, and
 * between their requests there may be more of the contact than its ring of ids holds. Which acts are settled is looked up
 * as identities are, under keys that `settledKeys` reads.
 */
export function withActs(resolver: Resolver): Resolver {
  return {
    ...resolver,
    keys(event) {
      const key = settledKey(event);
      return key === null ? resolver.keys(event) : [...resolver.keys(event), key];
    },
    resolve(event, book, createId, receivedAt) {
      const key = settledKey(event);
      if (key !== null && book.find(key) !== undefined) return null;
      const resolution = resolver.resolve(event, book, createId, receivedAt);
      if (key !== null && event.name === ACTED && resolution) book.link(key, resolution.contact);
      return resolution;
    },
  };
}

function settledKey({ id, contact, type }: LedgerEvent): string | null {
  const act = type === "internal" && contact !== undefined ? BY_ACT.exec(id)?.[1] : undefined;
  return act === undefined ? null : `${SETTLED}${contact} ${act}`;
}

/** The acts, as `[contact, id]`, that keys of a look-up ask about. */
export function settledKeys(keys: readonly string[]): (readonly [contact: number, act: string])[] {
  return keys.flatMap((key) => {
    const [contact, act] = key.startsWith(SETTLED) ? key.slice(SETTLED.length).split(" ") : [];
    return act === undefined ? [] : [[Number(contact), act] as const];
  });
}

/**
 * Which acts are settled, as keys of a look-up. A call to the outside is not: its row is settled ahead of its event where
 * that lies beside the ledger. ?1 `[contact, id]` of acts.
 */
export const SETTLED_SQL =
  `SELECT '${SETTLED}' || a.contact || ' ' || a.id AS identity, a.contact FROM json_each(?1) AS v JOIN acts AS a ` +
  "ON a.contact = v.value ->> 0 AND a.id = v.value ->> 1 WHERE a.state <> 'pending' AND a.kind <> 'webhook'";

/** The statement behind what becomes of acts: it is said once, as what is settled stays so. */
export const ACTED_TABLES: Readonly<Record<string, string>> = {
  acts:
    "UPDATE acts SET state = v.value ->> 2, result = v.value ->> 3, done_at = v.value ->> 4 FROM json_each(?1) AS v " +
    "WHERE acts.contact = v.value ->> 0 AND acts.id = v.value ->> 1 AND acts.state = 'pending'",
};

/** Marks the act's row in the batch of the event that tells of it. */
export function settleAct({ event, record, rows }: ApplyContext): void {
  const { act, state, result } = event.properties ?? {};
  if (typeof act !== "string") return;
  // The run's own contact, which may have been merged since.
  rows.put("acts", act, [event.contact ?? record.id, act, state, result, event.at]);
}
