import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { boughtBy } from "../../src/admin/import/refund-store";
import { ADDED_LINES, FIRST_NUMBER } from "../../src/commerce/imported-lines";
import { STAR_TABLES } from "../../src/contacts/star";
import { noteTable, shapeTable } from "../../src/contacts/star/custom-store";
import { selectOwners } from "../../src/contacts/star/store";
import type { StarTable } from "../../src/contacts/star/table";
import { physicalColumns } from "../../src/contacts/star/table";
import { readHeads } from "../../src/contacts/store";
import type { LedgerEvent } from "../../src/events/event";
import { storedTables } from "../../src/services/stored-tables";
import { give, ledgerOver, NOW, track } from "../support/chaos-ledger";

const { DB } = env as unknown as { DB: D1Database };
const MINUTE = 60_000;

async function rows<Row = Record<string, unknown>>(sql: string, ...values: unknown[]): Promise<Row[]> {
  return (
    await DB.prepare(sql)
      .bind(...values)
      .all<Row>()
  ).results;
}

const contactOf = async (user: string): Promise<number | null> =>
  DB.prepare("SELECT id FROM contacts WHERE external_id = ?1").bind(user).first<number>("id");
const at = (event: LedgerEvent, minute: number): LedgerEvent => ({
  ...event,
  at: NOW - 600 * MINUTE + minute * MINUTE,
});
const claim = (id: string, anon: string, name: string, properties: object): LedgerEvent => {
  const { user: _user, ...event } = track(id, "", name, properties as Record<string, unknown>);
  return { ...event, anon, trust: "write" };
};

describe("every table of the star", () => {
  test.each(Object.values<StarTable>(STAR_TABLES))("$name is in the database as the catalog has it", async (table) => {
    const found = await rows<{ name: string; type: string; pk: number }>(`PRAGMA table_info(${table.name})`);
    const link = table.contact === "none" ? [] : [{ name: "contact", type: "INTEGER" }];
    expect(found.map(({ name, type }) => ({ name, type }))).toEqual([
      { name: "source_id", type: "TEXT" },
      ...link,
      ...physicalColumns(table).map(({ name, sql }) => ({ name, type: sql })),
      { name: "source", type: "TEXT" },
      { name: "updated_at", type: "INTEGER" },
    ]);
    const key = found.filter(({ pk }) => pk > 0).sort((left, right) => left.pk - right.pk);
    expect(key.map(({ name }) => name)).toEqual(table.unique === "contact" ? ["contact", "source_id"] : ["source_id"]);
    const indexed = await rows<{ name: string }>(`PRAGMA index_list(${table.name})`);
    const marked = Object.entries(table.columns).flatMap(([name, { indexed: is }]) =>
      is ? [`${table.name}__${name}`] : [],
    );
    const linked = table.contact !== "none" && table.unique === "shop" ? [`${table.name}_contact`] : [];
    const own = indexed.map(({ name }) => name).filter((name) => !name.startsWith("sqlite_"));
    expect(own.sort()).toEqual([...marked, ...linked].sort());
  });

  test("that holds rows of contacts is listed by its column, the shop's own included once it is made", async () => {
    const definition = { key: "listed", title: "L", family: "linked", columns: [{ name: "a", type: "text" }] } as const;
    await noteTable(DB, { ...definition, columns: [...definition.columns] }, NOW);
    expect(await storedTables(DB)).not.toHaveProperty("x_listed");
    await shapeTable(DB, { ...definition, columns: [...definition.columns] });
    const listed = await storedTables(DB);
    for (const name of [...Object.keys(STAR_TABLES), "x_listed"]) {
      expect(listed[name]?.of, name).toEqual({ column: "contact" });
      const found = await rows<{ name: string }>(`PRAGMA table_info(${name})`);
      expect(found.map((column) => column.name)).toContain("contact");
    }
  });
});

