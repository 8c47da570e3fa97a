import * as z from "zod";
import { zoneOf } from "../../segments/zone";
import { durationInWords, durationMs, laterBy } from "../../shared/duration";
import { block } from "../block";
import { durationInput } from "../definition";
import { arrivedAt } from "../state";
import { testWhere, whereInput, whereWords } from "../where";

const params = z.strictObject({
  event: z.string().min(1).max(255),
  /** What its properties have to say. */
  where: whereInput.optional(),
  timeout: durationInput,
});

export const waitEvent = block({
  category: "wait",
  title: { en: "Wait for an event", fr: "Attendre un événement" },
  icon: "☇",
  params,
  outputs: ["yes", "timeout"],
  example: { event: "Product Reviewed", timeout: "P7D" },
  describe({ event, where, timeout }, language, terms) {
    const [time, asked] = [durationInWords(durationMs(timeout), language), whereWords(where, language, terms)];
    return language === "fr"
      ? `Attend l’événement « ${event} »${asked}, au plus ${time}.`
      : `Waits for the event “${event}”${asked}, for at most ${time}.`;
  },
  traits: ({ event, timeout }) => ({ waits: durationMs(timeout) > 0, listensFor: [event] }),
  enter: ({ timeout }, { at, facts }) => ({ do: "wait", until: laterBy(at, timeout, zoneOf(facts)) }),
  hear({ event, where }, { facts, run }, stimulus) {
    // What happened before the wait and is told late is not what is waited for.
    if (stimulus.type !== "event" || stimulus.name !== event || stimulus.at < arrivedAt(run)) return null;
    const isMeant = testWhere(where, stimulus.properties, { now: stimulus.at, shop: facts.shop });
    return isMeant ? { do: "go", output: "yes" } : null;
  },
  due: () => ({ do: "go", output: "timeout" }),
});
