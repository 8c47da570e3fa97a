import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { coupons } from "../../src/admin/import/coupons";
import type { ImportKind, WriteItems } from "../../src/admin/import/kind";
import { importKindOf } from "../../src/admin/import/kinds";
import { loyalty } from "../../src/admin/import/loyalty";
import { products } from "../../src/admin/import/products";
import { stores } from "../../src/admin/import/stores";
import { createApp } from "../../src/app";
import { servicesOf } from "../../src/services";
import type { Env } from "../../src/services/env";
import { derivedId } from "../../src/shared/ids";

const bound = env as unknown as Env;
const services = servicesOf(bound);
const app = createApp();
let now = 0;

beforeAll(async () => {
  await services.ready();
  now = services.clock.now();
});

async function api(method: string, path: string, json?: object) {
  const headers = { Authorization: "Bearer ak_local" };
  const body = json === undefined ? {} : { body: JSON.stringify(json) };
  const request = new Request(`https://relance.test${path}`, { method, headers, ...body });
  const context = createExecutionContext();
  const answer = await app.fetch(request, bound, context);
  await waitOnExecutionContext(context);
  const text = await answer.text();
  return { status: answer.status, json: (text === "" ? null : JSON.parse(text)) as never };
}

/** Reads lines and writes them as one chunk of a file; the first stands on line 2. */
async function load(kind: ImportKind, ...lines: object[]) {
  const items: { line: number; id: string; item: unknown }[] = [];
  const refused: { line: number; reason: string }[] = [];
  for (const [index, line] of lines.entries()) {
    const id = derivedId("imp", JSON.stringify(line));
    const read = kind.read({ ...line }, { id, receivedAt: now, attested: null, currency: "EUR" });
    if (read.ok) items.push({ line: index + 2, id, item: read.item });
    else refused.push({ line: index + 2, reason: read.reason });
  }
  const written = await (kind.write as WriteItems<unknown>)(services, items);
  return { ...written, rejected: [...refused, ...written.rejected] };
}

const contact = async (user: string): Promise<string> => {
  const { json } = await api("GET", `/api/contacts?external_id=${user}`);
  return (json as { data: { id: string }[] }).data[0]?.id ?? "nobody";
};

describe("products", () => {
  test("come in with their variants, and what names no product is refused by its line", async () => {
    const lamp = { product_id: "lamp", sku: "s", title: "Lamp", price: "49.90", stock: "3" };
    const lines = [lamp, { product_id: "lamp", sku: "l", price: "69.90" }, { product_id: "new", price: "1" }];
    expect(await load(products, ...lines)).toEqual({
      accepted: 2,
      duplicates: 0,
      rejected: [{ line: 4, reason: "title is needed: this product is not known yet" }],
    });
    const shown = await api("GET", "/api/products/lamp");
    await load(products, ...lines);
    expect(await api("GET", "/api/products/lamp")).toEqual(shown);
    expect(shown.json).toMatchObject({
      title: "Lamp",
      variants: [
        { sku: "l", price: { amount: 6_990, currency: "EUR" }, stock: null },
        { sku: "s", price: { amount: 4_990 }, stock: 3 },
      ],
    });
  });

  test("of which one stands twice in a file are as the file says last", async () => {
    const bulb = { product_id: "bulb", title: "Bulb", price: "5" };
    expect(await load(products, bulb, { ...bulb, title: "Bulb E27", price: "6" })).toMatchObject({ accepted: 2 });
    const { json } = await api("GET", "/api/products/bulb");
    expect(json).toMatchObject({ title: "Bulb E27", variants: [{ price: { amount: 600 } }] });
  });
});

test("stores come in as PUT /api/stores takes them", async () => {
  const lyon = { store_id: "lyon", name: "Lyon", lat: "45.75", lon: "4.85", timezone: "Europe/Paris" };
  expect(await load(stores, lyon, { store_id: "x" })).toMatchObject({
    accepted: 1,
    rejected: [{ line: 3, reason: "name is missing" }],
  });
  expect((await api("GET", "/api/stores/lyon")).json).toMatchObject({ name: "Lyon", lat: 45.75 });
});

