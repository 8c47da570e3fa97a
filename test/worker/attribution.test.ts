// Orders that count to messages, on the real runtime: by a person's click and its window, by a coupon, once, and no more
// than the shop kept.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { localClock } from "../../src/local/clock";
import { keepEarnings } from "../../src/services/earnings";
import { DAY, HOUR, MINUTE } from "../../src/shared/clock";
import { midIn } from "../../src/shared/mid";
import { contactOf, DB, live, services } from "../support/acts-world";
import { api, ask, content, letters, now, pass, say, written } from "../support/links-world";

const HTML = '<p><a href="{{ shop.url }}/lamps">Lamps</a> <a href="{{ shop.url }}/chairs">Chairs</a> and more</p>';

interface Figures {
  readonly sends: number;
  readonly sent: number;
  readonly clicked: number;
  readonly machine_clicked: number;
  readonly orders: number;
  readonly unpriced: number;
  readonly revenue: { readonly amount: number; readonly currency: string };
  readonly refunded: { readonly amount: number };
}
interface Report {
  readonly totals: Figures;
  readonly blocks: readonly (Figures & {
    readonly block: string;
    readonly channel: string;
    readonly content: string;
  })[];
  readonly windows: Readonly<Record<string, string>>;
}

const reportOf = async (scenario: string, query = ""): Promise<Report> => {
  const { status, json } = await api(`/api/reports/scenarios/${scenario}${query}`);
  expect([status, json]).toEqual([200, expect.anything()]);
  return json;
};

let orders = 0;

/** An order of somebody, placed now; resolves with its id. */
async function buys(user: string, total: number, more: object = {}): Promise<string> {
  const order_id = `attr-${++orders}`;
  const products = [{ product_id: "lamp", price: total, quantity: 1 }];
  await say(user, { name: "Order Completed", properties: { order_id, total, products, ...more } });
  return order_id;
}

const touchOf = (order: string): Promise<Record<string, unknown> | null> =>
  DB.prepare("SELECT cause, scenario, block, channel, send FROM attributions WHERE order_id = ?1").bind(order).first();

beforeAll(async () => {
  await services.ready();
  localClock.move(Date.UTC(2026, 8, 7, 9), 0);
  await content("attr_letter", "email", { subject: "Lamps", preheader: "Lamps", html: HTML });
  await content("attr_text", "sms", { body: "New lamps: {{ shop.url }}/lamps" });
});

afterAll(() => localClock.move(Date.now(), 1));

