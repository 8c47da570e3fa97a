import { countryOfPhone } from "../contacts/address";
import type { PermitLimits, PermitRow, SendKey } from "./permit";
import { CLOSE_SQL, PERMIT_SQL, permitValues, SEND_HEAD_JOIN } from "./permit";
import { ASKED_SENDS, refusedSql } from "./refusal";
import type { SendingRules } from "./sending";
import type { Texting } from "./sms-budget";
import { BUDGET_SQL, budgetValues, SPENT_SQL } from "./sms-budget";
import { opensAt } from "./window";

/** What the shop set, and the zone of its clocks. */
export interface ShopLimits {
  readonly rules: SendingRules;
  readonly zone: string;
}

interface Recipient extends SendKey {
  readonly channel: string;
  readonly class: string;
  readonly address: string;
  readonly country: string | null;
  readonly phone: string | null;
  readonly timezone: string | null;
}

const RECIPIENTS_SQL =
  "SELECT s.contact, s.id, s.channel, s.class, s.address, c.country, c.phone, c.timezone FROM json_each(?1) a " +
  `JOIN sends s ON s.contact = a.value ->> 0 AND s.id = a.value ->> 1 ${SEND_HEAD_JOIN} ` +
  "WHERE s.open > 0 AND s.channel IN (SELECT value FROM json_each(?2))";

/** Where the people of some sends are now, as far as hours or budgets ask. */
async function recipientsOf(
  db: D1Database,
  keys: readonly SendKey[],
  { windows, smsBudget }: SendingRules,
): Promise<readonly Recipient[]> {
  const channels = [...(windows?.channels ?? []), ...(smsBudget ? ["sms"] : [])];
  if (channels.length === 0) return [];
  const asked = JSON.stringify(keys.map(({ contact, id }) => [contact, id]));
  return (await db.prepare(RECIPIENTS_SQL).bind(asked, JSON.stringify(channels)).all<Recipient>()).results;
}

/** Which of some sends are out of their hours, by where their people are now. */
function closedAt(recipients: readonly Recipient[], { rules, zone }: ShopLimits, now: number): PermitLimits["closed"] {
  return recipients.flatMap(({ contact, id, channel, class: of, ...who }) => {
    const opens = opensAt(rules.windows, who, { channel, class: of }, zone, now);
    return opens === now ? [] : [{ contact, id, opens }];
  });
}

/** Those of some sends that are counted by the country of their number. */
function textsOf(recipients: readonly Recipient[]): readonly Texting[] {
  return recipients.flatMap(({ contact, id, channel, address }) =>
    channel === "sms" ? [{ contact, id, country: countryOfPhone(address) ?? "" }] : [],
  );
}

const REFUSED_SQL = refusedSql(ASKED_SENDS);

/** Runs the permit's statement, and writes down why what it stops was stopped. */
export async function permitSends(
  db: D1Database,
  keys: readonly SendKey[],
  owner: string,
  now: number,
  limits: ShopLimits,
): Promise<readonly PermitRow[]> {
  if (keys.length === 0) return [];
  const recipients = await recipientsOf(db, keys, limits.rules);
  const closed = closedAt(recipients, limits, now);
  const texts = limits.rules.smsBudget ? textsOf(recipients) : [];
  const budget = limits.rules.smsBudget ? budgetValues(texts, limits.rules.smsBudget, now) : [];
  const values = permitValues(keys, owner, now, { caps: limits.rules, closed });
  const isCounted = texts.length > 0;
  const before = isCounted ? [db.prepare(BUDGET_SQL).bind(...budget)] : [];
  const answers = await db.batch<PermitRow>([
    ...before,
    db.prepare(PERMIT_SQL).bind(...values),
    ...(isCounted ? [db.prepare(SPENT_SQL).bind(...budget.slice(0, 3))] : []),
    db.prepare(REFUSED_SQL).bind(values[0], now, values[5], values[7]),
    db.prepare(CLOSE_SQL).bind(values[0]),
  ]);
  return answers[before.length]?.results ?? [];
}
