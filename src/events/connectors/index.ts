import type { Connector } from "./connector";
import { shopify } from "./shopify";
import { woocommerce } from "./woocommerce";

/** The shop systems whose webhooks are understood, by the last part of their address: `POST /webhooks/{key}`. */
export const CONNECTORS = { shopify, woocommerce } as const satisfies Record<string, Connector>;
