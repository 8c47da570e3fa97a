import { HOUR } from "../shared/clock";
import type { Playbook } from "./live";
import { triggerOf } from "./live";
import type { Watch } from "./state";
import { broughtBy } from "./state";
import type { Stimulus } from "./stimulus";

/** An order that is older than the cart by more has nothing to say about it: it is told late. */
const CLOCKS_DIFFER = HOUR;

/**
 * The inactivity timers after a stimulus. A timer opens with a cart event, is moved on as its scenario says, and
 * closes with any order or when the cart is emptied.
 */
export function watchesAfter(watches: readonly Watch[], stimulus: Stimulus, playbook: Playbook): readonly Watch[] {
  if (stimulus.type === "emptied") return watches.length > 0 ? [] : watches;
  if (stimulus.type === "order") return watches.filter(({ openedAt }) => stimulus.at < openedAt - CLOCKS_DIFFER);
  if (stimulus.type !== "cart" && stimulus.type !== "activity") return watches;
  let next = watches;
  for (const { id, version, state, definition } of playbook.live) {
    const trigger = triggerOf(definition);
    if (trigger?.kind !== "abandoned_cart") continue;
    const known = next.find(({ scenario }) => scenario === id);
    if (stimulus.type === "activity" && (!known || trigger.movedBy === "cart_events")) continue;
    // A paused scenario opens nothing new; what is open goes on being moved.
    if (!known && state !== "active") continue;
    const stated = stimulus.type === "cart" && trigger.movedBy === "any_event" ? stimulus.seenAt : stimulus.at;
    const lastAt = Math.max(known?.lastAt ?? Number.NEGATIVE_INFINITY, stated);
    const cart = stimulus.type === "cart" ? stimulus.cart : (known?.cart ?? "");
    const openedAt = known?.openedAt ?? stimulus.at;
    const due = lastAt + trigger.durationMs;
    const from = known?.cart === cart ? known : {};
    const watch: Watch = broughtBy({ scenario: id, version, cart, openedAt, lastAt, due }, from);
    next = [...next.filter(({ scenario }) => scenario !== id), watch];
  }
  return next;
}
