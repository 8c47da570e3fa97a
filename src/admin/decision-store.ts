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

/** Decisions, newest first. */
export async function listDecisions(db: D1Database, filter: DecisionFilter, limit: number): Promise<DecisionRow[]> {
  const { after } = filter;
  const contact = filter.contact === undefined ? "?1 IS NULL" : `contact IN (${familyOf("?1")})`;
  const sql =
    "SELECT contact, id, send, run, scenario, block, channel, outcome, reason, rule, inputs, at FROM decisions " +
    `WHERE ${contact} AND (?2 IS NULL OR scenario = ?2) AND (?3 IS NULL OR outcome = ?3) ` +
    "AND (?4 IS NULL OR (at, contact, id) < (?4, ?5, ?6)) ORDER BY at DESC, contact DESC, id DESC LIMIT ?7";
  const about = [filter.contact ?? null, filter.scenario ?? null, filter.outcome ?? null];
  return (
    await db
      .prepare(sql)
      .bind(...about, after?.at ?? null, after?.contact ?? 0, after?.id ?? "", limit)
      .all<DecisionRow>()
  ).results;
}
