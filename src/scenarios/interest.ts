import type { Consents } from "../contacts/consent";
import type { Happening } from "../events/projection";
import type { Playbook } from "./live";
import { hearingOf, triggerOf } from "./live";
import { areOpensKnown } from "./signal";
import { asStimulus } from "./stimulus";

/** What the live scenarios listen for. It decides whom the ledger wakes: nobody else costs an object call. */
export interface Interest {
  readonly carts: boolean;
  readonly activity: boolean;
  /** Names of events that begin a scenario. */
  readonly events: ReadonlySet<string>;
  /** Names of events that runs listen for. */
  readonly listened?: ReadonlySet<string>;
  /** Some run asks a rule of whatever happens. */
  readonly everything?: boolean;
  /** Some run waits for a message to be read: a visit says so of whom nothing else may. */
  readonly visits?: boolean;
  /** Families of segments. */
  readonly segments?: ReadonlySet<string>;
  /** Consents and topics, by `subscriptionName`. */
  readonly subscriptions?: ReadonlySet<string>;
  /** Tables whose rows begin something. */
  readonly tables?: ReadonlySet<string>;
}

function subscriptionName(on: string, to: string): string {
  return `${on}:${to}`;
}

export function interestOf(playbook: Playbook): Interest {
  const triggers = playbook.live.map(({ definition }) => triggerOf(definition));
  return {
    carts: triggers.some((trigger) => trigger?.kind === "abandoned_cart"),
    activity: triggers.some((trigger) => trigger?.kind === "abandoned_cart" && trigger.movedBy === "any_event"),
    events: new Set(triggers.flatMap((trigger) => (trigger?.kind === "event" ? [trigger.event] : []))),
    listened: new Set(playbook.hears?.events),
    everything: playbook.hears?.everything === true,
    visits: playbook.hears?.visits === true,
    segments: new Set(triggers.flatMap((trigger) => (trigger?.kind === "segment" ? [trigger.family] : []))),
    subscriptions: new Set(
      triggers.flatMap((trigger) =>
        trigger?.kind === "subscription" ? trigger.to.map((to) => subscriptionName(trigger.on, to)) : [],
      ),
    ),
    tables: new Set(triggers.flatMap((trigger) => (trigger?.kind === "row" ? [trigger.table] : []))),
  };
}

/** The same where only the scenarios that are live count, unless the playbook says more of what runs listen for. */
export function interestWithin(playbook: Playbook): Interest {
  const versions = playbook.live.flatMap(({ definition, challenger }) => {
    return challenger ? [definition, challenger.definition] : [definition];
  });
  const own = versions.map(hearingOf);
  const hears = {
    events: own.flatMap(({ events }) => events),
    everything: own.some(({ everything }) => everything),
    visits: own.some(({ visits }) => visits === true),
  };
  return interestOf({ ...playbook, live: playbook.live, hears: playbook.hears ?? hears });
}

/** What of a contact says which happenings its scenarios must hear of. */
interface Listener {
  /** It has been woken before, so that a timer or a run may be waiting. */
  readonly tracked: boolean;
  readonly consents: Consents;
}

/** The happenings that a contact's scenarios must hear of. */
export function heardBy(
  interest: Interest,
  { tracked, consents }: Listener,
  happenings: readonly Happening[],
): readonly Happening[] {
  return happenings.filter((happening) => {
    const stimulus = asStimulus(happening);
    if (stimulus.type === "visit") return tracked && interest.visits === true && !areOpensKnown(consents);
    if (stimulus.type === "cart") return interest.carts || tracked;
    if (tracked && interest.everything) return true;
    if (stimulus.type === "activity") return interest.activity && tracked;
    if (stimulus.type === "event")
      return interest.events.has(stimulus.name) || (tracked && interest.listened?.has(stimulus.name) === true);
    if (stimulus.type === "segment") return interest.segments?.has(stimulus.family) === true;
    if (stimulus.type === "subscription")
      return interest.subscriptions?.has(subscriptionName(stimulus.on, stimulus.to)) === true;
    if (stimulus.type === "row") return interest.tables?.has(stimulus.table) === true;
    if (stimulus.type === "enter") return true;
    return tracked && stimulus.type !== "identified";
  });
}
