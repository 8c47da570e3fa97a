import * as z from "zod";
import type { BlockDefinition } from "../block";
import { block } from "../block";

const topic = z.string().regex(/^[a-z0-9_-]{1,40}$/, "is not the key of a topic");
const topics = z.array(topic).max(50).default([]);

const subscribed = z
  .strictObject({
    topics,
    /** Asks the person to confirm that they want to be written to: only their own word is a consent. */
    ask: z
      .array(z.enum(["email", "sms"]))
      .max(2)
      .default([]),
  })
  .refine(({ topics: keys, ask }) => keys.length + ask.length > 0, "subscribes to nothing");

export const subscribe = block({
  category: "action",
  title: { en: "Subscribe", fr: "Abonner" },
  icon: "✓",
  params: subscribed,
  outputs: ["next"],
  example: { topics: ["sales"], ask: [] },
  describe({ topics: keys, ask }, language) {
    const [named, asked] = [keys.join(", "), ask.join(", ")];
    const en = [keys.length > 0 ? `subscribes to ${named}` : "", ask.length > 0 ? `asks for consent by ${asked}` : ""];
    const fr = [keys.length > 0 ? `abonne à ${named}` : "", ask.length > 0 ? `demande l’accord pour ${asked}` : ""];
    return sentence((language === "fr" ? fr : en).filter(Boolean).join(language === "fr" ? " et " : " and "));
  },
  traits: () => ({}),
  enter: ({ topics: keys, ask }) => ({
    do: "act",
    act: { kind: "subscribe", details: { topics: keys, ask } },
    after: { do: "go", output: "next" },
  }),
});

const CHANNELS = ["email", "sms", "push"] as const;

const unsubscribed = z
  .strictObject({
    topics,
    /** Channels whose marketing ends. */
    channels: z.array(z.enum(CHANNELS)).max(CHANNELS.length).default([]),
  })
  .refine(({ topics: keys, channels }) => keys.length + channels.length > 0, "unsubscribes from nothing");

export const unsubscribe = block({
  category: "action",
  title: { en: "Unsubscribe", fr: "Désabonner" },
  icon: "✗",
  params: unsubscribed,
  outputs: ["next"],
  example: { topics: ["sales"], channels: [] },
  describe({ topics: keys, channels }, language) {
    const list = [...keys, ...channels].join(", ");
    return language === "fr" ? `Désabonne de ${list}.` : `Unsubscribes from ${list}.`;
  },
  traits: () => ({}),
  enter: ({ topics: keys, channels }) => ({
    do: "act",
    act: { kind: "unsubscribe", details: { topics: keys, channels } },
    after: { do: "go", output: "next" },
  }),
});

const suppressed = z.strictObject({
  channels: z.array(z.enum(CHANNELS)).min(1).max(CHANNELS.length).default(["email"]),
  /** Why: it is kept with the withdrawal. */
  reason: z
    .string()
    .regex(/^[a-z0-9_-]{1,40}$/, "must be lower-case letters, digits, - and _")
    .default("sunset"),
});

export const suppress: BlockDefinition<unknown> = block({
  category: "action",
  title: { en: "Suppress marketing", fr: "Supprimer le marketing" },
  icon: "⊘",
  params: suppressed,
  outputs: ["next"],
  example: { channels: ["email"], reason: "sunset" },
  describe: ({ channels, reason }, language) =>
    language === "fr"
      ? `N’envoie plus de marketing par ${channels.join(", ")} (${reason}).`
      : `Sends no more marketing by ${channels.join(", ")} (${reason}).`,
  traits: () => ({}),
  enter: ({ channels, reason }) => ({
    do: "act",
    act: { kind: "suppress", details: { channels, reason } },
    after: { do: "go", output: "next" },
  }),
});

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