describe("an order", () => {
  test("counts to the last message that a person clicked within its window, and to none before or after it", async () => {
    await live({ by_click: letters("attr_letter") });
    const ann = await written("attr-ann");
    expect(await touchOf(await buys("attr-ann", 10))).toBeNull();
    await pass(HOUR);
    await ask(ann.clicks[0] ?? "");
    await pass(5 * DAY - MINUTE);
    const inside = await buys("attr-ann", 40);
    expect(await touchOf(inside)).toEqual({
      cause: "click",
      scenario: "by_click",
      block: "letter",
      channel: "email",
      send: ann.id,
    });
    await pass(2 * MINUTE);
    expect(await touchOf(await buys("attr-ann", 70))).toBeNull();
    // What a scenario earned is the worth of its messages to come.
    await keepEarnings(services);
    await keepEarnings(services);
    const { policy } = await services.briefings.read();
    expect(policy({ holdout: 0, max_lateness: "P1D" }).earnings).toEqual({
      by_click: { messages: 1, orders: 1, revenue: 4_000 },
    });
    const { totals, blocks, windows } = await reportOf("by_click");
    expect(totals).toMatchObject({
      sends: 1,
      sent: 1,
      clicked: 1,
      orders: 1,
      revenue: { amount: 4_000, currency: "EUR" },
    });
    expect(blocks).toMatchObject([{ block: "letter", channel: "email", content: "attr_letter", orders: 1 }]);
    expect(windows).toMatchObject({ email: "P5D", sms: "PT24H" });
  });

  test("counts once, whoever tells of it again, and is no more worth than what the shop kept", async () => {
    await live({ by_refund: letters("attr_letter") });
    const ben = await written("attr-ben");
    await pass(HOUR);
    await ask(ben.clicks[0] ?? "");
    await pass(HOUR);
    const order_id = await buys("attr-ben", 100);
    await say("attr-ben", { name: "Order Completed", properties: { order_id, total: 100 } });
    await say("attr-ben", { name: "Order Refunded", properties: { order_id, refund_id: "r1", total: 30 } });
    expect((await reportOf("by_refund")).totals).toMatchObject({
      orders: 1,
      revenue: { amount: 7_000 },
      refunded: { amount: 3_000 },
    });
    await say("attr-ben", { name: "Order Refunded", properties: { order_id, refund_id: "r2", total: 70 } });
    expect((await reportOf("by_refund")).totals).toMatchObject({
      orders: 0,
      revenue: { amount: 0 },
      refunded: { amount: 10_000 },
    });
  });

  test("of several touches counts to the last one; a text's window is a day", async () => {
    await live({ by_mail: letters("attr_letter"), by_text: letters("attr_text", "sms") });
    const cleo = await written("attr-cleo", {}, { phone: "+33612345001" });
    const { results } = await DB.prepare("SELECT id, channel FROM sends WHERE contact = ?1")
      .bind(cleo.contact)
      .all<{ id: string; channel: string }>();
    expect(results.map(({ channel }) => channel).sort()).toEqual(["email", "sms"]);
    const click = async (channel: string): Promise<void> => {
      const { id } = results.find((send) => send.channel === channel) ?? { id: "" };
      await say("attr-cleo", {
        type: "internal",
        trust: "internal",
        name: "message.clicked",
        contact: cleo.contact,
        properties: { send: id, link: 0 },
      });
    };
    await pass(HOUR);
    await click("email");
    await pass(HOUR);
    await click("sms");
    await pass(HOUR);
    expect(await touchOf(await buys("attr-cleo", 10))).toMatchObject({ scenario: "by_text", channel: "sms" });
    await pass(DAY);
    expect(await touchOf(await buys("attr-cleo", 10))).toMatchObject({ scenario: "by_mail", channel: "email" });
  });

  test("counts to no message that only a machine followed", async () => {
    await live({ by_scan: letters("attr_letter") });
    const dan = await written("attr-dan");
    await pass(HOUR);
    await ask(dan.clicks[0] ?? "");
    const order = await buys("attr-dan", 25);
    expect(await touchOf(order)).not.toBeNull();
    // What looked like a person was the scanner that goes on.
    await ask(dan.trap);
    expect(await touchOf(order)).toBeNull();
    expect((await reportOf("by_scan")).totals).toMatchObject({ sends: 1, clicked: 0, machine_clicked: 1, orders: 0 });
  });

  test("counts to what a person had clicked before, where the last click was a machine's", async () => {
    await live({ by_reader: letters("attr_text", "sms"), by_scanner: letters("attr_letter") });
    const fox = await written("attr-fox", {}, { phone: "+33612345002" });
    const { results } = await DB.prepare("SELECT id, scenario FROM sends WHERE contact = ?1")
      .bind(fox.contact)
      .all<{ id: string; scenario: string }>();
    const idOf = (scenario: string): string => results.find((one) => one.scenario === scenario)?.id ?? "";
    const act = (name: string, properties: object): Promise<void> =>
      say("attr-fox", {
        type: "internal",
        trust: "internal",
        name,
        contact: fox.contact,
        properties: { ...properties },
      });
    await pass(HOUR);
    await act("message.clicked", { send: idOf("by_reader"), link: 0 });
    await pass(HOUR);
    await act("message.clicked", { send: idOf("by_scanner"), link: 0 });
    const from = now();
    await pass(MINUTE);
    const order = await buys("attr-fox", 30);
    expect(await touchOf(order)).toMatchObject({ scenario: "by_scanner" });
    await act("message.disowned", { send: idOf("by_scanner"), from, until: from, sign: "trap" });
    expect(await touchOf(order)).toMatchObject({ cause: "click", scenario: "by_reader" });
  });

  test("of somebody else's counts to the message whose link brought its buyer to the shop, by `mid`", async () => {
    await live({ by_mid: letters("attr_letter") });
    const hal = await written("attr-hal");
    await pass(HOUR);
    const came = midIn((await ask(hal.clicks[0] ?? "")).headers.get("Location") ?? "") ?? "";
    await pass(DAY);
    const order = async (id: string, properties: object, more: object = {}): Promise<string> => {
      await say("attr-hals-wife", {
        name: "Order Completed",
        properties: {
          order_id: id,
          total: 40,
          products: [{ product_id: "lamp", price: 40, quantity: 1 }],
          ...properties,
        },
        ...more,
      });
      return id;
    };
    expect(await touchOf(await order("mid-1", { mid: came }))).toMatchObject({
      cause: "mid",
      scenario: "by_mid",
      send: hal.id,
    });
    // What was changed is nobody's, and so is what a browser says.
    expect(await touchOf(await order("mid-2", { mid: `${came.slice(0, -1)}x` }))).toBeNull();
    expect(await touchOf(await order("mid-3", { mid: came }, { trust: "write" }))).toBeNull();
    await pass(5 * DAY);
    expect(await touchOf(await order("mid-4", { mid: came }))).toBeNull();
    expect((await reportOf("by_mid")).totals).toMatchObject({ orders: 1, revenue: { amount: 4_000 } });
  });

  test("counts by the last link that was followed, not by the first", async () => {
    await live({ by_return: letters("attr_letter") });
    const gil = await written("attr-gil");
    await pass(HOUR);
    await ask(gil.clicks[0] ?? "");
    await pass(10 * DAY);
    await ask(gil.clicks[1] ?? "");
    await pass(DAY);
    expect(await touchOf(await buys("attr-gil", 30))).toMatchObject({ cause: "click", scenario: "by_return" });
  });

  test("counts to the message whose coupon it uses, whatever was clicked, and however long ago", async () => {
    await live({ by_coupon: letters("attr_letter"), by_other: letters("attr_letter") });
    await written("attr-eve");
    const contact = await contactOf("attr-eve");
    const [given, clicked] = ["by_coupon", "by_other"];
    const row = (scenario: string) =>
      DB.prepare("SELECT id, data FROM sends WHERE contact = ?1 AND scenario = ?2")
        .bind(contact, scenario)
        .first<{ id: string; data: string }>();
    const told = await row(given);
    await DB.batch([
      DB.prepare(
        "INSERT INTO coupons (code, offer, contact, occasion, issued_at) VALUES ('LUMEN1234567890A', 'ten', ?1, 'scenario', 1)",
      ).bind(contact),
      DB.prepare(
        'UPDATE sends SET data = json_set(data, \'$.coupon\', json(\'{"code":"LUMEN1234567890A","until":null}\')) WHERE contact = ?1 AND id = ?2',
      ).bind(contact, told?.id ?? ""),
    ]);
    await pass(20 * DAY);
    const other = await row(clicked);
    await say("attr-eve", {
      type: "internal",
      trust: "internal",
      name: "message.clicked",
      contact,
      properties: { send: other?.id, link: 0 },
    });
    await pass(HOUR);
    expect(await touchOf(await buys("attr-eve", 50))).toMatchObject({ cause: "click", scenario: clicked });
    const order = await buys("attr-eve", 50, { coupon: "LUMEN1234567890A" });
    expect(await touchOf(order)).toMatchObject({ cause: "coupon", scenario: given, send: told?.id });
    expect((await reportOf(given)).totals).toMatchObject({ orders: 1, revenue: { amount: 5_000 } });
  });

  test("of a guest who turns out to be the reader counts from then on", async () => {
    await live({ by_guest: letters("attr_letter") });
    const fay = await written("attr-fay");
    await pass(HOUR);
    await ask(fay.clicks[0] ?? "");
    await pass(HOUR);
    const properties = { order_id: "attr-guest", total: 60, products: [{ product_id: "lamp", price: 60 }] };
    const guest = {
      id: "attr-guest-1",
      type: "track" as const,
      name: "Order Completed",
      at: now(),
      trust: "secret" as const,
      properties,
    };
    await services.append({ receivedAt: now(), events: [{ ...guest, anon: "guest:attr-guest" }] }, null);
    expect(await touchOf("attr-guest")).toBeNull();
    await say("attr-fay", { name: "Order Updated", properties: { order_id: "attr-guest" } });
    expect(await touchOf("attr-guest")).toMatchObject({ scenario: "by_guest", send: fay.id });
  });

  test("in a currency without a rate is counted, and its money is not", async () => {
    await live({ by_yen: letters("attr_letter") });
    const gus = await written("attr-gus");
    await pass(HOUR);
    await ask(gus.clicks[0] ?? "");
    await buys("attr-gus", 5_000, { currency: "JPY" });
    await buys("attr-gus", 20);
    expect((await reportOf("by_yen")).totals).toMatchObject({ orders: 2, unpriced: 1, revenue: { amount: 2_000 } });
  });

  test("that only a browser claims counts to nothing", async () => {
    await live({ by_claim: letters("attr_letter") });
    const hal = await written("attr-hal");
    await pass(HOUR);
    await ask(hal.clicks[0] ?? "");
    await say("attr-hal", {
      trust: "token",
      name: "Order Completed",
      properties: { order_id: "attr-claimed", total: 10 },
    });
    expect(await touchOf("attr-claimed")).toBeNull();
  });
});

