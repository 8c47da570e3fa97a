import { DECISION_COLUMNS } from "../decisions/gate";
import { CONFIRMATION_PAUSE } from "./optin";
import { SEND_COLUMNS } from "./send-row";

const at = (column: (typeof SEND_COLUMNS)[number]): string => `value ->> ${SEND_COLUMNS.indexOf(column)}`;

/** The statements behind the row tables of confirmations. */
export const OPTIN_TABLES: Readonly<Record<string, string>> = {
  optin_sends:
    `INSERT INTO sends (${SEND_COLUMNS.join(", ")}) ` +
    `SELECT ${SEND_COLUMNS.map(at).join(", ")} FROM json_each(?1) WHERE NOT EXISTS (` +
    `SELECT 1 FROM sends s WHERE s.contact = ${at("contact")} AND s.run = ${at("run")} ` +
    `AND s.channel = ${at("channel")} AND s.state NOT IN ('suppressed', 'failed') ` +
    `AND s.created_at > ${at("created_at")} - ${CONFIRMATION_PAUSE}) ON CONFLICT DO NOTHING`,
  // After the message's row: whether there is one decides what the decision was.
  optin_decisions:
    `INSERT INTO decisions (${DECISION_COLUMNS.join(", ")}) ` +
    "SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, " +
    "CASE WHEN s.id IS NULL THEN 'suppressed' ELSE 'send' END, " +
    "CASE WHEN s.id IS NULL THEN 'confirmed_lately' ELSE 'asked_for' END, 1, '{}', value ->> 7 " +
    "FROM json_each(?1) LEFT JOIN sends s ON s.contact = value ->> 0 AND s.id = value ->> 2 " +
    "WHERE true ON CONFLICT DO NOTHING",
};
