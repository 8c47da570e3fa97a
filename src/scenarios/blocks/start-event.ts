import * as z from "zod";
import { durationInWords, durationMs } from "../../shared/duration";
import { block } from "../block";
import { durationInput } from "../definition";

/** The one trigger that no client sends: we find out ourselves that a cart was left. */
export const CART_ABANDONED = "cart.abandoned";

const inactivity = z.strictObject({
  duration: durationInput.default("PT30M"),
  moved_by: z.enum(["any_event", "cart_events"]).default("any_event"),
});

const params = z.strictObject({
  event: z.string().min(1).max(255),
  inactivity: inactivity.optional(),
});

export const startEvent = block({
  category: "start",
  title: { en: "When an event happens", fr: "Quand un événement survient" },
  icon: "⚡",
  params,
  outputs: ["next"],
  example: { event: CART_ABANDONED, inactivity: { duration: "PT30M", moved_by: "any_event" } },
  describe({ event, inactivity: quiet }, language) {
    if (event !== CART_ABANDONED)
      return language === "fr" ? `Démarre sur l’événement « ${event} ».` : `Starts on the event “${event}”.`;
    const time = durationInWords(durationMs(quiet?.duration ?? "PT30M"), language);
    return language === "fr"
      ? `Démarre quand un panier est abandonné : ${time} sans activité et sans commande.`
      : `Starts when a cart is abandoned: ${time} without activity and without an order.`;
  },
  traits: () => ({}),
  trigger({ event, inactivity: quiet }) {
    if (event !== CART_ABANDONED) return { kind: "event", event };
    return {
      kind: "abandoned_cart",
      durationMs: durationMs(quiet?.duration ?? "PT30M"),
      movedBy: quiet?.moved_by ?? "any_event",
    };
  },
  enter: () => ({ do: "go", output: "next" }),
});
