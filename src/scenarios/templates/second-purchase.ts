import * as z from "zod";
import type { BlockNode, ScenarioDefinition } from "../definition";
import { durationInput } from "../definition";
import { orderedAtLeast, reachableBy, ringingHours } from "./reach";
import { template } from "./template";

const params = z.strictObject({
  first_delay: durationInput.default("P14D"),
  /** How long a reaction to the first message is waited for. */
  reaction_timeout: durationInput.default("P5D"),
  /** From the reaction to the reminder. */
  reminder_delay: durationInput.default("P3D"),
  holdout: z.number().min(0).max(0.5).default(0.1),
});

type Params = z.output<typeof params>;

function blocksOf(chosen: Params): Readonly<Record<string, BlockNode>> {
  const again = { rule: orderedAtLeast(2) };
  return {
    // Should count from the delivery of the first order. Nothing tells of deliveries yet, so it counts from the
    // evaluation that finds the order, and the wait stands for transport as well.
    start: {
      type: "start.targeting",
      params: { rule: { type: "orders.count", op: "eq", value: 1 }, every: "P1D" },
      next: { next: "wait_1" },
    },
    wait_1: { type: "wait.for", params: { duration: chosen.first_delay }, next: { next: "again_1" } },
    again_1: { type: "if.targeting", params: again, next: { yes: "goal", no: "thanks" } },
    thanks: { type: "send.email", params: { content: "second_purchase_thanks" }, next: { next: "reaction" } },
    reaction: {
      type: "wait.message",
      params: { block: "thanks", on: "engaged", timeout: chosen.reaction_timeout },
      next: { yes: "wait_2", timeout: "thanks_b" },
    },
    wait_2: { type: "wait.for", params: { duration: chosen.reminder_delay }, next: { next: "again_2" } },
    again_2: { type: "if.targeting", params: again, next: { yes: "goal", no: "by_sms" } },
    by_sms: { type: "if.targeting", params: { rule: reachableBy("sms") }, next: { yes: "by_day", no: "reminder" } },
    by_day: ringingHours("sms"),
    sms: { type: "send.sms", params: { content: "second_purchase_sms" }, next: { next: "done" } },
    reminder: { type: "send.email", params: { content: "second_purchase_reminder" }, next: { next: "done" } },
    thanks_b: { type: "send.email", params: { content: "second_purchase_thanks_b" }, next: { next: "unanswered" } },
    goal: { type: "exit", params: { outcome: "goal", reason: "ordered_again" }, next: {} },
    done: { type: "exit", params: { outcome: "completed", reason: "end" }, next: {} },
    unanswered: { type: "exit", params: { outcome: "timeout", reason: "no_reaction" }, next: {} },
  };
}

function build(chosen: Params): ScenarioDefinition {
  return {
    name: "Second purchase",
    description: "Thanks for the first order and a reason for the next, once in a customer's life.",
    class: "marketing",
    priority: 55,
    holdout: chosen.holdout,
    max_lateness: "P1D",
    stop_on: ["order", "order_cancelled", "withdrawal"],
    reentry: { policy: "once" },
    // Everybody with one order enters; who may not be written to has the gate's reason at each message.
    filter: { all: [] },
    start: "start",
    blocks: blocksOf(chosen),
  };
}

/** Mission spec SC-13. */
export const secondPurchase = template({
  title: { en: "Second purchase", fr: "Deuxième achat" },
  description: {
    en: "Thanks a new customer two weeks after the first order, and reminds once. The second order ends it.",
    fr: "Remercie un nouveau client deux semaines après sa commande et relance une fois. La deuxième y met fin.",
  },
  tab: "essentials",
  presets: {
    standard: { title: { en: "After 14 days", fr: "Après 14 jours" }, params: {} },
    patient: { title: { en: "After 30 days", fr: "Après 30 jours" }, params: { first_delay: "P30D" } },
  },
  params,
  build,
});
