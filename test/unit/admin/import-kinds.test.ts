import { describe, expect, it } from "vitest";
import { contacts } from "../../../src/admin/import/contacts";
import { coupons } from "../../../src/admin/import/coupons";
import type { ImportKind } from "../../../src/admin/import/kind";
import { loyalty } from "../../../src/admin/import/loyalty";
import { orderLines } from "../../../src/admin/import/order-lines";
import { orders } from "../../../src/admin/import/orders";
import { products } from "../../../src/admin/import/products";
import { stores } from "../../../src/admin/import/stores";
import { tableRows } from "../../../src/admin/import/table-rows";
import { tableOfDefinition } from "../../../src/contacts/star/definition";

const NOW = Date.parse("2026-01-05T00:00:00Z");
const context = { id: "imp_1", receivedAt: NOW, attested: null, currency: "EUR" };

/** What a line becomes. */
function read<Item>(kind: ImportKind, value: Record<string, unknown>): { item: Item; warnings: readonly string[] } {
  const line = kind.read(value, context);
  if (!line.ok) throw new Error(line.reason);
  return line as { item: Item; warnings: readonly string[] };
}

/** Why a line is refused. */
function refused(kind: ImportKind, value: Record<string, unknown>): string {
  const line = kind.read(value, context);
  if (line.ok) throw new Error(`was taken: ${JSON.stringify(value)}`);
  return line.reason;
}

interface Event {
  readonly properties: Record<string, unknown>;
  readonly [field: string]: unknown;
}

describe("a line of orders", () => {
  const order = { order_id: "1001", external_id: "7", placed_at: "2025-06-01T10:00:00Z", total: "120.50" };

  it("is an order of history, as of its own time, with its amounts as they are written", () => {
    const { item } = read<Event>(orders, {
      ...order,
      email: "Ann@Example.com",
      status: "wc-processing",
      currency: "gbp",
      tax: "20.08",
      coupon: "HELLO",
      campaign: "spring",
    });
    expect(item).toEqual({
      id: "imp_1",
      type: "track",
      name: "Order Completed",
      at: Date.parse(order.placed_at),
      trust: "import",
      user: "7",
      email: "ann@example.com",
      properties: {
        order_id: "1001",
        placed_at: Date.parse(order.placed_at),
        status: "confirmed",
        currency: "GBP",
        total: "120.50",
        tax: "20.08",
        coupon: "HELLO",
        campaign: "spring",
        restates: true,
      },
    });
  });

  it("is told as of its last change, where it names that", () => {
    expect(read<Event>(orders, { ...order, updated_at: "2025-06-09T10:00:00Z" }).item.at).toBe(
      Date.parse("2025-06-09T10:00:00Z"),
    );
  });

  it("of nobody belongs to a guest of its own", () => {
    const { item, warnings } = read<Event>(orders, { ...order, external_id: "", email: "no address" });
    expect([item["user"], item["email"], item["anon"]]).toEqual([undefined, undefined, "guest:1001"]);
    expect(warnings).toEqual(["email is not an address and was left out"]);
  });

  it.each([
    ["no id", { order_id: "" }, "order_id is missing"],
    ["no time", { placed_at: "" }, "placed_at is missing"],
    ["a time to come", { placed_at: "2027-01-01" }, "placed_at lies in the future"],
    ["a time that is none", { placed_at: "yesterday" }, "placed_at is not a time"],
    ["no total", { total: "" }, "total is missing"],
    ["a total below 0", { total: "-3" }, "total is not an amount"],
    ["a total that is none", { total: "12,50" }, "total is not an amount"],
    ["a state that is none", { status: "thinking" }, "status is none of"],
    ["a currency that is none", { currency: "Euro" }, "currency is not a currency"],
    ["a name that is too long", { external_id: "x".repeat(256) }, "external_id is longer"],
  ])("is refused with %s", (_what, cells, reason) => {
    expect(refused(orders, { ...order, ...cells })).toContain(reason);
  });
});

