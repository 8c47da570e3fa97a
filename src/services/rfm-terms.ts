import { readSetting } from "../platform/settings";
import type { Days } from "../segments/rfm/days";
import { daysIn } from "../segments/rfm/days";
import type { RfmDefinition } from "../segments/rfm/definition";
import { DEFAULT_DEFINITION, rfmInput } from "../segments/rfm/definition";
import type { Basis } from "../segments/rfm/run";
import { DAY } from "../shared/clock";
import { decimalsOf } from "../shared/money";

/** The setting that holds what a shop says of RFM. */
export const RFM_SETTING = "rfm";

const calendars = new Map<string, Days>();

/** What scores are computed from: all of the services, or what stands for them in the ledger's object. */
export interface Scoring {
  readonly env: { readonly DB: D1Database };
  readonly clock: { readonly now: () => number };
  readonly terms: { readonly shop: { readonly zone: string; readonly currency: string } };
}

/** The shop's calendar. */
export function calendarOf({ terms: { shop } }: Pick<Scoring, "terms">): Days {
  const days = calendars.get(shop.zone) ?? daysIn(shop.zone);
  calendars.set(shop.zone, days);
  return days;
}

/** What the shop set, or what the product comes with. */
export async function readDefinition(db: D1Database): Promise<RfmDefinition> {
  const text = await readSetting(db, RFM_SETTING);
  return text === null ? DEFAULT_DEFINITION : rfmInput.parse(JSON.parse(text));
}

export async function isRated(db: D1Database): Promise<boolean> {
  return (await db.prepare("SELECT 1 FROM exchange_rates LIMIT 1").first()) !== null;
}

/** The rate of a day may be stated so much later and is a matter of course; beyond, it changes what was. */
const RATE_SETTLES = 7 * DAY;

/**
 * All that scores follow from beside orders and other customers, as text: where it differs, the rules do, and no change of
 * a score is anybody's own. Of exchange rates those count that nobody states any more as a matter of course; `stated` has
 * all of them. A rate of a day to come changes nothing of before.
 */
export async function rulesAt(
  services: Pick<Scoring, "env" | "terms">,
  definition: RfmDefinition,
  asOf: number,
): Promise<Pick<Basis, "rules" | "stated">> {
  const at = (upTo: number): Promise<string> => rulesText(services, definition, upTo);
  const [rules, stated] = await Promise.all([at(asOf - RATE_SETTLES), at(asOf)]);
  return { rules, stated };
}

async function rulesText(
  { env, terms: { shop } }: Pick<Scoring, "env" | "terms">,
  definition: RfmDefinition,
  upTo: number,
): Promise<string> {
  const sql =
    "SELECT currency, count(*), total(factor), total(factor * (from_at / 3600000 % 9973)) FROM exchange_rates " +
    "WHERE from_at <= ?1 GROUP BY currency ORDER BY currency";
  const { results: rates } = await env.DB.prepare(sql).bind(upTo).all();
  return JSON.stringify([definition, shop.zone, shop.currency, rates]);
}

/** What methods go by beside the customers. */
export function scaleOf({ terms: { shop } }: Pick<Scoring, "terms">, definition: RfmDefinition, today: number) {
  return { definition, today, decimals: decimalsOf(shop.currency) };
}
