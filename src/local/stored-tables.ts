import type { Catalog } from "../contacts/stored-table";

/** Tables that exist on a developer's machine only. */
export const LOCAL_TABLES: Catalog = {
  local_inbox: {
    holds: "Messages that the local channels took",
    why: "To look at them",
    of: { mentions: "message" },
    keep: "contact",
    fate: "deleted",
    to: [],
  },
};