describe("points", () => {
  const account = async (user: string) => {
    const { json } = await api("GET", `/api/contacts/${await contact(user)}/loyalty`);
    return json as { points: number; lots: { points_left: number; expires_at: string }[]; movements: unknown[] };
  };
  const day = (days: number): string => new Date(now + days * 86_400_000).toISOString();

  test("need a programme", async () => {
    const { rejected } = await load(loyalty, { external_id: "early", points: "5" });
    expect(rejected).toEqual([{ line: 2, reason: "there is no loyalty programme: set one at /api/settings/loyalty" }]);
  });

  test("that somebody has from before are lots with their own ends, spent oldest first, and count once", async () => {
    expect((await api("PUT", "/api/settings/loyalty", { validity: "P12M" })).status).toBe(200);
    const lines = [
      { external_id: "saver", points: "100", at: day(-90), expires_at: day(30), movement_id: "m-1" },
      { external_id: "saver", email: "saver@shop.test", points: "200", at: day(-60), movement_id: "m-2" },
      { email: "saver@shop.test", points: "-150", at: day(-30), reason: "voucher" },
    ];
    expect(await load(loyalty, ...lines)).toEqual({ accepted: 3, duplicates: 0, rejected: [] });
    const before = await account("saver");
    expect(before).toMatchObject({ points: 150, lots: [{ points_left: 150 }] });
    expect(before.movements).toHaveLength(3);

    expect(await load(loyalty, ...lines)).toEqual({ accepted: 0, duplicates: 3, rejected: [] });
    // The same movement told in other words is the same movement.
    const again = { external_id: "saver", points: "100", movement_id: "m-1", reason: "told anew" };
    expect(await load(loyalty, again, again)).toMatchObject({ accepted: 0, duplicates: 2 });
    expect(await account("saver")).toEqual(before);
  });

  test("of a movement that stands twice in a file count once", async () => {
    const line = { external_id: "twice", points: "10", movement_id: "t-1" };
    expect(await load(loyalty, line, { ...line, reason: "again" })).toMatchObject({ accepted: 1, duplicates: 1 });
    expect((await account("twice")).points).toBe(10);
  });
});

describe("coupons", () => {
  const offer = { name: "Ten", kind: "percent", value: 10, valid_for: "P30D" };
  const held = async (user: string) => {
    const { json } = await api("GET", `/api/contacts/${await contact(user)}/coupons`);
    return (json as { data: object[] }).data;
  };

  beforeAll(async () => {
    await api("PUT", "/api/offers/pool", { ...offer, codes: "pool" });
    await api("PUT", "/api/offers/own", offer);
  });

  test("fill an offer's pool, each code once", async () => {
    const lines = ["P1", "P2", "P3"].map((code) => ({ offer: "pool", code }));
    expect(await load(coupons, ...lines)).toEqual({ accepted: 3, duplicates: 0, rejected: [] });
    expect(await load(coupons, ...lines)).toEqual({ accepted: 0, duplicates: 3, rejected: [] });
    expect((await api("GET", "/api/offers/pool")).json).toMatchObject({ free: 3, issued: 0 });
  });

  test("that people have already are theirs, used or not, and out of the pool", async () => {
    const used = { issued_at: "2025-01-01", redeemed_order: "o-1", redeemed_at: "2025-01-09T00:00:00Z" };
    const lines = [
      { offer: "pool", code: "P1", external_id: "holder" },
      { offer: "own", code: "OLD-1", external_id: "holder", ...used },
      { offer: "pool", code: "P9", external_id: "holder" },
    ];
    expect(await load(coupons, ...lines)).toEqual({ accepted: 3, duplicates: 0, rejected: [] });
    expect(await load(coupons, ...lines)).toEqual({ accepted: 0, duplicates: 3, rejected: [] });
    expect(await held("holder")).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ code: "P1", redeemed_at: null }),
        expect.objectContaining({
          code: "OLD-1",
          issued_at: "2025-01-01T00:00:00.000Z",
          valid_to: "2025-01-31T00:00:00.000Z",
          redeemed_order: "o-1",
          redeemed_at: "2025-01-09T00:00:00.000Z",
        }),
      ]),
    );
    expect((await api("GET", "/api/offers/pool")).json).toMatchObject({ free: 2, issued: 2 });
  });

  test("that are another's, of another offer, or a second one for the same occasion are refused by their line", async () => {
    const { accepted, rejected } = await load(
      coupons,
      { offer: "pool", code: "P1", external_id: "thief" },
      { offer: "own", code: "P2" },
      { offer: "own", code: "P3", external_id: "thief" },
      { offer: "none", code: "N1" },
      { offer: "own", code: "B1", external_id: "holder", occasion: "birthday" },
      { offer: "own", code: "B1", external_id: "thief" },
    );
    expect(accepted).toBe(1);
    expect(rejected.toSorted((one, other) => one.line - other.line)).toEqual([
      { line: 2, reason: "code is somebody else's" },
      { line: 3, reason: "offer makes its own codes, so the line must say whose this one is" },
      { line: 4, reason: "code is one of another offer" },
      { line: 5, reason: "offer is none of the shop's: make it at /api/offers first" },
      { line: 7, reason: "code is somebody else's" },
    ]);
    expect(
      await load(coupons, { offer: "own", code: "B2", external_id: "holder", occasion: "birthday" }),
    ).toMatchObject({
      accepted: 0,
      rejected: [{ line: 2, reason: "the contact has a coupon of this offer for this occasion already" }],
    });
  });
});

