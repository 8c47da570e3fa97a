import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ApiAnswer, Server } from "../support/server";
import { keys, startServer } from "../support/server";

let server: Server;

beforeAll(async () => {
  server = await startServer({ tick: 0, at: "2026-01-05T10:00:00Z" });
  const nothing = await server.put("/api/settings/loyalty", programme);
  expect([nothing.status, nothing.json.errors[0].pointer]).toEqual([422, "/referral/friend_offer"]);
  await server.put("/api/offers/welcome", welcome);
  expect((await server.put("/api/settings/loyalty", programme)).status).toBe(200);
});

afterAll(async () => {
  await server.stop();
});

const programme = {
  validity: "P12M",
  rules: [
    { key: "purchase", name: "Purchase", on: "order", points: 1 },
    { key: "review", name: "Review", on: "Product Reviewed", points: 50, badge: { key: "critic", name: "Critic" } },
  ],
  tiers: [{ key: "silver", name: "Silver", points: 100, window: "P3M" }],
  referral: { reward: { points: 200 }, friend_offer: "welcome", return_window: "P30D", min_order: 1_000 },
};

/** The link is followed by a person, not by a preview of a messenger. */
const PERSON =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";

const welcome = { name: "Welcome", kind: "percent", value: 10, valid_for: "P14D" };

/** Lets time pass, and the sweep that follows it find what it changed. */
async function advance(by: string): Promise<void> {
  await server.moveClock({ advance: by });
  await server.scheduled("*/5 * * * *");
}

async function idOf(user: string): Promise<string> {
  return (await server.api(`/api/contacts?external_id=${user}`)).json.data[0].id;
}

async function known(user: string, traits: object = {}): Promise<string> {
  await server.send("identify", { userId: user, traits: { email: `${user}@example.com`, ...traits } });
  return idOf(user);
}

function track(user: string, event: string, properties: object, rest: object = {}): Promise<ApiAnswer> {
  return server.send("track", { userId: user, event, properties, ...rest });
}

function order(user: string, id: string, total: number, properties: object = {}): Promise<ApiAnswer> {
  return track(user, "Order Completed", { order_id: id, total, currency: "EUR", ...properties });
}

async function accountOf(user: string) {
  return (await server.api(`/api/contacts/${await idOf(user)}/loyalty`)).json;
}

async function couponFor(user: string, offer: string, occasion: string): Promise<ApiAnswer> {
  return server.post(`/api/contacts/${await idOf(user)}/coupons`, { offer, occasion });
}

async function rowsOf(table: string, where = "1"): Promise<number> {
  const db = await server.mf.getD1Database("DB");
  return (await db.prepare(`SELECT count(*) AS n FROM ${table} WHERE ${where}`).first<number>("n")) ?? -1;
}

