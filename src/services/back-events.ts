import { claimsOrder } from "../commerce/order";
import { resolver } from "../contacts/identity";
import type { LedgerEvent } from "../events/event";
import { isTrusted } from "../events/event";
import { EMITTED } from "../scenarios/acted";
import type { Beginning } from "../scenarios/begin";
import { beginsWith } from "../scenarios/begin";
import type { ScenarioDefinition } from "../scenarios/definition";
import { triggerOf } from "../scenarios/live";
import { BEGINNING } from "../scenarios/rehearsal-plan";
import type { Stimulus } from "../scenarios/stimulus";
import type { Shop } from "../segments/facts";
import type { JournalPlace } from "./back-plan";
import type { ArchivedRow } from "./read-journal";

/** The names under which scenarios hear of what was computed: the journal does not hold it. */
const COMPUTED = /^loyalty\./;

/** An event of the past that would have let somebody in, and where in the journal it stands. */
export interface PastStart {
  readonly seq: number;
  readonly index: number;
  readonly at: number;
  readonly beginning: Beginning;
  /** Our own events name the row of the contact. */
  readonly contact: number | null;
  /** What else the event names them by, the surest first: see `contacts/identity.ts`. */
  readonly identities: readonly string[];
  /** The user whom only a public key names: a browser of anybody else's says nothing of it. */
  readonly claims: string | null;
}

/** Where a plan begins to read. */
export function journalStart(until: number): JournalPlace {
  return { until, point: BEGINNING, index: -1 };
}

/** Whether the journal holds the events on which a scenario starts. */
export function startsOnTold(definition: ScenarioDefinition): boolean {
  const trigger = triggerOf(definition);
  return trigger?.kind === "event" && !COMPUTED.test(trigger.event);
}

/**
 * The events of some rows, behind a place, that would have let somebody in. History that was loaded lets in as well: whoever
 * asks for the past asks for all of it. `from`: epoch ms; what is older is let lie.
 */
export function pastStarts(
  rows: readonly ArchivedRow[],
  definition: ScenarioDefinition,
  { place, from, shop }: { readonly place: JournalPlace; readonly from: number; readonly shop: Shop },
): readonly PastStart[] {
  const trigger = triggerOf(definition);
  return rows.flatMap(({ seq, received_at, events }) =>
    // Nothing is told before it happens.
    received_at < from
      ? []
      : events.flatMap((event, index): PastStart[] => {
          if (seq === place.point.seq + 1 && index <= place.index) return [];
          const stimulus = event.at < from ? null : heardOf(event);
          const beginning = stimulus && beginsWith("", trigger, stimulus, shop);
          const claims = isTrusted(event) ? null : (event.user ?? null);
          const who = { contact: event.contact ?? null, identities: identitiesOf(event), claims };
          return beginning ? [{ seq, index, at: event.at, beginning, ...who }] : [];
        }),
  );
}

/** What a scenario would have heard of an event by itself. */
function heardOf(event: LedgerEvent): Stimulus | null {
  const { at, id, name, properties = {} } = event;
  // A suspected machine starts nothing.
  if (event.bot === true && !isTrusted(event)) return null;
  if (event.type === "internal") {
    if (name !== EMITTED) return null;
    const { name: emitted, properties: said } = properties as { name: string; properties?: Record<string, unknown> };
    return { type: "event", at, id, name: emitted, properties: said ?? {} };
  }
  if (event.type !== "track") return null;
  return { type: "event", at, id, name, properties, ...(claimsOrder(event) && { claimed: true }) };
}

const SUREST = ["u:", "e:", "x:", "c:", "a:"];

/** Whoever is named for sure is meant, known or not: no browser stands in for a user who is gone. */
function identitiesOf(event: LedgerEvent): readonly string[] {
  if (isTrusted(event) && event.user !== undefined) return [`u:${event.user}`];
  const rank = (identity: string): number => SUREST.indexOf(identity.slice(0, 2));
  return [...resolver.keys(event)].sort((one, other) => rank(one) - rank(other));
}

/** Whether each contact comes in once, or once by each key: an hour apart, the others would only be refused. */
export function comesOnce({ reentry }: ScenarioDefinition): boolean {
  const { policy, while_running: running, after_end: afterEnd, after_message: afterMessage, max_runs: most } = reentry;
  return policy === "once" || running === "refuse" || [afterEnd, afterMessage, most].some((one) => one !== undefined);
}
