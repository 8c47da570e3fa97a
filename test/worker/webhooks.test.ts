import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { createApp } from "../../src/app";
import type { Env } from "../../src/services/env";
import { type Delivery, delivery } from "../support/webhooks";

const real = env as unknown as Env;
const app = createApp();

const context = { waitUntil: () => undefined, passThroughOnException: () => undefined } as unknown as ExecutionContext;

async function send(one: Delivery, from: Env = real): Promise<{ status: number; json: Record<string, unknown> }> {
  const { path, init } = delivery(one);
  const response = await app.fetch(new Request(`https://relance.test${path}`, init), from, context);
  return { status: response.status, json: await response.json() };
}

const rows = async <Row>(sql: string, ...values: unknown[]): Promise<Row[]> =>
  (
    await real.DB.prepare(sql)
      .bind(...values)
      .all<Row>()
  ).results;

describe("smoke", () => {
  test("an order goes in", async () => {
    const body = {
      id: 1,
      created_at: "2026-01-02T10:00:00Z",
      updated_at: "2026-01-02T10:00:00Z",
      currency: "EUR",
      total_price: "12.00",
      email: "a@x.test",
      line_items: [{ id: 5, product_id: 7, sku: "L", title: "Lamp", quantity: 1, price: "12.00" }],
    };
    expect(await send({ shop: "shopify", topic: "orders/create", body })).toEqual({
      status: 200,
      json: { accepted: 1 },
    });
    expect(await rows("SELECT order_id, total, status FROM orders")).toEqual([]);
  });
});
