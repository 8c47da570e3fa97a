import * as z from "zod";
import { isOwnName } from "../../events/names";
import { block } from "../block";

const params = z.strictObject({
  /** A name of the shop's own: what stands for an order, points or a consent is told by whoever knows of it. */
  event: z
    .string()
    .min(1)
    .max(255)
    .refine((name) => !isOwnName(name), "is a name with a meaning of its own: choose another"),
  /** What it says, beside the properties of the event that began the run. */
  properties: z.record(z.string().min(1).max(80), z.union([z.string().max(200), z.number(), z.boolean()])).default({}),
});

export const emitEvent = block({
  category: "action",
  title: { en: "Emit an event", fr: "Émettre un événement" },
  icon: "⚑",
  params,
  outputs: ["next"],
  example: { event: "Gift Earned", properties: { level: "gold" } },
  describe: ({ event }, language) =>
    language === "fr"
      ? `Émet l’événement « ${event} », que d’autres scénarios entendent.`
      : `Emits the event “${event}”, which other scenarios hear.`,
  traits: ({ event, properties }) => ({ emits: { event, properties, andMore: true } }),
  enter: ({ event, properties }, { run }) => ({
    do: "act",
    act: { kind: "emit.event", details: { name: event, properties: { ...run.about, ...properties } } },
    after: { do: "go", output: "next" },
  }),
});
