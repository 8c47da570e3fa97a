import type { SmsTotals } from "./rehearsal-totals";

/** What a segment of a short message costs, in thousandths of a minor unit of the shop's currency, by country. */
export interface SmsPrices {
  readonly byCountry: Readonly<Record<string, number>>;
  /** Of any other country. */
  readonly other: number;
}

/** How short messages are counted: their country, their segments and what a segment costs. */
export interface SmsTariff {
  readonly prices: SmsPrices;
  /** The country that a number (E.164) belongs to, ISO 3166 alpha-2; null for one of none. */
  readonly countryOf: (phone: string) => string | null;
  /** The segments of a content, before names and links are filled in. */
  readonly segmentsOf: (content: string) => number;
}

/** Counts one message. */
export function charge(sms: SmsTotals, tariff: SmsTariff, content: string, phone: string | null): void {
  const country = (phone === null ? null : tariff.countryOf(phone)) ?? "other";
  const segments = tariff.segmentsOf(content);
  const milli = segments * (tariff.prices.byCountry[country] ?? tariff.prices.other);
  sms.byCountry[country] ??= { messages: 0, segments: 0, milli: 0 };
  for (const totals of [sms, sms.byCountry[country]]) {
    totals.messages++;
    totals.segments += segments;
    totals.milli += milli;
  }
}
