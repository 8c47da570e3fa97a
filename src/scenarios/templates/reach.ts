import type { Rule } from "../../segments/rule";
import type { BlockNode } from "../definition";

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

/** Holds what rings until a day and an hour at which marketing may, wherever the contact lives (mission spec §9.3). */
export function ringingHours(next: string): BlockNode {
  const days = ["mon", "tue", "wed", "thu", "fri", "sat"];
  return { type: "wait.window", params: { days, from: "08:00", to: "20:00", holidays: "skip" }, next: { next } };
}
