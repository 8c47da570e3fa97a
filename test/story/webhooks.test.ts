import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasData, readData } from "../support/data";
import type { Server } from "../support/server";
import { startServer } from "../support/server";
import { delivery, type Shop, sign } from "../support/webhooks";

// Bodies as shops send them, with their headers and signatures. What they were signed with stands in INDEX.json.
interface Entry {
  readonly file: string;
  readonly secret: string | null;
}

interface Sent {
  readonly shop: Shop;
  readonly topic: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly secret: string;
}

/** Every number and name by which the bodies know each other, so that the same story can be told of others. */
const NAMES = ["450789469", "207119551", "632910392", "808950810", "49148385", "39072856", "457924702", "905684977"];
const MORE = ["68778783ad298f1c80c3bafcddeea02f", "2a1ace52255252df566af0faaedfbfa7"];
const PEOPLE = ["bob.norman", "john.doe"];

let server: Server;

const TABLES: Readonly<Record<string, string>> = {
  orders:
    "SELECT o.order_id, o.status, o.placed_at, o.currency, o.total, o.discount, o.tax, o.shipping, o.refunded, o.coupon, " +
    "o.number, o.channel, o.gross, o.net, o.changed_at, c.external_id, c.email FROM orders o JOIN contacts c ON c.id = o.contact",
  lines: "SELECT order_id, line, product_id, sku, name, quantity, unit_price, total FROM order_lines",
  people:
    "SELECT external_id, email, first_name, last_name, phone, country, consents, status FROM contacts WHERE email IS NOT NULL",
  carts: "SELECT cart_id, state, currency, value, lines, url FROM carts",
  products: "SELECT product_id, title, url, image, category, brand FROM products",
  variants: "SELECT product_id, sku, title FROM variants",
  prices: "SELECT product_id, sku, effective_from, price, compare_at, currency FROM price_history",
  stocks:
    "SELECT product_id, sku, stock FROM stock_history AS s WHERE effective_from = (SELECT max(effective_from) " +
    "FROM stock_history AS m WHERE m.product_id = s.product_id AND m.sku = s.sku)",
};

/** Everything that the deliveries of one world came to, under the names of the first. */
async function stateOf(world: number): Promise<Record<string, string[]>> {
  const found = await Promise.all(
    Object.entries(TABLES).map(async ([name, sql]) => {
      const all = await server.rows(sql);
      const rows = all.map((row) => JSON.stringify(row)).filter((row) => worldOf(row) === world);
      return [name, rows.map((row) => row.replaceAll(/-w\d+|97531\d(?=\D)/g, "")).sort()] as const;
    }),
  );
  return Object.fromEntries(found);
}

function worldOf(row: string): number {
  return Number(/-w(\d)|97531(\d)(?=\D)/.exec(row)?.slice(1).find(Boolean) ?? 0);
}

/** The same delivery about other people, orders and products, signed anew. World 0 is the file as it is. */
function inWorld(world: number, sent: Sent): Sent {
  if (world === 0) return sent;
  let { body } = sent;
  for (const name of NAMES) body = body.replaceAll(new RegExp(`\\b${name}\\b`, "g"), `${name}97531${world}`);
  body = body.replaceAll(
    /"(id|customer_id|product_id|variation_id)":(\d{1,4})(?=\D)/g,
    (whole, key: string, number: string) => (number === "0" ? whole : `"${key}":${number}97531${world}`),
  );
  for (const name of [...MORE, ...PEOPLE]) body = body.replaceAll(name, `${name}-w${world}`);
  return { ...sent, body };
}

async function post(
  sent: Sent,
  change: { readonly secret?: string; readonly id?: string; readonly world?: number } = {},
): Promise<number> {
  const { shop, topic, headers, body, secret } = inWorld(change.world ?? 0, sent);
  const asIs = change.secret === undefined && change.id === undefined && (change.world ?? 0) === 0;
  const again = {
    shop,
    topic,
    body,
    secret: change.secret ?? secret,
    ...(change.id !== undefined && { id: change.id }),
  };
  const init = asIs ? { method: "POST", headers, body } : delivery(again).init;
  return (await fetch(`${server.url}/webhooks/${shop}`, init)).status;
}

/** An order of things that follows from a number. */
function shuffled<One>(list: readonly One[], seed: number): One[] {
  let state = seed;
  const next = (): number => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state;
  };
  return list
    .map((one) => [next(), one] as const)
    .sort(([left], [right]) => left - right)
    .map(([, one]) => one);
}

const ordered = {
  name: "Ordered",
  stop_on: ["withdrawal"],
  start: "start",
  blocks: {
    start: { type: "start.event", params: { event: "Order Completed" }, next: { next: "done" } },
    done: { type: "exit" },
  },
};

