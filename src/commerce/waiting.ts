import { isEmptied, profileOf } from "../contacts/profile";
import type { ApplyContext } from "../events/projection";
import { awaitedIdentity } from "./order";
import type { Commerce, WaitingChange } from "./slice";
import { commerceOf } from "./slice";

/** Keeps a change until its order comes. All changes of one order wait with the contact that the first came to. */
export function awaitOrder(slice: Commerce, order: string, context: ApplyContext): void {
  const { id, name, at, properties = {} } = context.event;
  const holder = holderOf(order, context) ?? context;
  const theirs = holder.record === context.record ? slice : commerceOf(holder.record);
  const others = theirs.waiting?.filter((one) => one.order === order) ?? [];
  if (others.some((one) => one.event.id === id)) return;
  // They stay together when a merge is undone.
  const [first] = others;
  const origin = first === undefined ? {} : { origin: first.origin };
  theirs.waiting = [...(theirs.waiting ?? []), { order, event: { id, name, at, properties }, ...origin }];
  if (first === undefined) holder.claim(awaitedIdentity(order));
  const row = [order, id, first?.origin ?? holder.record.id, at, JSON.stringify({ name, properties })];
  context.rows.put("waiting_changes", JSON.stringify([order, id]), row);
}

/** Whoever holds what waits for an order; an emptied contact holds nothing, even where its rows are still on their way out. */
function holderOf(order: string, context: ApplyContext): ApplyContext | null {
  const holder = context.ownerOf(awaitedIdentity(order));
  return holder && !isEmptied(profileOf(holder.record)) ? holder : null;
}

/** Takes what waited for an order, oldest first: it is applied now. */
export function takeWaiting(order: string, context: ApplyContext): readonly WaitingChange["event"][] {
  const holder = holderOf(order, context);
  const theirs = holder ? commerceOf(holder.record) : null;
  const found = theirs?.waiting?.filter((one) => one.order === order) ?? [];
  if (!theirs || found.length === 0) return [];
  theirs.waiting = theirs.waiting?.filter((one) => one.order !== order);
  context.rows.put("waiting_taken", order, [order]);
  return found.map(({ event }) => event).sort((one, other) => one.at - other.at);
}
