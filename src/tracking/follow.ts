import type { LedgerEvent } from "../events/event";
import { ownEvent } from "../events/event";
import { DISOWNED } from "../scenarios/stimulus";
import { SCANNED } from "./acts";
import type { Act, Finding, Hit, Sign } from "./machine";
import { foundEarly, foundIn, isTaken, OPEN, signOf, TRAPPED } from "./machine";

/** A message whose link was followed. Times are epoch ms. */
export interface Followed {
  readonly contact: number;
  readonly send: string;
  readonly deliveredAt: number;
  readonly hits: readonly Hit[];
  readonly links: number;
}

/** The events that an act makes: none for what was noted before, at the same place by the same kind. */
export function eventsOf(act: Act, message: Followed): readonly LedgerEvent[] {
  const { contact, send, hits, deliveredAt, links } = message;
  const sign = signOf(act, { hits, deliveredAt, links });
  const before = hits.find(({ place }) => place === act.place);
  const told = sign === null ? human(act, message) : scanned(act, message, sign);
  // Counted once, whoever repeats it; a person after a machine is news.
  const isNews = before === undefined || (before.machine !== null && sign === null);
  const found = act.place === TRAPPED || sign === "burst" ? findingOf(act, message) : null;
  const owned = found && hits.some((hit) => isTaken(hit, found));
  return [...(isNews ? [told] : []), ...(found && owned ? [disowned({ contact, send }, found, act.at)] : [])];
}

/**
 * What has to be taken back once everything is known that came at the same time, the provider's word of the delivery among
 * it; null where nothing has.
 */
export function afterthought(
  act: Act,
  message: Omit<Followed, "deliveredAt"> & { readonly deliveredAt: number | null },
): LedgerEvent | null {
  const { hits, links, deliveredAt } = message;
  const found = foundIn(hits, act.at, links);
  if (found && hits.some((hit) => isTaken(hit, found))) return disowned(message, found, act.at);
  const early = deliveredAt === null ? null : foundEarly(hits, deliveredAt);
  return early && disowned(message, early, act.at);
}

/** What a provider's word takes back that a message was delivered at a time; null where nobody had acted on it. */
export function takenBack(
  message: Pick<Followed, "contact" | "send" | "hits">,
  deliveredAt: number,
  at: number,
): LedgerEvent | null {
  const found = foundEarly(message.hits, deliveredAt);
  return found && disowned(message, found, at);
}

function findingOf(act: Act, { hits, links }: Followed): Finding | null {
  return foundIn([...hits, { place: act.place, at: act.at, machine: null }], act.at, links);
}

function human({ place, at }: Act, { contact, send }: Followed): LedgerEvent {
  const name = place === OPEN ? "message.opened" : "message.clicked";
  const link = place === OPEN ? null : Number(place);
  return ownEvent(`${name}.${send}.${place}`, name, at, contact, { send, link });
}

function scanned({ place, at }: Act, { contact, send }: Followed, sign: Sign): LedgerEvent {
  return ownEvent(`${SCANNED}.${send}.${place}`, SCANNED, at, contact, { send, place, sign });
}

function disowned(
  { contact, send }: Pick<Followed, "contact" | "send">,
  { sign, from, until }: Finding,
  at: number,
): LedgerEvent {
  return ownEvent(`${DISOWNED}.${send}.${from}`, DISOWNED, at, contact, { send, from, until, sign });
}