describe("a time in a file", () => {
  const at = (placed_at: unknown): unknown => {
    const line = orders.read({ order_id: "1", total: "5", placed_at }, context);
    return line.ok ? new Date((line.item as Event)["at"] as number).toISOString() : line.reason;
  };

  it.each([
    ["2025-04-03", "2025-04-03T00:00:00.000Z"],
    ["2025-04-03 10:11", "2025-04-03T10:11:00.000Z"],
    ["2025-04-03T10:11:12.5Z", "2025-04-03T10:11:12.500Z"],
    ["2025-04-03 10:11:12 +0200", "2025-04-03T08:11:12.000Z"],
    ["2025-04-03T10:11:12-05:30", "2025-04-03T15:41:12.000Z"],
    ["2025-04-03 10:11:12 UTC", "2025-04-03T10:11:12.000Z"],
    [Date.parse("2025-04-03"), "2025-04-03T00:00:00.000Z"],
  ])("may be %j", (text, iso) => {
    expect(at(text)).toBe(iso);
  });

  it.each([
    "03/04/2025",
    "25/12/2025",
    "12",
    "1743638400000",
    "SKU 7",
    "April 3, 2025",
    "2025-02-30",
    "2025-04-03T10:11:12+99:00",
  ])("is not %j, and the line says what it may be", (text) => {
    expect(at(text)).toContain("placed_at is not a time: 2026-02-28,");
  });

  it.each([
    [
      "lines of orders",
      orderLines,
      { order_id: "1", sku: "s", quantity: "1", unit_price: "1", placed_at: "03/04/2025" },
    ],
    ["points", loyalty, { external_id: "1", points: "1", at: "03/04/2025" }],
    ["coupons", coupons, { offer: "o", code: "c", external_id: "1", issued_at: "03/04/2025" }],
    ["products", products, { product_id: "p", price: "1", effective_from: "03/04/2025" }],
  ] as const)("is none in %s where nobody can say which month it is", (_kind, kind, value) => {
    expect(refused(kind, value)).toContain("is not a time");
  });

  it("proves no consent where it cannot be read", () => {
    const { item, warnings } = read<Event>(contacts, {
      external_id: "1",
      created_at: "03/04/2025",
      consent_email: "1",
      consent_source: "form",
      consent_at: "03/04/2025",
    });
    expect(item).toMatchObject({ at: 0, traits: {} });
    expect(warnings).toEqual([
      expect.stringContaining("consent_at is not a time: 2026-02-28"),
      expect.stringContaining("consent_email counts as none"),
      expect.stringContaining("created_at was left out"),
    ]);
  });
});

describe("a line of products", () => {
  const product = { product_id: "lamp", sku: "lamp-s", title: "Lamp", price: "49.90" };

  it("states a variant with what is said of its product", () => {
    const cells = { ...product, compare_at: "59.90", stock: "3", replenishable: "oui", margin_pct: "42.5" };
    expect(read(products, { ...cells, url: "https://shop.test/lamp", effective_from: "2026-02-01" }).item).toEqual({
      product: "lamp",
      sku: "lamp-s",
      words: {
        title: "Lamp",
        url: "https://shop.test/lamp",
        image: null,
        category: null,
        brand: null,
        daysSupply: null,
        replenishable: true,
        marginPct: 42.5,
        reviewDelayDays: null,
      },
      variantTitle: null,
      price: { amount: 4_990, compareAt: 5_990, currency: "EUR" },
      priceFrom: Date.parse("2026-02-01"),
      stock: 3,
      at: NOW,
    });
  });

  it("without a title tells price and stock alone, and an old price that is the price compares with nothing", () => {
    const { item } = read(products, { product_id: "lamp", price: "5", compare_at: "5.00", currency: "JPY" });
    expect(item).toMatchObject({ sku: "lamp", words: null, price: { amount: 5, compareAt: null, currency: "JPY" } });
  });

  it("leaves out what it cannot use, and says so", () => {
    const { item, warnings } = read(products, { ...product, url: "/lamp", colour: "red" });
    expect(item).toMatchObject({ words: { url: null } });
    expect(warnings).toEqual([
      "url is not a web address and was left out",
      "colour is no column of this kind and was left out",
    ]);
  });

  it.each([
    ["no id", { product_id: "" }, "product_id is missing"],
    ["a price that is none", { price: "1.2.3" }, "price is not an amount"],
    ["half a piece in stock", { stock: "1.5" }, "stock is not a whole number"],
    ["an old price without a price", { price: "", compare_at: "3" }, "compare_at needs a price"],
    ["a margin above all", { margin_pct: "101" }, "margin_pct is not a number from"],
    ["an answer that is none", { replenishable: "perhaps" }, "replenishable is neither yes nor no"],
  ])("is refused with %s", (_what, cells, reason) => {
    expect(refused(products, { ...product, ...cells })).toContain(reason);
  });
});

