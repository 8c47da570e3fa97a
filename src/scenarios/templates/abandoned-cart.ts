import * as z from "zod";
import { CART_ABANDONED } from "../blocks/start-event";
import type { BlockNode, ScenarioDefinition } from "../definition";
import { durationInput } from "../definition";
import { reachableBy, ringingHours } from "./reach";
import { template } from "./template";

const amount = z.number().int().min(0).max(1_000_000_000);

const params = z.strictObject({
  /** What counts as leaving a cart, and which events put it off. */
  inactivity: z
    .strictObject({
      duration: durationInput.default("PT30M"),
      moved_by: z.enum(["any_event", "cart_events"]).default("any_event"),
    })
    .default({ duration: "PT30M", moved_by: "any_event" }),
  first_delay: durationInput.default("PT4H"),
  second_delay: durationInput.default("PT24H"),
  third_delay: durationInput.default("PT48H"),
  /** Carts below this are left alone, minor units. */
  min_value: amount.default(0),
  /** From this on the last message is a text message, minor units. */
  sms_min_value: amount.default(10_000),
  holdout: z.number().min(0).max(0.5).default(0.1),
});

type Params = z.output<typeof params>;

function blocksOf(chosen: Params): Readonly<Record<string, BlockNode>> {
  const worthSms = { all: [{ type: "cart.value", op: "gte", value: chosen.sms_min_value }, reachableBy("sms")] };
  return {
    start: {
      type: "start.event",
      params: { event: CART_ABANDONED, inactivity: chosen.inactivity },
      next: { next: "wait_1" },
    },
    wait_1: { type: "wait.for", params: { duration: chosen.first_delay }, next: { next: "by_email_1" } },
    by_email_1: {
      type: "if.targeting",
      params: { rule: reachableBy("email") },
      // The first message exists as an email only; whoever reads none is met again at the second.
      next: { yes: "cart_1", no: "wait_2" },
    },
    cart_1: { type: "send.email", params: { content: "cart_1" }, next: { next: "wait_2" } },
    // Stands for the contact's own hour of most activity within 20 to 44 hours, until hours are learned.
    wait_2: { type: "wait.for", params: { duration: chosen.second_delay }, next: { next: "by_email_2" } },
    by_email_2: {
      type: "if.targeting",
      params: { rule: reachableBy("email") },
      next: { yes: "cart_2", no: "by_sms_2" },
    },
    cart_2: { type: "send.email", params: { content: "cart_2" }, next: { next: "wait_3" } },
    by_sms_2: { type: "if.targeting", params: { rule: reachableBy("sms") }, next: { yes: "by_day_2", no: "wait_3" } },
    by_day_2: ringingHours("cart_2_sms"),
    cart_2_sms: { type: "send.sms", params: { content: "cart_2_sms" }, next: { next: "wait_3" } },
    wait_3: { type: "wait.for", params: { duration: chosen.third_delay }, next: { next: "worth_sms" } },
    worth_sms: { type: "if.targeting", params: { rule: worthSms }, next: { yes: "by_day_3", no: "cart_3" } },
    by_day_3: ringingHours("cart_3_sms"),
    cart_3_sms: { type: "send.sms", params: { content: "cart_3_sms" }, next: { next: "done" } },
    // Without a question before it: whoever reads no email has the gate's answer as the reason of the silence.
    cart_3: { type: "send.email", params: { content: "cart_3" }, next: { next: "done" } },
    done: { type: "exit", params: { outcome: "completed", reason: "end" }, next: {} },
  };
}

function build(chosen: Params): ScenarioDefinition {
  return {
    name: "Abandoned cart",
    description: "Three reminders of a cart that was left, until it is ordered, emptied or changed.",
    class: "marketing",
    priority: 75,
    holdout: chosen.holdout,
    max_lateness: "P1D",
    stop_on: ["order", "emptied", "withdrawal"],
    reentry: { policy: "by_key", after_message: "P3D", max_runs: { count: 2, within: "P30D" } },
    filter: {
      all: [
        { any: [reachableBy("email"), reachableBy("sms")] },
        { type: "cart.value", op: "gte", value: chosen.min_value },
        { type: "orders.count", op: "eq", value: 0, within: "PT30M" },
      ],
    },
    start: "start",
    blocks: blocksOf(chosen),
  };
}

/** Mission spec SC-08. What asks for stock, margin, RFM or coupons comes with them. */
export const abandonedCart = template({
  title: { en: "Abandoned cart", fr: "Panier abandonné" },
  description: {
    en: "Brings back who left a cart: an email, a second one or a text message, and a last word. An order ends it.",
    fr: "Ramène qui a laissé un panier : un e-mail, un second ou un SMS, un dernier mot. Une commande y met fin.",
  },
  tab: "essentials",
  presets: {
    fast: { title: { en: "First message after 4 hours", fr: "Premier message après 4 heures" }, params: {} },
    seed_24h: {
      title: { en: "First message after 24 hours", fr: "Premier message après 24 heures" },
      params: { first_delay: "PT24H" },
    },
  },
  params,
  build,
});
