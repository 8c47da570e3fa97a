import { decimalsOf } from "../shared/money";

/** What one unit of a currency is worth in the shop's own from a moment on (epoch ms), until the next rate of it. */
export interface Rate {
  readonly currency: string;
  readonly from: number;
  /** Major units of the shop's currency for one major unit, above 0. */
  readonly rate: number;
}

/** The factor from minor units of a currency to minor units of the shop's own at a moment; null where no rate is known. */
export type Exchange = (currency: string, at: number) => number | null;

/** The factor between minor units that a rate comes to: currencies differ in their decimals. */
export function factorOf(rate: number, currency: string, base: string): number {
  return rate * 10 ** (decimalsOf(base) - decimalsOf(currency));
}

/** Rates by the moment of an order. The shop's own currency needs none. */
export function exchangeOf(base: string, rates: readonly Rate[]): Exchange {
  const known = Map.groupBy(rates, ({ currency }) => currency);
  return (currency, at) => {
    if (currency === base) return 1;
    const begun = (known.get(currency) ?? []).filter(({ from }) => from <= at);
    const last = begun.reduce<Rate | null>((latest, one) => (latest && latest.from > one.from ? latest : one), null);
    return last && factorOf(last.rate, currency, base);
  };
}

/** An amount in minor units of the shop's currency, half up. The database rounds in the same way (`inBaseSql`). */
export function inBase(amount: number, factor: number): number {
  return factor === 1 ? amount : Math.floor(amount * factor + 0.5);
}

/** SQL for an amount, for its currency and for the moment whose rate counts. */
interface AmountSql {
  readonly amount: string;
  readonly currency: string;
  readonly at: string;
}

const NET: AmountSql = { amount: "o.net", currency: "o.currency", at: "o.placed_at" };

/**
 * SQL for the same, of an order of the alias `o` or of another amount: NULL where no rate is known at its time. `base` is
 * the parameter with the shop's currency.
 */
export function inBaseSql(base: string, { amount, currency, at }: AmountSql = NET): string {
  const factor =
    `(SELECT x.factor FROM exchange_rates x WHERE x.currency = ${currency} AND x.from_at <= ${at} ` +
    "ORDER BY x.from_at DESC LIMIT 1)";
  return `iif(${currency} = ${base}, ${amount}, CAST(floor(${amount} * ${factor} + 0.5) AS INTEGER))`;
}
