import type { Rule } from "../../segments/rule";

/** Whoever may be written to on a channel: an address and a consent. The gate asks again before each message. */
export function reachableBy(channel: "email" | "sms"): Rule {
  return {
    all: [
      { type: "consent", key: channel },
      { type: "address", channel },
    ],
  };
}

/** Whoever has placed at least so many orders. */
export function orderedAtLeast(count: number): Rule {
  return { type: "orders.count", op: "gte", value: count };
}
