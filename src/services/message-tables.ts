import type { Catalog } from "../contacts/stored-table";
import { perContact } from "../contacts/stored-table";

/** The tables of what became of messages that left. */
export const MESSAGE_TABLES: Catalog = {
  message_acts: perContact(
    "When a message was delivered, and first opened and clicked by a person",
    "Targeting; figures",
    {
      keep: { days: 400, from: "at" },
    },
  ),
  message_hits: perContact(
    "Which links of a message were followed, and which of that a machine did",
    "To tell people from machines; figures",
    { keep: { days: 400, from: "at" } },
  ),
  attributions: perContact("To which message an order counts", "What a scenario or campaign earned", {
    of: {
      where: "(contact IN (SELECT value FROM json_each(?1)) OR sender IN (SELECT value FROM json_each(?1)))",
    },
  }),
};
