import { bulkInsert } from "../platform/d1";

/** The statement behind the rows of what people do about messages: of several times the first one counts. */
export const ACT_TABLES: Readonly<Record<string, string>> = {
  message_acts: bulkInsert({
    name: "message_acts",
    columns: ["contact", "send", "kind", "at"],
    conflict: "ON CONFLICT (contact, send, kind) DO UPDATE SET at = excluded.at WHERE excluded.at < message_acts.at",
  }),
};
