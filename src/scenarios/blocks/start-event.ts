import * as z from "zod";
import { durationInWords, durationMs } from "../../shared/duration";
import { block } from "../block";
import { durationInput } from "../definition";
import { whereInput, whereWords } from "../where";

/** The one trigger that no client sends: we find out ourselves that a cart was left. */
export const CART_ABANDONED = "cart.abandoned";

const inactivity = z.strictObject({
  duration: durationInput.default("PT30M"),
  moved_by: z.enum(["any_event", "cart_events"]).default("any_event"),
});

const params = z.strictObject({
  event: z.string().min(1).max(255),
  inactivity: inactivity.optional(),
  /** What its properties have to say. */
  where: whereInput.optional(),
  /** The property that makes a run unique: a second event with the same one starts nothing. Left out, each event is its own. */
  key: z.string().min(1).max(80).optional(),
});

export const startEvent = block({
  category: "start",
  title: { en: "When an event happens", fr: "Quand un événement survient" },
  icon: "⚡",
  params,
  outputs: ["next"],
  example: { event: CART_ABANDONED, inactivity: { duration: "PT30M", moved_by: "any_event" } },
  describe({ event, inactivity: quiet, where }, language, terms) {
    if (event !== CART_ABANDONED) {
      const asked = whereWords(where, language, terms);
      return language === "fr"
        ? `Démarre sur l’événement « ${event} »${asked}.`
        : `Starts on the event “${event}”${asked}.`;
    }
    const time = durationInWords(durationMs(quiet?.duration ?? "PT30M"), language);
    return language === "fr"
      ? `Démarre quand un panier est abandonné : ${time} sans activité et sans commande.`
      : `Starts when a cart is abandoned: ${time} without activity and without an order.`;
  },
  traits: () => ({}),
  trigger({ event, inactivity: quiet, where, key }) {
    if (event !== CART_ABANDONED) return { kind: "event", event, where, key };
    return {
      kind: "abandoned_cart",
      durationMs: durationMs(quiet?.duration ?? "PT30M"),
      movedBy: quiet?.moved_by ?? "any_event",
    };
  },
  enter: () => ({ do: "go", output: "next" }),
});
