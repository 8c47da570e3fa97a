/** Names by which the product and the shop's server speak: a public key may not use them. */
export const SERVER_ONLY = /^(\$|(order|consent|coupon|cart|loyalty|segment|message|contact|points|referral|admin)\.)/;

/** Names of the product's own events that no client would use either. */
const INTERNAL = /^(scenario|subscription|preferences|privacy)\./;
/** What such events tell of has rows, by which somebody buys, owes or earns. */
const TOLD = /^(orders?|carts?|checkout|payment|products?|points|referral|row) [a-z]/i;

/** True for the name of an event from which something follows beside what scenarios make of it. */
export function isOwnName(name: string): boolean {
  return SERVER_ONLY.test(name) || INTERNAL.test(name) || TOLD.test(name);
}
