import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Line } from "../../../src/commerce/cart";
import { addLine, cartValue, readLine, readLines, removeLine, sameLines } from "../../../src/commerce/cart";

function line(product_id: string, quantity = 1, price = 1_000): Line {
  const unnamed = { sku: null, category: null, brand: null, url: null, image: null };
  return { product_id, name: product_id, quantity, price, ...unnamed };
}

describe("a line", () => {
  it("is read from a product of Segment's", () => {
    const product = {
      product_id: "507f1f77",
      sku: "G-32",
      name: "Monopoly: 3rd Edition",
      category: "Games",
      brand: "Hasbro",
      price: 18.99,
      quantity: 2,
      url: "https://shop.test/product/path",
      image_url: "https://shop.test/product/path.jpg",
    };
    expect(readLine(product, "EUR")).toEqual({
      product_id: "507f1f77",
      sku: "G-32",
      name: "Monopoly: 3rd Edition",
      category: "Games",
      brand: "Hasbro",
      price: 1_899,
      quantity: 2,
      url: "https://shop.test/product/path",
      image: "https://shop.test/product/path.jpg",
    });
  });

  it("is one piece that costs nothing where nothing else is said", () => {
    expect(readLine({ sku: "G-32" }, "EUR")).toMatchObject({ product_id: "G-32", name: "G-32", quantity: 1, price: 0 });
  });

  it("is none without an id of any kind", () => {
    expect(readLine({ name: "Lamp", price: 10 }, "EUR")).toBeNull();
    expect(readLine({ product_id: 7 }, "EUR")?.product_id).toBe("7");
  });

  it.each([-1, 1.5, 100_001, Number.NaN, "many"])("is one piece where its quantity is %s", (quantity) => {
    expect(readLine({ product_id: "a", quantity }, "EUR")?.quantity).toBe(1);
  });

  it("has an address of the web or none", () => {
    for (const url of ["javascript:alert(1)", "/lamp", "data:text/html,x", "ftp://a.test", "x".repeat(2_001), 5]) {
      expect(readLine({ product_id: "a", url, image_url: url }, "EUR")).toMatchObject({ url: null, image: null });
    }
  });
});

describe("the lines of an event", () => {
  it("are its products, those without an id left out", () => {
    const products = [{ product_id: "a" }, null, "b", { name: "c" }, { sku: "d" }];
    expect(readLines({ products }, "EUR")?.map(({ product_id }) => product_id)).toEqual(["a", "d"]);
  });

  it("are told apart from an event that speaks of no lines", () => {
    expect(readLines({ products: [] }, "EUR")).toEqual([]);
    for (const products of [undefined, null, "a", {}]) expect(readLines({ products }, "EUR")).toBeNull();
  });

  it("are two hundred at most", () => {
    const products = Array.from({ length: 500 }, (_, id) => ({ product_id: `${id}` }));
    expect(readLines({ products }, "EUR")).toHaveLength(200);
  });
});

describe("a cart", () => {
  it("counts a product once, however often it is added, at its latest price", () => {
    const lines = addLine(addLine([line("a", 1, 900)], line("b")), line("a", 2, 1_000));
    expect(lines).toMatchObject([
      { product_id: "a", quantity: 3, price: 1_000 },
      { product_id: "b", quantity: 1 },
    ]);
    expect(cartValue({ lines })).toBe(4_000);
  });

  it("loses what is taken out, a part or the whole line", () => {
    expect(removeLine([line("a", 3), line("b")], "a", 2)).toMatchObject([
      { product_id: "a", quantity: 1 },
      { product_id: "b" },
    ]);
    expect(removeLine([line("a", 3), line("b")], "a", 3)).toMatchObject([{ product_id: "b" }]);
    expect(removeLine([line("a", 3)], "a", null)).toEqual([]);
    expect(removeLine([line("a", 3)], "c", null)).toMatchObject([{ product_id: "a" }]);
  });

  it("is the same cart when products, quantities and prices are the same, and only then", () => {
    expect(sameLines([line("a"), line("b")], [line("a"), { ...line("b"), name: "B", url: "https://b.test" }])).toBe(
      true,
    );
    expect(sameLines([line("a"), line("b")], [line("b"), line("a")])).toBe(false);
    expect(sameLines([line("a")], [line("a", 2)])).toBe(false);
    expect(sameLines([line("a")], [line("a", 1, 999)])).toBe(false);
    expect(sameLines([line("a")], [])).toBe(false);
  });

  it("holds what was put in less what was taken out, in any order of other products", () => {
    const product = fc.constantFrom("a", "b", "c");
    const piece = fc.integer({ min: 1, max: 5 });
    fc.assert(
      fc.property(fc.array(fc.tuple(product, piece), { maxLength: 20 }), (added) => {
        let lines: Line[] = [];
        for (const [id, quantity] of added) lines = addLine(lines, line(id, quantity));
        for (const id of ["a", "b", "c"]) {
          const put = added.reduce((sum, [other, quantity]) => sum + (other === id ? quantity : 0), 0);
          expect(lines.find(({ product_id }) => product_id === id)?.quantity ?? 0).toBe(put);
        }
        expect(cartValue({ lines })).toBe(1_000 * added.reduce((sum, [, quantity]) => sum + quantity, 0));
      }),
    );
  });
});
