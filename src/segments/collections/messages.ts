import type { Collection } from "../collection";
import { MESSAGE_CHANNELS, MESSAGE_CLASSES, MESSAGE_WORDS } from "../state-words";

const act = (kind: string): string =>
  `(SELECT a.at FROM message_acts a WHERE a.contact = s.contact AND a.send = s.id AND a.kind = '${kind}')`;

const STATES = ["queued", "claimed", "sent", "suppressed", "failed", "unknown"] as const;

/** Messages that left, with what a person did about them; what a machine opened or clicked does not count. */
export const messages: Collection = {
  key: "messages",
  words: { one: { en: "message", fr: "message" }, many: { en: "messages", fr: "messages" } },
  from: "sends s",
  contact: "s.contact",
  at: "coalesce(s.first_attempt_at, s.created_at)",
  fields: {
    scenario: { type: "text", sql: "s.scenario", words: { en: "scenario", fr: "scénario" }, source: "scenario" },
    content: { type: "text", sql: "s.content", words: { en: "content", fr: "contenu" } },
    channel: {
      type: "text",
      sql: "s.channel",
      words: { en: "channel", fr: "canal" },
      options: ["email", "sms", "push", "wallet", "print"],
      choices: MESSAGE_CHANNELS,
    },
    class: {
      type: "text",
      sql: "s.class",
      words: { en: "class", fr: "classe" },
      feminine: true,
      options: ["marketing", "transactional"],
      choices: MESSAGE_CLASSES,
    },
    state: {
      type: "text",
      sql: "s.state",
      words: { en: "state", fr: "état" },
      options: STATES,
      choices: MESSAGE_WORDS,
    },
    reason: { type: "text", sql: "s.reason", words: { en: "reason", fr: "motif" } },
    delivered: {
      type: "time",
      sql: act("delivered"),
      words: { en: "delivered", fr: "délivré" },
      said: { en: "delivered", fr: "délivré" },
      many: "délivrés",
    },
    opened: {
      type: "time",
      sql: act("opened"),
      words: { en: "opened by a person", fr: "ouvert par une personne" },
      said: { en: "opened by a person", fr: "ouvert par une personne" },
      many: "ouverts par une personne",
    },
    clicked: {
      type: "time",
      sql: act("clicked"),
      words: { en: "clicked by a person", fr: "cliqué par une personne" },
      said: { en: "clicked by a person", fr: "cliqué par une personne" },
      many: "cliqués par une personne",
    },
  },
  usual: { unless: "state", filters: () => [{ field: "state", op: "is", value: "sent" }] },
};