describe("a line of stores", () => {
  it("states a store as a whole", () => {
    const hours = { mon: ["09:00-12:00"] };
    const cells = { store_id: "lyon", name: "Lyon", lat: "45.75", lon: "4.85", opening_hours: JSON.stringify(hours) };
    expect(read(stores, cells).item).toEqual({
      store: {
        store_id: "lyon",
        name: "Lyon",
        lat: 45.75,
        lon: 4.85,
        address: null,
        timezone: null,
        opening_hours: hours,
      },
      at: NOW,
    });
  });

  it("is refused where it has no name, a place that is none, or hours that are not JSON", () => {
    const store = { store_id: "lyon", name: "Lyon" };
    expect(refused(stores, { store_id: "lyon" })).toBe("name is missing");
    expect(refused(stores, { ...store, lat: "91" })).toContain("lat is not a number from -90 to 90");
    expect(refused(stores, { ...store, timezone: "noon!" })).toContain("timezone is not a time zone");
    expect(refused(stores, { ...store, opening_hours: "{" })).toBe("opening_hours is not JSON");
  });
});

describe("a line of points", () => {
  const line = { external_id: "7", points: "300" };

  it("is an opening balance with its time, its end and its own id", () => {
    const cells = { ...line, at: "2025-01-01", expires_at: "2026-06-01", reason: "old programme", movement_id: "m1" };
    expect(read(loyalty, cells).item).toEqual({
      id: "imp_1",
      type: "internal",
      name: "loyalty.earned",
      at: Date.parse("2025-01-01"),
      trust: "import",
      user: "7",
      properties: { points: 300, id: "m1", expires_at: Date.parse("2026-06-01"), reason: "old programme" },
    });
  });

  it("below 0 was spent, and is known by its line where it has no id", () => {
    const { item } = read<Event>(loyalty, { email: "a@example.com", points: -20 });
    expect([item["name"], item.properties]).toMatchObject(["loyalty.redeemed", { points: 20, id: "imp_1" }]);
    expect(read<Event>(loyalty, { ...line, points: "-5", kind: "adjust" }).item.properties["points"]).toBe(-5);
  });

  it.each([
    ["nobody", { external_id: "" }, "has neither external_id nor an email address"],
    ["no points", { points: "0" }, "points is missing, or 0"],
    ["half a point", { points: "1.5" }, "points is not a whole number"],
    ["a time to come", { at: "2027-01-01" }, "at lies in the future"],
    ["an end before its beginning", { at: "2025-02-01", expires_at: "2025-01-01" }, "expires_at lies before"],
    ["a kind that is none", { kind: "gift" }, "kind is none of"],
  ])("is refused with %s", (_what, cells, reason) => {
    expect(refused(loyalty, { ...line, ...cells })).toContain(reason);
  });
});

