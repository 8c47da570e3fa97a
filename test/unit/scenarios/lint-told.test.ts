import { describe, expect, it } from "vitest";
import type { KnownContent } from "../../../src/scenarios/lint-contents";
import { classesOfContents, toldOfContents } from "../../../src/scenarios/lint-told";
import { withDefaults } from "../../../src/scenarios/live";
import { usesOf } from "../../../src/sends/uses";
import { scenario } from "./scenario";

const pets = { contact: "required", columns: { name: {}, product_id: {} } };
const terms = { table: (key: string) => (key === "pets" ? pets : undefined) } as never;

const letter = (html: string): KnownContent => {
  const text = { subject: "s", preheader: "p", html };
  return { key: "hello", channel: "email", class: "marketing", ...usesOf({ texts: { en: text } }) };
};

const STARTS = {
  event: { type: "start.event", params: { event: "Parcel Sent" } },
  order: { type: "start.event", params: { event: "Order Completed" } },
  viewed: { type: "start.event", params: { event: "Product Viewed" } },
  cart: { type: "start.event", params: { event: "cart.abandoned" } },
  birthday: { type: "start.date", params: { field: "birth_date" } },
  subscription: { type: "start.subscription", params: { consents: ["email"], topics: [], on: "granted" } },
  catalogue: { type: "start.catalogue", params: { kind: "back_in_stock", audience: "wishlist" } },
  row: { type: "start.interaction", params: { table: "pets" } },
} as const;

function sending(start: { type: string; params: object }, more: Parameters<typeof scenario>[1] = {}) {
  const say = { type: "send.email", params: { content: "hello" }, next: { next: "done" } };
  const blocks = { start: { ...start, next: { next: "say" } }, say, done: { type: "exit" } };
  return withDefaults(scenario(blocks, more));
}

/** The variables that lint names. */
function named(start: { type: string; params: object }, html: string): string[] {
  return toldOfContents(sending(start), { contents: [letter(html)], terms }).map(({ code, level, path, message }) => {
    expect([code, level, path]).toEqual(["variable_not_given", "warning", ["start", "say"]]);
    expect(message.fr).not.toBe(message.en);
    return /prints “([\w.]+)”/.exec(message.en)?.[1] ?? message.en;
  });
}

describe("what a content prints and its scenario cannot tell", () => {
  it("is named, where what begins the scenario tells nothing of the kind", () => {
    expect(named(STARTS.birthday, "<p>{{ scenario.parcel }} {{ product.name }}</p>")).toEqual([
      "scenario.parcel",
      "product",
    ]);
    expect(named(STARTS.subscription, "<p>{{ scenario.subscription }} {{ scenario.topic }}</p>")).toEqual([
      "scenario.topic",
    ]);
    expect(named(STARTS.catalogue, "<p>{{ product.name }} {{ scenario.sku }} {{ scenario.parcel }}</p>")).toEqual([
      "scenario.parcel",
    ]);
  });

  it("is not named where an event may tell it, or the content asks whether it is there", () => {
    expect(named(STARTS.event, "<p>{{ scenario.parcel }} {{ product.name }}</p>")).toEqual([]);
    const asks = "<p>{% if scenario.parcel %}{{ scenario.parcel }}{% endif %}{{ scenario.other }}</p>";
    expect(named(STARTS.birthday, asks)).toEqual(["scenario.other"]);
    expect(named(STARTS.birthday, "<p>{% if product %}{{ product.name }}{% endif %}</p>")).toEqual([]);
  });

  it("is a product where the event is of a whole order, and none where it is of a product or a cart", () => {
    expect(named(STARTS.order, "<p>{{ product.name }}</p>")).toEqual(["product"]);
    expect(named(STARTS.viewed, "<p>{{ product.name }}</p>")).toEqual([]);
    expect(named(STARTS.cart, "<p>{{ product.name }}</p>")).toEqual([]);
  });

  it("is a column that the row's table does not have, and a table that the shop does not have", () => {
    expect(named(STARTS.row, "<p>{{ scenario.name }} {{ scenario.row }} {{ scenario.age }}</p>")).toEqual([
      "scenario.age",
    ]);
    expect(named(STARTS.row, "<p>{{ product.name }}</p>")).toEqual([]);
    expect(named(STARTS.event, "<p>{{ tables.pets.name }} {{ tables.cats.name }}</p>")).toEqual(["tables.cats"]);
  });
});

describe("a transactional scenario", () => {
  it("sends no marketing content (G14)", () => {
    const of = (kind: "marketing" | "transactional", content: string) =>
      classesOfContents(sending(STARTS.event, { class: kind }), { contents: [{ ...letter(""), class: content }] });
    expect(of("transactional", "marketing")).toMatchObject([
      { level: "error", code: "content_of_other_class", path: ["start", "say"] },
    ]);
    expect(of("transactional", "transactional")).toEqual([]);
    expect(of("marketing", "marketing")).toEqual([]);
  });
});