describe("a loyalty account", () => {
  test("rewards purchase and engagement, and shows its lots, movements, tier and badges", async () => {
    await known("ann");
    await order("ann", "A1", 80);
    await track("ann", "Product Reviewed", { rating: 5 }, { messageId: "review-1" });
    const account = await accountOf("ann");
    expect(account).toMatchObject({
      points: 130,
      tier: "silver",
      tier_since: expect.stringMatching(/^2026-01-05T10:00:0/),
      tier_until: "2026-04-05T00:00:00.000Z",
      next_expiry: { points: 130, at: expect.stringMatching(/^2027-01-05T10:00:0/) },
      badges: [{ badge: "critic", name: "Critic" }],
    });
    expect(account.lots).toHaveLength(2);
    expect(account.movements.map(({ points }: { points: number }) => points).sort()).toEqual([50, 80]);
  });

  test("is the same after a restart, and a repeat changes nothing", async () => {
    const before = await accountOf("ann");
    server = await server.restart();
    await track("ann", "Product Reviewed", { rating: 5 }, { messageId: "review-1" });
    await order("ann", "A1", 80);
    expect(await accountOf("ann")).toEqual(before);
    await track("ann", "Points Earned", { points: 5, id: "m-1" });
    await track("ann", "Points Earned", { points: 5, id: "m-1" });
    expect((await accountOf("ann")).points).toBe(135);
  });

  test("spends the oldest first, as a whole or not at all", async () => {
    const id = await idOf("ann");
    const spend = { kind: "spend", points: 100, id: "gift" };
    expect((await server.post(`/api/contacts/${id}/loyalty/movements`, spend)).json).toMatchObject({ points: 35 });
    expect((await server.post(`/api/contacts/${id}/loyalty/movements`, spend)).json).toMatchObject({ points: 35 });
    const more = await server.post(`/api/contacts/${id}/loyalty/movements`, { kind: "spend", points: 36 });
    expect([more.status, more.json.errors[0].pointer]).toEqual([422, "/points"]);
    const none = await server.post(`/api/contacts/${id}/loyalty/movements`, { kind: "earn", points: -1 });
    expect([none.status, none.json.errors[0].pointer]).toEqual([400, "/points"]);
  });

  test("gives back what a refunded order earned", async () => {
    await known("ben");
    await order("ben", "B1", 60);
    await track("ben", "Order Refunded", { order_id: "B1", total: 15 });
    expect((await accountOf("ben")).points).toBe(45);
    await track("ben", "Order Cancelled", { order_id: "B1" });
    expect((await accountOf("ben")).points).toBe(0);
  });

  test("starts a scenario on its tier, and loses the tier when its window has passed", async () => {
    const definition = {
      name: "Perks",
      class: "transactional",
      start: "start",
      blocks: {
        start: { type: "start.event", params: { event: "loyalty.tier_changed" }, next: { next: "done" } },
        done: { type: "exit" },
      },
    };
    const { id } = (await server.post("/api/scenarios", { definition })).json;
    expect((await server.post(`/api/scenarios/${id}/activate`)).status).toBe(200);
    await known("cleo");
    await order("cleo", "C1", 120);
    await advance("PT1M");
    expect((await server.api(`/api/scenarios/${id}/runs`)).json.data).toHaveLength(1);
    expect((await accountOf("cleo")).tier).toBe("silver");
    const rehearsed = await server.post(`/api/scenarios/${id}/rehearse`, {
      from: "2026-01-01T00:00:00Z",
      to: "2026-02-01T00:00:00Z",
    });
    const entered = rehearsed.json.entries.map((entry: Record<string, unknown>) => entry["external_id"]);
    expect(entered.sort()).toEqual(["ann", "cleo"]);
    await advance("P91D");
    expect(await accountOf("cleo")).toMatchObject({ points: 120, tier: null, tier_until: null });
  });

  test("of two contacts that are one is one, also after a restart, and two again when they are not", async () => {
    const [winner, loser] = [await known("wim"), await known("lou")];
    await track("wim", "Points Earned", { points: 60, id: "w" });
    await order("lou", "LOU1", 50);
    const { json } = await server.post(`/api/contacts/${loser}/merge`, { into: winner });
    expect(await accountOf("wim")).toMatchObject({ points: 110, tier: "silver" });
    server = await server.restart();
    expect(await accountOf("wim")).toMatchObject({ points: 110, tier: "silver" });
    await track("wim", "Points Redeemed", { points: 70, id: "s" });
    // Whoever it is said of: the order is the other's.
    await track("ann", "Order Refunded", { order_id: "LOU1", total: 10 });
    const merged = await accountOf("wim");
    expect([merged.points, merged.movements.length]).toEqual([30, 4]);
    await server.post(`/api/merges/${json.id}/undo`);
    expect(await accountOf("wim")).toMatchObject({ points: 0, tier: null });
    expect(await accountOf("lou")).toMatchObject({ points: 30, tier: null });
    await track("lou", "Order Cancelled", { order_id: "LOU1" });
    expect((await accountOf("lou")).points).toBe(0);
  });

  test("is nothing that a faulty programme makes", async () => {
    const bad = { ...programme, validity: "P1", tiers: [...programme.tiers, ...programme.tiers] };
    const refused = await server.put("/api/settings/loyalty", bad);
    expect(refused.status).toBe(400);
    const pointers = refused.json.errors.map(({ pointer }: { pointer: string }) => pointer);
    expect(pointers).toContain("/validity");
    expect((await server.api("/api/settings/loyalty")).json).toMatchObject({ enabled: true, validity: "P12M" });
  });
});

