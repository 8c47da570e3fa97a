import { env } from "cloudflare:workers";
import { createHmac } from "node:crypto";
import { Hono } from "hono";
import { describe, expect, test } from "vitest";
import { webhookRoutes } from "../../src/events/webhook-routes";
import { onError } from "../../src/platform/http";
import { servicesOf } from "../../src/services";
import type { Env } from "../../src/services/env";
import { webhookDeps } from "../../src/services/webhooks";
import { prestashop } from "../support/prestashop";

const real = { ...(env as unknown as Env), PRESTASHOP_WEBHOOK_SECRET: "presta-secret" } as Env;
const deps = webhookDeps(servicesOf(real));
const app = new Hono().onError(onError).route(
  "/",
  webhookRoutes(() => deps, { prestashop }),
);

async function send(topic: string, body: object, secret = "presta-secret"): Promise<number> {
  const text = JSON.stringify(body);
  const headers = {
    "X-PrestaShop-Topic": topic,
    "X-PrestaShop-Delivery": crypto.randomUUID(),
    "X-PrestaShop-Signature": createHmac("sha256", secret).update(text).digest("hex"),
  };
  const request = new Request("https://relance.test/webhooks/prestashop", { method: "POST", headers, body: text });
  return (await app.fetch(request, real)).status;
}

const row = { product_id: "7", product_reference: "LAMP", product_name: "Lampe", product_quantity: "2" };
const order = (state: string, updated: string): object => ({
  id: 12,
  reference: "XKBKNABJK",
  id_customer: "3",
  customer: { email: "pauline@shop.test" },
  current_state: state,
  date_add: "2026-01-31 12:00:00",
  date_upd: updated,
  currency: "EUR",
  total_paid_tax_incl: "25.90",
  total_shipping_tax_incl: "5.90",
  total_discounts_tax_incl: "0.00",
  associations: { order_rows: [{ ...row, unit_price_tax_incl: "10.000000" }] },
});

describe("the walk-through of the connectors' README", () => {
  test("takes PrestaShop's customers and orders in, signed in hex, in any order", async () => {
    expect(await send("order.validated", order("2", "2026-01-31 12:00:00"), "another")).toBe(401);
    expect(await send("order.state_updated", order("4", "2026-02-01 09:00:00"))).toBe(200);
    expect(await send("order.validated", order("2", "2026-01-31 12:00:00"))).toBe(200);
    expect(
      await send("customer.created", {
        id: 3,
        email: "pauline@shop.test",
        firstname: "Pauline",
        date_upd: "2026-01-30 08:00:00",
      }),
    ).toBe(200);
    const sql =
      "SELECT o.order_id, o.status, o.total, o.shipping, o.placed_at, c.external_id, c.first_name, l.sku, l.quantity, l.total AS line " +
      "FROM orders o JOIN contacts c ON c.id = o.contact JOIN order_lines l ON l.order_id = o.order_id";
    expect((await real.DB.prepare(sql).all()).results).toEqual([
      {
        order_id: "12",
        status: "shipped",
        total: 2590,
        shipping: 590,
        placed_at: Date.UTC(2026, 0, 31, 12),
        external_id: "3",
        first_name: "Pauline",
        sku: "LAMP",
        quantity: 2,
        line: 2000,
      },
    ]);
  });
});