describe("rows of the shop's own tables", () => {
  const kindOf = async (key: string): Promise<ImportKind> => {
    const kind = await importKindOf(services, key);
    if (!kind) throw new Error(key);
    return kind;
  };
  const rows = async (key: string) => {
    const { json } = await api("GET", `/api/tables/${key}/rows`);
    return (json as { data: object[] }).data;
  };

  beforeAll(async () => {
    const name = { name: "name", type: "text", required: true };
    const columns = [name, { name: "weight", type: "number" }];
    await api("POST", "/api/tables", { key: "pets", title: "Pets", family: "linked", columns });
    await api("POST", "/api/tables", { key: "brands", title: "Brands", family: "repository", columns: [name] });
    await api("POST", "/api/tables", {
      key: "notes",
      title: "Notes",
      family: "linked",
      contact: "optional",
      columns: [name],
    });
  });

  test("hang on the contact that a line names, whoever that is by now", async () => {
    const pets = await kindOf("pets");
    const lines = [
      { id: "p1", external_id: "owner", name: "Milo", weight: "4.5" },
      { id: "p2", email: "owner@shop.test", external_id: "owner", name: "Rex" },
      { id: "p3", external_id: "owner", name: "Bo", weight: "heavy" },
    ];
    expect(await load(pets, ...lines)).toEqual({
      accepted: 2,
      duplicates: 0,
      rejected: [{ line: 4, reason: "weight is not a number" }],
    });
    const owner = await contact("owner");
    expect(await rows("pets")).toMatchObject([
      { id: "p1", contact_id: owner, name: "Milo", weight: 4.5, source: "import" },
      { id: "p2", contact_id: owner, name: "Rex", weight: null },
    ]);
    // Stated as a whole: what a line does not say is empty from now on.
    await load(pets, { id: "p1", email: "owner@shop.test", name: "Milo II" });
    expect((await rows("pets"))[0]).toMatchObject({ name: "Milo II", weight: null });
  });

  test("stay with the contact that has them", async () => {
    const pets = await kindOf("pets");
    const lines = [
      { id: "p1", external_id: "somebody", name: "Mine" },
      { id: "q1", external_id: "somebody", name: "Q" },
      { id: "q1", external_id: "another", name: "Q" },
    ];
    const { accepted, rejected } = await load(pets, ...lines);
    expect([accepted, rejected.map(({ line }) => line)]).toEqual([1, [2, 4]]);
    expect((await rows("pets"))[0]).toMatchObject({ id: "p1", name: "Milo II" });
  });

  test("of a repository hang on nobody, and where a contact is optional a line may name none", async () => {
    expect(await load(await kindOf("brands"), { id: "b1", name: "Leaf" })).toMatchObject({ accepted: 1 });
    expect(await rows("brands")).toMatchObject([{ id: "b1", name: "Leaf", contact_id: null }]);
    const notes = await kindOf("notes");
    const mixed = [
      { id: "n1", name: "Of nobody" },
      { id: "n2", name: "Of one", external_id: "owner" },
    ];
    expect(await load(notes, ...mixed)).toMatchObject({ accepted: 2 });
    expect(await rows("notes")).toMatchObject([{ contact_id: null }, { contact_id: await contact("owner") }]);
    expect(await load(notes, { id: "n2", name: "Taken" })).toMatchObject({ accepted: 0, rejected: [{ line: 2 }] });
  });

  test("know no contact that was erased", async () => {
    const pets = await kindOf("pets");
    await load(pets, { id: "g1", external_id: "gone", name: "G" });
    await api("DELETE", `/api/contacts/${await contact("gone")}`);
    const { rejected } = await load(pets, { id: "g2", external_id: "gone", name: "H" });
    expect(rejected).toEqual([{ line: 2, reason: "is about somebody who was erased" }]);
  });

  test("of a table that there is none of are no kind of import", async () => {
    expect(await importKindOf(services, "cars")).toBeUndefined();
    expect(await importKindOf(services, "constructor")).toBeUndefined();
  });
});
