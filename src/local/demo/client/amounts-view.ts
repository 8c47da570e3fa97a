import { cartAmounts, centsOf, type FullLine } from "./cart";
import { copyOf, within } from "./dom";
import { price, shop } from "./shop";

/** Fills in subtotal, delivery and total wherever the page shows them. */
export function showAmounts(lines: readonly FullLine[]): void {
  const { subtotal, shipping, total } = cartAmounts(lines);
  within(document, '[data-amount="subtotal"]').textContent = price(subtotal);
  within(document, '[data-amount="shipping"]').textContent = shipping ? price(shipping) : shop.texts.free;
  within(document, '[data-amount="total"]').textContent = price(total);
}

/** The lines in short, beside a form or under a confirmation. */
export function showShortLines(place: HTMLElement, lines: readonly FullLine[]): void {
  const items = lines.map(({ product, quantity }) => {
    const item = copyOf("short-line");
    within<HTMLImageElement>(item, "[data-image]").src = product.image_url;
    within(item, "[data-name]").textContent = `${quantity} × ${product.name}`;
    within(item, "[data-total]").textContent = price(centsOf(product) * quantity);
    return item;
  });
  place.replaceChildren(...items);
}
