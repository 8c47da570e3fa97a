import type { Catalog } from "../contacts/stored-table";
import { impersonal, perContact } from "../contacts/stored-table";

/** The tables of how messages are handed over, and of whom none may reach. */
export const SENDING_TABLES: Catalog = {
  suppressions: perContact(
    "Keyed hashes of addresses that are not written to any more, with why, since when and by whose word",
    "Who bounced or complained is not written to again; after an erasure the hash alone remains",
    { fate: "rewritten", unlinked: "contact = NULL, send = ''" },
  ),
  send_batches: {
    holds: "Batches of messages whose outcome is not known: ids; their bodies lie in R2 until then, a day at most",
    why: "A repeat is made of the same members and bytes",
    of: "many",
    keep: "contact",
    fate: "rewritten",
    to: [],
  },
  webhook_deliveries: impersonal("Hashes of webhooks that were carried out", "One that comes again changes nothing", {
    days: 30,
    from: "at",
  }),
  sms_spend: impersonal("How many text messages went to a country in an hour", "Their budgets are kept", {
    days: 30,
    from: "hour",
  }),
  channel_slots: impersonal("Up to when a provider's calls are given out", "No more of them than it allows"),
};