test("C01: what a browser says of orders, points and coupons creates none of them", async () => {
  await server.put("/api/offers/thanks", welcome);
  await known("mia");
  const { code } = (await couponFor("mia", "thanks", "order-1")).json;
  const browser = { authorization: `Basic ${btoa(`${keys.write}:`)}` };
  const tables = ["orders", "loyalty_accounts", "loyalty_lots", "loyalty_movements", "coupons", "badges", "referrals"];
  const before = await Promise.all(tables.map((table) => rowsOf(table)));
  const properties = { order_id: "FAKE", total: 500, points: 500, coupon: code };
  for (const event of ["Order Completed", "Points Earned", "Points Adjusted", "Product Reviewed", "Referral Shared"]) {
    const json = { anonymousId: "forger", userId: "mia", event, properties };
    expect((await server.api("/v1/track", { method: "POST", headers: browser, json })).status).toBe(200);
  }
  for (const event of ["coupon.issued", "loyalty.earned", "points.added"]) {
    const json = { anonymousId: "forger", event, properties };
    expect((await server.api("/v1/track", { method: "POST", headers: browser, json })).status).toBe(403);
  }
  // Not even the shop's server speaks in our own name.
  await track("mia", "coupon.issued", { offer: "thanks", occasion: "x", code: "MADEUP" });
  await track("mia", "loyalty.earned", { points: 500 });
  expect(await Promise.all(tables.map((table) => rowsOf(table)))).toEqual(before);
  expect(await rowsOf("coupons", "redeemed_order IS NOT NULL")).toBe(0);
  expect((await accountOf("mia")).points).toBe(0);
});