describe("rows of the star", () => {
  test("are upserts by their own id that nothing older undoes", async () => {
    const ledger = ledgerOver(DB);
    const started = track("late-1", "late", "Subscription Started", { subscription_id: "late", sku: "coffee" });
    await give(ledger, at(started, 1));
    await give(ledger, at(track("late-3", "late", "Subscription Cancelled", { subscription_id: "late" }), 3));
    await give(ledger, at(track("late-2", "late", "Subscription Paused", { subscription_id: "late" }), 2));
    const [row] = await rows("SELECT sku, state, updated_at FROM subscription_contracts WHERE source_id = 'late'");
    expect(row).toEqual({ sku: "coffee", state: "ended", updated_at: NOW - 597 * MINUTE });
    // The same again, under another message id, much later: nothing is written.
    const before = await rows("SELECT * FROM subscription_contracts WHERE source_id = 'late'");
    await give(ledger, track("late-4", "late", "Subscription Cancelled", { subscription_id: "late", ended: 1 }));
    const [after] = await rows("SELECT * FROM subscription_contracts WHERE source_id = 'late'");
    expect(after).toMatchObject({ ...before[0], ended_at: NOW, updated_at: NOW });
  });

  test("stay with the contact who has them", async () => {
    const ledger = ledgerOver(DB);
    await give(ledger, track("own-1", "own-a", "Ticket Opened", { ticket_id: "own", subject: "A" }));
    await give(ledger, track("own-2", "own-b", "Ticket Opened", { ticket_id: "own", subject: "B" }));
    expect(await rows("SELECT contact, subject FROM crm_events WHERE source_id = 'own'")).toEqual([
      { contact: await contactOf("own-a"), subject: "A" },
    ]);
  });

  test("of somebody who was merged are changed by the other, and stay theirs", async () => {
    const ledger = ledgerOver(DB);
    await give(ledger, track("mer-1", "mer-a", "Ticket Opened", { ticket_id: "mer", subject: "A" }));
    await give(ledger, track("mer-2", "mer-b", "Viewed"));
    const [loser, winner] = [await contactOf("mer-a"), await contactOf("mer-b")];
    await DB.prepare("UPDATE contacts SET merged_into = ?2, status = 'merged' WHERE id = ?1").bind(loser, winner).run();
    const later = ledgerOver(DB);
    await give(later, track("mer-3", "mer-b", "Ticket Opened", { ticket_id: "mer", subject: "B" }));
    const found = await rows("SELECT contact, subject FROM crm_events WHERE source_id = 'mer'");
    expect(found).toEqual([{ contact: loser, subject: "B" }]);
  });

  test("of somebody who was merged by way of another are changed, found and deleted by whoever stands for all", async () => {
    const ledger = ledgerOver(DB);
    const member = { member_id: "far", kind: "pet", name: "A" };
    await give(ledger, track("far-1", "far-a", "Household Member Added", member));
    await give(ledger, track("far-2", "far-a", "Product Added to Wishlist", { product_id: "far" }));
    await give(ledger, track("far-3", "far-b", "Viewed"), track("far-4", "far-c", "Viewed"));
    const [first, second, last] = [await contactOf("far-a"), await contactOf("far-b"), await contactOf("far-c")];
    const merge = "UPDATE contacts SET merged_into = ?2, status = 'merged' WHERE id = ?1";
    await DB.batch([DB.prepare(merge).bind(first, second), DB.prepare(merge).bind(second, last)]);
    const later = ledgerOver(DB);
    await give(later, track("far-5", "far-c", "Household Member Updated", { ...member, name: "B" }));
    expect(await rows("SELECT contact, name FROM household_members WHERE source_id = 'far'")).toEqual([
      { contact: first, name: "B" },
    ]);
    const { results } = await selectOwners(DB, STAR_TABLES.household_members, ["far"]).all();
    expect(results).toMatchObject([{ id: "far", contact: last }]);
    expect([...(await readHeads(DB, [first ?? 0, last ?? 0]))]).toEqual([
      [first, last],
      [last, last],
    ]);
    const wish = (
      await rows<{ id: string }>("SELECT source_id AS id FROM wishlist_items WHERE contact = ?1", first)
    )[0];
    const remove = (id: string, table: string, row: string): LedgerEvent => {
      const properties = { table, id: row };
      return { ...track(id, "", "row.deleted", properties), type: "internal", trust: "internal", contact: last ?? 0 };
    };
    await give(later, remove("far-6", "household_members", "far"), remove("far-7", "wishlist_items", wish?.id ?? ""));
    expect(await rows("SELECT 1 FROM household_members WHERE source_id = 'far'")).toEqual([]);
    expect(await rows("SELECT 1 FROM wishlist_items WHERE contact = ?1", first)).toEqual([]);
  });

  test("of a review are not changed by a claim", async () => {
    const ledger = ledgerOver(DB);
    const identify: LedgerEvent = { ...track("rev-0", "rev", ""), type: "identify", anon: "rev-browser" };
    await give(ledger, identify, track("rev-1", "rev", "Product Reviewed", { review_id: "r", rating: 5 }));
    await give(ledger, claim("rev-2", "rev-browser", "Product Reviewed", { review_id: "r", rating: 1 }));
    const contact = await contactOf("rev");
    expect(await rows("SELECT rating, verified, source FROM reviews WHERE contact = ?1", contact)).toEqual([
      { rating: 5, verified: 1, source: "secret" },
    ]);
  });

  test("of a visitor follow them when they become known, in one batch with what they did there", async () => {
    const ledger = ledgerOver(DB);
    await give(ledger, track("abs-0", "abs", "Viewed"));
    await give(ledger, claim("abs-1", "abs-b", "Product Added to Wishlist", { product_id: "p", price: 3 }));
    const late = claim("abs-2", "abs-b", "Product Added to Wishlist", { product_id: "q" });
    const identify: LedgerEvent = { ...track("abs-3", "abs", ""), type: "identify", anon: "abs-b", trust: "token" };
    await give(ledger, late, identify, track("abs-4", "abs", "Product Removed from Wishlist", { product_id: "p" }));
    const contact = await contactOf("abs");
    const found = await rows(
      "SELECT contact, product_id, price_at_add AS price, removed_at IS NULL AS kept FROM wishlist_items " +
        "WHERE product_id IN ('p', 'q') AND source_id LIKE 'default:%' ORDER BY product_id, contact",
    );
    expect(found.filter((row) => row["contact"] !== contact)).toEqual([]);
    expect(found.map((row) => row["product_id"])).toEqual(["p", "q"]);
  });
});

