import * as z from "zod";
import { readSetting } from "../../platform/settings";
import type { SmsPrices } from "../../scenarios/rehearsal-sms";

/** Thousandths of a minor unit a segment: 4,500 is 4.5 cents. */
const price = z.number().int().min(0).max(100_000_000);
const input = z.object({ by_country: z.record(z.string().regex(/^[A-Z]{2}$/), price), other: price });

/** What providers asked about for a segment in 2026, in euro: a shop puts its own prices in the setting. */
const USUAL: SmsPrices = {
  byCountry: { FR: 4_500, BE: 7_500, CH: 6_500, LU: 7_000, DE: 7_500, ES: 6_000, IT: 6_500, GB: 4_500 },
  other: 9_000,
};

/** The shop's prices of short messages, of the setting `sms:prices`; the usual ones where it has none. */
export async function readSmsPrices(db: D1Database): Promise<SmsPrices> {
  const stored = await readSetting(db, "sms:prices");
  if (stored === null) return USUAL;
  const { by_country: byCountry, other } = input.parse(JSON.parse(stored));
  return { byCountry, other };
}