describe("a line of coupons", () => {
  it("without a person is a code of the offer's pool", () => {
    expect(read(coupons, { offer: "ten", code: "A1" }).item).toEqual({ offer: "ten", code: "A1", issued: null });
  });

  it("with a person is a coupon of theirs, used by now or not", () => {
    const used = { redeemed_order: "o-9", redeemed_at: "2025-03-01" };
    const { item } = read<{ issued: Event }>(coupons, {
      offer: "ten",
      code: "A1",
      external_id: "7",
      issued_at: "2025-02-01",
      ...used,
    });
    expect(item.issued).toMatchObject({
      name: "coupon.issued",
      user: "7",
      at: Date.parse("2025-02-01"),
      properties: { occasion: "code:A1", redeemed_order: "o-9", redeemed_at: Date.parse("2025-03-01") },
    });
  });

  it.each([
    ["no offer", { offer: "" }, "offer is missing"],
    ["an address that is none, so that nobody else gets the code", { email: "a@b" }, "email is not an address"],
    ["an end before its beginning", { external_id: "7", valid_from: "2026-02-01", valid_to: "2026-01-01" }, "valid_to"],
    ["a use by nobody", { redeemed_order: "o" }, "external_id is missing"],
    ["a use without its order", { external_id: "7", redeemed_at: "2025-01-01" }, "redeemed_order is missing"],
  ])("is refused with %s", (_what, cells, reason) => {
    expect(refused(coupons, { offer: "ten", code: "A1", ...cells })).toContain(reason);
  });
});

describe("a line of a table of the shop's own", () => {
  const columns = [
    { name: "name", type: "text", required: true },
    { name: "weight", type: "number" },
    { name: "legs", type: "integer" },
    { name: "tame", type: "boolean" },
    { name: "born", type: "date" },
    { name: "seen", type: "time" },
    { name: "cost", type: "money" },
    { name: "more", type: "json" },
  ] as const;
  const pets = tableRows(tableOfDefinition({ key: "pets", title: "Pets", family: "linked", columns: [...columns] }));
  const pet = { id: "p1", external_id: "7", name: "Milo" };

  it("is read by the types of its columns, whatever a file writes", () => {
    const cells = { weight: "4.5", legs: "4", tame: "oui", born: "2020-05-01", seen: "2025-01-01T00:00:00Z" };
    const { item } = read<{ event: Event }>(pets, {
      ...pet,
      ...cells,
      cost: "12.50",
      cost_currency: "chf",
      more: '{"a":1}',
    });
    expect(item.event).toMatchObject({
      type: "internal",
      name: "row.upserted",
      user: "7",
      at: NOW,
      properties: {
        table: "pets",
        id: "p1",
        name: "Milo",
        weight: "4.5",
        legs: "4",
        tame: true,
        cost: { amount: 1_250, currency: "CHF" },
        more: { a: 1 },
      },
    });
  });

  it.each([
    ["no id", { id: "" }, "id is missing"],
    ["nobody", { external_id: "" }, "has neither external_id nor an email address"],
    ["nothing in a column that it needs", { name: "" }, "name is required"],
    ["a text where a number is wanted", { weight: "heavy" }, "weight is not a number"],
    ["a day that is none", { born: "2020-02-30" }, "born is not a date"],
    ["an amount that is none", { cost: "much" }, "cost is not an amount"],
    ["an answer that is none", { tame: "a bit" }, "tame is neither yes nor no"],
    ["JSON that is none", { more: "{" }, "more is not JSON"],
    ["a time that is none", { seen: "2025-02-30 10:00" }, "seen is not a time"],
  ])("is refused with %s", (_what, cells, reason) => {
    expect(refused(pets, { ...pet, ...cells })).toContain(reason);
  });

  it("of a repository hangs on nobody, and a column that it has not is left out", () => {
    const brands = tableRows(
      tableOfDefinition({
        key: "brands",
        title: "Brands",
        family: "repository",
        columns: [{ name: "name", type: "text" }],
      }),
    );
    const { item, warnings } = read<{ event: Event | null }>(brands, { id: "b", name: "B", external_id: "7" });
    expect(item.event).toBeNull();
    expect(warnings).toEqual(["external_id is no column of this kind and was left out"]);
  });
});
