import { describe, expect, it } from "vitest";
import type { FeedItem } from "../../../src/commerce/feed-item";
import { itemHash, readFeedItem, statementOf } from "../../../src/commerce/feed-item";

const terms = { currency: "EUR", timezone: "Europe/Paris" };
const base = { id: "L1", title: "Lamp", price: "40.00 EUR", availability: "in_stock" };

function item(fields: Record<string, string>): FeedItem {
  const read = readFeedItem({ ...base, ...fields }, terms);
  if (!read.ok) throw new Error(read.reason);
  return read.item;
}

function reason(fields: Record<string, string>): string | null {
  const read = readFeedItem(fields, terms);
  return read.ok ? null : read.reason;
}

describe("an item of a product feed", () => {
  it.each([
    ["12.99 EUR", 1_299, "EUR"],
    ["EUR 12.99", 1_299, "EUR"],
    ["12,99 €", 1_299, "EUR"],
    ["1 299,00 EUR", 129_900, "EUR"],
    ["1,299.00 USD", 129_900, "USD"],
    ["1.299,00 EUR", 129_900, "EUR"],
    ["1,299 GBP", 129_900, "GBP"],
    ["£7", 700, "GBP"],
    ["1299 jpy", 1_299, "JPY"],
    ["12.5", 1_250, "EUR"],
    ["0.999 EUR", 100, "EUR"],
    ["1299.000 EUR", 129_900, "EUR"],
    ["1.299.000 EUR", 129_900_000, "EUR"],
    ["1.299 KWD", 1_299, "KWD"],
  ])("reads the price %s", (price, amount, currency) => {
    expect(item({ price }).price).toEqual({ amount, currency, compareAt: null });
  });

  it.each([["-1.00 EUR"], ["free"], ["12.99 EURO"], ["1e3 EUR"], ["$12"]])("takes %s for no price", (price) =>
    expect(reason({ ...base, price })).toMatch(/^price is not an amount/),
  );

  it.each([["1.299 EUR"], ["12.990"], ["£1.000"], ["129.900 jpy"]])("does not guess what %s is", (price) => {
    expect(reason({ ...base, price })).toMatch(/^price may be in thousands/);
    expect(reason({ ...base, sale_price: price })).toMatch(/^sale_price may be in thousands/);
  });

  it("is a variant where it has a group, and a product of its own where not", () => {
    expect(item({ item_group_id: "G" })).toMatchObject({ product: "G", sku: "L1" });
    expect(item({})).toMatchObject({ product: "L1", sku: "L1" });
  });

  it("says what it has in stock, by number or only whether", () => {
    const stock = (fields: Record<string, string>) => {
      const { stock: pieces, uncounted } = item(fields);
      return [pieces, uncounted];
    };
    expect(stock({ availability: "in stock" })).toEqual([1, true]);
    expect(stock({ availability: "in_stock", quantity: "7" })).toEqual([7, false]);
    expect(stock({ availability: "Out of Stock", quantity: "7" })).toEqual([0, false]);
    expect(stock({ availability: "preorder" })).toEqual([null, false]);
  });

  it("is refused by the name of what does not fit", () => {
    expect(reason({ title: "Lamp" })).toBe("id is missing");
    expect(reason({ id: "L1" })).toBe("title is missing");
    expect(reason({ ...base, availability: "maybe" })).toMatch(/^availability is none of/);
    expect(reason({ ...base, quantity: "many" })).toBe("quantity is not a whole number");
    expect(reason({ ...base, sale_price: "1 EUR", sale_price_effective_date: "soon" })).toMatch(/two times/);
    expect(reason({ ...base, sale_price: "1 EUR", sale_price_effective_date: "2026-02-30/2026-03-01" })).toMatch(
      /not a time/,
    );
    expect(
      reason({ ...base, sale_price: "1 EUR", sale_price_effective_date: "2026-03-02T00:00Z/2026-03-01T00:00Z" }),
    ).toMatch(/ends before/);
    expect(reason({ ...base, sale_price: "1 USD" })).toMatch(/another currency/);
  });

  it("has a sale for a time, in Google's way of writing zones and in the shop's own zone", () => {
    const window = (text: string) => item({ sale_price: "30.00 EUR", sale_price_effective_date: text }).sale;
    expect(window("2026-02-24T13:00-0800/2026-02-28T15:30-08:00")).toEqual({
      amount: 3_000,
      from: Date.UTC(2026, 1, 24, 21),
      until: Date.UTC(2026, 1, 28, 23, 30),
    });
    expect(window("2026-06-01/2026-06-02T12:00")).toMatchObject({
      from: Date.UTC(2026, 4, 31, 22),
      until: Date.UTC(2026, 5, 2, 10),
    });
  });

  it("states a sale as prices of their time, before, during and after it", () => {
    const from = Date.UTC(2026, 5, 1);
    const until = Date.UTC(2026, 5, 8);
    const sold = item({ sale_price: "30.00 EUR", sale_price_effective_date: "2026-06-01T00:00Z/2026-06-08T00:00Z" });
    const full = { amount: 4_000, compareAt: null, currency: "EUR" };
    const less = { amount: 3_000, compareAt: 4_000, currency: "EUR" };
    const at = (time: number) => {
      const { price, plan } = statementOf(sold, { feed: "f", hash: itemHash(sold) }, true, time);
      return { price, plan };
    };
    expect(at(from - 1)).toEqual({
      price: full,
      plan: [
        { ...less, from },
        { ...full, from: until },
      ],
    });
    expect(at(from)).toEqual({ price: less, plan: [{ ...full, from: until }] });
    expect(at(until)).toEqual({ price: full, plan: [] });
  });

  it("may announce its price, and ignores a sale that is none", () => {
    const later = item({ effective_from: "2026-06-01T00:00Z" });
    const { price, plan } = statementOf(later, { feed: "f", hash: "h" }, true, Date.UTC(2026, 4, 1));
    expect([price, plan?.map(({ from, amount }) => [from, amount])]).toEqual([null, [[Date.UTC(2026, 5, 1), 4_000]]]);
    expect(item({ sale_price: "40.00 EUR" }).sale).toBeNull();
  });

  it("has the hash of what it says", () => {
    expect(itemHash(item({}))).toBe(itemHash(item({})));
    for (const fields of [{ price: "41 EUR" }, { availability: "out_of_stock" }, { title: "Lamp 2" }])
      expect(itemHash(item(fields))).not.toBe(itemHash(item({})));
  });
});
