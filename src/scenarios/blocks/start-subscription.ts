import * as z from "zod";
import { CONSENT_KEYS } from "../../contacts/consent";
import { topicName } from "../../contacts/said";
import type { Language } from "../../shared/language";
import { block } from "../block";

const params = z
  .strictObject({
    /** Consents, any of which will do. */
    consents: z.array(z.enum(CONSENT_KEYS)).max(CONSENT_KEYS.length).default([]),
    /** Topics, any of which will do. */
    topics: z
      .array(z.string().regex(/^[a-z0-9_-]{1,40}$/, "is not the key of a topic"))
      .max(50)
      .default([]),
    on: z.enum(["granted", "withdrawn"]).default("granted"),
  })
  .refine(({ consents, topics }) => consents.length + topics.length > 0, "names neither a consent nor a topic");

const LISTS: Readonly<Record<Language, { readonly or: string; readonly topic: (key: string) => string }>> = {
  en: { or: " or ", topic: (key) => `the topic “${key}”` },
  fr: { or: " ou ", topic: (key) => `le thème « ${key} »` },
};

export const startSubscription = block({
  category: "start",
  title: { en: "When somebody subscribes or unsubscribes", fr: "Quand quelqu’un s’abonne ou se désabonne" },
  icon: "✓",
  params,
  outputs: ["next"],
  example: { consents: ["email"], topics: [], on: "granted" },
  describe({ consents, topics, on }, language) {
    const { or, topic } = LISTS[language];
    const list = [...consents, ...topics.map(topic)].join(or);
    if (language === "fr") {
      return on === "granted"
        ? `Démarre quand le contact donne son accord pour ${list}.`
        : `Démarre quand le contact retire son accord pour ${list}.`;
    }
    return on === "granted"
      ? `Starts when the contact agrees to ${list}.`
      : `Starts when the contact withdraws ${list}.`;
  },
  traits: () => ({}),
  trigger: ({ consents, topics, on }) => ({ kind: "subscription", to: [...consents, ...topics.map(topicName)], on }),
  enter: () => ({ do: "go", output: "next" }),
});