describe("a coupon", () => {
  test("issued twice is one, also at the same moment", async () => {
    await known("dan");
    const issued = await Promise.all(Array.from({ length: 5 }, () => couponFor("dan", "welcome", "signup")));
    expect(new Set(issued.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(issued.map(({ json }) => json.code)).size).toBe(1);
    const other = await couponFor("dan", "welcome", "comeback");
    expect(other.json.code).not.toBe(issued[0]?.json.code);
    const { json } = await server.api(`/api/contacts/${await idOf("dan")}/coupons`);
    expect(json.data.map(({ occasion }: { occasion: string }) => occasion).sort()).toEqual(["comeback", "signup"]);
  });

  test("is redeemed once, and somebody else's order counts as foreign", async () => {
    const [{ code }, { code: second }] = (await server.api(`/api/contacts/${await idOf("dan")}/coupons`)).json.data;
    const typed = ` ${code.toLowerCase().replaceAll(/(.{4})/g, "$1-")}`;
    await order("dan", "D1", 30, { coupon: typed });
    await known("eva");
    await order("eva", "E1", 30, { coupon: code });
    await order("eva", "E2", 30, { coupon: second });
    const { data } = (await server.api(`/api/contacts/${await idOf("dan")}/coupons`)).json;
    const redeemed = data.map((each: Record<string, unknown>) => [each["redeemed_order"], each["redeemed_foreign"]]);
    expect(redeemed.sort()).toEqual([
      ["D1", false],
      ["E2", true],
    ]);
    expect((await server.api("/api/offers/welcome")).json).toMatchObject({
      issued: 2,
      redeemed: 2,
      redeemed_foreign: 1,
    });
  });

  test("comes from the shop's own codes, one to each contact", async () => {
    await server.put("/api/offers/pool", { ...welcome, codes: "pool" });
    const upload = { codes: ["SUMMER-1", "SUMMER-2", "SUMMER-2"] };
    expect((await server.post("/api/offers/pool/codes", upload)).json).toEqual({ added: 2, known: 0 });
    expect((await server.post("/api/offers/pool/codes", upload)).json).toEqual({ added: 0, known: 2 });
    const [one, other] = await Promise.all([couponFor("dan", "pool", "s"), couponFor("eva", "pool", "s")]);
    expect([one?.json.code, other?.json.code].sort()).toEqual(["SUMMER-1", "SUMMER-2"]);
    expect((await couponFor("dan", "pool", "s")).json.code).toBe(one?.json.code);
    expect((await couponFor("ann", "pool", "s")).status).toBe(422);
    expect((await server.api("/api/offers/pool")).json).toMatchObject({ issued: 2, free: 0 });
  });

  test("is not given beyond the offer's limit or its end", async () => {
    await server.put("/api/offers/few", { ...welcome, limit: 1 });
    expect((await couponFor("dan", "few", "x")).status).toBe(201);
    expect((await couponFor("eva", "few", "x")).status).toBe(422);
    expect((await couponFor("dan", "few", "x")).status).toBe(201);
    await server.put("/api/offers/over", { ...welcome, ends_at: "2026-01-01T00:00:00Z" });
    expect((await couponFor("dan", "over", "x")).status).toBe(422);
  });
});

test("C06: a coupon's code is beyond guessing, and a wrong one leaves nothing", async () => {
  await known("gus");
  const codes: string[] = [];
  for (let occasion = 0; occasion < 20; occasion++)
    codes.push((await couponFor("gus", "welcome", `o${occasion}`)).json.code);
  // 16 letters of an alphabet of 32 are 80 bits.
  for (const code of codes) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/);
  for (let place = 0; place < 16; place++) expect(new Set(codes.map((code) => code[place])).size).toBeGreaterThan(4);
  const before = await rowsOf("coupons");
  const guess = (codes[0] ?? "").split("").reverse().join("");
  await order("gus", "G1", 30, { coupon: guess });
  await order("gus", "G2", 30, { coupon: "' OR 1=1 --" });
  expect([await rowsOf("coupons"), await rowsOf("coupons", "redeemed_order IN ('G1', 'G2')")]).toEqual([before, 0]);
});

