import type { ReadyMapping } from "./mapping-schema";
import { SHOPIFY_MAPPINGS } from "./mapping-shopify";
import { WOOCOMMERCE_MAPPINGS } from "./mapping-woocommerce";

/** Every mapping that the product brings, by its name. The one place to add one. */
export const READY_MAPPINGS: Readonly<Record<string, ReadyMapping>> = { ...SHOPIFY_MAPPINGS, ...WOOCOMMERCE_MAPPINGS };

export function readyMapping(name: string): ReadyMapping | undefined {
  return Object.hasOwn(READY_MAPPINGS, name) ? READY_MAPPINGS[name] : undefined;
}
