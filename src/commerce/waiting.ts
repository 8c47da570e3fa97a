import type { ApplyContext } from "../events/projection";
import { awaitedIdentity } from "./order";
import type { Commerce, WaitingChange } from "./slice";
import { commerceOf } from "./slice";

/** Keeps a change until its order comes. All changes of one order wait with the contact that the first came to. */
export function awaitOrder(slice: Commerce, order: string, context: ApplyContext): void {
  const { id, name, at, properties = {} } = context.event;
  const holder = context.ownerOf(awaitedIdentity(order)) ?? context;
  const theirs = holder.record === context.record ? slice : commerceOf(holder.record);
  if (theirs.waiting?.some((one) => one.order === order && one.event.id === id)) return;
  theirs.waiting = [...(theirs.waiting ?? []), { order, event: { id, name, at, properties } }];
  holder.claim(awaitedIdentity(order));
  const row = [order, id, holder.record.id, at, JSON.stringify({ name, properties })];
  context.rows.put("waiting_changes", JSON.stringify([order, id]), row);
}

/** Takes what waited for an order, oldest first: it is applied now. */
export function takeWaiting(order: string, context: ApplyContext): readonly WaitingChange["event"][] {
  const holder = context.ownerOf(awaitedIdentity(order));
  const theirs = holder ? commerceOf(holder.record) : null;
  const found = theirs?.waiting?.filter((one) => one.order === order) ?? [];
  if (!theirs || found.length === 0) return [];
  theirs.waiting = theirs.waiting?.filter((one) => one.order !== order);
  context.rows.put("waiting_taken", order, [order]);
  return found.map(({ event }) => event).sort((one, other) => one.at - other.at);
}
