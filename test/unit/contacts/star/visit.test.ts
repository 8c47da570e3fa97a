import { describe, expect, it } from "vitest";
import { packStar, unpackStar } from "../../../../src/contacts/star/slice";
import { SILENCE } from "../../../../src/contacts/star/visit";
import { MINUTE } from "../../../../src/shared/clock";
import { identify, NOW, People } from "../people";

const claimed = { trust: "write" } as const;
const browser = { anon: "b-1", ...claimed };

const page = (minute: number, rest: object = {}) => ({
  ...browser,
  type: "page" as const,
  name: "",
  at: NOW + minute * MINUTE,
  properties: { path: "/lamps?utm=1" },
  ...rest,
});
const view = (minute: number, product = "lamp") => ({
  ...browser,
  name: "Product Viewed",
  at: NOW + minute * MINUTE,
  properties: { product_id: product },
});

/** Visits that the last request wrote: channel, start and end in minutes, pages, views. */
const written = (people: People) =>
  people
    .rows("visits")
    .map(([, , , , channel, start, end, pages, , , views]) => [
      channel,
      (Number(start) - NOW) / MINUTE,
      (Number(end) - NOW) / MINUTE,
      pages,
      views,
    ]);

describe("a visit", () => {
  it("opens with the first page and costs no row while it lasts", () => {
    const people = new People().take(page(0)).take(view(1)).take(view(2)).take(view(3, "chair")).take(page(4));
    expect(people.star("a:b-1").visit).toEqual({
      start: NOW,
      channel: "web",
      pages: 2,
      landing: "/lamps",
      views: ["lamp", 2, 120, "chair", 1, 180],
    });
    expect([...people.tables()].sort()).toEqual(["contacts_star"]);
  });

  it("becomes a row when the next one begins after half an hour of silence", () => {
    const people = new People().take(page(0)).take(view(10));
    expect(written(people.take(page(40)))).toEqual([]);
    people.take({ ...page(70), at: NOW + 40 * MINUTE + SILENCE + 1 });
    expect(written(people)).toEqual([["web", 0, 40, 2, '[["lamp",1,600]]']]);
    expect(people.star("a:b-1").visit).toMatchObject({ pages: 1, views: [] });
  });

  it("keeps the last thirty products", () => {
    const people = new People().take(page(0));
    for (let index = 0; index < 35; index++) people.take(view(1, `p-${index}`));
    people.take(view(2, "p-10"));
    const { visit } = people.star("a:b-1");
    expect(visit?.views).toHaveLength(30 * 3);
    expect(visit?.views[0]).toBe("p-5");
    expect(visit?.views.slice(-3)).toEqual(["p-10", 2, 120]);
  });

  it("is of the app where it begins with a screen", () => {
    const people = new People().take(page(0, { type: "screen", name: "Home", properties: undefined }));
    expect(people.star("a:b-1").visit).toMatchObject({ channel: "app", landing: "Home", pages: 1 });
  });

  it("is not what the shop's server says of somebody, nor a suspected machine", () => {
    const people = new People().take({ user: "ann", name: "Order Shipped" }).take(identify("ann", {}));
    expect(people.star("u:ann").visit).toBeNull();
    expect(new People().take(page(0, { bot: true })).star("a:b-1").visit).toBeNull();
  });

  it("is over when the shop's server speaks of somebody much later", () => {
    const people = new People().take({ user: "ann", type: "page", name: "", at: NOW });
    people.take({ user: "ann", name: "Order Shipped", at: NOW + 60 * MINUTE });
    expect(written(people)).toEqual([["web", 0, 0, 1, null]]);
    expect(people.star("u:ann").visit).toBeNull();
  });

  it("is not touched by an event from before it", () => {
    const people = new People().take(page(0)).take(page(60)).take(view(-5)).take(page(-90));
    expect(people.star("a:b-1").visit).toMatchObject({ start: NOW + 60 * MINUTE, pages: 1, views: [] });
    expect(written(people)).toEqual([]);
  });

  it("goes on with whoever the visitor turns out to be, and the visit of before is over", () => {
    const people = new People().take({ user: "ann", type: "page", at: NOW }).take(page(100)).take(view(101));
    people.take(identify("ann", {}, { anon: "b-1", trust: "token", at: NOW + 102 * MINUTE }));
    expect(written(people)).toEqual([["web", 0, 0, 1, null]]);
    expect(people.star("u:ann")).toMatchObject({ visit: { start: NOW + 100 * MINUTE, pages: 1 }, tables: ["visits"] });
    people.take(page(103, { user: "ann", trust: "token" }));
    expect(people.star("u:ann").visit).toMatchObject({ pages: 2 });
  });

  it("is the same after it was stored and read again", () => {
    const star = new People().take(page(0)).take(view(1)).star("a:b-1");
    const stored = JSON.stringify(packStar(star));
    expect(unpackStar(star.contact, stored, star.lastAt)).toEqual({ ...star, changed: false });
    expect(packStar(unpackStar(1, null, 5))).toBeNull();
  });

  it("in a store is a row at once", () => {
    const people = new People().take({ user: "ann", name: "Store Visited", properties: { store_id: "s-1" } });
    const at = NOW + 1_000;
    expect(people.rows("visits")).toEqual([["e-1-0", 1, "secret", at, "store", at, null, null, null, "s-1", null]]);
    expect(people.star("u:ann").visit).toBeNull();
  });
});
