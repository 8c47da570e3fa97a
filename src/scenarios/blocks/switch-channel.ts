import * as z from "zod";
import { block } from "../block";
import { preferredChannel, REACHING } from "../reach";

const params = z.strictObject({
  channels: z
    .array(z.enum(REACHING))
    .min(1)
    .default([...REACHING]),
});

const NAMES = {
  email: { en: "email", fr: "e-mail" },
  sms: { en: "text message", fr: "SMS" },
  push: { en: "push", fr: "push" },
} as const;

/** As a way out is called. */
const OWN_NAMES = {
  email: { en: "Email", fr: "E-mail" },
  sms: { en: "Text message", fr: "SMS" },
  push: { en: "Push", fr: "Push" },
} as const;

export const switchChannel = block({
  category: "filter",
  title: { en: "Go by channel", fr: "Aiguiller par canal" },
  icon: "⇶",
  params,
  outputs: ({ channels }) => [...channels, "none"],
  ways: ({ channels }, language) => ({
    ...Object.fromEntries(channels.map((channel) => [channel, OWN_NAMES[channel][language]])),
    none: language === "fr" ? "Injoignable par aucun canal" : "No channel reaches them",
  }),
  example: { channels: ["email", "sms"] },
  describe({ channels }, language) {
    const names = channels.map((channel) => NAMES[channel][language]).join(", ");
    return language === "fr"
      ? `Aiguille par le canal que le contact préfère, ou sur lequel on peut le joindre : ${names}, ou aucun.`
      : `Goes by the channel that the contact prefers or can be reached on: ${names}, or none.`;
  },
  traits: () => ({}),
  enter: ({ channels }, { facts }) => ({ do: "go", output: preferredChannel(facts, channels) ?? "none" }),
});
