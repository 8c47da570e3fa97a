import type { RowStatement } from "../platform/d1";
import { bulkInsert } from "../platform/d1";

/** The statements behind the rows of suppressions. What is told again of one that stands changes nothing. */
export const DELIVERY_TABLES: Readonly<Record<string, string | RowStatement>> = {
  suppressions: bulkInsert({
    name: "suppressions",
    columns: ["hash", "kind", "channel", "source", "contact", "send", "at"],
    conflict:
      "ON CONFLICT (hash, kind) DO UPDATE SET source = excluded.source, contact = excluded.contact, send = excluded.send, " +
      "at = excluded.at, lifted_at = NULL WHERE suppressions.lifted_at IS NOT NULL AND excluded.at > suppressions.lifted_at",
  }),
  suppressions_lifted:
    "UPDATE suppressions SET lifted_at = v.value ->> 2 FROM json_each(?1) AS v " +
    "WHERE suppressions.hash = v.value ->> 0 AND suppressions.kind = v.value ->> 1 AND suppressions.lifted_at IS NULL",
};
