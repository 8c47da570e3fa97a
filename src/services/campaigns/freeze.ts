import { targetSql } from "../../segments/target";
import { zoneOf } from "../../segments/zone";
import type { Campaign } from "../../sends/campaigns/campaign-store";
import { freeze } from "../../sends/campaigns/campaign-store";
import { audienceRule, rampOf } from "../../sends/campaigns/definition";
import { bucketsOf, dueOf, partOf, stageDelay } from "../../sends/campaigns/plan";
import type { Services } from "../../services";

/** Contacts that are looked at in one step. */
const LOOKED_AT = 5_000;
/** Contacts whose messages leave together. */
export const PAGE = 500;

interface Row {
  readonly id: number;
  readonly timezone: string | null;
}

/**
 * Freezes the next contacts of a campaign: who is in the audience at this moment is, whoever comes in later is not,
 * whatever time their events state (case A16).
 */
export async function freezeNext(services: Services, campaign: Campaign): Promise<void> {
  const { DB } = services.env;
  const now = services.clock.now();
  const { id, definition, startsAt, freezeAfter, audience } = campaign;
  await services.tables.read();
  const target = { rule: audienceRule(definition), everybody: definition.everybody };
  const { text, values } = targetSql(target, now, services.terms, 1);
  const sql = `SELECT c.id, c.timezone FROM contacts c WHERE c.id > ?2 AND (${text}) ORDER BY c.id LIMIT ?3`;
  const { results } = await DB.prepare(sql)
    .bind(...values, freezeAfter, LOOKED_AT)
    .all<Row>();
  const ramp = rampOf(definition, audience ?? 0);
  const { shop } = services.terms;
  const some = results.map(({ id: contact, timezone }) => {
    const part = partOf(id, definition, ramp, contact);
    const due = dueOf(definition, startsAt ?? now, zoneOf({ profile: { timezone }, shop }));
    return { contact, part, plannedAt: due + stageDelay(ramp, part.stage) };
  });
  const buckets = bucketsOf(some, PAGE).map((bucket) => ({
    ...bucket,
    dueAt: bucket.arm === null ? null : bucket.plannedAt,
  }));
  const last = results.length < LOOKED_AT ? null : (results.at(-1)?.id ?? null);
  await freeze(DB, campaign, buckets, last, now);
}
