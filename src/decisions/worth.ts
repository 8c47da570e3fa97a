/** What came of a scenario's messages of late. Money in minor units of the shop's currency. */
export interface Earned {
  /** That left. */
  readonly messages: number;
  /** That count to them (`tracking/follow.ts` says how). */
  readonly orders: number;
  readonly revenue: number;
}

/** What scenarios earned, by their ids. */
export type Earnings = Readonly<Record<string, Earned>>;

/** Of fewer messages nobody knows what another will earn. */
const LEAST = 200;

/**
 * What a message of a scenario is expected to earn, minor units (mission §9.2); 0 where nobody knows. `basket` is the value
 * of the cart that the run is about: then the share of the scenario's messages that sell counts for just this cart. Orders
 * that would have come by themselves are in it, for every scenario alike.
 */
export function expectedValue(earned: Earned | undefined, basket: number | null): number {
  if (!earned || earned.messages < LEAST) return 0;
  const each = basket === null ? earned.revenue / earned.messages : (earned.orders / earned.messages) * basket;
  return Math.max(0, Math.round(each));
}