describe("what a shop sets", () => {
  const put = (settings: unknown) => api("/api/settings/tracking", { method: "PUT", body: JSON.stringify(settings) });

  test("moves the windows, and is stated as a whole", async () => {
    await live({ by_window: letters("attr_letter") });
    expect((await put({ windows: { email: "PT1H" } })).status).toBe(200);
    const ida = await written("attr-ida");
    await pass(HOUR);
    await ask(ida.clicks[0] ?? "");
    await pass(HOUR);
    expect(await touchOf(await buys("attr-ida", 10))).toBeNull();
    expect((await put({})).json).toEqual((await api("/api/settings/tracking")).json);
    expect(await touchOf(await buys("attr-ida", 10))).toMatchObject({ scenario: "by_window" });
  });

  test.each([
    ["/windows/email", { windows: { email: "five days" } }],
    ["/windows/sms", { windows: { sms: "P400D" } }],
    ["/utm/source", { utm: { source: "our shop & more" } }],
    ["/window", { window: "P5D" }],
  ])("is refused with its place: %s", async (pointer, settings) => {
    const { status, json } = await put(settings);
    expect([status, (json as { errors: { pointer: string }[] }).errors[0]?.pointer]).toEqual([400, pointer]);
  });

  test("a report of a period, of an unknown scenario, and of a time that ends before it begins", async () => {
    await live({ by_period: letters("attr_letter") });
    await written("attr-joe");
    const { totals } = await reportOf("by_period", "?from=2020-01-01T00:00:00Z&to=2021-01-01T00:00:00Z");
    expect(totals).toMatchObject({ sends: 0, orders: 0 });
    expect((await api("/api/reports/scenarios/nowhere")).status).toBe(404);
    expect(
      (await api("/api/reports/scenarios/by_period?from=2021-01-01T00:00:00Z&to=2020-01-01T00:00:00Z")).status,
    ).toBe(400);
  });
});