describe.skipIf(!hasData)("every webhook of the shops' that we have", () => {
  const sent: Sent[] = [];
  let scenario = "";

  beforeAll(async () => {
    server = await startServer({ vars: { SHOP_CURRENCY: "USD", SHOP_URL: "https://shop.example" } });
    for (const { file, secret } of JSON.parse(readData("webhooks/INDEX.json")) as Entry[]) {
      const shop = file.split("/")[0];
      if ((shop !== "shopify" && shop !== "woocommerce") || secret === null) continue;
      const headers = JSON.parse(readData(`webhooks/${file.replace(/\.body$/, ".headers.json")}`)) as Record<
        string,
        string
      >;
      const topic = headers["X-Shopify-Topic"] ?? headers["X-WC-Webhook-Topic"] ?? "";
      sent.push({ shop, topic, headers, body: readData(`webhooks/${file}`), secret });
    }
    const { json } = await server.post("/api/scenarios", { definition: ordered });
    scenario = json.id;
    await server.post(`/api/scenarios/${scenario}/activate`);
  });
  afterAll(() => server?.stop());

  const runs = async (): Promise<unknown[]> => (await server.api(`/api/scenarios/${scenario}/runs`)).json.data;

  test("is refused with a wrong signature, and goes in with its own", async () => {
    expect(sent).toHaveLength(11);
    for (const one of sent) {
      expect([one.topic, await post(one, { secret: "wrong" })]).toEqual([one.topic, 401]);
      const bare = await fetch(`${server.url}/webhooks/${one.shop}`, { method: "POST", body: one.body });
      expect([one.topic, bare.status]).toEqual([one.topic, 401]);
    }
    expect((await stateOf(0))["orders"]).toEqual([]);
    for (const one of sent) expect([one.topic, await post(one)]).toEqual([one.topic, 200]);
    const ping = readData("webhooks/woocommerce/ping_on_create.body");
    const form = { "Content-Type": "application/x-www-form-urlencoded" };
    expect(
      (await fetch(`${server.url}/webhooks/woocommerce`, { method: "POST", headers: form, body: ping })).status,
    ).toBe(200);
  });

  test("comes to what it says, to the cent and to the second", async () => {
    const { data } = (await server.api("/api/contacts?external_id=207119551")).json;
    expect(data).toMatchObject([
      {
        email: "bob.norman@hostmail.com",
        first_name: "Bob",
        last_name: "Norman",
        country: "US",
        metrics: { orders: 1 },
      },
    ]);
    const state = await stateOf(0);
    const orders = state["orders"]?.map((row) => JSON.parse(row) as Record<string, unknown>) ?? [];
    const [shopify, woo] = ["450789469", "727"].map((id) => orders.find(({ order_id: of }) => of === id));
    expect(shopify).toMatchObject({
      total: 40_994,
      tax: 1_194,
      currency: "USD",
      coupon: "TENOFF",
      number: "#1001",
      placed_at: Date.parse("2008-01-10T11:00:00-05:00"),
    });
    expect(woo).toMatchObject({
      status: "shipped",
      total: 2_935,
      shipping: 1_000,
      tax: 135,
      email: "john.doe@example.com",
      placed_at: Date.UTC(2017, 2, 22, 19, 28, 2),
    });
    const stock = state["stocks"]?.map((row) => JSON.parse(row) as { sku: string; stock: number });
    expect(stock).toContainEqual({ product_id: "632910392", sku: "IPOD2008PINK", stock: 10 });
    expect(stock).toContainEqual({ product_id: "632910392", sku: "IPOD2008BLACK", stock: 40 });
    expect(state["people"]?.every((row) => row.includes('"consents":"{}"'))).toBe(true);
  });

  test("twice, under its own id or another, changes nothing", async () => {
    const before = await stateOf(0);
    for (const one of sent) {
      expect(await post(one)).toBe(200);
      expect(await post(one, { id: `again-${one.topic}` })).toBe(200);
    }
    expect(await stateOf(0)).toEqual(before);
  });

  test("late, it changes rows and starts no scenario; in time it starts one", async () => {
    await server.moveClock({ advance: "PT1H" });
    expect(await runs()).toEqual([]);
    const now = (await server.api("/dev/clock")).json.now as string;
    const order = sent.find(({ topic }) => topic === "orders/create");
    if (!order) throw new Error("no order");
    const { body } = inWorld(9, order);
    const fresh = body.replaceAll("2008-01-10T11:00:00-05:00", now);
    const { init, path } = delivery({ shop: "shopify", topic: "orders/create", body: fresh });
    expect((await fetch(server.url + path, init)).status).toBe(200);
    await server.moveClock({ advance: "PT1M" });
    expect(await runs()).toHaveLength(1);
    expect(sign(fresh, order.secret)).not.toBe(sign(order.body, order.secret));
  });

  test.each([1, 2, 3])("out of order and each twice it comes to the same (%i)", async (world) => {
    const order = world === 1 ? sent.toReversed() : shuffled(sent, world);
    for (const one of order) expect([one.topic, await post(one, { world })]).toEqual([one.topic, 200]);
    for (const one of shuffled(sent, world + 10)) expect(await post(one, { world })).toBe(200);
    expect(await stateOf(world)).toEqual(await stateOf(0));
  });
});
