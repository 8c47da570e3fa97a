import { messages } from "../collections/messages";
import { countOf } from "../figure";

/** How many messages somebody was sent: those that left, unless a state is asked for. */
export const messagesCount = countOf(
  messages,
  { en: "was sent", fr: "a reçu", none: { en: "was sent no", fr: "n’a reçu aucun" } },
  {
    where: [
      { field: "scenario", op: "is", value: "welcome" },
      { field: "clicked", op: "unknown" },
    ],
    within: "P30D",
  },
);
