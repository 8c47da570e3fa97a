import { describe, expect, test } from "vitest";
import { eventEffects, eventsMarkdown } from "../../../src/admin/event-table";
import { CART_CHANGES } from "../../../src/commerce/cart-changes";
import { ORDER_CHANGES } from "../../../src/commerce/order-changes";
import { FEEDS } from "../../../src/contacts/star";
import { ROW_EVENTS } from "../../../src/contacts/star/stated";
import { hasData, readData } from "../../support/data";

const effects = eventEffects(FEEDS);

describe("the table of what events change", () => {
  test("has every event of the catalogs", () => {
    const catalogs = [CART_CHANGES, ORDER_CHANGES, Object.fromEntries(FEEDS), ROW_EVENTS];
    const names = catalogs.flatMap((catalog) => Object.keys(catalog)).filter((name) => !name.includes("."));
    const known = effects.map(({ event }) => event.toLowerCase());
    expect(known).toEqual(expect.arrayContaining(names));
    expect(new Set(known).size).toBe(known.length);
  });

  test("says that an order's event takes the shop's word, in each case", () => {
    for (const name of Object.keys(ORDER_CHANGES)) {
      expect(effects.find(({ event }) => event.toLowerCase() === name)?.needs, name).toMatch(/server|claim/);
    }
  });

  test.skipIf(!hasData)("has Segment's Ecommerce Spec v2 in full, by its own names", () => {
    const spec = Object.keys(JSON.parse(readData("segment-ecommerce-v2.json")) as object);
    expect(effects.filter((effect) => effect.spec).map(({ event }) => event)).toEqual(spec);
  });

  test("is the page in docs/ (`npm run register` writes it)", async () => {
    await expect(eventsMarkdown(effects)).toMatchFileSnapshot("../../../docs/events.md");
  });
});
