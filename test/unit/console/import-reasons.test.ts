import { describe, expect, test } from "vitest";
import { coupons } from "../../../src/admin/import/coupons";
import type { ImportKind } from "../../../src/admin/import/kind";
import { loyalty } from "../../../src/admin/import/loyalty";
import { orderLines } from "../../../src/admin/import/order-lines";
import { orders } from "../../../src/admin/import/orders";
import { products } from "../../../src/admin/import/products";
import { stores } from "../../../src/admin/import/stores";
import { reasonIn } from "../../../src/console/words/imports";

const context = { id: "imp_1", receivedAt: Date.parse("2026-01-05"), attested: null, currency: "EUR" };

function reasonOf(kind: ImportKind, value: Record<string, unknown>): string {
  const line = kind.read(value, context);
  return line.ok ? line.warnings.join() : line.reason;
}

describe("why a line is not taken", () => {
  const order = { order_id: "1", external_id: "7", placed_at: "2025-01-01", total: "1" };
  test.each([
    [orders, { ...order, total: "" }, "total manque"],
    [orders, { ...order, total: "x" }, "total n’est pas un montant"],
    [orders, { ...order, placed_at: "2030-01-01" }, "placed_at est dans le futur"],
    [orders, { ...order, placed_at: "then" }, "placed_at n’est pas une heure comme 2026-02-28T10:00:00Z"],
    [orders, { ...order, email: "x" }, "email n’est pas une adresse"],
    [orderLines, { sku: "a" }, "order_id n’est pas indiqué"],
    [
      orderLines,
      { ...order, sku: "a", quantity: "1", unit_price: "1", currency: "€" },
      "currency n’est pas un code de trois lettres",
    ],
    [products, { product_id: "p", replenishable: "x" }, "replenishable ne dit ni oui ni non"],
    [products, { product_id: "p", stock: "1.5" }, "stock n’est pas un nombre entier"],
    [stores, { store_id: "s", name: "S", lat: "91" }, "lat n’est pas un nombre de -90 à 90"],
    [stores, { store_id: "s", name: "S", colour: "red" }, "colour n’est pas une colonne connue et a été écartée"],
    [loyalty, { points: "5" }, "n’a ni external_id ni adresse e-mail"],
    [coupons, { offer: "x".repeat(41), code: "c" }, "offer dépasse 40 caractères"],
  ])("is told in French: %#", (kind, value, french) => {
    expect(reasonIn(reasonOf(kind, value), "fr")).toEqual({ text: french, language: "fr" });
  });

  test.each([
    "takes back more of 85123A than is left of any order",
    "its customer did not buy 85123A before",
    "is of no customer",
    "is in another currency than its order",
  ])("of order lines has French words: %s", (reason) => {
    expect(reasonIn(reason, "fr").language).toBe("fr");
  });

  test("stays as it is in English, and where it has no French words", () => {
    expect(reasonIn("total is missing", "en")).toEqual({ text: "total is missing", language: "en" });
    expect(reasonIn("something new", "fr")).toEqual({ text: "something new", language: "en" });
  });
});
