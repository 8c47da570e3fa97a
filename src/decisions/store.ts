import type { PermitLimits, PermitRow, SendKey } from "./permit";
import { CLOSE_SQL, PERMIT_SQL, permitValues, SEND_HEAD_JOIN } from "./permit";
import type { SendingRules } from "./sending";
import { opensAt } from "./window";

/** What the shop set, and the zone of its clocks. */
export interface ShopLimits {
  readonly rules: SendingRules;
  readonly zone: string;
}

interface Recipient extends SendKey {
  readonly channel: string;
  readonly class: string;
  readonly country: string | null;
  readonly phone: string | null;
  readonly timezone: string | null;
}

const RECIPIENTS_SQL =
  "SELECT s.contact, s.id, s.channel, s.class, c.country, c.phone, c.timezone FROM json_each(?1) a " +
  `JOIN sends s ON s.contact = a.value ->> 0 AND s.id = a.value ->> 1 ${SEND_HEAD_JOIN} ` +
  "WHERE s.open > 0 AND s.channel IN (SELECT value FROM json_each(?2))";

/** Which of some sends are out of their hours, by where their people are now. */
async function closedAt(
  db: D1Database,
  keys: readonly SendKey[],
  { rules, zone }: ShopLimits,
  now: number,
): Promise<PermitLimits["closed"]> {
  const { windows } = rules;
  if (!windows) return [];
  const asked = JSON.stringify(keys.map(({ contact, id }) => [contact, id]));
  const { results } = await db.prepare(RECIPIENTS_SQL).bind(asked, JSON.stringify(windows.channels)).all<Recipient>();
  return results.flatMap(({ contact, id, channel, class: of, ...who }) => {
    const opens = opensAt(windows, who, { channel, class: of }, zone, now);
    return opens === now ? [] : [{ contact, id, opens }];
  });
}

/** Runs the permit's statement. */
export async function permitSends(
  db: D1Database,
  keys: readonly SendKey[],
  owner: string,
  now: number,
  limits: ShopLimits,
): Promise<readonly PermitRow[]> {
  if (keys.length === 0) return [];
  const closed = await closedAt(db, keys, limits, now);
  const values = permitValues(keys, owner, now, { caps: limits.rules, closed });
  const [permitted] = await db.batch<PermitRow>([
    db.prepare(PERMIT_SQL).bind(...values),
    db.prepare(CLOSE_SQL).bind(values[0]),
  ]);
  return permitted?.results ?? [];
}
