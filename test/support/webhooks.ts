import { createHmac } from "node:crypto";

/** The secrets of .dev.vars.example. */
export const SECRETS = { shopify: "hush-shopify-test-secret", woocommerce: "woo-test-secret" } as const;
export type Shop = keyof typeof SECRETS;

/** The signature of a body, as a shop makes it. */
export function sign(body: string, secret: string): string {
  return createHmac("sha256", secret).update(body, "utf8").digest("base64");
}

export interface Delivery {
  readonly shop: Shop;
  readonly topic: string;
  readonly body: unknown;
  /** The delivery's own id; one of its own for each call where it is left out. */
  readonly id?: string;
  readonly secret?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

let count = 0;

/** A delivery as a request to `/webhooks/{shop}`, signed. A body that is text is sent as it is. */
export function delivery({
  shop,
  topic,
  body,
  id = `delivery-${++count}`,
  secret = SECRETS[shop],
  headers,
}: Delivery): {
  readonly path: string;
  readonly init: RequestInit & { readonly body: string };
} {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const signature = sign(text, secret);
  const own =
    shop === "shopify"
      ? { "X-Shopify-Topic": topic, "X-Shopify-Hmac-Sha256": signature, "X-Shopify-Webhook-Id": id }
      : { "X-WC-Webhook-Topic": topic, "X-WC-Webhook-Signature": signature, "X-WC-Webhook-Delivery-ID": id };
  return {
    path: `/webhooks/${shop}`,
    init: { method: "POST", headers: { "Content-Type": "application/json", ...own, ...headers }, body: text },
  };
}
