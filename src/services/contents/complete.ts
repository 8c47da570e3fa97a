import type { PermitRow } from "../../decisions/permit";
import { log } from "../../platform/log";
import type { MessageData } from "../../sends/message";
import { freezeSends } from "../../sends/store";
import { readExtra, wantsExtra } from "./extras";
import type { Sources } from "./sources";

/**
 * Reads what the contents of these rows print beside what was frozen when they were decided, and freezes it in one
 * statement before any of them leaves: whatever is asked of the database later, an attempt after this one prints the
 * same. A row for which it could not be read is left out; its claim runs out, and it is offered again.
 */
export async function completeRows(services: Sources, rows: readonly PermitRow[]): Promise<readonly PermitRow[]> {
  const done = await Promise.all(rows.map((row) => completed(services, row)));
  const changed = done.flatMap((row, index) => (row !== null && row !== rows[index] ? [row] : []));
  if (changed.length > 0) await freezeSends(services.env.DB, changed);
  return done.filter((row) => row !== null);
}

async function completed(services: Sources, row: PermitRow): Promise<PermitRow | null> {
  try {
    const content = await services.content(row.content, row.content_version);
    if (!content || !wantsExtra(content)) return row;
    const data = JSON.parse(row.data) as MessageData;
    if (data.extra !== undefined) return row;
    const extra = await readExtra(services, content, { contact: row.contact, data });
    return { ...row, data: JSON.stringify({ ...data, ...(extra && { extra }) }) };
  } catch (error) {
    log("message not completed", { send: row.id, error: error instanceof Error ? error.name : "" });
    return null;
  }
}