describe("a referral", () => {
  const home = { street: "5, rue des Lilas", postal_code: "75011", country: "FR" };
  const code = async (user: string): Promise<string> => {
    return (await server.post(`/api/contacts/${await idOf(user)}/referrals`)).json.code;
  };
  const friendsOf = async (user: string): Promise<Record<string, unknown>[]> => {
    return (await server.api(`/api/contacts/${await idOf(user)}/referrals`)).json.friends;
  };

  test("is rewarded when the friend's first order has outlived the return window", async () => {
    await known("hugo");
    const shared = await server.post(`/api/contacts/${await idOf("hugo")}/referrals`);
    expect([shared.status, shared.json.state, shared.json.friends]).toEqual([201, "shared", []]);
    const path = `/ref/${shared.json.code}`;
    const followed = await fetch(server.url + path, { redirect: "manual", headers: { "user-agent": PERSON } });
    expect([followed.status, followed.headers.get("location")]).toEqual([302, expect.stringContaining("referral=")]);
    expect((await server.api(`/api/contacts/${await idOf("hugo")}/referrals`)).json.state).toBe("clicked");
    expect((await fetch(`${server.url}${path}X`, { redirect: "manual" })).status).toBe(404);
    await known("ines");
    await order("ines", "I1", 40, { referral_code: shared.json.code });
    expect(await friendsOf("hugo")).toMatchObject([{ state: "ordered", flags: [], order_id: "I1" }]);
    await advance("PT5M");
    expect(await friendsOf("hugo")).toMatchObject([{ state: "pending_review", flags: [] }]);
    expect((await accountOf("hugo")).points).toBe(0);
    await advance("P30D");
    expect(await friendsOf("hugo")).toMatchObject([{ state: "pending_review" }]);
    await advance("P2D");
    expect(await friendsOf("hugo")).toMatchObject([{ state: "rewarded", due: null }]);
    expect((await accountOf("hugo")).points).toBe(200);
    await advance("PT10M");
    expect((await accountOf("hugo")).points).toBe(200);
    const coupons = (await server.api(`/api/contacts/${await idOf("ines")}/coupons`)).json.data;
    expect(coupons).toMatchObject([{ offer: "welcome" }]);
  });

  test("takes the reward back where the order comes back after it", async () => {
    await track("ines", "Order Refunded", { order_id: "I1", total: 10 });
    await advance("PT5M");
    expect(await friendsOf("hugo")).toMatchObject([{ state: "rewarded" }]);
    await track("ines", "Order Cancelled", { order_id: "I1" });
    await advance("PT5M");
    expect(await friendsOf("hugo")).toMatchObject([{ state: "rejected", flags: ["order_invalid"], due: null }]);
    expect((await accountOf("hugo")).points).toBe(0);
    await advance("PT5M");
    expect((await accountOf("hugo")).movements).toHaveLength(2);
  });

  test("is nothing for an order that is sent back, is too small, or is not the first", async () => {
    const own = await code("hugo");
    await known("jade");
    await order("jade", "J1", 40, { referral_code: own });
    await known("kim");
    await order("kim", "K1", 9.99, { referral_code: own });
    await known("leo");
    await order("leo", "L1", 40);
    await order("leo", "L2", 40, { referral_code: own });
    await advance("PT5M");
    await track("jade", "Order Refunded", { order_id: "J1" });
    await advance("P32D");
    expect((await friendsOf("hugo")).map(({ state, flags }) => [state, flags])).toEqual([
      ["rejected", ["order_invalid"]],
      ["rejected", ["order_invalid"]],
      ["rejected", ["below_minimum"]],
      ["rejected", ["existing_customer"]],
    ]);
    expect((await accountOf("hugo")).points).toBe(0);
  });

  test("C08: to oneself, by an alias, on the same device or at the same address is rewarded nothing", async () => {
    const browser = { anonymousId: "browser-nina" };
    await server.send("identify", {
      userId: "nina",
      ...browser,
      traits: { email: "nina.b@gmail.com", phone: "+33612345678" },
    });
    await order("nina", "N1", 40, { shipping_address: home });
    const own = await code("nina");
    await order("nina", "N2", 40, { referral_code: own });
    await server.send("identify", { userId: "nina-2", traits: { email: "ninab+2@googlemail.com" } });
    await order("nina-2", "N3", 40, { referral_code: own });
    await server.send("identify", { userId: "nina-3", traits: { email: "n3@example.com", phone: "+33612345678" } });
    await order("nina-3", "N4", 40, { referral_code: own });
    await server.send("identify", { userId: "nina-4", ...browser, traits: { email: "n4@example.com" } });
    await order("nina-4", "N5", 40, { referral_code: own });
    await known("nina-5");
    const same = { street: "5 Rue des lilas", zip: 75011, country: "fr" };
    await order("nina-5", "N6", 40, { referral_code: own, shipping_address: same });
    // Only claimed in a browser that is somebody else's, and then known to the shop.
    const headers = { authorization: `Basic ${btoa(`${keys.write}:`)}` };
    await server.api("/v1/identify", { method: "POST", headers, json: { ...browser, userId: "nina-6", traits: {} } });
    await known("nina-6");
    await order("nina-6", "N7", 40, { referral_code: own });
    await advance("PT5M");
    await advance("P32D");
    expect((await friendsOf("nina")).map(({ order_id, state, flags }) => [order_id, state, flags])).toEqual([
      ["N2", "rejected", ["same_contact", "existing_customer"]],
      ["N3", "rejected", ["same_address"]],
      ["N4", "rejected", ["same_address"]],
      ["N5", "rejected", ["same_device"]],
      ["N6", "rejected", ["same_household"]],
      ["N7", "rejected", ["same_device"]],
    ]);
    expect((await accountOf("nina")).movements.map(({ order_id }: { order_id: string }) => order_id).sort()).toEqual([
      "N1",
      "N2",
    ]);
  });
});