describe("a visit", () => {
  test("stands with its contact, is known to the next ledger, and becomes one row", async () => {
    const view = (id: string, minute: number, product: string): LedgerEvent =>
      at(claim(id, "vis-b", "Product Viewed", { product_id: product }), minute);
    await give(ledgerOver(DB), view("vis-1", 0, "a"), view("vis-2", 1, "b"));
    await give(ledgerOver(DB), view("vis-3", 2, "a"));
    const contact = await DB.prepare("SELECT id FROM contacts WHERE anonymous_id = 'vis-b'").first<number>("id");
    expect(await rows("SELECT 1 FROM visits WHERE contact = ?1", contact)).toEqual([]);
    await give(ledgerOver(DB), view("vis-4", 90, "c"));
    expect(await rows("SELECT channel, started_at, ended_at, views FROM visits WHERE contact = ?1", contact)).toEqual([
      {
        channel: "web",
        started_at: NOW - 600 * MINUTE,
        ended_at: NOW - 598 * MINUTE,
        views: '[["b",1,60],["a",2,120]]',
      },
    ]);
    const [{ star } = { star: "" }] = await rows<{ star: string }>("SELECT star FROM contacts WHERE id = ?1", contact);
    expect(JSON.parse(star)).toEqual([[NOW - 510 * MINUTE, "web", 0, null, ["c", 1, 0]], ["visits"]]);
  });
});

