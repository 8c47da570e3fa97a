import { familyOf } from "../contacts/wanted";

/** A decision of the gate. Times are epoch ms. */
export interface DecisionRow {
  readonly contact: number;
  readonly id: string;
  readonly send: string;
  readonly run: string;
  readonly scenario: string;
  readonly block: string;
  readonly channel: string;
  readonly outcome: string;
  readonly reason: string;
  readonly rule: number;
  readonly inputs: string;
  readonly at: number;
}

export interface DecisionFilter {
  readonly contact?: number | undefined;
  readonly scenario?: string | undefined;
  readonly outcome?: string | undefined;
  readonly after: { readonly at: number; readonly contact: number; readonly id: string } | null;
}

const COLUMNS = "contact, id, send, run, scenario, block, channel, outcome, reason, rule, inputs, at";

/** Decisions for a campaign's message stand in the message's own row: one of their own would cost two rows more. */
const OF_CAMPAIGNS =
  "SELECT contact, id, id AS send, run, scenario, block, channel, 'send' AS outcome, 'permitted' AS reason, " +
  "json_extract(data, '$.gate.rule') AS rule, json_extract(data, '$.gate.inputs') AS inputs, created_at AS at FROM sends";

/** Decisions, newest first. Those for messages of campaigns are told with their contact. */
export async function listDecisions(db: D1Database, filter: DecisionFilter, limit: number): Promise<DecisionRow[]> {
  const { after } = filter;
  const contact = filter.contact === undefined ? "?1 IS NULL" : `contact IN (${familyOf("?1")})`;
  const messages = `${OF_CAMPAIGNS} WHERE ${contact} AND json_extract(data, '$.gate') IS NOT NULL`;
  const sql =
    `SELECT ${COLUMNS} FROM (SELECT ${COLUMNS} FROM decisions WHERE ${contact}` +
    `${filter.contact === undefined ? "" : ` UNION ALL ${messages}`}) ` +
    "WHERE (?2 IS NULL OR scenario = ?2) AND (?3 IS NULL OR outcome = ?3) " +
    "AND (?4 IS NULL OR (at, contact, id) < (?4, ?5, ?6)) ORDER BY at DESC, contact DESC, id DESC LIMIT ?7";
  const about = [filter.contact ?? null, filter.scenario ?? null, filter.outcome ?? null];
  return (
    await db
      .prepare(sql)
      .bind(...about, after?.at ?? null, after?.contact ?? 0, after?.id ?? "", limit)
      .all<DecisionRow>()
  ).results;
}
