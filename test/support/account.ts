import { EMPTIED } from "../../src/contacts/profile";

/** Whose row is empty has lost what was known of them, decisions as well. */
const KNOWN = (contact: string): string =>
  `NOT EXISTS (SELECT 1 FROM contacts c WHERE c.id = ${contact} AND c.status IN ${EMPTIED})`;
const DECIDED = (which: string): string =>
  `EXISTS (SELECT 1 FROM decisions d WHERE d.contact = s.contact AND d.send = s.id AND ${which})`;

/**
 * What breaks the account of messages: decided = sent + suppressed + unknown + pending, each message once, and a reason for
 * each that did not leave. One statement, so that it sees one moment of the database.
 */
const ACCOUNT_SQL = `
SELECT d.send AS id, 'was to be sent, and there is no message' AS fault FROM decisions d
WHERE d.outcome = 'send' AND NOT EXISTS (SELECT 1 FROM sends s WHERE s.contact = d.contact AND s.id = d.send)
  AND ${KNOWN("d.contact")}
UNION ALL
SELECT s.id, 'is a message that nobody decided' FROM sends s
WHERE NOT ${DECIDED("d.outcome = 'send'")} AND json_extract(s.data, '$.gate') IS NULL AND s.data <> '{}' AND ${KNOWN("s.contact")}
UNION ALL
SELECT s.id, 'is ' || s.state || ' for no reason' FROM sends s
WHERE s.state NOT IN ('queued', 'claimed', 'sent') AND s.reason IS NULL
UNION ALL
SELECT s.id, 'is ' || s.state || ', which is none of the fates' FROM sends s
WHERE s.state NOT IN ('queued', 'claimed', 'sent', 'suppressed', 'failed', 'unknown')
UNION ALL
SELECT s.id, 'is suppressed for ' || s.reason || ', and the record does not say so' FROM sends s
WHERE s.state = 'suppressed' AND s.reason NOT LIKE 'provider_%' AND s.data <> '{}' AND ${KNOWN("s.contact")}
  AND NOT ${DECIDED("d.outcome = 'suppressed' AND d.reason = s.reason")}
LIMIT 20`;

type Rows = <Row>(sql: string) => Promise<Row[]>;

/** Messages that are not accounted for, but those that a test put there by hand (ids that begin with `by_hand`). */
export async function unaccounted(rows: Rows): Promise<string[]> {
  const faults = await rows<{ id: string; fault: string }>(ACCOUNT_SQL);
  return faults.filter(({ id }) => !id.startsWith("by_hand")).map(({ id, fault }) => `${id} ${fault}`);
}