describe("an order's rows", () => {
  const products = [
    { product_id: "p", price: "1.0050", quantity: 2 },
    { product_id: "q", price: 5, quantity: 1, is_gift: true },
    { product_id: "p", price: 1, quantity: 3 },
  ];
  const lines = (id: string) =>
    rows("SELECT product_id AS p, quantity AS n, total, returned_qty AS back FROM order_lines WHERE order_id = ?1", id);

  test("hold what was told, and what came back, line by line", async () => {
    const ledger = ledgerOver(DB);
    const place = { order_id: "row-1", total: "12.01", shipping: "2.00", products, order_number: "N1", store: "s" };
    await give(ledger, track("row-1", "row", "Order Completed", place));
    expect(await lines("row-1")).toEqual([
      { p: "p", n: 2, total: 201, back: 0 },
      { p: "q", n: 1, total: 500, back: 0 },
      { p: "p", n: 3, total: 300, back: 0 },
    ]);
    const refund = { order_id: "row-1", refund_id: "R", total: "3.00", products: [{ product_id: "p", quantity: 3 }] };
    await give(ledger, track("row-2", "row", "Order Refunded", refund));
    await give(ledgerOver(DB), track("row-3", "row", "Order Refunded", refund));
    expect((await lines("row-1")).map(({ back }) => back)).toEqual([2, 0, 1]);
    const sql =
      "SELECT number, store, channel, gross, net, refunded, status, is_gift FROM orders WHERE order_id = 'row-1'";
    expect(await rows(sql)).toEqual([
      {
        number: "N1",
        store: "s",
        channel: "web",
        gross: 1_001,
        net: 701,
        refunded: 300,
        status: "partially_refunded",
        is_gift: 0,
      },
    ]);
    const again = { order_id: "row-1", total: "5.00", products: [products[1]] };
    await give(
      ledgerOver(DB),
      track("row-4", "row", "Order Updated", again),
      track("row-5", "row", "Order Delivered", { order_id: "row-1" }),
    );
    expect(await lines("row-1")).toEqual([{ p: "q", n: 1, total: 500, back: 0 }]);
    const [order] = await rows(
      "SELECT total, net, gross, delivered_at, number, status FROM orders WHERE order_id = 'row-1'",
    );
    const status = "partially_refunded"; // Of what was told of the same second, the furthest counts.
    expect(order).toEqual({ total: 500, net: 0, gross: 500, delivered_at: NOW, number: "N1", status });
  });

  test("give back what was paid for before what was free, and what is no sale never", async () => {
    const file = (id: string, ...products: object[]) => {
      const numbered = products.map((product, index) => ({ line: FIRST_NUMBER + index, ...product }));
      const stated = { order_id: id, currency: "EUR", total: "4.00", ...ADDED_LINES, products: numbered };
      return { ...track(id, "free", "Order Completed", stated), trust: "import" } as LedgerEvent;
    };
    const back = (order_id: string, refund_id: string, product_id: string, quantity: number, sku = product_id) =>
      track(refund_id, "free", "Order Refunded", {
        order_id,
        refund_id,
        total: "1.00",
        products: [{ product_id, sku, quantity }],
      });
    const left = async () => (await boughtBy(DB, ["free"], ["s"])).bought.map((one) => one.left);
    const returned = async (id: string) => (await lines(id)).map(({ back: n }) => n);
    await give(
      ledgerOver(DB),
      file(
        "fre-1",
        { sku: "s", price: "0", quantity: 2 },
        { sku: "s", price: "1", quantity: -3 },
        { sku: "s", price: "1", quantity: 4 },
      ),
      file("fre-2", { sku: "gift", price: "0", quantity: 2 }),
      file("fre-3", { sku: "gift", price: "0", quantity: 2 }, { sku: "t", price: "4", quantity: 1 }),
    );
    expect(await left()).toEqual([4]);
    await give(ledgerOver(DB), back("fre-1", "fre-r1", "s", 3), back("fre-2", "fre-r2", "gift", 1));
    expect([await left(), await returned("fre-1"), await returned("fre-2")]).toEqual([[1], [0, 0, 3], [1]]);
    await give(ledgerOver(DB), back("fre-1", "fre-r3", "s", 3));
    expect([await left(), await returned("fre-1")]).toEqual([[0], [0, 0, 4]]);
    // An order that came back as a whole came back with what was free.
    const whole = { order_id: "fre-3", refund_id: "fre-r4", total: "4.00" };
    await give(ledgerOver(DB), track("fre-r4", "free", "Order Refunded", whole));
    expect(await returned("fre-3")).toEqual([2, 1]);
  });

  test("give back a product whose variant nobody named", async () => {
    const place = { order_id: "var-1", total: "5.00", products: [{ product_id: "v", price: 1, quantity: 5 }] };
    await give(ledgerOver(DB), track("var-1", "var", "Order Completed", place));
    const [bought] = (await boughtBy(DB, ["var"], ["v"])).bought;
    expect(bought).toMatchObject({ product: "v", sku: "v", left: 5 });
    const named = [{ product_id: bought?.product, sku: bought?.sku, quantity: 2 }];
    const refund = { order_id: "var-1", refund_id: "var-r", total: "2.00", products: named };
    await give(ledgerOver(DB), track("var-2", "var", "Order Refunded", refund));
    expect((await boughtBy(DB, ["var"], ["v"])).bought[0]?.left).toBe(3);
  });

  test("are changed by what follows in the same batch, whatever else is changed before", async () => {
    const ledger = ledgerOver(DB);
    await give(ledger, track("bat-1", "bat", "Order Completed", { order_id: "bat-1", total: 5 }));
    await give(
      ledger,
      track("bat-2", "bat", "Order Cancelled", { order_id: "bat-1" }),
      track("bat-3", "bat", "Order Completed", { order_id: "bat-2", total: 6 }),
      track("bat-4", "bat", "Order Cancelled", { order_id: "bat-2" }),
    );
    const found = await rows("SELECT status FROM orders WHERE order_id IN ('bat-1', 'bat-2')");
    expect(found).toEqual([{ status: "cancelled" }, { status: "cancelled" }]);
  });
});
